import pytest

from app.rules.voting import consent
from app.rules.voting.consent import Settings
from app.rules.voting.profile import Consent, Profile, Vote
from tests.rules.voting.profiles import by_list

YES, NO = Consent.CONSENT, Consent.OBJECT


def count(*votes, **settings):
    profile = Profile(("it",), tuple(votes))
    return consent.count(Settings(**settings), profile, by_list(profile))


def test_without_an_objection_it_passes():
    found = count(Vote(YES, "public", 3), Vote(YES, "academia"))

    assert (found.selected, found.tied) == (("it",), ())
    assert found.figures == {
        "total": {"consent": 4, "object": 0},
        "groups": [
            {"group": "academia", "consent": 1, "object": 0},
            {"group": "public", "consent": 3, "object": 0},
        ],
        "integrated": 0,
        "max_rounds": 2,
        "verdict": "carried",
    }


@pytest.mark.parametrize(
    ("integrated", "max_rounds", "verdict"),
    [(0, 2, "integrate"), (1, 2, "integrate"), (2, 2, "group_majority"), (0, 0, "group_majority")],
)
def test_one_objection_is_integrated_until_the_rounds_are_over(integrated, max_rounds, verdict):
    found = count(Vote(YES, "", 99), Vote(NO), integrated=integrated, max_rounds=max_rounds)

    assert found.selected == ()
    assert found.figures["verdict"] == verdict


def test_nobody_consents_by_staying_away():
    assert count().selected == ()
    assert count().figures["verdict"] == "nobody"


@pytest.mark.parametrize("wrong", [{"integrated": 3}, {"integrated": -1}, {"max_rounds": -1}])
def test_rounds_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)
