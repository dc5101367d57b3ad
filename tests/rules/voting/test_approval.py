from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import approval
from app.rules.voting.approval import Settings
from app.rules.voting.profile import Profile, Vote
from app.rules.voting.ties import TieBreak
from tests.rules.many import many
from tests.rules.voting.profiles import approvals, approved, by_list, by_lot

HALF = Fraction(1, 2)


def count(profile, ties=None, **settings):
    return approval.count(Settings(**settings), profile, ties or by_list(profile))


def test_all_that_half_approve_are_chosen_most_approved_first():
    found = count(approved("a b c d", "2 a b", "1 b", "1 c b", "2 d"))

    assert found.selected == ("b",)
    assert found.figures["approvals"] == [2, 4, 1, 2]
    assert count(approved("a b c", "2 a b", "1 b c", "1 c")).selected == ("b", "a", "c")


def test_seats_limit_how_many_are_chosen():
    profile = approved("a b c", "3 a b", "1 b c")

    assert count(profile, seats=1).selected == ("b",)
    assert count(profile, seats=3, share=Fraction(0)).selected == ("b", "a", "c")


def test_what_nobody_approves_is_never_chosen():
    assert count(approved("a b", "1 a"), seats=2, share=Fraction(0)).selected == ("a",)
    assert count(approved("a b", "3"), share=Fraction(0)).selected == ()


def test_each_group_must_approve_enough_of_what_is_chosen():
    """All the public approve a, two of three citizens only b."""
    votes = (Vote((0, 1), "public", 5), Vote((1,), "citizens", 2), Vote((0,), "citizens"))

    found = count(Profile(("a", "b"), votes), group_share=HALF)

    assert found.selected == ("b",)
    assert found.figures["groups"] == [
        {"group": "citizens", "ballots": 3, "approvals": [1, 2]},
        {"group": "public", "ballots": 5, "approvals": [5, 5]},
    ]


def test_a_tie_for_the_last_seat_is_told_until_a_lot_is_drawn():
    profile = approved("a b c", "1 a b c", "1 a b", "1 a c")

    assert count(profile, seats=2).selected == ("a", "b")
    assert count(profile, seats=2).tied == ("b", "c")
    assert count(profile, seats=3).tied == ()
    assert count(profile, by_lot(profile), seats=2).tied == ()


def test_the_lower_cost_is_asked_before_the_lot():
    profile = approved("a b", "1 a b")

    found = count(profile, TieBreak(("a", "b"), costs=(7, 5)), seats=1)

    assert (found.selected, found.tied) == (("b",), ())


@pytest.mark.parametrize("wrong", [{"seats": 0}, {"share": Fraction(3, 2)}, {"group_share": Fraction(-1)}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)


@given(approvals(), st.integers(1, 4))
@many()
def test_nobody_left_out_has_more_approvals_than_anybody_chosen(profile, seats):
    found = count(profile, seats=seats, share=Fraction(0))
    times = dict(zip(profile.options, found.figures["approvals"], strict=True))
    out = [times[option] for option in profile.options if option not in found.selected]

    assert len(found.selected) == min(seats, sum(1 for many in times.values() if many))
    assert all(times[option] >= max(out, default=0) for option in found.selected)
    assert len(set(map(times.get, found.tied))) <= 1
