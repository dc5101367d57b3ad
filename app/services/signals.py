"""Signals: what says that a mission should be looked at again, computed from its rows whenever somebody looks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.course import CourseReview, course_reviews_of, recalls_of
from app.models.link import Link
from app.models.mission import Mission, clauses_of
from app.models.money import Money, lines_of
from app.models.project import Project, projects_of
from app.rules import labels
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, LinkStatus, MissionState, MoneyKind, SignalKind
from app.services import conditions_read, criteria, milestones
from app.services.missions_course import started

UNDER_WAY = (MissionState.ACTIVE, MissionState.PAUSED)
AT_LEAST_EVERY = timedelta(days=183)
FELL_BY = Decimal("0.15")
ANSWERS_FLOOR = Decimal("0.2")


@dataclass(frozen=True)
class Signal:
    """One thing that happened; `key` is its own, so that a review that had it before it is known to have had it."""

    kind: SignalKind
    key: str
    told: Phrase
    url: str = ""

    def as_facts(self) -> dict[str, Any]:
        facts = {name: kept(value) for name, value in self.told.facts.items()}
        return {
            "kind": self.kind.value, "key": self.key, "url": self.url, "sentence": self.told.sentence, "facts": facts,
        }  # fmt: skip

    @classmethod
    def from_facts(cls, told: Mapping[str, Any]) -> "Signal":
        facts = {name: again(value) for name, value in told["facts"].items()}
        return cls(SignalKind(told["kind"]), told["key"], Phrase(told["sentence"], facts), told["url"])


def kept(value: object) -> object:
    """A fact of a sentence as JSON holds it: days and numbers are written in the reader's way when they are shown."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return value


def again(value: object) -> object:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else Decimal(value["number"])
    return value


@dataclass(frozen=True)
class Ground:
    """What signals are read from; `since` is the last concluded review, or the start."""

    session: Session
    mission: Mission
    reviews: list[CourseReview]
    today: date
    projects: dict[UUID, Project] = field(default_factory=dict)

    @property
    def last(self) -> CourseReview | None:
        return next((each for each in self.reviews if each.concluded_at), None)

    @property
    def since(self) -> datetime:
        return (self.last.concluded_at if self.last else None) or started(self.mission)


def gather(session: Session, mission: Mission, today: date | None = None) -> list[Signal]:
    """Everything that stands now for a mission under way, whether a review had it or not."""
    if mission.state not in UNDER_WAY:
        return []
    ground = Ground(
        session, mission, course_reviews_of(session, mission.id), today or now().date(),
        {each.id: each for each in projects_of(session, mission.id)},
    )  # fmt: skip
    return [signal for read in SOURCES for signal in read(ground)]


def fresh(session: Session, mission: Mission, found: Sequence[Signal] | None = None) -> list[Signal]:
    """Those that no review had before it: they ask for one."""
    had = {told["key"] for each in course_reviews_of(session, mission.id) for told in each.signals}
    return [each for each in (gather(session, mission) if found is None else found) if each.key not in had]


def of_milestones(ground: Ground) -> list[Signal]:
    return [
        Signal(
            SignalKind.MILESTONE, f"milestone:{each.milestone.id}",
            phrase(N_("“%(title)s” was due on %(due)s."), title=each.milestone.title, due=each.milestone.due),
            f"/missions/{ground.mission.id}/milestones#milestone-{each.milestone.id}",
        )
        for each in milestones.missed(ground.session, ground.mission, ground.today)
    ]  # fmt: skip


def of_money(ground: Ground) -> list[Signal]:
    """Committed money that is lower by so much than when the mission was last looked at, in one currency or more."""
    lines = lines_of(ground.session, ground.mission.id)
    before, after = committed(lines, ground.since), committed(lines)
    return [
        Signal(
            SignalKind.MONEY, f"money:{ground.last.number if ground.last else 0}:{currency}",
            phrase(
                N_("Committed money went from %(before)s to %(after)s %(currency)s."),
                before=amount, after=after[currency], currency=currency,
            ),
            f"/missions/{ground.mission.id}/money",
        )
        for currency, amount in sorted(before.items())
        if amount > 0 and amount - after[currency] >= FELL_BY * amount
    ]  # fmt: skip


def committed(lines: Sequence[Money], at: datetime | None = None) -> Mapping[str, Decimal]:
    """Committed money by currency as the lines stood at an instant: those that replaced others count for them."""
    known = [each for each in lines if at is None or each.created_at <= at]
    replaced = {each.replaces_id for each in known}
    total: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in known:
        if each.id not in replaced and each.kind is MoneyKind.COMMITTED:
            total[each.currency] += each.amount
    return total


def of_conditions(ground: Ground) -> list[Signal]:
    """Conditions on projects whose evidence is overdue; another day that is missed is another signal."""
    return [
        Signal(
            SignalKind.CONDITION, f"condition:{each.condition.id}:{each.next_check.due if each.next_check else ''}",
            # Its project is named on its page alone: a title may quote somebody, and a review keeps its signals.
            phrase(N_("A condition of a project is not kept: %(kind)s."), kind=labels.label(each.condition.kind)),
            f"/conditions/{each.condition.id}",
        )
        for each in conditions_read.breached_in(ground.session, ground.mission)
    ]  # fmt: skip


def of_answers(ground: Ground) -> list[Signal]:
    """That too few of those who took part answered at the last review; it asks for one more review, not for many."""
    last = ground.last
    if last is None or any(told["kind"] == SignalKind.ANSWERS for told in last.signals):
        return []
    asked = recalls_of(ground.session, [last.id])
    answered = sum(each.felt is not None for each in asked)
    if not asked or Decimal(answered) >= ANSWERS_FLOOR * len(asked):
        return []
    told = phrase(
        N_("At the last review %(answered)s of %(asked)s answered."), answered=answered, asked=len(asked)
    )
    return [
        Signal(
            SignalKind.ANSWERS, f"answers:{last.id}", told, f"/missions/{ground.mission.id}/course/{last.id}"
        )
    ]


def of_assumptions(ground: Ground) -> list[Signal]:
    """Links of the mission and its projects whose assumption turned out false."""
    ids = [
        ground.mission.id,
        *ground.projects,
        *(each.id for each in clauses_of(ground.session, ground.mission.id)),
    ]
    query = select(Link).where(
        Link.status == LinkStatus.REFUTED, or_(col(Link.from_id).in_(ids), col(Link.to_id).in_(ids))
    )
    return [
        Signal(
            SignalKind.ASSUMPTION, f"link:{each.id}",
            phrase(N_("What was assumed did not hold: “%(assumption)s”"), assumption=each.assumption or each.note),
            f"/missions/{ground.mission.id}/links",
        )
        for each in ground.session.exec(query.order_by(col(Link.created_at), col(Link.id)))
    ]  # fmt: skip


def of_criteria(ground: Ground) -> list[Signal]:
    """Figures of the five criteria that look worse by the projects under way than by what was declared."""
    return [
        Signal(
            SignalKind.CRITERION, f"criterion:{each.criterion}:{each.title}:{each.after}",
            phrase(
                N_("%(criterion)s. %(title)s By what was declared: %(before)s By the projects: %(after)s"),
                criterion=labels.label(each.criterion), title=each.title,
                before=labels.label(each.before), after=labels.label(each.after),
            ),
            f"/missions/{ground.mission.id}/portfolio",
        )
        for each in criteria.turned(ground.session, ground.mission) if each.is_worse
    ]  # fmt: skip


def of_calendar(ground: Ground) -> list[Signal]:
    """That the day of the next review has come: the one that the last review set, or half a year after the start."""
    due = next_due(ground.mission, ground.last)
    if ground.today < due:
        return []
    told = phrase(N_("A review was due on %(due)s."), due=due)
    return [
        Signal(
            SignalKind.CALENDAR, f"calendar:{due.isoformat()}", told, f"/missions/{ground.mission.id}/course"
        )
    ]


def next_due(mission: Mission, last: CourseReview | None) -> date:
    if last is not None and last.next_on is not None:
        return last.next_on
    since = (last.concluded_at if last else None) or started(mission)
    return (since + AT_LEAST_EVERY).date()


SOURCES = (of_milestones, of_money, of_conditions, of_answers, of_assumptions, of_criteria, of_calendar)
