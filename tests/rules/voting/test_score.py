from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given

from app.rules.voting import score
from app.rules.voting.profile import HIGHEST_SCORE, Profile
from app.rules.voting.score import Settings
from tests.rules.many import many
from tests.rules.voting.profiles import by_list, by_lot, graded, sheets


def count(profile, ties=None, **settings):
    return score.count(Settings(**settings), profile, ties or by_list(profile))


def test_the_middle_score_leads_whatever_one_reviewer_says():
    """b has the higher mean, by one ten; a the higher median."""
    found = count(graded("a b", "2 7 6", "1 7 10"))

    assert found.selected == ("a",)
    assert [row["mean"] for row in found.figures["rows"]] == ["7/1", "22/3"]


def test_of_two_middle_scores_half_the_sum_counts():
    assert count(graded("a", "1 6", "1 9")).figures["rows"][0]["median"] == "15/2"


def test_who_gives_no_score_says_nothing_about_it():
    found = count(graded("a b", "1 8 3", "3 - 3"))

    assert found.selected == ("a",)
    assert [row["scored"] for row in found.figures["rows"]] == [1, 4]
    assert count(graded("a b", "1 8 3", "3 - 3"), least=2).selected == ("b",)


def test_equal_medians_are_told_apart_by_the_mean():
    assert count(graded("a b", "1 4 4", "1 5 5", "1 6 7")).selected == ("b",)


@pytest.mark.parametrize(("highest", "discuss"), [(7, []), (8, ["a"])])
def test_scores_more_than_two_points_apart_must_be_discussed(highest, discuss):
    found = count(graded("a", "2 5", f"1 {highest}"))

    assert found.figures["discuss"] == discuss
    assert any("must be discussed" in step.english for step in found.steps) == bool(discuss)


def test_equal_scores_are_a_tie_until_a_lot_is_drawn():
    profile = graded("a b c", "1 5 5 1", "1 6 6 1")

    assert count(profile).tied == ("a", "b")
    assert count(profile, seats=2).tied == ()
    assert count(profile, by_lot(profile)).tied == ()


def test_nothing_below_the_floor_is_chosen():
    assert count(graded("a b", "1 5 4"), seats=2, floor=5).selected == ("a",)


def test_what_nobody_scored_is_not_chosen_and_has_no_figures():
    found = count(graded("a b", "2 - 3"), seats=2)

    assert found.selected == ("b",)
    assert found.figures["order"] == ["b"]
    assert set(found.figures["rows"][0].values()) == {0, None}
    assert count(Profile(("a",), ())).selected == ()


@pytest.mark.parametrize("wrong", [{"seats": 0}, {"least": 0}, {"spread": -1}, {"spread": 11}, {"floor": 11}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)


@given(sheets(highest=HIGHEST_SCORE))
@many(200)
def test_the_order_is_by_median_and_then_by_mean(profile):
    found = count(profile)
    keys = {}
    for at, option in enumerate(profile.options):
        given_to = [s for vote in profile.votes for o, s in vote.mark if o == at for _ in range(vote.times)]
        if given_to:
            keys[option] = (Fraction(median(given_to)), Fraction(sum(given_to), len(given_to)))
            row = found.figures["rows"][at]
            assert (Fraction(row["median"]), Fraction(row["mean"])) == keys[option]
            assert row["spread"] == max(given_to) - min(given_to)
            assert (option in found.figures["discuss"]) == (row["spread"] > 2)

    assert found.figures["order"] == sorted(
        keys, key=lambda option: (*(-key for key in keys[option]), option)
    )
