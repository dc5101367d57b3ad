"""Milestones on the way to a goal: added by who steers, met or missed by readings and the calendar, never removed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.milestone import Milestone, MilestoneWord, milestones_of
from app.models.mission import Indicator, Mission, every_indicator_of
from app.models.motion import Motion, waiting_motions
from app.models.project import Project, projects_of
from app.rules import milestones as rules
from app.rules.milestones import Reached, Wanted
from app.rules.words import N_, Direction, MilestoneState, MissionState, MotionAct, SubjectKind
from app.services import events, progress, project_titles
from app.services.milestones_revise import ValueMissing

TAKES_MILESTONES = (MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED)
MILESTONES_AT_MOST = 200


class TooLateForMilestones(Conflict):
    sentence: ClassVar[str] = N_("Milestones are set from the adoption of a mission until it ends.")


class TooManyMilestones(NotAcceptable):
    sentence: ClassVar[str] = N_("A mission holds at most %(most)s milestones.")


class DueAlready(NotAcceptable):
    sentence: ClassVar[str] = N_("A milestone is due on a day to come.")


class NobodySaysSo(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Choose an indicator and the value expected, or name who will say that it is reached."
    )


class ReadingsDecide(Conflict):
    sentence: ClassVar[str] = N_("Readings decide whether this milestone is met: add a reading instead.")


class SaidAlready(Conflict):
    sentence: ClassVar[str] = N_("It was said already that this milestone is reached.")


class NotReachedYet(NotAcceptable):
    sentence: ClassVar[str] = N_("Name a day that has come.")


@dataclass(frozen=True)
class MilestoneText:
    """A milestone as typed: of an indicator and a value, or with who will say that it is reached."""

    title: str
    due: date
    indicator_id: UUID | None = None
    expected: Decimal | None = None
    verifier: str = ""
    project_id: UUID | None = None


@dataclass(frozen=True)
class Shown:
    """One milestone that stands, how it stands today, and the ones that decisions replaced by it, the latest first."""

    milestone: Milestone
    reached: Reached
    indicator: Indicator | None = None
    project: Project | None = None
    word: MilestoneWord | None = None
    waiting: Motion | None = None
    before: list[Milestone] = field(default_factory=list)
    project_title: str = ""  # empty where it has no project, or its words were taken back


def add(session: Session, mission: Mission, typed: MilestoneText, by: UUID) -> Milestone:
    """Set a milestone. It is never changed after, but by a vote that puts another in its place."""
    session.refresh(mission, with_for_update=True)
    if mission.state not in TAKES_MILESTONES:
        raise TooLateForMilestones()
    if len(milestones_of(session, mission.id)) >= MILESTONES_AT_MOST:
        raise TooManyMilestones(most=MILESTONES_AT_MOST)
    if typed.due <= now().date():
        raise DueAlready()
    indicator = indicator_of(session, mission, typed)
    if (indicator is None) is not (typed.expected is None):
        raise ValueMissing()
    if indicator is None and not typed.verifier:
        raise NobodySaysSo()
    project_id = indicator.project_id if indicator else typed.project_id
    if project_id and project_id not in {each.id for each in projects_of(session, mission.id)}:
        raise NotFound()
    milestone = Milestone(
        mission_id=mission.id, project_id=project_id, indicator_id=typed.indicator_id, title=typed.title,
        expected=typed.expected, due=typed.due, verifier="" if indicator else typed.verifier, by_id=by,
    )  # fmt: skip
    session.add(milestone)
    session.flush()
    events.record(session, "milestone_added", SubjectKind.MISSION, mission.id, by=by, milestone=milestone.id)
    return milestone


def indicator_of(session: Session, mission: Mission, typed: MilestoneText) -> Indicator | None:
    if typed.indicator_id is None:
        return None
    known = {each.id: each for each in every_indicator_of(session, mission.id)}
    if typed.indicator_id not in known:
        raise NotFound()
    return known[typed.indicator_id]


def say_reached(session: Session, milestone: Milestone, on: date, evidence: str, by: UUID) -> None:
    """Say once, with evidence, that a milestone without an indicator is reached."""
    if milestone.indicator_id is not None:
        raise ReadingsDecide()
    if on > now().date():
        raise NotReachedYet()
    try:
        with session.begin_nested():
            session.add(MilestoneWord(milestone_id=milestone.id, reached_on=on, evidence=evidence, by_id=by))
            session.flush()
    except IntegrityError as problem:
        raise SaidAlready() from problem
    events.record(
        session, "milestone_reached", SubjectKind.MISSION, milestone.mission_id, by=by, milestone=milestone.id
    )


def of_mission(session: Session, mission: Mission, today: date | None = None) -> list[Shown]:
    """Those that stand, the earliest due first, each as its readings and the calendar have it today."""
    found = milestones_of(session, mission.id)
    if not found:
        return []
    day = today or now().date()
    indicators = {each.id: each for each in every_indicator_of(session, mission.id)}
    readings = progress.readings_by_indicator(session, list(indicators.values()))
    words = words_of(session, found)
    named = {each.project_id for each in found if each.project_id}
    projects = {each.id: each for each in projects_of(session, mission.id) if each.id in named}
    titles = project_titles.readable(session, projects.values())
    waiting = {
        each.subject_id: each
        for each in waiting_motions(session, [mission.id])
        if each.act is MotionAct.REVISE_MILESTONE
    }
    shown = []
    for each in standing(found):
        indicator = indicators.get(each.indicator_id) if each.indicator_id else None
        said = words.get(each.id)
        known = progress.reads(readings[indicator.id]) if indicator else []
        wanted = Wanted(each.due, each.expected, direction_of(indicator))
        shown.append(
            Shown(
                each, rules.reached(wanted, known, said.reached_on if said else None, day), indicator,
                projects.get(each.project_id) if each.project_id else None, said, waiting.get(each.id),
                earlier(found, each), titles.get(each.project_id, "") if each.project_id else "",
            )
        )  # fmt: skip
    return shown


def standing(found: Sequence[Milestone]) -> list[Milestone]:
    replaced = {each.replaces_id for each in found}
    return [each for each in found if each.id not in replaced]


def earlier(found: Sequence[Milestone], milestone: Milestone) -> list[Milestone]:
    """What stood in its place before, the latest first."""
    known, chain = {each.id: each for each in found}, []
    key = milestone.replaces_id
    while key is not None and key in known:
        chain.append(known[key])
        key = known[key].replaces_id
    return chain


def words_of(session: Session, found: Sequence[Milestone]) -> dict[UUID, MilestoneWord]:
    query = select(MilestoneWord).where(col(MilestoneWord.milestone_id).in_([each.id for each in found]))
    return {each.milestone_id: each for each in session.exec(query)}


def direction_of(indicator: Indicator | None) -> Direction:
    return (indicator.direction if indicator else None) or Direction.UP


def missed(session: Session, mission: Mission, today: date | None = None) -> list[Shown]:
    return [
        each for each in of_mission(session, mission, today) if each.reached.state is MilestoneState.MISSED
    ]
