"""The second half of the thread: money, milestones and lessons of the missions that were adopted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.i18n import _, ngettext
from app.i18n import money as money_words
from app.models.lesson import Lesson
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.money import Money
from app.models.statement import Statement
from app.rules.words import N_, MoneyKind, StatementState

ORDER = ("voice", "group", "clause", "ballot", "money", "milestone", "lesson")
LABELS = {
    "voice": N_("Voices"),
    "group": N_("Groups"),
    "clause": N_("Mission"),
    "ballot": N_("Ballot"),
    "money": N_("Money"),
    "milestone": N_("Milestones"),
    "lesson": N_("Lessons"),
}


@dataclass(frozen=True)
class Station:
    """One stop of the thread as the template draws it; `state` is past, here, next or not_yet."""

    key: str
    label: str
    url: str | None = None
    detail: str = ""
    state: str = "not_yet"
    when: datetime | None = None


def label_of(key: str) -> str:
    return _(LABELS[key])


def course_of(session: Session, call_id: UUID, missions: Sequence[Mission]) -> list[Station]:
    """The last three stops; milestones and lessons are not asked for while no mission was adopted."""
    if not missions:
        return [Station(key, label_of(key)) for key in ORDER[4:]]
    whole, ids = f"/calls/{call_id}/lineage", [each.id for each in missions]
    adopted = [each.id for each in missions if each.adopted_at is not None]
    followed = f"/missions/{adopted[0]}/lineage" if len(adopted) == 1 else whole
    paid = money(session, ids, f"/missions/{ids[0]}/money" if len(ids) == 1 else whole)
    if not adopted:
        return [paid, *(Station(key, label_of(key)) for key in ORDER[5:])]
    return [paid, milestones(session, adopted, followed), lessons(session, adopted, followed)]


def money(session: Session, mission_ids: list[UUID], url: str) -> Station:
    """What is committed, currency by currency; what was only announced is no money yet."""
    sums = committed(session, mission_ids)
    if not sums:
        return Station("money", label_of("money"))
    said = ", ".join(money_words(amount, currency) for currency, amount in sorted(sums.items()))
    return Station("money", label_of("money"), url, _("%(sums)s committed", sums=said), "past")


def committed(session: Session, mission_ids: list[UUID]) -> dict[str, Decimal]:
    """Committed money by currency, of the lines that no other replaced."""
    newer = aliased(Money)
    replaced = select(newer.id).where(col(newer.replaces_id) == Money.id).exists()
    summed: ColumnElement[Decimal] = func.sum(Money.amount)
    query = (
        select(Money.currency, summed)
        .where(col(Money.mission_id).in_(mission_ids), Money.kind == MoneyKind.COMMITTED, Money.amount > 0, ~replaced)
        .group_by(col(Money.currency))
    )  # fmt: skip
    return dict(session.exec(query).all())


def milestones(session: Session, mission_ids: list[UUID], url: str) -> Station:
    """How many stand: one that a decision replaced is told by the one in its place."""
    newer = aliased(Milestone)
    replaced = select(newer.id).where(col(newer.replaces_id) == Milestone.id).exists()
    query = select(func.count()).where(col(Milestone.mission_id).in_(mission_ids), ~replaced)
    count = session.exec(query).one()
    if not count:
        return Station("milestone", label_of("milestone"))
    detail = ngettext("%(n)s milestone", "%(n)s milestones", count)
    return Station("milestone", label_of("milestone"), url, detail, "past")


def lessons(session: Session, mission_ids: list[UUID], url: str) -> Station:
    count = session.exec(select(func.count()).select_from(Lesson).where(*is_lesson_of(mission_ids))).one()
    if not count:
        return Station("lesson", label_of("lesson"))
    return Station(
        "lesson", label_of("lesson"), url, ngettext("%(n)s lesson", "%(n)s lessons", count), "past"
    )


def is_lesson_of(mission_ids: list[UUID]) -> tuple[ColumnElement[bool], ...]:
    """What was learned of these missions, their projects and milestones, as far as everyone may read it."""
    said = select(Statement.id).where(Statement.id == Lesson.id, Statement.state == StatementState.VISIBLE)
    return col(Lesson.mission_id).in_(mission_ids), said.correlate(Lesson).exists()
