"""The demonstration's log tells everything that its records hold, now and at any instant before."""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.rules import replay as rules
from app.rules.replay_kinds import Noun
from app.rules.words import DecisionState, MissionState
from app.services import replay
from tests.demo.records import certified

SECOND = timedelta(seconds=1)


def test_every_state_is_rebuilt_and_none_differs(demo: Session) -> None:
    found = replay.differences(demo)

    assert (found.differing, found.unknown) == ((), 0)
    assert found.states > 400
    assert found.events > 2_500


def test_the_log_alone_tells_how_a_vote_went(demo: Session) -> None:
    decision = certified(demo)

    def at(moment: datetime) -> tuple[str, str]:
        found = replay.states_at(demo, moment).found
        vote = rules.effective(Noun.DECISION, found[Noun.DECISION][str(decision.id)], moment)
        return vote, found[Noun.MISSION][str(decision.mission_id)]["state"]

    assert decision.state is DecisionState.CERTIFIED
    assert at(decision.noticed_at - SECOND) == (DecisionState.DRAFT, MissionState.IN_REVIEW)
    assert at(decision.opens_at - SECOND) == (DecisionState.NOTICED, MissionState.ON_BALLOT)
    assert at(decision.opens_at) == (DecisionState.OPEN, MissionState.ON_BALLOT)
    assert at(decision.closes_at) == (DecisionState.CLOSED, MissionState.ON_BALLOT)
    assert at(decision.certified_at) == (DecisionState.CERTIFIED, MissionState.ADOPTED)
