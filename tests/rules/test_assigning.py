"""The proposal of who reviews what: even, repeatable, and never to somebody who may not."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import assigning
from app.rules.assigning import Item, Reviewer
from app.rules.words import StakeholderGroup as G
from tests.rules.many import many

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seats(many_of: int) -> list[Reviewer]:
    groups = list(G)
    return [Reviewer(UUID(int=number), groups[number % 5]) for number in range(1, many_of + 1)]


def items(count: int, **each: frozenset[UUID]) -> list[Item]:
    return [Item(UUID(int=1000 + number), **each) for number in range(count)]


def loads_of(found: assigning.Proposal, reviewers: list[Reviewer]) -> Counter[UUID]:
    loads = Counter({each.id: each.load for each in reviewers})
    for chosen in found.chosen.values():
        loads.update(chosen)
    return loads


def test_work_is_even() -> None:
    found = assigning.propose(items(10), seats(5), 2)

    assert set(loads_of(found, seats(5)).values()) == {4}
    assert all(len(chosen) == 2 for chosen in found.chosen.values())
    assert found.wanting == {}


def test_whoever_owes_much_is_asked_last() -> None:
    busy = [Reviewer(UUID(int=1), G.PUBLIC, load=5), *seats(4)[1:]]

    found = assigning.propose(items(3), busy, 1)

    assert UUID(int=1) not in {each for chosen in found.chosen.values() for each in chosen}


def test_an_item_that_only_the_busy_can_review_still_evens_out() -> None:
    """The greedy choice gives the first reviewer too much: a chain of two hands one item on."""
    one, two, three = seats(3)
    only = [
        Item(UUID(int=1001), barred=frozenset({three.id})),
        Item(UUID(int=1002), barred=frozenset({three.id})),
        Item(UUID(int=1003), barred=frozenset({two.id, three.id})),
        Item(UUID(int=1004)),
    ]

    loads = loads_of(assigning.propose(only, [one, two, three], 1), [one, two, three])

    assert sorted(loads.values()) == [1, 1, 2]


def test_what_cannot_be_filled_is_said() -> None:
    barred = frozenset(each.id for each in seats(3)[:2])

    found = assigning.propose(items(1, barred=barred), seats(3), 3)

    assert [len(chosen) for chosen in found.chosen.values()] == [1]
    assert list(found.wanting.values()) == [2]


def test_those_asked_already_count_and_different_groups_come_first() -> None:
    asked = seats(7)
    has = frozenset({asked[0].id})

    found = assigning.propose(items(1, has=has), asked, 3)

    (chosen,) = found.chosen.values()
    assert len(chosen) == 2
    groups = {each.group for each in asked if each.id in chosen | has}
    assert len(groups) == 3


CASES = st.integers(1, 4).flatmap(
    lambda people: st.tuples(
        st.lists(st.integers(0, 3), min_size=people, max_size=people),
        st.lists(st.sets(st.integers(0, people - 1)), min_size=1, max_size=4),
        st.integers(1, 3),
    )
)


@many(300)
@given(CASES)
def test_no_assignment_of_the_same_size_is_more_even(case: tuple[list[int], list[set[int]], int]) -> None:
    loads, barred, wanted = case
    reviewers = [Reviewer(UUID(int=n + 1), None, load) for n, load in enumerate(loads)]
    listed = [
        Item(UUID(int=1000 + n), frozenset(UUID(int=each + 1) for each in shut))
        for n, shut in enumerate(barred)
    ]

    found = assigning.propose(listed, reviewers, wanted)

    for item in listed:
        able = {each.id for each in reviewers} - item.barred
        assert found.chosen[item.id] <= able
        assert len(found.chosen[item.id]) == min(wanted, len(able))
    got = loads_of(found, reviewers)
    assert (max(got.values()), squares(got)) == best(listed, reviewers, wanted)
    assert assigning.propose(listed[::-1], reviewers[::-1], wanted) == found


def squares(loads: Counter[UUID]) -> int:
    return sum(each * each for each in loads.values())


def best(listed: list[Item], reviewers: list[Reviewer], wanted: int) -> tuple[int, int]:
    """By trying everything."""
    ways = []
    for item in listed:
        able = sorted({each.id for each in reviewers} - item.barred, key=lambda each: each.int)
        ways.append(list(combinations(able, min(wanted, len(able)))))
    found = []
    for choice in product(*ways):
        loads = Counter({each.id: each.load for each in reviewers})
        for chosen in choice:
            loads.update(chosen)
        found.append((max(loads.values()), squares(loads)))
    return min(found)


@pytest.mark.parametrize(
    ("hours_left", "reminded_hours_ago", "by_itself"),
    [
        pytest.param(72, None, False, id="three days are time enough"),
        pytest.param(48, None, True, id="two days before"),
        pytest.param(20, 23, False, id="not twice a day"),
        pytest.param(20, 24, True, id="again the next day"),
        pytest.param(0, None, False, id="what is over is over"),
    ],
)
def test_the_platform_reminds_in_the_last_two_days(
    hours_left: int, reminded_hours_ago: int | None, by_itself: bool
) -> None:
    reminded = NOON - timedelta(hours=reminded_hours_ago) if reminded_hours_ago is not None else None

    assert assigning.is_reminded_by_itself(NOON + timedelta(hours=hours_left), reminded, NOON) is by_itself
