from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting.phragmen import Settings, count
from app.rules.voting.profile import Profile, Vote, merged
from app.rules.voting.ties import TieBreak
from tests.rules.many import many
from tests.rules.voting import naive_sets
from tests.rules.voting.made_sets import in_list_order, profiles, renamed
from tests.rules.voting.naive_sets import profile_of

WEIGHTS = (("citizens", Fraction(1)), ("private", Fraction(3, 2)), ("third", Fraction(2)))


def test_the_example_of_phragmen():
    # His own of 1894, as told by S. Janson (2016): 1034 ABC, 519 PQR, 90 ABQ, 47 APQ; three seats: A, Q, B.
    ballots = ["abc"] * 1034 + ["pqr"] * 519 + ["abq"] * 90 + ["apq"] * 47
    votes = merged(profile_of(ballots, "abcpqr").votes)

    found = count(Settings(seats=3), Profile(tuple("abcpqr"), votes), TieBreak(tuple("abcpqr")))

    assert found.selected == ("a", "q", "b")
    # The load of each of A's 1171 supporters is one seat shared by them; of 1690 ballots a seat is 3/1690 each.
    assert Fraction(found.figures["rounds"][0]["at"]) == Fraction(1690, 3 * 1171)


def test_a_budget_ends_at_the_first_choice_that_overspends():
    profile = profile_of(["ab"] * 5 + ["c"] * 2 + ["d"], "abcd", costs=(5, 4, 4, 1))

    found = count(Settings(budget=9), profile, in_list_order(profile))

    # a would be next and is 1 too dear: the count ends, although c would fit.
    assert found.selected == ("b", "d")
    assert [(row["option"], row["chosen"]) for row in found.figures["rounds"]] == [
        ("b", True),
        ("d", True),
        ("a", False),
    ]
    assert found.figures["spent"] == 5
    assert "The count ends." in found.steps[-2].english


def test_what_is_dearer_than_the_budget_is_left_out_first():
    profile = profile_of(["ab"] * 5 + ["b"], "ab", costs=(3, 11))

    found = count(Settings(budget=10), profile, in_list_order(profile))

    assert found.selected == ("a",)


def test_twenty_firms_do_not_outbuy_four_associations():
    ballots = ["abcd"] * 20 + ["efgh"] * 4
    groups = ["private"] * 20 + ["third"] * 4
    profile = profile_of(ballots, "abcdefgh", groups=groups)

    alike = count(Settings(seats=4), profile, in_list_order(profile)).selected
    by_group = count(Settings(seats=4, by_group=True), profile, in_list_order(profile)).selected

    assert set(alike) <= set("abcd")
    assert len(set(by_group) & set("efgh")) == 2


def test_ties_are_told_when_their_order_matters():
    profile = profile_of(["a", "b"], "ab")

    found = count(Settings(seats=1), profile, in_list_order(profile))
    both = count(Settings(seats=2), profile, in_list_order(profile))
    drawn = count(Settings(seats=1), profile, TieBreak(profile.options, decision="d", value="1"))

    assert (found.selected, found.tied) == (("a",), ("a", "b"))
    assert (both.selected, both.tied) == (("a", "b"), ())
    assert drawn.tied == ()


def test_level_options_of_which_one_no_longer_fits_are_tied():
    profile = profile_of(["a", "b"], "ab", costs=(3, 3))
    dearer = profile_of(["a", "b", "b"], "ab", costs=(3, 6))

    one = count(Settings(budget=5), profile, in_list_order(profile))
    other = count(Settings(budget=8), dearer, in_list_order(dearer))
    enough = count(Settings(budget=9), dearer, in_list_order(dearer))

    assert (one.selected, one.tied) == (("a",), ("a", "b"))
    assert (other.selected, other.tied) == (("a",), ("a", "b"))
    assert (enough.selected, enough.tied) == (("a", "b"), ())


def test_nobody_approves_what_stays_empty():
    profile = profile_of(["a", ""], "abc")

    found = count(Settings(seats=3), profile, in_list_order(profile))

    assert found.selected == ("a",)
    assert found.steps[-1].english == "1 of 3 are chosen."


def test_settings_are_stored_and_read_back():
    settings = Settings(budget=9, by_group=True, weights=WEIGHTS)

    assert Settings.from_facts(settings.as_facts()) == settings
    with pytest.raises(ValueError):
        Settings.from_facts({**settings.as_facts(), "version": 2})


@many(150)
@given(profiles(groups=True), st.integers(1, 6), st.sampled_from([None, dict(WEIGHTS), {}]))
def test_seats_as_in_the_slow_count(profile, seats, weights):
    settings = Settings(seats=seats, by_group=weights is not None, weights=tuple((weights or {}).items()))

    found = count(settings, profile, in_list_order(profile))

    places = naive_sets.phragmen(profile, seats, 0, weights)
    assert found.selected == tuple(profile.options[place] for place in places)


@many(150)
@given(profiles(costs=12, groups=True), st.integers(1, 40), st.sampled_from([None, dict(WEIGHTS), {}]))
def test_a_portfolio_as_in_the_slow_count_and_never_over_budget(profile, budget, weights):
    settings = Settings(budget=budget, by_group=weights is not None, weights=tuple((weights or {}).items()))

    found = count(settings, profile, in_list_order(profile))

    places = naive_sets.phragmen(profile, 0, budget, weights)
    assert found.selected == tuple(profile.options[place] for place in places)
    assert found.figures["spent"] <= budget


@many(100)
@given(profiles(costs=9, groups=True), st.integers(1, 30), st.randoms())
def test_the_order_and_number_of_ballots_do_not_matter(profile, budget, random):
    shuffled = list(profile.votes)
    random.shuffle(shuffled)
    doubled = tuple(Vote(vote.mark, vote.group, 2) for vote in profile.votes)
    others = [
        Profile(profile.options, votes, profile.costs)
        for votes in (tuple(shuffled), merged(shuffled), doubled)
    ]
    for settings in (Settings(seats=3), Settings(budget=budget), Settings(budget=budget, by_group=True)):
        first, *rest = (count(settings, each, in_list_order(each)) for each in (profile, *others))

        assert all((each.selected, each.tied) == (first.selected, first.tied) for each in rest)


@many(100)
@given(profiles(costs=9), st.integers(1, 30), st.permutations(range(6)))
def test_the_names_and_places_of_options_do_not_matter(profile, budget, order):
    moved = renamed(profile, [place for place in order if place < len(profile.options)])
    for settings in (Settings(seats=2), Settings(budget=budget)):
        first, second = (count(settings, each, in_list_order(each)) for each in (profile, moved))

        if not first.tied:
            assert set(first.selected) == set(second.selected)
            assert not second.tied


def test_all_that_many_alike_share_is_no_tie():
    profile = profile_of(["abcdefg", "h"], "abcdefgh")

    assert count(Settings(seats=8), profile, in_list_order(profile)).tied == ()
    assert count(Settings(seats=3), profile, in_list_order(profile)).tied == tuple("abcdefg")


def test_who_came_first_among_equals_is_as_tied_as_who_came_last():
    profile = profile_of(["a", "b", "c"], "abc")

    found = count(Settings(seats=2), profile, in_list_order(profile))

    assert found.selected == ("a", "b")
    assert found.tied == ("a", "b", "c")


@many(200)
@given(
    profiles(voters=5, options=5, costs=4, groups=True), st.integers(0, 4), st.integers(1, 12), st.booleans()
)
def test_options_are_tied_where_another_order_of_equals_chooses_others(profile, seats, budget, by_group):
    settings = Settings(seats=seats, budget=0 if seats else budget, by_group=by_group)

    found = count(settings, profile, in_list_order(profile))

    ballots = naive_sets.each_ballot(profile)
    rates = naive_sets.endowments(ballots, settings.total, {} if by_group else None)
    costs = [1] * len(profile.options) if seats else list(profile.costs)
    outcomes = naive_sets.earned_in_every_order(
        profile, rates, [Fraction(0)] * len(ballots), costs, seats or len(costs), settings.budget or None
    )
    tied = naive_sets.chosen_in_some_orders_only(outcomes)
    assert found.tied == tuple(profile.options[option] for option in sorted(tied))
