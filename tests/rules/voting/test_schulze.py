from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import schulze
from app.rules.voting.profile import Profile, Vote
from app.rules.voting.schulze import Settings, usual_quorum
from app.rules.voting.ties import TieBreak
from tests.rules.many import many
from tests.rules.voting.profiles import by_list, by_lot, ranked, rankings

# Schulze 2011, example 1 ("45 voters, 5 candidates").
FORTY_FIVE = (
    "5 a>c>b>e>d",
    "5 a>d>e>c>b",
    "8 b>e>d>a>c",
    "3 c>a>b>e>d",
    "7 c>a>e>b>d",
    "2 c>b>a>d>e",
    "7 d>c>e>b>a",
    "8 e>b>a>d>c",
)
TENNESSEE = (
    "42 memphis>nashville>chattanooga>knoxville",
    "26 nashville>chattanooga>knoxville>memphis",
    "15 chattanooga>knoxville>nashville>memphis",
    "17 knoxville>chattanooga>nashville>memphis",
)

# B beats C by 5 to 2, C beats A by 4 to 2, A beats B by 4 to 3.
FEWER_AGAINST = ("1 b", "2 c>a", "2 a>b>c", "2 b>c")


def count(profile, ties=None, **settings):
    return schulze.count(Settings(**settings), profile, ties or by_list(profile))


def winners(profile):
    return set(count(profile).figures["winners"])


def test_the_forty_five_voters():
    found = count(ranked(*FORTY_FIVE))

    assert found.selected == ("e",)
    assert found.figures["pairwise"][0] == [0, 20, 26, 30, 22]
    # The strengths of the strongest chains, as printed: A to B 28, to C 28, to D 30, to E 24; E to A 25 and so on.
    votes = [[path and path[0] for path in row] for row in found.figures["paths"]]
    assert votes == [
        [None, 28, 28, 30, 24],
        [25, None, 28, 33, 24],
        [25, 29, None, 29, 24],
        [25, 28, 28, None, 24],
        [25, 28, 28, 31, None],
    ]


def test_nashville_is_the_capital_of_tennessee():
    found = count(ranked(*TENNESSEE))

    assert found.selected == ("nashville",)
    assert [step.english for step in found.steps] == [
        "68 ballots prefer nashville to chattanooga, and 32 the reverse.",
        "68 ballots prefer nashville to knoxville, and 32 the reverse.",
        "58 ballots prefer nashville to memphis, and 42 the reverse.",
        "nashville wins.",
    ]


def test_of_victories_with_as_many_for_the_one_with_fewer_against_is_stronger():
    """From B to A a chain holds by 4 to 2, back by 4 to 3."""
    found = count(ranked(*FEWER_AGAINST))

    assert (found.selected, found.tied) == (("b",), ())
    assert found.figures["paths"][1][0] == [4, 2]
    assert found.figures["paths"][0][1] == [4, 3]


def test_two_that_nobody_compares_are_a_tie():
    profile = ranked("2 a=b>c")

    assert count(profile).selected == ("a",)
    assert count(profile).tied == ("a", "b")
    drawn = count(profile, by_lot(profile))
    assert (len(drawn.selected), drawn.tied) == (1, ())
    assert count(profile, TieBreak(profile.options, costs=(3, 2, 1))).selected == ("b",)


def test_too_few_over_the_default_are_dropped_though_they_win():
    """A is preferred to "none" by four of five, where five were needed; B by five."""
    profile = ranked("4 a>b>none", "1 b>none>a", options="a b none")

    found = count(profile, default="none", quorum=5)

    assert found.selected == ("b",)
    assert found.figures["dropped"] == [{"option": "a", "over": 4, "under": 1, "why": "quorum"}]
    assert count(profile, default="none", quorum=4).selected == ("a",)


@pytest.mark.parametrize(
    ("votes", "majority", "selected"),
    [
        pytest.param(("3 a>none", "2 none>a"), "1", "a", id="more for than against"),
        pytest.param(("2 a>none", "2 none>a"), "1", "none", id="as many: the default stays"),
        pytest.param(("6 a>none", "2 none>a"), "3", "a", id="exactly three to one is enough"),
        pytest.param(("5 a>none", "2 none>a"), "3", "none", id="less than three to one"),
        pytest.param(("1 none", "2 a=none"), "1", "none", id="a shared rank is not over the default"),
        pytest.param(("1 a", "3 "), "1", "a", id="whoever ranks neither says nothing"),
    ],
)
def test_an_option_must_beat_the_default_by_the_majority(votes, majority, selected):
    profile = ranked(*votes, options="a none")

    assert count(profile, default="none", majority=Fraction(majority)).selected == (selected,)


def test_a_dropped_option_wins_no_chain_for_others():
    """A beats B beats C beats A, but A falls to the default: B wins what is left."""
    profile = ranked("4 a>b>c>none", "3 b>c>none>a", "2 c>none>a>b", options="a b c none")

    found = count(profile, default="none")

    assert [each["option"] for each in found.figures["dropped"]] == ["a"]
    assert found.selected == ("b",)


def test_nobody_voted():
    found = count(Profile(("a", "none"), ()), default="none")

    assert (found.selected, found.tied, found.figures["winners"]) == ((), (), [])


@pytest.mark.parametrize(("electors", "votes"), [(0, 0), (1, 2), (4, 3), (9, 5), (100, 15), (1000, 48)])
def test_debians_quorum_is_three_times_half_the_root_of_the_electors(electors, votes):
    assert usual_quorum(electors) == votes


@pytest.mark.parametrize("wrong", [{"quorum": 1}, {"majority": Fraction(2)}, {"default": "d", "quorum": -1}])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)


def test_a_default_that_is_not_on_the_ballot_is_refused():
    with pytest.raises(ValueError):
        count(ranked("1 a"), default="none")


@given(rankings(most_options=5))
@many(300)
def test_chains_are_as_strong_as_the_best_of_all_ways(profile):
    """Every way from one option to another, written down and compared."""
    figures = count(profile).figures
    table, many_options = figures["pairwise"], range(len(profile.options))

    def step(one, other):
        over, under = table[one][other], table[other][one]
        return (over, -under) if over > under else (0, 0)

    for one, other in permutations(many_options, 2):
        between = [at for at in many_options if at not in (one, other)]
        ways = [
            (one, *middle, other)
            for length in range(len(between) + 1)
            for middle in permutations(between, length)
        ]
        over, under = max(min(step(a, b) for a, b in pairwise(way)) for way in ways)
        assert figures["paths"][one][other] == ([over, -under] if over else None)


@given(rankings(least_votes=1))
@many(300)
def test_who_beats_everyone_wins(profile):
    table = count(profile).figures["pairwise"]
    many_options = range(len(profile.options))
    for one in many_options:
        if all(table[one][other] > table[other][one] for other in many_options if other != one):
            assert winners(profile) == {profile.options[one]}


def cloned(vote, option, new, order):
    """The ballot with `new` beside `option`: above, below or level; level where the option shares its rank."""
    tiers = []
    for tier in vote.mark:
        if option not in tier:
            tiers.append(tier)
        elif len(tier) > 1 or order == "level":
            tiers.append((*tier, new))
        else:
            tiers += [tier, (new,)] if order == "below" else [(new,), tier]
    return Vote(tuple(tiers), vote.group, vote.times)


@given(rankings(least_votes=1, most_options=5), st.data())
@many(300)
def test_a_copy_of_an_option_changes_nothing_for_the_others(profile, data):
    many_options = len(profile.options)
    copied = data.draw(st.integers(0, many_options - 1))
    votes = tuple(
        cloned(vote, copied, many_options, data.draw(st.sampled_from(["above", "below", "level"])))
        for vote in profile.votes
    )
    more = winners(Profile((*profile.options, "copy"), votes))

    kept = {profile.options[copied] if option == "copy" else option for option in more}

    assert kept == winners(profile)


@given(rankings(least_votes=1, most_times=1), st.data())
@many(300)
def test_to_rank_a_winner_higher_never_harms_it(profile, data):
    winner = profile.options.index(data.draw(st.sampled_from(sorted(winners(profile)))))
    chosen = data.draw(st.integers(0, len(profile.votes) - 1))
    tiers = [list(tier) for tier in profile.votes[chosen].mark]
    stood = next((at for at, tier in enumerate(tiers) if winner in tier), len(tiers))
    if stood < len(tiers):
        tiers[stood].remove(winner)
    tiers.insert(data.draw(st.integers(0, stood)), [winner])
    votes = list(profile.votes)
    votes[chosen] = Vote(tuple(tuple(tier) for tier in tiers if tier))

    assert profile.options[winner] in winners(Profile(profile.options, tuple(votes)))


@given(
    rankings(least_options=2), st.integers(0, 6), st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(3)])
)
@many(200)
def test_whoever_wins_beats_the_default(profile, quorum, majority):
    default = profile.options[-1]
    found = count(profile, default=default, quorum=quorum, majority=majority)
    table = found.figures["pairwise"]

    for option in set(found.figures["winners"]) - {default}:
        at = profile.options.index(option)
        assert table[at][-1] >= quorum
        assert table[at][-1] > table[-1][at]
        assert table[at][-1] >= majority * table[-1][at]
