from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import majority_judgment
from app.rules.voting.majority_judgment import Settings
from app.rules.voting.profile import Profile, Vote
from tests.rules.many import many
from tests.rules.voting.profiles import by_list, by_lot, graded, sheets

# The poll of OpinionWay and Terra Nova before the French election of 2012, as M. Balinski and R. Laraki print it in
# "Election by majority judgment: experimental evidence": shares of 10,000 from "outstanding" down; their two lowest of
# seven grades are one here, which lies below every middle.
FRANCE_2012 = {
    "bayrou": (258, 977, 2171, 2523, 2008, 1194 + 869),
    "hollande": (1248, 1615, 1642, 1167, 1479, 1425 + 1424),
    "sarkozy": (963, 1228, 1634, 1099, 1113, 787 + 3176),
}


def count(profile, ties=None, **settings):
    return majority_judgment.count(Settings(**settings), profile, ties or by_list(profile))


def one_by_one(grades: list[int]) -> list[int]:
    """The majority value as the book says it: take out the lower middle grade until none is left."""
    left, value = sorted(grades), []
    while left:
        value.append(left.pop((len(left) - 1) // 2))
    return value


def grades_of(profile: Profile, at: int) -> list[int]:
    found = []
    for vote in profile.votes:
        found += [dict(vote.mark).get(at, 0)] * vote.times
    return found


def test_the_highest_middle_grade_wins():
    found = count(graded("a b", "2 5 3", "3 2 3"))

    assert found.selected == ("b",)
    assert found.figures["medians"] == [2, 3]


def test_of_two_middle_grades_the_lower_counts():
    assert count(graded("a", "1 5", "1 1")).figures["medians"] == [1]


def test_an_option_that_a_ballot_leaves_out_has_the_lowest_grade_there():
    found = count(graded("a b", "2 - 1", "1 5 1"))

    assert found.figures["grades"] == [[2, 0, 0, 0, 0, 1], [0, 3, 0, 0, 0, 0]]
    assert found.selected == ("b",)


def test_nashville_is_the_capital_of_tennessee():
    """Each quarter grades the four cities by how far away they are."""
    profile = graded(
        "memphis nashville chattanooga knoxville", "42 5 2 1 0", "26 0 5 3 2", "15 0 3 5 4", "17 0 3 4 5"
    )

    assert count(profile).selected == ("nashville",)


def test_the_french_of_2012_by_the_published_table():
    """Hollande and Bayrou are both "good" in the middle: more above it for one, more below it for the other."""
    columns = [
        [5 - level for level, share in enumerate(shares) for _ in range(share)]
        for shares in FRANCE_2012.values()
    ]
    votes = Counter(zip(*columns, strict=True))
    profile = Profile(
        tuple(FRANCE_2012), tuple(Vote(tuple(enumerate(mark)), "", times) for mark, times in votes.items())
    )

    found = count(profile, seats=3)

    assert found.figures["medians"] == [2, 2, 1]
    assert found.selected == ("hollande", "bayrou", "sarkozy")
    # Hollande: 45.05 % above "good" and 43.28 % below it, so the middle rises after 1167 - (4505 - 4328) + 1 grades.
    # Bayrou: 34.06 % and 40.71 %, so it would fall, after 2523 - (4071 - 3406).
    assert found.figures["apart"] == [
        {"higher": "hollande", "lower": "bayrou", "removed": 991, "grades": [3, 2]}
    ]


def test_a_tie_is_told_apart_where_one_middle_grade_after_the_other_is_taken():
    """Both are graded 3 in the middle; after one is taken a falls to 1 and b stays."""
    found = count(graded("a b", "1 1 2", "1 3 3", "1 5 3"))

    assert found.selected == ("b",)
    assert found.figures["apart"] == [{"higher": "b", "lower": "a", "removed": 1, "grades": [2, 1]}]


def test_the_same_grades_are_a_tie_until_a_lot_is_drawn():
    profile = graded("a b", "1 4 2", "1 2 4")

    assert count(profile).tied == ("a", "b")
    assert count(profile).figures["apart"] == [{"higher": "a", "lower": "b", "removed": None, "grades": []}]
    assert count(profile, by_lot(profile)).tied == ()


def test_nothing_below_the_floor_is_chosen():
    profile = graded("a b", "3 2 1")

    assert count(profile, floor=2).selected == ("a",)
    assert count(profile, floor=3).selected == ()
    assert count(profile, seats=2, floor=2).selected == ("a",)


def test_nobody_voted():
    found = count(Profile(("a", "b"), ()))

    assert (found.selected, found.tied, found.figures["apart"]) == ((), (), [])


@pytest.mark.parametrize("wrong", [{"seats": 0}, {"floor": 6}, {"floor": -1}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)


@given(sheets())
@many(300)
def test_values_are_those_of_taking_out_one_by_one(profile):
    slow = [one_by_one(grades_of(profile, at)) for at in range(len(profile.options))]
    order = [profile.options.index(name) for name in count(profile).figures["order"]]

    assert order == sorted(range(len(slow)), key=lambda at: (slow[at], -at), reverse=True)


@given(sheets())
@many(200)
def test_the_place_where_two_part_is_the_number_taken_out(profile):
    for each in count(profile).figures["apart"]:
        one, other = (
            one_by_one(grades_of(profile, profile.options.index(each[side]))) for side in ("higher", "lower")
        )
        if each["removed"] is None:
            assert one == other
        else:
            assert one[: each["removed"]] == other[: each["removed"]]
            assert [one[each["removed"]], other[each["removed"]]] == each["grades"]


@given(sheets(), st.integers(2, 7))
@many()
def test_every_ballot_twice_changes_nothing_but_the_totals(profile, times):
    more = Profile(profile.options, tuple(Vote(v.mark, v.group, v.times * times) for v in profile.votes))

    once, again = count(profile, seats=2), count(more, seats=2)

    assert (again.selected, again.tied) == (once.selected, once.tied)


@given(sheets(most_times=1), st.data())
@many(200)
def test_a_better_grade_for_the_winner_never_makes_it_lose(profile, data):
    before = count(profile)
    if not before.selected or before.tied:
        return
    winner = profile.options.index(before.selected[0])
    chosen = data.draw(st.integers(0, len(profile.votes) - 1))
    vote = profile.votes[chosen]
    better = {**dict(vote.mark)}
    better[winner] = data.draw(st.integers(better.get(winner, 0), 5))
    votes = list(profile.votes)
    votes[chosen] = Vote(tuple(sorted(better.items())), vote.group, vote.times)

    assert count(Profile(profile.options, tuple(votes))).selected == before.selected


@given(sheets())
@many()
def test_the_groups_add_up_to_the_whole(profile):
    figures = count(profile).figures
    nameless = Profile(profile.options, tuple(vote for vote in profile.votes if not vote.group))
    total = Counter()
    for part in [*figures["groups"], count(nameless).figures]:
        for at, row in enumerate(part["grades"]):
            for grade, times in enumerate(row):
                total[at, grade] += times

    assert all(total[at, g] == n for at, row in enumerate(figures["grades"]) for g, n in enumerate(row))
