"""Motions: asked for once, settled by one vote, which does what they ask for or leaves it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.models.motion import Motion
from app.rules.moves import MoveForbidden
from app.rules.replay_kinds import Noun
from app.rules.words import Choice, DecisionState, MissionState, MotionAct, MotionOutcome, SubjectKind
from app.services import decisions_draft, decisions_words, motions, motions_make, replay
from app.services.decisions_draft import Asked, MotionMissing
from app.services.decisions_rule import RuleChoice
from tests.services.chamber import Chamber
from tests.services.steering import QUESTION, REASON, make_active, moved, voted


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_active(session)


def pause(chamber: Chamber) -> Motion:
    return moved(chamber, MotionAct.PAUSE, SubjectKind.MISSION, chamber.mission.id)


@pytest.mark.parametrize(
    ("choice", "state", "outcome"),
    [
        (Choice.FOR, MissionState.PAUSED, MotionOutcome.CARRIED),
        (Choice.AGAINST, MissionState.ACTIVE, MotionOutcome.LOST),
    ],
)
def test_a_vote_does_what_a_motion_asks_for_or_leaves_it(
    chamber: Chamber, session: Session, choice: Choice, state: MissionState, outcome: MotionOutcome
) -> None:
    motion = pause(chamber)

    decision = voted(chamber, motion, choice)

    assert str(decisions_words.titles(session, decision)[str(motion.id)]) == "Pause the mission"
    assert (chamber.mission.state, motion.outcome, motion.decision_id) == (state, outcome, decision.id)
    assert decision.state is DecisionState.CERTIFIED
    told = {each.noun for each in replay.report(session).compared.differing}
    assert not told & {Noun.MOTION, Noun.DECISION}


def test_a_paused_mission_goes_on_by_a_second_vote(chamber: Chamber) -> None:
    voted(chamber, pause(chamber))

    voted(chamber, moved(chamber, MotionAct.RESUME, SubjectKind.MISSION, chamber.mission.id))

    assert chamber.mission.state is MissionState.ACTIVE


def test_the_same_is_asked_for_once(chamber: Chamber) -> None:
    pause(chamber)

    with pytest.raises(motions_make.MotionWaits):
        pause(chamber)


def test_what_the_state_forbids_is_not_asked_for(chamber: Chamber) -> None:
    with pytest.raises(MoveForbidden):
        moved(chamber, MotionAct.RESUME, SubjectKind.MISSION, chamber.mission.id)


def test_a_withdrawn_motion_is_not_voted_on(chamber: Chamber, session: Session) -> None:
    motion = pause(chamber)

    motions.withdraw(session, motion, chamber.chair.id)

    assert motions.waiting_for(session, chamber.committee) == []
    asked = Asked(QUESTION, RuleChoice(), motion=motion.id)
    with pytest.raises(MotionMissing):
        decisions_draft.draft(session, chamber.committee, decisions_draft.K.STEER, asked, chamber.chair.id)
    pause(chamber)  # and may be asked for anew


def test_a_motion_before_the_committee_stays(chamber: Chamber, session: Session) -> None:
    motion = pause(chamber)
    asked = Asked(QUESTION, RuleChoice(), motion=motion.id)
    decisions_draft.draft(session, chamber.committee, decisions_draft.K.STEER, asked, chamber.chair.id)

    with pytest.raises(motions.MotionBeforeTheCommittee):
        motions.withdraw(session, motion, chamber.chair.id)
    assert motions.waiting_for(session, chamber.committee) == []


@pytest.mark.parametrize(
    "change",
    ["UPDATE motion SET reason = 'Another'", "UPDATE motion SET facts = '{\"to\": 1}'", "DELETE FROM motion"],
)
def test_the_database_keeps_a_motion_as_it_was_made(chamber: Chamber, session: Session, change: str) -> None:
    motion = pause(chamber)
    assert motion.reason == REASON

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(change))
