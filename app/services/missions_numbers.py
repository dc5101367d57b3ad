"""Numbers of a mission: lines of money, which are only added to, and readings of its indicator."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.mission import Indicator, Mission, indicators_of
from app.models.money import Money, Reading, lines_of
from app.models.organisation import Organisation
from app.rules.words import N_, Certainty, MissionState, MoneyKind, StakeholderGroup, SubjectKind
from app.services import events, ledger_budget, missions_routes

LINES_AT_MOST, READINGS_AT_MOST = 1_000, 400


class NoIndicator(Conflict):
    sentence: ClassVar[str] = N_("Say first what is counted or measured: a reading is of an indicator.")


class ReadThatDay(Conflict):
    sentence: ClassVar[str] = N_("There is a reading of this day already. Remove it first if it is wrong.")


class NotYet(NotAcceptable):
    sentence: ClassVar[str] = N_("A reading is of a day that has come.")


class RangeUpsideDown(NotAcceptable):
    sentence: ClassVar[str] = N_("The reading has to lie between its lowest and its highest value.")


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


@dataclass(frozen=True)
class ReadingText:
    """A reading as typed, with the range it lies in where that is known."""

    at: date
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    source: str


def indicator_of(session: Session, mission: Mission) -> Indicator | None:
    """The indicator that a mission is read by: its first."""
    return next(iter(indicators_of(session, mission.id)), None)


def add_reading(session: Session, mission: Mission, typed: ReadingText, by: UUID) -> Reading:
    """Enter what the indicator stood at on a day that has come; one reading a day."""
    hold(session, mission)
    indicator = indicator_of(session, mission)
    if indicator is None or not indicator.name:
        raise NoIndicator()
    if typed.at > now().date():
        raise NotYet()
    if (typed.low is not None and typed.low > typed.value) or (
        typed.high is not None and typed.high < typed.value
    ):
        raise RangeUpsideDown()
    reading = Reading(indicator_id=indicator.id, by_id=by, **vars(typed))
    try:
        with session.begin_nested():
            session.add(reading)
            session.flush()
    except IntegrityError as problem:
        raise ReadThatDay() from problem
    events.record(session, "reading_added", SubjectKind.MISSION, mission.id, by=by, reading=reading.id)
    return reading


def remove_reading(session: Session, mission: Mission, key: UUID, by: UUID) -> None:
    """Take a mistyped reading away while the mission is not adopted; from then on readings stay."""
    hold(session, mission)
    reading, indicator = session.get(Reading, key), indicator_of(session, mission)
    if reading is None or indicator is None or reading.indicator_id != indicator.id:
        raise NotFound()
    if mission.adopted_at is not None:
        raise ReadingStays()
    session.delete(reading)
    session.flush()
    events.record(session, "reading_removed", SubjectKind.MISSION, mission.id, by=by, reading=key)


class ReadingStays(Conflict):
    sentence: ClassVar[str] = N_(
        "The mission is adopted: its readings stay as they are. Add a newer one instead."
    )
