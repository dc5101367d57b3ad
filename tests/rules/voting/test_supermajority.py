from fractions import Fraction

import pytest
from hypothesis import given

from app.rules.voting import supermajority
from app.rules.voting.profile import Profile, Vote
from app.rules.voting.supermajority import Settings
from app.rules.words import Choice
from tests.rules.many import many
from tests.rules.voting.profiles import by_list, choices, chosen


def count(profile, **settings):
    return supermajority.count(Settings(**settings), profile, by_list(profile))


@pytest.mark.parametrize(
    ("votes", "share", "verdict"),
    [
        pytest.param((2, 1), "2/3", "carried", id="exactly two thirds are enough"),
        pytest.param((199, 100), "2/3", "lost", id="one short of two thirds"),
        pytest.param((3, 1, 50), "3/4", "carried", id="abstentions are left out"),
        pytest.param((5, 5), "1/2", "tied", id="a half is not a majority"),
        pytest.param((6, 5), "1/2", "carried", id="one more than half"),
        pytest.param((1, 5), "2/3", "lost", id="most are against"),
        pytest.param((0, 0, 4), "2/3", "tied", id="everybody abstains"),
        pytest.param((0, 0), "2/3", "tied", id="nobody votes"),
        pytest.param((4, 1), "1/1", "lost", id="all must be for"),
    ],
)
def test_verdicts(votes, share, verdict):
    found = count(chosen(*votes), share=Fraction(share))

    assert found.figures["verdict"] == verdict
    assert found.selected == (("it",) if verdict == "carried" else ())
    assert found.tied == (("it",) if verdict == "tied" else ())


def test_each_group_has_its_line():
    votes = (Vote(Choice.FOR, "public", 3), Vote(Choice.ABSTAIN, "academia", 2), Vote(Choice.AGAINST, ""))

    assert count(Profile(("it",), votes)).figures == {
        "total": {"for": 3, "against": 1, "abstain": 2},
        "groups": [
            {"group": "academia", "for": 0, "against": 0, "abstain": 2},
            {"group": "public", "for": 3, "against": 0, "abstain": 0},
        ],
        "verdict": "carried",
    }


@pytest.mark.parametrize("share", ["1/3", "5/4"])
def test_a_share_below_half_or_above_all_is_refused(share):
    with pytest.raises(ValueError):
        Settings(Fraction(share))


def test_two_things_at_once_are_no_question():
    with pytest.raises(ValueError):
        count(Profile(("a", "b"), ()))


@given(choices())
@many()
def test_one_more_vote_for_never_makes_it_lose(profile):
    more = Profile(profile.options, (*profile.votes, Vote(Choice.FOR)))

    assert set(count(profile).selected) <= set(count(more).selected)
