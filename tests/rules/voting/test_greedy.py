import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import greedy, greedy_no_skip
from app.rules.voting.profile import Profile, Vote, merged
from app.rules.voting.ties import TieBreak
from tests.rules.many import many
from tests.rules.voting.made_sets import in_list_order, profiles, renamed
from tests.rules.voting.naive_sets import profile_of


def test_one_that_does_not_fit_is_passed_over_or_ends_the_count():
    profile = profile_of(["abc"] * 3 + ["ab"] * 2 + ["a"], "abc", costs=(6, 5, 4))

    skipping = greedy.count(greedy.Settings(10), profile, in_list_order(profile))
    ending = greedy_no_skip.count(greedy_no_skip.Settings(10), profile, in_list_order(profile))

    assert skipping.selected == ("a", "c")
    assert ending.selected == ("a",)
    assert skipping.figures["rounds"] == [
        {"option": "a", "votes": 6, "cost": 6, "left": 10, "taken": True},
        {"option": "b", "votes": 5, "cost": 5, "left": 4, "taken": False},
        {"option": "c", "votes": 3, "cost": 4, "left": 4, "taken": True},
    ]
    assert [row["option"] for row in ending.figures["rounds"]] == ["a", "b"]
    assert skipping.steps[-1].english == "Together the chosen options cost 10 of 10."


def test_where_nothing_costs_anything_places_are_told_and_no_money():
    profile = profile_of(["abc"] * 3 + ["ab"] * 2 + ["a"], "abc")

    found = greedy.count(greedy.Settings(2), profile, in_list_order(profile))

    assert [each.english for each in found.steps] == [
        "6 ballots fill places; there is room for 2. The most approved options come first.",
        "a: 6 approvals; places left: 2. It is chosen.",
        "b: 5 approvals; places left: 1. It is chosen.",
        "c: 3 approvals, but no place is left. It is not chosen.",
        "Places taken: 2 of 2.",
    ]


def test_the_cheaper_of_two_equally_approved_comes_first():
    profile = profile_of(["ab", "ab"], "ab", costs=(6, 5))

    found = greedy.count(greedy.Settings(6), profile, in_list_order(profile))

    assert (found.selected, found.tied) == (("b",), ())


def test_only_options_alike_in_approvals_and_cost_are_tied():
    profile = profile_of(["abc", "abc"], "abc", costs=(4, 4, 4))

    found = greedy.count(greedy.Settings(8), profile, in_list_order(profile))
    enough = greedy.count(greedy.Settings(12), profile, in_list_order(profile))
    drawn = greedy.count(greedy.Settings(8), profile, TieBreak(profile.options, decision="d", value="5"))

    assert (found.selected, found.tied) == (("a", "b"), ("a", "b", "c"))
    assert enough.tied == drawn.tied == ()


def test_what_nobody_approves_is_not_chosen():
    profile = profile_of(["a"], "ab", costs=(1, 1))

    assert greedy.count(greedy.Settings(9), profile, in_list_order(profile)).selected == ("a",)


def test_without_costs_each_option_costs_one():
    profile = profile_of(["abc", "ab", "a"], "abc")

    assert greedy.count(greedy.Settings(2), profile, in_list_order(profile)).selected == ("a", "b")


@pytest.mark.parametrize("rule", [greedy, greedy_no_skip])
def test_settings_are_stored_and_read_back(rule):
    settings = rule.Settings(7)

    assert rule.Settings.from_facts(settings.as_facts()) == settings
    assert settings.as_facts()["name"] == rule.NAME
    with pytest.raises(ValueError):
        rule.Settings.from_facts({**settings.as_facts(), "name": "other"})
    with pytest.raises(ValueError):
        rule.Settings(0)


@many(150)
@given(profiles(costs=9), st.integers(1, 30), st.randoms(), st.permutations(range(6)))
def test_properties_of_both(profile, budget, random, order):
    shuffled = list(profile.votes)
    random.shuffle(shuffled)
    doubled = tuple(Vote(vote.mark, vote.group, 2) for vote in profile.votes)
    moved = renamed(profile, [place for place in order if place < len(profile.options)])
    for rule in (greedy, greedy_no_skip):
        found = rule.count(rule.Settings(budget), profile, in_list_order(profile))
        for votes in (merged(shuffled), doubled):
            other = Profile(profile.options, votes, profile.costs)
            again = rule.count(rule.Settings(budget), other, in_list_order(other))
            assert (again.selected, again.tied) == (found.selected, found.tied)
        if not found.tied:
            elsewhere = rule.count(rule.Settings(budget), moved, in_list_order(moved))
            assert set(elsewhere.selected) == set(found.selected)
        assert found.figures["spent"] <= budget


@many(100)
@given(profiles(costs=9), st.integers(1, 30))
def test_with_skipping_nothing_approved_would_still_fit(profile, budget):
    found = greedy.count(greedy.Settings(budget), profile, in_list_order(profile))

    left = budget - found.figures["spent"]
    for option, cost, votes in zip(profile.options, profile.costs, found.figures["approvals"], strict=True):
        if option not in found.selected and votes:
            assert cost > left
