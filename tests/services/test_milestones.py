"""Milestones: set by hand, computed by readings and the calendar, moved by a vote, never removed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.errors import NotFound
from app.models.columns import now, telling
from app.models.milestone import Milestone, milestones_of
from app.models.project import projects_of
from app.rules.words import Choice, MilestoneState, MissionState, MotionAct, SubjectKind
from app.services import course, milestones, motions
from app.services.milestones import (
    DueAlready,
    MilestoneText,
    NobodySaysSo,
    NotReachedYet,
    ReadingsDecide,
    SaidAlready,
    TooLateForMilestones,
)
from app.services.milestones_revise import MilestoneRevised, Moved, NothingMoves, ValueMissing
from tests.services.chamber import Chamber
from tests.services.measured import enter, indicator_of, today
from tests.services.steering import make_active, moved, voted

S = MilestoneState


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_active(session)


def set_one(chamber: Chamber, session: Session, in_days: int = 30, expected: float = 20) -> Milestone:
    indicator = indicator_of(session, chamber.mission)
    due = today() + timedelta(days=in_days)
    typed = MilestoneText("A fifth of the homes", due, indicator.id, Decimal(str(expected)))
    return milestones.add(session, chamber.mission, typed, chamber.scene.carol.id)


def state(chamber: Chamber, session: Session, in_days: int = 0) -> MilestoneState:
    (shown,) = milestones.of_mission(session, chamber.mission, today() + timedelta(days=in_days))
    return shown.reached.state


def test_a_missed_milestone_needs_no_click(chamber: Chamber, session: Session) -> None:
    """DOMAIN 32: the clock past due with no reading says "missed", and that opens a review, without any click."""
    milestone = set_one(chamber, session)
    assert state(chamber, session, 30) is S.PLANNED
    assert state(chamber, session, 31) is S.MISSED

    with telling(now() + timedelta(days=31)):
        assert [each.milestone.id for each in milestones.missed(session, chamber.mission)] == [milestone.id]
        course.open_due(session)

        (review,) = [
            each for each in course.course_reviews_of(session, chamber.mission.id) if not each.verdict
        ]
        assert f"milestone:{milestone.id}" in {told["key"] for told in review.signals}
        assert review.opened_by_id is None


def test_a_reading_meets_a_milestone_and_one_that_comes_late_does_not(
    chamber: Chamber, session: Session
) -> None:
    set_one(chamber, session)
    enter(session, chamber.mission, 20)

    assert state(chamber, session, 400) is S.MET


def test_a_named_person_says_once_that_a_milestone_is_reached(chamber: Chamber, session: Session) -> None:
    due, by = today() + timedelta(days=30), chamber.scene.carol.id
    typed = MilestoneText("The law is passed", due, verifier="The gazette")
    milestone = milestones.add(session, chamber.mission, typed, by)
    with pytest.raises(NotReachedYet):
        milestones.say_reached(session, milestone, due, "Law 21", by)

    milestones.say_reached(session, milestone, today(), "Law 21", by)

    assert state(chamber, session, 60) is S.MET
    with pytest.raises(SaidAlready):
        milestones.say_reached(session, milestone, today(), "Law 22", by)


def test_what_readings_decide_nobody_says(chamber: Chamber, session: Session) -> None:
    milestone = set_one(chamber, session)

    with pytest.raises(ReadingsDecide):
        milestones.say_reached(session, milestone, today(), "I think so", chamber.scene.carol.id)


def test_a_milestone_lacks_nothing(chamber: Chamber, session: Session) -> None:
    indicator, by = indicator_of(session, chamber.mission), chamber.scene.carol.id
    soon = today() + timedelta(days=9)
    for typed, refusal in (
        (MilestoneText("Late", today(), indicator.id, Decimal(2)), DueAlready),
        (MilestoneText("No value", soon, indicator.id), ValueMissing),
        (MilestoneText("No indicator", soon, None, Decimal(2)), ValueMissing),
        (MilestoneText("Nobody", soon), NobodySaysSo),
        (MilestoneText("Elsewhere", soon, chamber.mission.id, Decimal(2)), NotFound),
        (MilestoneText("No project", soon, verifier="Me", project_id=chamber.mission.id), NotFound),
    ):
        with pytest.raises(refusal):
            milestones.add(session, chamber.mission, typed, by)
    chamber.mission.state = MissionState.FRAMED
    session.flush()
    with pytest.raises(TooLateForMilestones):
        set_one(chamber, session)


def ask(chamber: Chamber, milestone: Milestone, in_days: int, expected: float | None = 20) -> motions.Motion:
    moved_to = Moved(today() + timedelta(days=in_days), None if expected is None else Decimal(str(expected)))
    facts = moved_to.as_facts()
    return moved(chamber, MotionAct.REVISE_MILESTONE, SubjectKind.MILESTONE, milestone.id, facts)


def test_only_a_vote_moves_a_milestone_and_the_old_one_is_kept(chamber: Chamber, session: Session) -> None:
    milestone = set_one(chamber, session)
    motion = ask(chamber, milestone, 90, 18)
    assert "A fifth of the homes" in motions.words(session, motion).english
    assert state(chamber, session, 31) is S.MISSED

    decision = voted(chamber, motion)

    (shown,) = milestones.of_mission(session, chamber.mission)
    assert (shown.milestone.expected, shown.before) == (18, [milestone])
    assert shown.milestone.decision_id == decision.id
    assert len(milestones_of(session, chamber.mission.id)) == 2
    assert state(chamber, session, 31) is S.PLANNED


def test_a_vote_against_leaves_a_milestone(chamber: Chamber, session: Session) -> None:
    milestone = set_one(chamber, session)

    voted(chamber, ask(chamber, milestone, 90), Choice.AGAINST)

    assert milestones_of(session, chamber.mission.id) == [milestone]


def test_what_was_moved_is_moved_on_from_where_it_stands(chamber: Chamber, session: Session) -> None:
    milestone = set_one(chamber, session)
    with pytest.raises(NothingMoves):
        ask(chamber, milestone, 30)
    with pytest.raises(ValueMissing):
        ask(chamber, milestone, 60, None)
    voted(chamber, ask(chamber, milestone, 90))

    with pytest.raises(MilestoneRevised):
        ask(chamber, milestone, 120)


@pytest.mark.parametrize("how", ["UPDATE milestone SET due = due + 90"])
def test_the_database_keeps_milestones(chamber: Chamber, session: Session, how: str) -> None:
    set_one(chamber, session)

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sql(how))


def test_a_project_has_milestones_of_its_own(chamber: Chamber, session: Session) -> None:
    project = projects_of(session, chamber.mission.id)[0]
    typed = MilestoneText(
        "The test field runs", today() + timedelta(days=9), verifier="The port", project_id=project.id
    )
    milestones.add(session, chamber.mission, typed, chamber.scene.carol.id)

    (shown,) = milestones.of_mission(session, chamber.mission)

    assert shown.project == project
