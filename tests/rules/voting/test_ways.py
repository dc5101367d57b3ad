import pytest

from app.rules.voting.ways import connected, twins
from tests.rules.voting.naive_sets import profile_of


@pytest.mark.parametrize(
    ("clashes", "found"),
    [
        ([], []),
        ([{2, 3}], []),
        ([{0, 3}, {1, 2}], [0, 3]),
        ([{0, 1}, {1, 2}, {2, 3}], [0, 1, 2, 3]),
        ([{2, 3}, {1, 2}, {0, 1}], [0, 1, 2, 3]),
    ],
)
def test_who_clashes_directly_or_through_others(clashes, found):
    assert connected(0, clashes) == found


def test_twins_have_the_same_supporters_and_the_same_cost():
    ballots = ["abc", "abd", "d"]

    assert twins(profile_of(ballots, "abcd")) == [0, 0, 2, 3]
    assert twins(profile_of(ballots, "abcd", costs=(1, 2, 1, 1))) == [0, 1, 2, 3]
