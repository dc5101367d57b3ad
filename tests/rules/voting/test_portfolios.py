from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import equal_shares, portfolios
from app.rules.voting.portfolios import Asked, Reach, side_by_side
from app.rules.voting.profile import Profile
from tests.rules.many import many
from tests.rules.voting.made_sets import in_list_order, profiles
from tests.rules.voting.naive_sets import each_ballot, profile_of

# Ten firms want the road and the bridge, four associations the garden; the road is the most approved and takes most.
TOWN = profile_of(
    ["rb"] * 10 + ["g"] * 4 + [""],
    "rbg",
    costs=(70, 30, 40),
    groups=["private"] * 10 + ["third"] * 4 + ["citizens"],
)


def by_rule(asked, profile=TOWN):
    return {each.rule: each for each in side_by_side(asked, profile, in_list_order(profile))}


def test_all_rules_are_shown_and_what_they_change_is_told():
    found = by_rule(Asked(budget=100, by_group=True))

    assert list(found) == ["greedy", "greedy_no_skip", "equal_shares", "phragmen"]
    assert found["greedy"].count.selected == ("b", "r")
    assert (found["greedy"].added, found["greedy"].dropped) == ((), ())
    assert found["equal_shares"].added == ("g",)
    assert found["equal_shares"].dropped == ("r",)
    assert found["equal_shares"].spent == 70


def test_for_whom_it_is_better():
    found = by_rule(Asked(budget=100, by_group=True))

    before = {each.group: each for each in found["greedy"].reach}
    after = {each.group: each for each in found["equal_shares"].reach}
    assert before["third"] == Reach("third", 4, (4,), 0)
    assert after["third"] == Reach("third", 4, (0, 4), 160)
    assert before["private"] == Reach("private", 10, (0, 0, 10), 1000)
    assert after["private"].each == 1
    assert after["citizens"].nothing == 1
    assert found["equal_shares"].all == Reach("", 15, (1, 14), 460)
    assert found["equal_shares"].all.each == Fraction(14, 15)


def test_progress_is_told_for_every_rule_and_round():
    told = []

    side_by_side(Asked(budget=100), TOWN, in_list_order(TOWN), lambda *said: told.append(said))

    assert [rule for rule, number, _cost in told if not number] == list(portfolios.RULES)
    added = equal_shares.count(equal_shares.Settings(budget=100), TOWN, in_list_order(TOWN)).figures["added"]
    assert max(number for _rule, number, _cost in told) == added > 0


def test_without_ballots_nothing_is_chosen():
    nobody = Profile(("a",), (), (5,))

    compared = side_by_side(Asked(budget=9), nobody, in_list_order(nobody))

    assert [each.count.selected for each in compared] == [()] * 4
    assert compared[0].reach == ()


@many(100)
@given(profiles(costs=9, groups=True), st.integers(1, 30))
def test_what_ballots_get_adds_up(profile, budget):
    for each in side_by_side(Asked(budget), profile, in_list_order(profile)):
        chosen = {profile.options.index(option) for option in each.count.selected}
        ballots = each_ballot(profile)

        assert each.spent <= budget
        assert each.all.ballots == len(ballots) == sum(sum(reach.counts) for reach in each.reach)
        assert each.all.money == sum(
            profile.costs[option] for _group, mark in ballots for option in mark & chosen
        )
        assert each.all.nothing == sum(not mark & chosen for _group, mark in ballots)
