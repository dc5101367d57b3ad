"""Indicators as everyone reads them: what they stand at, how far they have come, and whether a mission is achieved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.models.mission import Indicator, Mission, every_indicator_of, indicators_of
from app.models.money import Reading, standing_readings
from app.models.project import Project, projects_of
from app.rules import indicators as indicator_rules
from app.rules import progress as rules
from app.rules.indicators import Pace
from app.rules.phrases import Phrase
from app.rules.progress import Course, Fan, Read, Way
from app.rules.words import MissionState
from app.services import missions

ON_ITS_WAY = frozenset({MissionState.ACTIVE, MissionState.ACHIEVED})


@dataclass(frozen=True)
class Measured:
    """One indicator with its arithmetic; `course` and `fan` come with its dates and its readings."""

    indicator: Indicator
    pace: Pace | None
    doubts: list[Phrase]
    project: Project | None = None
    readings: Sequence[Reading] = ()
    course: Course | None = None
    fan: Fan | None = None


def of_mission(session: Session, mission: Mission, *, with_projects: bool = True) -> list[Measured]:
    """The mission's own indicators first, then those of its projects; two or three statements for all."""
    found = every_indicator_of(session, mission.id) if with_projects else indicators_of(session, mission.id)
    names = {each.project_id for each in found if each.project_id}
    projects = {each.id: each for each in projects_of(session, mission.id)} if names else {}
    by_indicator = readings_by_indicator(session, found)
    return [
        measured(each, by_indicator[each.id], projects.get(each.project_id) if each.project_id else None)
        for each in found
    ]


def readings_by_indicator(session: Session, found: Sequence[Indicator]) -> dict[UUID, list[Reading]]:
    """What stands of each, forecasts too, by day."""
    readings: dict[UUID, list[Reading]] = {each.id: [] for each in found}
    for reading in standing_readings(session, list(readings)):
        readings[reading.indicator_id].append(reading)
    return readings


def measured(
    indicator: Indicator, readings: Sequence[Reading] = (), project: Project | None = None
) -> Measured:
    """The indicator with its arithmetic; without the day of its baseline, change counts from today."""
    start = missions.start_of(indicator)
    numbers = (indicator.baseline, indicator.goal)
    way, known = way_of(indicator), reads(readings)
    return Measured(
        indicator,
        indicator_rules.pace(*numbers, start, indicator.due),
        [indicator_rules.told(each) for each in missions.indicator_facts(indicator).doubts()],
        project,
        readings,
        rules.course(way, known) if way else None,
        rules.fan(way, known) if way else None,
    )


def way_of(indicator: Indicator, start: date | None = None) -> Way | None:
    """From its baseline to its goal; None while one of these or a date is missing, or does not fit."""
    start = start or missions.start_of(indicator)
    baseline, goal, due = indicator.baseline, indicator.goal, indicator.due
    if baseline is None or goal is None or due is None or baseline == goal or due <= start:
        return None
    return Way(baseline, goal, start, due)


def reads(readings: Sequence[Reading]) -> list[Read]:
    return [Read(each.at, each.value, each.low, each.high, each.is_forecast) for each in readings]


def is_met(indicator: Indicator, readings: Sequence[Reading]) -> bool:
    """Whether the last reading is at the goal, whatever the dates are."""
    known = [each for each in readings if not each.is_forecast]
    if not known or indicator.goal is None or indicator.direction is None:
        return False
    return rules.reaches(max(known, key=lambda each: each.at).value, indicator.goal, indicator.direction)


def is_achieved(session: Session, mission: Mission) -> bool:
    """Whether every indicator of the mission is at its goal: readings say so, and nothing else does."""
    found = indicators_of(session, mission.id)
    readings = readings_by_indicator(session, found)
    return bool(found) and all(is_met(each, readings[each.id]) for each in found)


def state(session: Session, mission: Mission) -> MissionState:
    """The state of a mission by its readings of this instant; the log is told of it a little later."""
    if mission.state not in ON_ITS_WAY:
        return mission.state
    return MissionState.ACHIEVED if is_achieved(session, mission) else MissionState.ACTIVE
