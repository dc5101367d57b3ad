"""Money of a mission: lines with their sources, which are only added to."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.mission import Mission
from app.models.money import Money, lines_of
from app.models.organisation import Organisation
from app.rules.words import N_, Certainty, MissionState, MoneyKind, StakeholderGroup, SubjectKind
from app.services import events, ledger_budget, missions_routes

LINES_AT_MOST = 1_000


class AlreadyReplaced(Conflict):
    sentence: ClassVar[str] = N_("This line was replaced already. Replace the line that stands in its place.")


class TooManyNumbers(NotAcceptable):
    sentence: ClassVar[str] = N_("A mission holds at most %(most)s of these.")


class MissionOver(Conflict):
    sentence: ClassVar[str] = N_("This mission is withdrawn or rejected: nothing is added to it.")


@dataclass(frozen=True)
class MoneyText:
    """A line as typed; `replaces_id` is the line it corrects."""

    kind: MoneyKind
    source: str
    source_group: StakeholderGroup | None
    year: int
    amount: Decimal
    currency: str
    certainty: Certainty
    organisation_id: UUID | None = None
    replaces_id: UUID | None = None
    project_id: UUID | None = None


def add_money(session: Session, mission: Mission, typed: MoneyText, by: UUID) -> Money:
    """Add a line, or replace one by it; no line is ever changed."""
    hold(session, mission)
    known = {each.id: each for each in lines_of(session, mission.id)}
    if len(known) >= LINES_AT_MOST:
        raise TooManyNumbers(most=LINES_AT_MOST)
    if typed.replaces_id is not None:
        if typed.replaces_id not in known:
            raise NotFound()
        if any(each.replaces_id == typed.replaces_id for each in known.values()):
            raise AlreadyReplaced()
    if typed.project_id is not None:
        missions_routes.find(session, mission, typed.project_id)
        ledger_budget.require_within(session, mission, typed, list(known.values()))
    organisation = typed.organisation_id
    line = Money(
        mission_id=mission.id, kind=typed.kind, source=typed.source, source_group=typed.source_group,
        project_id=typed.project_id,
        organisation_id=organisation if organisation and session.get(Organisation, organisation) else None,
        year=typed.year, amount=typed.amount, currency=typed.currency, certainty=typed.certainty,
        replaces_id=typed.replaces_id, by_id=by,
    )  # fmt: skip
    session.add(line)
    session.flush()
    events.record(
        session, "money_added", SubjectKind.MISSION, mission.id, by=by, line=line.id, money=line.kind
    )
    return line


def hold(session: Session, mission: Mission) -> None:
    session.refresh(mission, with_for_update=True)
    if mission.state in (MissionState.WITHDRAWN, MissionState.REJECTED):
        raise MissionOver()
