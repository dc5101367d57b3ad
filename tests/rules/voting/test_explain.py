import pytest

from app.rules.voting import tally, telling
from app.rules.voting.group_majority import Settings
from app.rules.voting.ruling import question
from app.rules.voting.tally import Outcome, Terms
from app.rules.words import Choice, StakeholderGroup
from tests.rules.voting.seats import CastBallot, count, poll

PUBLIC, CITIZENS = StakeholderGroup.PUBLIC, StakeholderGroup.CITIZENS
RULE = Settings(required=(PUBLIC, CITIZENS))


def steps_of(outcome: Outcome):
    asked = question("one", [{"id": "adopt"}], RULE.as_facts(), Terms().as_facts())
    return telling.steps(asked, tally.as_facts(outcome), {})


def told(written: str) -> list[str]:
    seats, ballots, recused = poll(written)
    return [str(step) for step in steps_of(count(RULE, seats, ballots, recused))]


def test_a_carried_vote_is_explained_step_by_step():
    assert told("u:++- c:++0") == [
        "public: 3 of 3 seats voted; at least 2 had to. That is enough.",
        "citizens: 3 of 3 seats voted; at least 2 had to. That is enough.",
        "public: 2 for, 1 against, 0 abstained. In favour.",
        "citizens: 2 for, 0 against, 1 abstained. In favour.",
        "Overall: 4 of 5 are for; at least 2/3 is needed. Reached.",
        "Carried: every required group is in favour, and overall 4 of 5 are for.",
    ]


@pytest.mark.parametrize(
    ("written", "last"),
    [
        (
            "u:+++-- c:++-",
            (
                "Not carried: every required group is in favour, but overall only 5 of 8 are for, "
                "and at least 2/3 is needed."
            ),
        ),
        (
            "u:++++++ c:+-",
            (
                "Not carried: no majority in favour in: citizens. Overall 7 of 8 are for, which would be enough, "
                "but every required group must be in favour too."
            ),
        ),
        (
            "u:++++-- c:--+",
            (
                "Not carried: no majority in favour in: citizens; and overall only 5 of 9 are for, "
                "where at least 2/3 is needed."
            ),
        ),
        ("u:+- c:0", "Tied, and so not carried: 1 for and 1 against."),
        ("u:+. c:+", "No decision: too few seats voted in: public."),
    ],
)
def test_each_outcome_has_its_sentence(written, last):
    assert told(written)[-1] == last


def test_a_lost_vote_names_the_group_that_decided_it_and_the_share_apart():
    steps = told("u:++++++ c:+-")

    assert (
        steps[3] == "citizens: 1 for, 1 against, 0 abstained. Not in favour: more must be for than against."
    )
    assert steps[4] == "Overall: 7 of 8 are for; at least 2/3 is needed. Reached."


def test_a_group_of_one_seat_is_spoken_of_as_one():
    assert told("u:+ c:.")[:2] == [
        "public: its one seat voted. That is enough.",
        "citizens: its one seat did not vote. That is too few.",
    ]


def test_without_a_quorum_no_majority_is_spoken_of():
    steps = told("u:x c:+")

    assert steps[0] == "public: no seat is left to vote (stepped aside: 1), so there is no decision."
    assert not any("for" in step and "against" in step for step in steps)


def test_no_share_is_reached_when_everybody_abstains():
    assert told("u:0 c:0")[-2:] == [
        "Overall: nobody voted for or against; at least 2/3 for is needed. Not reached.",
        "Tied, and so not carried: 0 for and 0 against.",
    ]


def test_ballots_set_aside_are_told_first():
    seats, ballots, recused = poll("u:+x c:+")
    late = CastBallot(seats[1].seat_id, PUBLIC, Choice.AGAINST)

    steps = steps_of(count(RULE, seats, [*ballots, late], recused))

    assert str(steps[0]) == "Ballots of seats that stepped aside, not counted: 1."


def test_the_group_is_a_fact_and_so_can_be_named_in_any_language():
    seats, ballots, recused = poll("u:+ c:+")

    step = steps_of(count(RULE, seats, ballots, recused))[0]

    assert step.facts["group"] is PUBLIC
