"""What the public already paid: money behind a thing that it is about to buy, told by hand or found by links."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import NotAcceptable, NotFound
from app.models.application import Application
from app.models.columns import now
from app.models.link import links_from
from app.models.money import Money, standing_lines
from app.models.offer import offer_of
from app.models.project import Project
from app.models.public_input import PublicInput, inputs_of
from app.rules.words import N_, Instrument, LinkKind, LinkStatus, MoneyKind, StakeholderGroup, SubjectKind
from app.services import conditions_read, events

AT_MOST = 40
# How far back one looks: a chain of results that were each built on the one before.
STEPS = 6
# The public buys: in these it pays once more for what it may have paid for.
BUYS = (Instrument.PROCUREMENT, Instrument.PRE_PROCUREMENT)
PAID = (MoneyKind.COMMITTED, MoneyKind.RELEASED, MoneyKind.SPENT)


class TooManyInputs(NotAcceptable):
    sentence: ClassVar[str] = N_("There are %(most)s of these already, and no more are taken.")


@dataclass(frozen=True)
class Source:
    """An earlier project from which this one derives, and the public money in it by currency."""

    project: Project
    title: str
    amounts: dict[str, Decimal]


@dataclass(frozen=True)
class Paid:
    """Everything public behind a thing; `warns` where the public is about to buy it."""

    inputs: list[PublicInput]
    sources: list[Source]
    is_bought: bool

    @property
    def warns(self) -> bool:
        return self.is_bought and bool(self.inputs or self.sources)

    @property
    def totals(self) -> dict[str, Decimal]:
        """Added up by currency, never across currencies."""
        found: dict[str, Decimal] = {}
        rows = [(each.currency, each.amount) for each in self.inputs]
        rows += [pair for source in self.sources for pair in source.amounts.items()]
        for currency, amount in rows:
            found[currency] = found.get(currency, Decimal(0)) + amount
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class InputText:
    what: str
    payer: str
    year: int
    amount: Decimal
    currency: str
    evidence: str


def tell(session: Session, project: Project, typed: InputText, by: UUID) -> PublicInput:
    """Put on a project what the public paid for elsewhere, with what shows it."""
    session.refresh(project, with_for_update=True)
    if len(inputs_of(session, project.id)) >= AT_MOST:
        raise TooManyInputs(most=AT_MOST)
    made = PublicInput(project_id=project.id, by_id=by, **vars(typed))
    session.add(made)
    session.flush()
    events.record(
        session,
        "input_told",
        SubjectKind.MISSION,
        project.mission_id,
        by=by,
        project=project.id,
        input=made.id,
    )
    return made


def take_back(session: Session, project: Project, key: UUID, by: UUID) -> None:
    """Say that an input was told wrongly: it counts no more, and its row stays."""
    session.refresh(project, with_for_update=True)
    told = session.get(PublicInput, key)
    if told is None or told.project_id != project.id or told.taken_back_at is not None:
        raise NotFound()
    told.taken_back_at = now()
    events.record(
        session,
        "input_taken_back",
        SubjectKind.MISSION,
        project.mission_id,
        by=by,
        project=project.id,
        input=key,
    )


def of_project(session: Session, project: Project) -> Paid:
    """What the public paid for before this project, through every project that it derives from."""
    earlier = ancestors(session, [project.id])
    return Paid(inputs_of(session, project.id), sources(session, earlier), project.instrument in BUYS)


def warned(session: Session, projects: Sequence[Project]) -> set[UUID]:
    """Those of these that the public is about to buy and already paid for; in as many statements for all as for one."""
    buying = {each.id for each in projects if each.instrument in BUYS}
    if not buying:
        return set()
    query = select(PublicInput.project_id).where(
        col(PublicInput.project_id).in_(buying), col(PublicInput.taken_back_at).is_(None)
    )
    behind = reached(session, buying)
    paid = with_public_money(session, set().union(*behind.values()))
    return set(session.exec(query)) | {key for key, earlier in behind.items() if earlier & paid}


def reached(session: Session, start: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these projects all that it derives from, as `ancestors` finds it for one."""
    behind: dict[UUID, set[UUID]] = {each: set() for each in start}
    layer = {each: {each} for each in start}
    for _step in range(STEPS):
        parents = parents_of(session, set().union(*layer.values()))
        layer = {
            key: {far for near in here for far in parents.get(near, ())} - behind[key] - {key}
            for key, here in layer.items()
        }
        if not any(layer.values()):
            break
        for key, found in layer.items():
            behind[key] |= found
    return behind


def parents_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for each in links_from(session, LinkKind.DERIVES_FROM, SubjectKind.PROJECT, list(ids)):
        if each.status is not LinkStatus.REFUTED and each.to_kind is SubjectKind.PROJECT:
            found.setdefault(each.from_id, []).append(each.to_id)
    return found


def with_public_money(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of these projects in which public money stands."""
    replaced = aliased(Money)
    query = select(Money.project_id).where(
        col(Money.project_id).in_(ids), col(Money.kind).in_(PAID), Money.amount > 0,
        Money.source_group == StakeholderGroup.PUBLIC,
        ~exists().where(col(replaced.replaces_id) == Money.id),
    )  # fmt: skip
    return {key for key in session.exec(query.distinct()) if key is not None} if ids else set()


def of_call(session: Session, call_id: UUID) -> Paid:
    """The same for a call: projects that it derives from by links, and those contracted from the call it follows."""
    offer = offer_of(session, call_id)
    found = linked(session, SubjectKind.CALL, [call_id])
    if offer is not None and offer.follows_call_id is not None:
        query = select(Project.id).join(Application, col(Application.id) == Project.application_id)
        found += session.exec(query.where(Application.call_id == offer.follows_call_id)).all()
    earlier = list(dict.fromkeys([*found, *ancestors(session, found)]))
    return Paid([], sources(session, earlier), offer is not None and offer.instrument in BUYS)


def ancestors(session: Session, start: Sequence[UUID]) -> list[UUID]:
    """Every project that these derive from, near ones first, each once; circles end where they began."""
    seen, layer = list(start), list(start)
    for _step in range(STEPS):
        layer = [each for each in linked(session, SubjectKind.PROJECT, layer) if each not in seen]
        if not layer:
            break
        seen += layer
    return seen[len(start) :]


def linked(session: Session, kind: SubjectKind, ids: list[UUID]) -> list[UUID]:
    links = links_from(session, LinkKind.DERIVES_FROM, kind, ids)
    held = [each for each in links if each.status is not LinkStatus.REFUTED]
    return list(dict.fromkeys(each.to_id for each in held if each.to_kind is SubjectKind.PROJECT))


def sources(session: Session, ids: Sequence[UUID]) -> list[Source]:
    """Earlier projects with public money in them; others say nothing here."""
    found = []
    for key in ids:
        project = session.get(Project, key)
        amounts = public_money(session, project) if project else {}
        if project is not None and amounts:
            title = conditions_read.titles_of(session, [project])[project.id]
            found.append(Source(project, title, amounts))
    return found


def public_money(session: Session, project: Project) -> dict[str, Decimal]:
    """What the public put in: of what is committed, released and spent the largest, since each is told of the same."""
    totals: dict[tuple[str, MoneyKind], Decimal] = {}
    for line in standing_lines(session, project.mission_id):
        is_own = line.project_id == project.id and line.source_group is StakeholderGroup.PUBLIC
        if is_own and line.kind in PAID:
            key = (line.currency, line.kind)
            totals[key] = totals.get(key, Decimal(0)) + line.amount
    return {
        currency: max(amount for (other, _kind), amount in totals.items() if other == currency)
        for currency in sorted({currency for currency, _kind in totals})
    }
