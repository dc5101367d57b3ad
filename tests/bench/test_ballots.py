import pytest

from app.bench.ballots import random_profile
from app.rules.voting.profile import MarkKind, facts_of, read_mark


@pytest.mark.parametrize("kind", MarkKind)
def test_ballots_are_good_and_the_same_for_the_same_seed(kind):
    profile = random_profile(kind, 50, 12, 5, seed=7)

    assert profile.ballots == 50
    assert random_profile(kind, 50, 12, 5, seed=7) == profile
    assert random_profile(kind, 50, 12, 5, seed=8) != profile
    for vote in profile.votes:
        assert read_mark(kind, facts_of(kind, vote.mark, profile.options), profile.options) == vote.mark


@pytest.mark.parametrize("marked", [0, 3, 9, 12])
def test_each_ballot_marks_as_many_as_were_asked_for(marked):
    for kind in (MarkKind.APPROVAL, MarkKind.RANKING, MarkKind.GRADES, MarkKind.SCORES):
        profile = random_profile(kind, 20, 12, marked, seed=1)

        assert {len(vote.mark) for vote in profile.votes} == {marked}


def test_more_marks_than_options_are_refused():
    with pytest.raises(ValueError):
        random_profile(MarkKind.RANKING, 1, 3, 4, seed=1)
