"""The course of a mission: started with money and rivals, achieved by readings alone, ended with what was learned."""

import pytest
from sqlmodel import Session, select

from app.models.event import Event
from app.models.mission import Mission
from app.models.project import projects_of
from app.rules.replay_kinds import Noun
from app.rules.words import (
    CourseKind,
    CourseVerdict,
    Felt,
    MissionState,
    MoneyKind,
    MotionAct,
    SubjectKind,
)
from app.services import course, missions_course, progress, replay
from app.services.course import Conclusion, LessonMissing
from app.services.missions_course import NoEndReview, NotReadyToLaunch
from tests.services.chamber import Chamber, make_chamber
from tests.services.measured import add_indicator, committed, enter, indicator_of
from tests.services.steering import make_active, moved, voted

M = MissionState


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_active(session)


def adopted(session: Session) -> Chamber:
    chamber = make_chamber(session)
    chamber.mission.state = M.ADOPTED
    session.flush()
    return chamber


def kinds(session: Session, mission: Mission) -> list[str]:
    query = select(Event.kind).where(Event.subject_id == mission.id, Event.kind != "review_waived")
    return list(session.exec(query.order_by(Event.id)))  # type: ignore[arg-type]


def test_a_mission_starts_with_committed_money_and_rivals(session: Session) -> None:
    chamber = adopted(session)
    steward = chamber.scene.carol.id
    committed(session, chamber.mission, 10**6, kind=MoneyKind.ANNOUNCED)
    with pytest.raises(NotReadyToLaunch, match="committed"):
        missions_course.launch(session, chamber.mission, steward)
    committed(session, chamber.mission, 1000)

    missions_course.launch(session, chamber.mission, steward)

    assert chamber.mission.state is M.ACTIVE
    assert chamber.mission.launched_at is not None
    assert kinds(session, chamber.mission)[-1] == "mission_launched"


def test_a_mission_with_too_few_routes_does_not_start(session: Session) -> None:
    chamber = adopted(session)
    committed(session, chamber.mission, 1000)
    for project in projects_of(session, chamber.mission.id):
        project.route = "The same for all"
    session.flush()

    with pytest.raises(NotReadyToLaunch, match="rival routes"):
        missions_course.launch(session, chamber.mission, chamber.scene.carol.id)


@pytest.mark.parametrize("state", [M.FRAMED, M.PAUSED, M.ACTIVE, M.ACHIEVED, M.REJECTED, M.ENDED_NOT_MET])
def test_only_an_adopted_mission_is_started(session: Session, state: MissionState) -> None:
    chamber = adopted(session)
    committed(session, chamber.mission, 1000)
    chamber.mission.state = state
    chamber.mission.outcome_reason = "Because"
    session.flush()

    with pytest.raises(NotReadyToLaunch):
        missions_course.launch(session, chamber.mission, chamber.scene.carol.id)


def test_readings_alone_achieve_a_mission(chamber: Chamber, session: Session) -> None:
    """Computed when read, by all indicators of the mission; the loop tells the log, and a later reading undoes it."""
    mission = chamber.mission
    down = add_indicator(session, mission, 58, 10)
    project = projects_of(session, mission.id)[0]
    add_indicator(session, mission, 1, 9, project_id=project.id)
    enter(session, mission, 60, 10)
    assert progress.state(session, mission) is M.ACTIVE
    enter(session, mission, 9.5, 10, down)

    assert (progress.state(session, mission), mission.state) == (M.ACHIEVED, M.ACTIVE)
    assert missions_course.tell_due(session) == 1
    assert (mission.state, missions_course.tell_due(session)) == (M.ACHIEVED, 0)
    enter(session, mission, 11, 1, down)
    assert progress.state(session, mission) is M.ACTIVE
    assert missions_course.tell_due(session) == 1

    told = [kind for kind in kinds(session, mission) if kind.startswith("mission_")]
    assert told[-2:] == ["mission_achieved", "mission_fell_back"]
    assert mission.state is M.ACTIVE
    states = replay.states_at(session).found[Noun.MISSION]
    assert states[str(mission.id)]["state"] == M.ACTIVE


def test_a_paused_mission_is_not_achieved_meanwhile(chamber: Chamber, session: Session) -> None:
    chamber.mission.state = M.PAUSED
    session.flush()
    enter(session, chamber.mission, 99)

    assert progress.state(session, chamber.mission) is M.PAUSED
    assert missions_course.tell_due(session) == 0


def test_done_ness_is_computed_from_the_reading(chamber: Chamber, session: Session) -> None:
    """DOMAIN 4: "you know when you get there": a reading at the goal says so, one short of it does not."""
    enter(session, chamber.mission, 59.9, 2)
    assert not progress.is_achieved(session, chamber.mission)

    enter(session, chamber.mission, 60, 1)

    assert progress.is_achieved(session, chamber.mission)


def test_the_trio_of_chile_goes_up_and_down(chamber: Chamber, session: Session) -> None:
    """DOMAIN 10: a hundred firms, 25 dollars per MWh, 4.5 Mt: 24 dollars meet the goal, 26 do not."""
    mission = chamber.mission
    session.delete(indicator_of(session, mission))
    firms = add_indicator(session, mission, 20, 100, position=1)
    dollars = add_indicator(session, mission, 57, 25, position=2)
    carbon = add_indicator(session, mission, 9, 4.5, position=3)
    for indicator, short in ((firms, 99), (dollars, 26), (carbon, 4.6)):
        enter(session, mission, short, 20, indicator)
    met = {
        each.indicator.id: each.course.is_met for each in progress.of_mission(session, mission) if each.course
    }
    assert not any(met.values())

    for indicator, there in ((firms, 100), (dollars, 24), (carbon, 4.5)):
        enter(session, mission, there, 2, indicator)

    met = {
        each.indicator.id: each.course.is_met for each in progress.of_mission(session, mission) if each.course
    }
    assert met == {firms.id: True, dollars.id: True, carbon.id: True}
    assert progress.state(session, mission) is M.ACHIEVED


def concluded_end(chamber: Chamber, session: Session) -> None:
    review = course.open_review(session, chamber.mission, CourseKind.END, chamber.scene.carol.id)
    course.answer(session, review, chamber.scene.voices[0].author_id, Felt.WORSE)  # type: ignore[arg-type]
    said = Conclusion(
        CourseVerdict.STOP, "The water never came.", ["The wells are handed over"], ["Ask the wells first"]
    )
    course.conclude(session, review, said, chamber.chair.id)


def test_a_mission_does_not_end_without_a_lesson(chamber: Chamber, session: Session) -> None:
    """DOMAIN 21 and 34, for a mission: it is stopped by a vote, after a review that says what was learned."""
    mission = chamber.mission
    with pytest.raises(NoEndReview):
        moved(chamber, MotionAct.END, SubjectKind.MISSION, mission.id)
    review = course.open_review(session, mission, CourseKind.END, chamber.scene.carol.id)
    course.answer(session, review, chamber.scene.voices[0].author_id, Felt.WORSE)  # type: ignore[arg-type]
    without = Conclusion(CourseVerdict.STOP, "The water never came.", ["The wells are handed over"])
    with pytest.raises(LessonMissing):
        course.conclude(session, review, without, chamber.chair.id)
    with pytest.raises(NoEndReview):
        moved(chamber, MotionAct.END, SubjectKind.MISSION, mission.id)


def test_a_vote_ends_a_mission_and_its_lessons_stay(chamber: Chamber, session: Session) -> None:
    mission = chamber.mission
    concluded_end(chamber, session)

    voted(chamber, moved(chamber, MotionAct.END, SubjectKind.MISSION, mission.id))

    assert mission.state is M.ENDED_NOT_MET
    assert [each.text for each in course.lessons_of(session, mission.id)] == ["Ask the wells first"]
    told = {each.noun for each in replay.report(session).compared.differing}
    assert not told & {Noun.MOTION, Noun.DECISION, Noun.STATEMENT}
