from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import equal_shares, ways
from app.rules.voting.equal_shares import Settings, count
from app.rules.voting.profile import Approval, Profile, Vote, merged
from app.rules.voting.ties import TieBreak
from tests.rules.many import many
from tests.rules.voting import naive_sets
from tests.rules.voting.made_sets import in_list_order, profiles, renamed
from tests.rules.voting.naive_sets import each_ballot, profile_of

WEIGHTS = (("citizens", Fraction(1)), ("private", Fraction(3, 2)), ("third", Fraction(2)))


def chosen(profile: Profile[Approval], **settings: object) -> str:
    return "".join(count(Settings(**settings), profile, in_list_order(profile)).selected)  # type: ignore[arg-type]


def test_a_third_of_the_voters_gets_a_third_of_the_seats():
    profile = profile_of(["abc"] * 6 + ["def"] * 3, "abcdef")

    selected = chosen(profile, seats=3)

    assert sorted(selected) == ["a", "b", "d"]


def test_the_example_of_the_method_with_costs():
    # Voter 1 to 3 approve a and b, voters 4 and 5 c; the money of the first three buys a and then no more.
    profile = profile_of(["ab", "ab", "ab", "c", "c"], "abc", costs=(30, 40, 20))

    found = count(Settings(budget=50, step=0), profile, in_list_order(profile))

    assert found.selected == ("a", "c")
    assert found.figures["spent"] == 50
    assert [row["pays"] for row in found.figures["rounds"]] == ["10/1", "10/1"]


def test_a_round_says_who_pays_how_much():
    profile = profile_of(["a", "ab", "b", "b"], "ab", costs=(4, 8))

    found = count(Settings(budget=12, step=0), profile, in_list_order(profile))

    assert found.figures["rounds"] == [
        {
            "stage": "shares",
            "option": "b",
            "price": "1/3",
            "pays": "8/3",
            "supporters": 3,
            "payers": 3,
            "tied": [],
            "open": [],
        }
    ]
    assert found.figures["voices"] == [{"group": "", "ballots": 4, "each": "3/1"}]


def test_a_supporter_with_less_pays_all_it_has():
    profile = profile_of(["ab", "ab", "b", "c"], "abc", costs=(8, 12, 20))

    found = count(Settings(budget=24, step=0), profile, in_list_order(profile))

    # Each has 6. b takes 4 of each of three: price 1/3; a would take 4 of each of two but only 2 are left.
    assert found.selected == ("b",)
    added = count(Settings(budget=24, step=1), profile, in_list_order(profile))
    # With 2 more each, a is paid by 4 and 4.
    assert added.selected == ("b", "a")
    assert added.figures["added"] >= 2


def test_adding_ends_before_the_budget_would_be_overspent():
    profile = profile_of(["a", "a", "b", "b", "b", "c"], "abc", costs=(40, 60, 30))

    found = count(Settings(budget=100), profile, in_list_order(profile))
    runs = []
    count(
        Settings(budget=100),
        profile,
        in_list_order(profile),
        lambda rounds, cost: runs.append((rounds, cost)),
    )

    assert sorted(found.selected) == ["a", "b"]
    assert runs[-1] == (found.figures["added"], 100)
    # Each has 100/6 and 13 more: with the next, the one voter of c has 30 and buys c too.
    assert found.figures["added"] == 13


def test_adding_goes_on_after_nothing_more_fits():
    # The first count leaves 5 of 12, and neither 9 nor 10 fits; still, with one more each d is bought instead of b.
    profile = profile_of(["abd", "cd", "d", "bc"], "abcd", costs=(9, 6, 1, 10))

    first = count(Settings(budget=12, step=0), profile, in_list_order(profile))
    held = count(Settings(budget=12), profile, in_list_order(profile))

    assert first.selected == ("b", "c")
    assert (held.selected, held.figures["added"], held.figures["spent"]) == (("d", "c"), 1, 11)


def test_a_committee_of_seven_with_millions_to_spend_needs_few_rounds():
    ballots = ["abc", "ab", "bcd", "de", "ef", "af", "cdf"]
    costs = (1_900_000, 2_450_000, 3_100_000, 990_000, 1_250_000, 2_000_001)
    profile = profile_of(ballots, "abcdef", costs=costs)
    runs: list[int] = []

    found = count(
        Settings(budget=9_000_000), profile, in_list_order(profile), lambda at, _cost: runs.append(at)
    )

    assert found.figures["added"] > 100_000
    assert len(runs) < 200
    # One step further and the budget is overspent; the purses there hold what the figures say.
    assert found.figures["spent"] <= 9_000_000
    total = 9_000_000 + (found.figures["added"] + 1) * 7
    purses = naive_sets.endowments(each_ballot(profile), total, None)
    beyond = naive_sets.shares(profile, purses, costs, range(6))
    assert sum(costs[option] for option in beyond) > 9_000_000


def test_filling_in_is_asked_for():
    profile = profile_of(["a"] * 5 + ["b"] * 2 + ["c"], "abc", costs=(10, 7, 3))

    plain = count(Settings(budget=13, step=0), profile, in_list_order(profile))
    filled = count(Settings(budget=13, step=0, fill=True), profile, in_list_order(profile))

    assert plain.selected == ()
    assert filled.selected == ("a", "c")
    assert [row["taken"] for row in filled.figures["rounds"]] == [True, False, True]


def test_what_costs_nothing_is_chosen_and_what_nobody_approves_is_not():
    profile = profile_of(["ab", "b"], "abcd", costs=(0, 10, 0, 1))

    assert chosen(profile, budget=10) == "ab"


def test_an_option_dearer_than_the_budget_does_not_end_the_adding():
    with_it = profile_of(["ad", "d", "d", "b"], "abd", costs=(4, 6, 999))
    without = profile_of(["a", "", "", "b"], "ab", costs=(4, 6))

    assert chosen(with_it, budget=10) == chosen(without, budget=10) == "ab"


def test_nobody_votes():
    profile = Profile(("a", "b"), ())

    assert chosen(profile, seats=1) == ""
    assert count(Settings(seats=1), profile, in_list_order(profile)).steps


def test_level_options_are_told_when_their_order_matters():
    profile = profile_of(["ab", "ab", "c", "c"], "abc")

    found = count(Settings(seats=2), profile, in_list_order(profile))

    assert found.selected == ("a", "c")
    assert found.tied == ("a", "b")
    assert found.figures["rounds"][0]["tied"] == ["a", "b", "c"]
    assert found.figures["rounds"][0]["open"] == ["a", "b"]


def test_an_order_that_makes_no_difference_in_the_end_is_no_tie():
    profile = profile_of(["c", "ab"], "abc")

    found = count(Settings(seats=3), profile, in_list_order(profile))

    # a was bought before b, and b got the last seat: the other way round the same three are chosen.
    assert found.figures["rounds"][0]["open"] == ["a", "b"]
    assert found.selected == ("a", "c", "b")
    assert found.tied == ()


def test_what_cannot_be_proved_harmless_is_told():
    profile = profile_of(["c", "ab"], "abc", costs=(1, 2, 3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways, "MOST_COUNTS", 1)
        found = count(Settings(seats=3), profile, in_list_order(profile))

    assert found.tied == ("a", "b")


def test_level_options_that_do_not_touch_each_other_are_no_tie():
    profile = profile_of(["a", "b"], "ab")

    assert count(Settings(seats=2), profile, in_list_order(profile)).tied == ()


def test_a_lot_or_a_lower_cost_tells_level_options_apart():
    profile = profile_of(["ab", "ab"], "ab", costs=(8, 7))
    lots = {
        count(Settings(seats=1), profile, TieBreak(profile.options, decision="d", value=str(value))).selected
        for value in range(20)
    }
    drawn = count(Settings(seats=1), profile, TieBreak(profile.options, decision="d", value="7"))
    cheaper = count(Settings(seats=1), profile, TieBreak(profile.options, profile.costs))

    assert lots == {("a",), ("b",)}
    assert drawn.tied == ()
    assert (cheaper.selected, cheaper.tied) == (("b",), ())


def test_twenty_firms_do_not_outbuy_four_associations():
    ballots = ["abcd"] * 20 + ["efgh"] * 4
    groups = ["private"] * 20 + ["third"] * 4
    profile = profile_of(ballots, "abcdefgh", groups=groups)

    alike = chosen(profile, seats=4)
    by_group = chosen(profile, seats=4, by_group=True)
    weighed = chosen(profile, seats=4, by_group=True, weights=(("third", Fraction(3)),))

    assert len(set(alike) & set("efgh")) == 0
    assert len(set(by_group) & set("efgh")) == 2
    assert len(set(weighed) & set("efgh")) == 3


def test_groups_share_a_budget():
    ballots, groups = ["a"] * 20 + ["b"] * 4, ["private"] * 20 + ["third"] * 4
    profile = profile_of(ballots, "ab", costs=(60, 50), groups=groups)

    found = count(Settings(budget=100, step=0, by_group=True), profile, in_list_order(profile))

    assert found.selected == ("b",)
    assert found.figures["voices"] == [
        {"group": "private", "ballots": 20, "each": "5/2"},
        {"group": "third", "ballots": 4, "each": "25/2"},
    ]


def test_the_count_is_told_in_words():
    profile = profile_of(["ab", "ab", "b"], "ab", costs=(3, 6), groups=["third", "third", "citizens"])

    found = count(Settings(budget=9, by_group=True), profile, in_list_order(profile))

    told = [step.english for step in found.steps]
    assert any("third: 2 ballots" in step for step in told)
    assert any("b is the best buy" in step for step in told)
    assert told[-1].startswith("Together the chosen options cost")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(seats=2),
        Settings(budget=7, step=0, fill=True),
        Settings(seats=1, by_group=True, weights=WEIGHTS),
    ],
)
def test_settings_are_stored_and_read_back(settings: Settings):
    assert Settings.from_facts(settings.as_facts()) == settings


def test_settings_that_make_no_sense_are_refused():
    for wrong in ({}, {"seats": 1, "budget": 1}, {"seats": -1}, {"budget": 3, "step": -1}):
        with pytest.raises(ValueError):
            Settings(**wrong)
    with pytest.raises(ValueError):
        Settings(seats=1, weights=(("third", Fraction(0)),))
    with pytest.raises(ValueError):
        Settings.from_facts({**Settings(seats=1).as_facts(), "name": "phragmen"})


@many(150)
@given(profiles(groups=True), st.integers(1, 5), st.sampled_from([None, dict(WEIGHTS), {}]))
def test_seats_as_in_the_slow_count(profile, seats, weights):
    by_group = weights is not None
    settings = Settings(seats=seats, by_group=by_group, weights=tuple((weights or {}).items()))

    found = count(settings, profile, in_list_order(profile))

    places = naive_sets.equal_shares_seats(profile, seats, weights)
    assert found.selected == tuple(profile.options[place] for place in places)


@many(150)
@given(
    profiles(costs=12, groups=True),
    st.integers(1, 40),
    st.integers(0, 3),
    st.sampled_from([None, dict(WEIGHTS), {}]),
)
def test_a_portfolio_as_in_the_slow_count_and_never_over_budget(profile, budget, step, weights):
    by_group = weights is not None
    settings = Settings(budget=budget, step=step, by_group=by_group, weights=tuple((weights or {}).items()))

    found = count(settings, profile, in_list_order(profile))

    places, added = naive_sets.equal_shares_budget(profile, budget, step, weights)
    assert found.selected == tuple(profile.options[place] for place in places)
    assert found.figures["added"] == added
    assert found.figures["spent"] <= budget
    filled = count(Settings(budget=budget, step=step, fill=True), profile, in_list_order(profile))
    assert filled.figures["spent"] <= budget


@many(60)
@given(profiles(costs=60, groups=True), st.integers(20, 200), st.sampled_from([None, dict(WEIGHTS)]))
def test_looking_ahead_changes_nothing(profile, budget, weights):
    """Costs of many steps each, so that most rounds of adding are passed over."""
    settings = Settings(budget=budget, by_group=weights is not None, weights=tuple((weights or {}).items()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equal_shares, "MOST_VOTES", 0)
        slowly = count(settings, profile, in_list_order(profile))

    assert count(settings, profile, in_list_order(profile)) == slowly


@many(150)
@given(profiles(voters=8, options=6), st.integers(1, 5))
def test_extended_justified_representation(profile, seats):
    """A group of at least l/k of the voters who agree on l options has a member with l approved options chosen."""
    found = {
        profile.options.index(option)
        for option in count(Settings(seats=seats), profile, in_list_order(profile)).selected
    }
    ballots = [mark for _group, mark in each_ballot(profile)]

    for size in range(1, len(ballots) + 1):
        for together in combinations(ballots, size):
            agreed = len(set.intersection(*together))
            deserved = min(agreed, size * seats // len(ballots))
            assert max(len(mark & found) for mark in together) >= deserved


@many(100)
@given(profiles(costs=9, groups=True), st.integers(1, 30))
def test_doubling_every_ballot_changes_nothing(profile, budget):
    doubled = Profile(
        profile.options, tuple(Vote(vote.mark, vote.group, 2) for vote in profile.votes), profile.costs
    )
    for settings in (Settings(seats=3), Settings(budget=budget, step=0), Settings(seats=2, by_group=True)):
        once, twice = (count(settings, each, in_list_order(each)) for each in (profile, doubled))

        assert (once.selected, once.tied) == (twice.selected, twice.tied)


@many(100)
@given(profiles(costs=9, groups=True), st.integers(1, 30))
def test_doubling_ballots_and_money_changes_nothing(profile, budget):
    """A step is money for each ballot, so with twice the ballots it is the same share of twice the budget."""
    doubled = Profile(
        profile.options,
        tuple(Vote(vote.mark, vote.group, 2) for vote in profile.votes),
        tuple(2 * cost for cost in profile.costs),
    )

    once = count(Settings(budget=budget), profile, in_list_order(profile))
    twice = count(Settings(budget=2 * budget), doubled, in_list_order(doubled))

    assert (once.selected, once.tied, once.figures["added"]) == (
        twice.selected,
        twice.tied,
        twice.figures["added"],
    )


@many(100)
@given(profiles(costs=9, groups=True), st.integers(1, 30), st.randoms())
def test_who_voted_when_does_not_matter(profile, budget, random):
    shuffled = list(profile.votes)
    random.shuffle(shuffled)
    others = [
        Profile(profile.options, tuple(shuffled), profile.costs),
        Profile(profile.options, merged(shuffled), profile.costs),
    ]
    for settings in (Settings(seats=3), Settings(budget=budget, by_group=True)):
        found = [count(settings, each, in_list_order(each)) for each in (profile, *others)]

        assert found[0] == found[1] == found[2]


@many(100)
@given(profiles(costs=9), st.integers(1, 30), st.permutations(range(6)))
def test_the_names_and_places_of_options_do_not_matter(profile, budget, order):
    """Where nothing is tied, the same options are chosen whatever their order on the list."""
    moved = renamed(profile, [place for place in order if place < len(profile.options)])
    for settings in (Settings(seats=2), Settings(budget=budget, step=0)):
        first, second = (count(settings, each, in_list_order(each)) for each in (profile, moved))

        if not first.tied:
            assert set(first.selected) == set(second.selected)
            assert not second.tied


def test_all_that_many_alike_share_is_no_tie():
    profile = profile_of(["abcdefg", "h"], "abcdefgh")

    assert count(Settings(seats=8), profile, in_list_order(profile)).tied == ()
    assert count(Settings(seats=3), profile, in_list_order(profile)).tied == tuple("abcdefg")


def test_who_can_pay_for_both_is_no_clash():
    profile = profile_of(["ab"], "ab", costs=(1, 2))

    assert [
        row["open"] for row in count(Settings(seats=2), profile, in_list_order(profile)).figures["rounds"]
    ] == [
        [],
        [],
    ]


def test_who_came_first_among_equals_is_as_tied_as_who_came_last():
    profile = profile_of(["abc", "abc"], "abc")

    found = count(Settings(seats=2), profile, in_list_order(profile))

    assert found.selected == ("a", "b")
    assert found.tied == ("a", "b", "c")


@many(200)
@given(profiles(voters=5, options=5, groups=True), st.integers(1, 5), st.booleans())
def test_seats_are_tied_where_another_order_of_equals_chooses_others(profile, seats, by_group):
    found = count(Settings(seats=seats, by_group=by_group), profile, in_list_order(profile))

    rates = naive_sets.endowments(each_ballot(profile), seats, {} if by_group else None)
    costs = [1] * len(profile.options)
    outcomes = set()
    for bought, left in naive_sets.shares_in_every_order(profile, rates, costs):
        outcomes |= naive_sets.earned_in_every_order(
            profile, rates, left, costs, seats - len(bought), None, bought
        )
    tied = naive_sets.chosen_in_some_orders_only(outcomes)
    assert found.tied == tuple(profile.options[option] for option in sorted(tied))


@many(200)
@given(profiles(voters=5, options=5, costs=4, groups=True), st.integers(1, 16), st.booleans())
def test_a_portfolio_is_tied_where_another_order_of_equals_chooses_others(profile, budget, by_group):
    settings = Settings(budget=budget, step=0, by_group=by_group)

    found = count(settings, profile, in_list_order(profile))

    purses = naive_sets.endowments(each_ballot(profile), budget, {} if by_group else None)
    costs = [cost if cost <= budget else 0 for cost in profile.costs]
    outcomes = {bought for bought, _left in naive_sets.shares_in_every_order(profile, purses, costs)}
    tied = naive_sets.chosen_in_some_orders_only(outcomes)
    assert found.tied == tuple(profile.options[option] for option in sorted(tied))
