"""The last guard of adoption stands in the database: a row says adopted only when a certified vote chose it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.models.decision import Decision
from app.models.mission import Mission
from app.rules.words import Choice, DecisionKind, MissionState
from app.services import decisions_certify, decisions_count
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import Staged, graded, stage
from tests.services.signed import sign_by_two

WITHOUT: dict[str, Callable[[Chamber], object]] = {
    "no vote": lambda chamber: None,
    "a vote that runs": lambda chamber: announced(chamber),
    "a carried vote that nobody certified": lambda chamber: voted(chamber, Choice.FOR),
    "a certified vote that was lost": lambda chamber: certified(chamber, voted(chamber, Choice.AGAINST)),
}


def announced(chamber: Chamber) -> Decision:
    chamber.put()
    return chamber.notice()


def voted(chamber: Chamber, choice: Choice) -> Decision:
    decision = announced(chamber)
    chamber.cast_all(choice)
    decisions_count.close(chamber.session, decision, None, at=decision.closes_at)
    return decision


def certified(chamber: Chamber, decision: Decision) -> Decision:
    sign_by_two(chamber.session, decision)
    decisions_certify.certify(chamber.session, decision, "Every group could see it.", chamber.secretary.id)
    return decision


def commit(session: Session) -> None:
    """What waits for the end of a transaction is looked at now."""
    session.flush()
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def refuses(session: Session, mission: Mission, state: MissionState) -> bool:
    try:
        with session.begin_nested():
            session.execute(
                text("UPDATE mission SET state = :state WHERE id = :id"), {"state": state, "id": mission.id}
            )
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except IntegrityError as problem:
        return "adopted_by_a_certified_vote" in str(problem)
    return False


@pytest.mark.parametrize("without", WITHOUT)
def test_no_row_says_adopted(session: Session, without: str) -> None:
    chamber = make_chamber(session)
    WITHOUT[without](chamber)
    commit(session)

    for state in (MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED, MissionState.ACHIEVED):
        assert refuses(session, chamber.mission, state)
    assert not refuses(session, chamber.mission, MissionState.REJECTED)


def test_what_a_certified_vote_chose_is_adopted(session: Session) -> None:
    chamber = make_chamber(session)
    certified(chamber, voted(chamber, Choice.FOR))

    commit(session)

    assert chamber.mission.state is MissionState.ADOPTED


def test_of_several_only_those_chosen(session: Session) -> None:
    chamber = make_chamber(session)
    several = Staged(
        "score",
        graded("scores", *["51"] * 9),
        titles=("Shade for every bus stop", "Light without diesel"),
        kind=DecisionKind.CHOOSE,
    )
    decision = certified(chamber, stage(chamber, several))
    commit(session)

    chosen, other = (session.get_one(Mission, each["id"]) for each in decision.options)
    assert (chosen.state, other.state) == (MissionState.ADOPTED, MissionState.RETURNED)
    assert refuses(session, other, MissionState.ADOPTED)
