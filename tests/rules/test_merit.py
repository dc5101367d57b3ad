"""Grades side by side: the majority grade, how far apart, and what no order of reviewers changes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import merit
from app.rules.merit import ORDER
from app.rules.words import Grade
from tests.rules.many import many

E, V, G, A, P, R = Grade


@pytest.mark.parametrize(
    ("grades", "majority"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([G], G, id="one"),
        pytest.param([E, P], P, id="half against half reads as the worse"),
        pytest.param([E, E, P], E, id="two of three"),
        pytest.param([E, G, P, R], P, id="the lower of the two in the middle"),
        pytest.param([E, E, G, R, R], G, id="the middle of five"),
    ],
)
def test_the_majority_grade(grades, majority):
    assert merit.profile(grades).majority is majority


@pytest.mark.parametrize(
    ("grades", "steps", "is_far"),
    [([], 0, False), ([G, G], 0, False), ([V, A], 2, False), ([E, A], 3, True), ([E, G, R], 5, True)],
)
def test_more_than_two_steps_apart_is_to_be_talked_about(grades, steps, is_far):
    profile = merit.profile(grades)

    assert (profile.steps, profile.is_far_apart) == (steps, is_far)


@many(200)
@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=12))
def test_more_than_half_give_at_least_the_majority_grade_and_not_more_than_half_a_better_one(grades):
    profile = merit.profile(grades)
    place = ORDER.index(profile.majority)
    at_least = sum(ORDER.index(each) <= place for each in grades)
    better = sum(ORDER.index(each) < place for each in grades)

    assert at_least > len(grades) / 2 >= better
    assert merit.profile(reversed(grades)) == profile
    assert profile.total == len(grades) == sum(profile.counts)
    assert ORDER.index(merit.profile([*grades, R]).majority) >= place


@many(200)
@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=30))
def test_the_parts_of_a_bar_fill_it_without_a_gap(grades):
    ends = [(start, start + width) for _grade, _many, start, width in merit.profile(grades).bars]

    assert ends[0][0] == 0
    assert ends[-1][1] == 1000
    assert all(one[1] == following[0] for one, following in pairwise(ends))
