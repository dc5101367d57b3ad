"""Readings of indicators: entered by hand, from a file or by a program; corrected by another, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.mission import Indicator, Mission, every_indicator_of, indicators_of
from app.models.money import Reading, every_reading_of, still_standing
from app.rules import reading_files
from app.rules.phrases import phrase
from app.rules.words import N_, SubjectKind
from app.services import events
from app.services.missions_numbers import hold

READINGS_AT_MOST = 5000
TOLD = 5  # wrong lines of a file


class NoIndicator(Conflict):
    sentence: ClassVar[str] = N_("Say first what is counted or measured: a reading is of an indicator.")


class ReadThatDay(Conflict):
    sentence: ClassVar[str] = N_("There is a reading of this day already. Correct that one if it is wrong.")


class NotYet(NotAcceptable):
    sentence: ClassVar[str] = N_("A reading is of a day that has come. What is expected later is a forecast.")


class ComeAlready(NotAcceptable):
    sentence: ClassVar[str] = N_("A forecast is of a day that is still to come.")


class RangeUpsideDown(NotAcceptable):
    sentence: ClassVar[str] = N_("The reading has to lie between its lowest and its highest value.")


class RangeMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("A forecast says how low and how high it may be, and not one number alone.")


class NeitherYesNorNo(NotAcceptable):
    sentence: ClassVar[str] = N_("This goal is reached or not: its reading is 1 or 0.")


class AlreadyCorrected(Conflict):
    sentence: ClassVar[str] = N_(
        "This reading was corrected already. Correct the one that stands in its place."
    )


class TooManyReadings(NotAcceptable):
    sentence: ClassVar[str] = N_("An indicator holds at most %(most)s readings.")


class WrongLines(NotAcceptable):
    sentence: ClassVar[str] = N_("Nothing was added. %(lines)s")


class NoLines(NotAcceptable):
    sentence: ClassVar[str] = N_("The file holds no reading.")


class UnknownIndicator(NotAcceptable):
    sentence: ClassVar[str] = N_("Nothing was added. Line %(line)s: no indicator is called “%(name)s”.")


@dataclass(frozen=True)
class ReadingText:
    """A reading as typed, with the range it lies in where that is known; `replaces_id` is the one it corrects.

    Without an indicator it is of the mission's first.
    """

    at: date
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    source: str
    replaces_id: UUID | None = None
    is_forecast: bool = False
    is_taken_back: bool = False
    indicator_id: UUID | None = None


def indicator_of(session: Session, mission: Mission, key: UUID | None = None) -> Indicator | None:
    """The indicator with this id, which may be a project's; without one, the mission's first."""
    if key is None:
        return next(iter(indicators_of(session, mission.id)), None)
    return next((each for each in every_indicator_of(session, mission.id) if each.id == key), None)


def add(session: Session, mission: Mission, typed: ReadingText, by: UUID | None) -> Reading:
    """Enter what an indicator stood at on a day that has come, or is expected at later; one act, one event."""
    hold(session, mission)
    (reading,) = put(session, mission, [typed], by)
    kind = "reading_corrected" if reading.replaces_id else "reading_added"
    events.record(
        session, kind, SubjectKind.MISSION, mission.id, by=by, reading=reading.id, indicator=reading.indicator_id
    )  # fmt: skip
    return reading


def add_many(session: Session, mission: Mission, typed: Sequence[ReadingText], by: UUID) -> list[Reading]:
    """All lines of a file, or none of them."""
    hold(session, mission)
    readings = put(session, mission, typed, by)
    events.record(
        session, "readings_imported", SubjectKind.MISSION, mission.id, by=by, readings=[each.id for each in readings]
    )  # fmt: skip
    return readings


def from_file(session: Session, mission: Mission, content: bytes, by: UUID) -> list[Reading]:
    """Every line of a table, or none: the first wrong ones are told, with their numbers."""
    good, bad = reading_files.lines(content)
    if bad:
        raise WrongLines(
            lines=tuple(phrase(N_("line %(line)s: %(problem)s"), **vars(each)) for each in bad[:TOLD])
        )
    if not good:
        raise NoLines()
    named = {each.name.casefold(): each.id for each in every_indicator_of(session, mission.id)}
    unknown = next((each for each in good if each.indicator and each.indicator.casefold() not in named), None)
    if unknown is not None:
        raise UnknownIndicator(line=unknown.line, name=unknown.indicator[:80])
    typed = [
        ReadingText(
            each.at, each.value, each.low, each.high, each.source, None, each.is_forecast, False,
            named[each.indicator.casefold()] if each.indicator else None,
        )
        for each in good
    ]  # fmt: skip
    return add_many(session, mission, typed, by)


def put(session: Session, mission: Mission, typed: Sequence[ReadingText], by: UUID | None) -> list[Reading]:
    """Check each against those that stand already, the ones before it included; the mission is held."""
    indicators = {each.id: each for each in every_indicator_of(session, mission.id)}
    known, first = every_reading_of(session, list(indicators)), indicator_of(session, mission)
    made = []
    for each in typed:
        indicator = indicators.get(each.indicator_id) if each.indicator_id else first
        if indicator is None and each.indicator_id is not None:
            raise NotFound()
        if indicator is None or not indicator.name:
            raise NoIndicator()
        mine = [reading for reading in known if reading.indicator_id == indicator.id]
        require_fit(indicator, mine, each)
        facts = {name: value for name, value in vars(each).items() if name != "indicator_id"}
        reading = Reading(indicator_id=indicator.id, by_id=by, **facts)
        known.append(reading)
        made.append(reading)
    session.add_all(made)
    session.flush()
    return made


def require_fit(indicator: Indicator, mine: Sequence[Reading], typed: ReadingText) -> None:
    """Refuse what is not a reading of this indicator, or is one of a day that has one."""
    if len(mine) >= READINGS_AT_MOST:
        raise TooManyReadings(most=READINGS_AT_MOST)
    if typed.replaces_id is not None and typed.replaces_id not in {each.id for each in mine}:
        raise NotFound()
    standing = {each.id: each for each in still_standing(mine)}
    if typed.replaces_id is not None and typed.replaces_id not in standing:
        raise AlreadyCorrected()
    if typed.is_taken_back:
        return
    require_true(indicator, typed)
    same_day = [
        each
        for each in standing.values()
        if each.at == typed.at and each.is_forecast is typed.is_forecast and each.id != typed.replaces_id
    ]
    if same_day:
        raise ReadThatDay()


def require_true(indicator: Indicator, typed: ReadingText) -> None:
    """Refuse numbers that cannot be true together, and days that do not fit what they are said to be."""
    today = now().date()
    if typed.is_forecast and typed.at <= today:
        raise ComeAlready()
    if not typed.is_forecast and typed.at > today:
        raise NotYet()
    if typed.is_forecast and (typed.low is None or typed.high is None):
        raise RangeMissing()
    if (typed.low is not None and typed.low > typed.value) or (
        typed.high is not None and typed.high < typed.value
    ):
        raise RangeUpsideDown()
    if indicator.verifier and typed.value not in (0, 1):
        raise NeitherYesNorNo()


def take_back(session: Session, mission: Mission, key: UUID, reason: str, by: UUID) -> Reading:
    """Say that a reading was none: it stays readable, and counts no more. Who takes it back says why."""
    hold(session, mission)
    indicators = every_indicator_of(session, mission.id)
    found = next(
        (each for each in every_reading_of(session, [i.id for i in indicators]) if each.id == key), None
    )
    if found is None:
        raise NotFound()
    typed = ReadingText(
        found.at, found.value, found.low, found.high, reason, key, found.is_forecast, True, found.indicator_id
    )  # fmt: skip
    return add(session, mission, typed, by)
