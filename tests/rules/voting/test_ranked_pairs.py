from hypothesis import given

from app.rules.voting import ranked_pairs
from app.rules.voting.profile import Profile
from app.rules.voting.ranked_pairs import Settings
from tests.rules.many import many
from tests.rules.voting.profiles import by_list, by_lot, ranked, rankings
from tests.rules.voting.test_schulze import FEWER_AGAINST, FORTY_FIVE, TENNESSEE

HIDDEN_TIE = ("1 d>b>a", "2 a>c>d>b", "1 c>b>a>d", "1 c>b>d")


def count(profile, ties=None):
    return ranked_pairs.count(Settings(), profile, ties or by_list(profile))


def test_the_forty_five_voters():
    """Three victories would close a circle: D over C, B over A, and E over A."""
    found = count(ranked(*FORTY_FIVE))

    assert found.selected == ("a",)
    assert [victory[:3] for victory in found.figures["locked"]][:5] == [
        ["b", "d", 33],
        ["e", "d", 31],
        ["a", "d", 30],
        ["c", "b", 29],
        ["e", "b", 27],
    ]
    assert [victory[:3] for victory in found.figures["skipped"]] == [
        ["d", "c", 28],
        ["b", "a", 25],
        ["e", "a", 23],
    ]


def test_nashville_is_the_capital_of_tennessee():
    assert count(ranked(*TENNESSEE)).selected == ("nashville",)


def test_a_circle_breaks_at_its_weakest_victory():
    found = count(ranked("4 a>b>c", "3 b>c>a", "2 c>a>b"))

    assert found.figures["skipped"] == [["c", "a", 5, 4]]
    assert found.selected == ("a",)
    assert found.steps[-2].english == (
        "That c beats a by 5 to 4 is skipped: stronger victories already lead from a to c."
    )


def test_of_victories_with_as_many_for_the_one_with_fewer_against_is_stronger():
    found = count(ranked(*FEWER_AGAINST))

    assert found.figures["locked"] == [["b", "c", 5, 2], ["c", "a", 4, 2]]
    assert found.figures["skipped"] == [["a", "b", 4, 3]]
    assert found.selected == ("b",)


def test_a_circle_of_equals_is_a_tie_until_a_lot_is_drawn():
    profile = ranked("1 a>b>c", "1 b>c>a", "1 c>a>b")

    assert count(profile).tied == ("a", "b", "c")
    assert count(profile).selected == ("a",)
    drawn = count(profile, by_lot(profile))
    assert drawn.tied == ()
    assert drawn.selected == (profile.options[by_lot(profile).in_order(range(3))[0]],)


def test_equals_between_losers_are_no_tie():
    """B, C and D go round in a circle of equals below A, who beats them all."""
    found = count(ranked("1 a>b>c>d", "1 a>c>d>b", "1 a>d>b>c"))

    assert (found.selected, found.tied) == (("a",), ())


def test_a_tie_that_only_an_order_read_backwards_shows_is_told():
    """Each alone at the front finds one winner; with the others behind it backwards there are two."""
    found = count(ranked(*HIDDEN_TIE, options="a b c d"))

    assert found.tied == ("a", "c")


def test_nobody_voted():
    assert count(Profile(("a", "b"), ())).selected == ()


@given(rankings(least_votes=1))
@many(300)
def test_who_beats_everyone_wins(profile):
    found = count(profile)
    table, many_options = found.figures["pairwise"], range(len(profile.options))
    for one in many_options:
        if all(table[one][other] > table[other][one] for other in many_options if other != one):
            assert (found.selected, found.tied) == ((profile.options[one],), ())


@given(rankings(least_votes=1))
@many(300)
def test_what_is_locked_has_no_circle_and_what_is_skipped_would_close_one(profile):
    figures = count(profile).figures
    asked = sorted(
        [(*each, True) for each in figures["locked"]] + [(*each, False) for each in figures["skipped"]],
        key=lambda each: (-each[2], each[3]),
    )
    for skipped in figures["skipped"]:
        stronger = [
            each[:2] for each in asked if each[4] and (-each[2], each[3]) <= (-skipped[2], skipped[3])
        ]
        reached = {skipped[1]}
        for _ in profile.options:
            reached |= {loser for winner, loser in stronger if winner in reached}
        assert skipped[0] in reached
    left = {
        option: {each[0] for each in figures["locked"] if each[1] == option} for option in profile.options
    }
    while free := [option for option, above in left.items() if not above & left.keys()]:
        for option in free:
            del left[option]
    assert not left
