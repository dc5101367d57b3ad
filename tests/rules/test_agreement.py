"""Whether people agree, and how broad support is: by numbers that chance does not explain."""

import pytest

from app.rules.agreement import Breadth, Side, Verdict, division, surely, verdict


@pytest.mark.parametrize(
    ("agrees", "disagrees", "expected"),
    [
        pytest.param(0, 0, Verdict.UNASKED, id="nobody voted"),
        pytest.param(9, 0, Verdict.UNCLEAR, id="nine votes are too few"),
        pytest.param(10, 0, Verdict.AGREED, id="ten of ten"),
        pytest.param(0, 10, Verdict.OPPOSED, id="none of ten"),
        pytest.param(6, 4, Verdict.UNCLEAR, id="six of ten may be chance"),
        pytest.param(50, 50, Verdict.DIVIDED, id="half and half"),
        pytest.param(600, 400, Verdict.DIVIDED, id="four hundred against are many"),
        pytest.param(700, 300, Verdict.AGREED, id="seven in ten of a thousand"),
        pytest.param(300, 700, Verdict.OPPOSED, id="three in ten of a thousand"),
        pytest.param(66, 34, Verdict.UNCLEAR, id="neither six in ten nor a third, surely"),
    ],
)
def test_what_votes_say(agrees: int, disagrees: int, expected: Verdict) -> None:
    assert verdict(agrees, disagrees) is expected


def test_one_vote_never_turns_agreement_into_opposition() -> None:
    order = [Verdict.OPPOSED, Verdict.UNCLEAR, Verdict.DIVIDED, Verdict.UNCLEAR, Verdict.AGREED]

    for votes in (10, 37, 200, 1001):
        found = [verdict(agrees, votes - agrees) for agrees in range(votes + 1)]
        changes = [one for one, before in zip(found[1:], found, strict=False) if one is not before]
        seen = [found[0], *changes]
        assert next(one for one in order if one in seen) is seen[0] is Verdict.OPPOSED
        assert seen[-1] is Verdict.AGREED
        assert len(seen) <= len(order)


def test_the_sure_share_is_below_the_share_and_nears_it() -> None:
    assert surely(0, 0) == surely(0, 9) == 0.0
    assert surely(8, 10) < surely(80, 100) < surely(8000, 10_000) < 0.8


def test_opinions_divide_where_people_agree_with_some_and_not_with_others() -> None:
    citizens, business = Side("citizens", 5, 5, 0, 90, 10), Side("private", 4, 4, 0, 20, 80)

    found = division([citizens, business, Side("academia", 3)])

    assert found.agreed == ("citizens",)
    assert found.contested == ("private",)
    assert not division([citizens])
    assert not division([business])


@pytest.mark.parametrize(
    ("people", "heard", "broad"),
    [
        pytest.param({"citizens": 40}, 5, False, id="one group, however many"),
        pytest.param({"citizens": 2, "private": 2, "third": 2}, 5, True, id="three groups with two each"),
        pytest.param({"citizens": 9, "private": 1, "third": 1}, 5, False, id="one person is no group"),
        pytest.param({"citizens": 2, "private": 2}, 2, True, id="all that were heard"),
        pytest.param({"citizens": 2, "private": 2}, 3, False, id="two of three that were heard"),
        pytest.param({"citizens": 9}, 1, False, id="the only group heard"),
        pytest.param({}, 0, False, id="nobody says who they are"),
    ],
)
def test_support_is_broad_when_several_groups_have_people_behind_it(
    people: dict[str, int], heard: int, broad: bool
) -> None:
    assert Breadth(people, heard).is_broad is broad


def test_a_small_group_of_many_sides_comes_before_a_large_one_of_one_side() -> None:
    small, large = Breadth({"citizens": 2, "private": 2, "third": 2}, 3), Breadth({"citizens": 500}, 3)

    assert sorted([large, small], key=lambda one: one.rank) == [small, large]
