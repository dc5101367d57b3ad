import pytest

from app.rules.voting import explain
from app.rules.voting.group_majority import CastBallot, GroupMajority, count
from app.rules.words import Choice, StakeholderGroup
from tests.rules.voting.seats import poll

PUBLIC, CITIZENS = StakeholderGroup.PUBLIC, StakeholderGroup.CITIZENS
RULE = GroupMajority(required=(PUBLIC, CITIZENS))


def told(written: str) -> list[str]:
    seats, ballots, recused = poll(written)
    return [str(step) for step in explain.steps(count(RULE, seats, ballots, recused))]


def test_a_carried_vote_is_explained_step_by_step():
    assert told("u:++- c:++0") == [
        "public: 3 of 3 seats voted; 2 were needed. That is enough.",
        "citizens: 3 of 3 seats voted; 2 were needed. That is enough.",
        "public: 2 for, 1 against, 0 abstained. In favour.",
        "citizens: 2 for, 0 against, 1 abstained. In favour.",
        "Overall: 4 of 5 votes are for; at least 2/3 is needed. Reached.",
        "Carried: every required group is in favour, and overall 4 of 5 votes are for.",
    ]


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("u:+++-- c:++-", "Not carried: overall 5 of 8 votes are for."),
        ("u:+- c:0", "Tied, and so not carried: 1 for and 1 against."),
        ("u:+. c:+", "No decision: too few seats voted in at least one group."),
    ],
)
def test_each_outcome_has_its_sentence(written, last):
    assert told(written)[-1] == last


def test_without_a_quorum_no_majority_is_spoken_of():
    steps = told("u:x c:+")

    assert steps[0] == "public: no seat is left to vote (stepped aside: 1), so there is no decision."
    assert not any("for" in step and "against" in step for step in steps)


def test_no_share_is_reached_when_everybody_abstains():
    assert told("u:0 c:0")[-2:] == [
        "Overall: 0 of 0 votes are for; at least 2/3 is needed. Not reached.",
        "Tied, and so not carried: 0 for and 0 against.",
    ]


def test_ballots_set_aside_are_told_first():
    seats, ballots, recused = poll("u:+x c:+")
    late = CastBallot(seats[1].seat_id, PUBLIC, Choice.AGAINST)

    steps = explain.steps(count(RULE, seats, [*ballots, late], recused))

    assert str(steps[0]) == "Ballots of seats that stepped aside, not counted: 1."


def test_the_group_is_a_fact_and_so_can_be_named_in_any_language():
    seats, ballots, recused = poll("u:+ c:+")

    step = explain.steps(count(RULE, seats, ballots, recused))[0]

    assert step.facts["group"] is PUBLIC
