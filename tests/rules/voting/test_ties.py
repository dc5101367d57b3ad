import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting.ties import TieBreak
from tests.rules.many import many

OPTIONS = tuple("abcdef")
tiers = st.permutations(range(6)).flatmap(
    lambda order: st.lists(st.integers(1, 3), min_size=6, max_size=6).map(
        lambda sizes: [part for part in split(order, sizes) if part]
    )
)


def split(order, sizes):
    parts, left = [], list(order)
    for size in sizes:
        parts.append(left[:size])
        left = left[size:]
    return parts


def test_a_ticket_can_be_drawn_again_by_anybody():
    ties = TieBreak(("a", "ñ"), decision="decision 7", value="4 8 15")

    assert ties.ticket(1) == hashlib.sha256("decision 7|4 8 15|ñ".encode()).hexdigest()


def test_the_smallest_ticket_is_taken_first():
    ties = TieBreak(OPTIONS, decision="d", value="v")

    assert ties.in_order(range(6)) == sorted(range(6), key=ties.ticket)
    assert ties.in_order(range(6)) != list(range(6))


def test_another_value_draws_another_order():
    orders = {tuple(TieBreak(OPTIONS, decision="d", value=str(v)).in_order(range(6))) for v in range(50)}

    assert len(orders) > 40
    assert {order[0] for order in orders} == set(range(6))


def test_the_lower_cost_comes_before_any_ticket():
    ties = TieBreak(OPTIONS, costs=(2, 1, 2, 1, 2, 1), decision="d", value="v")

    assert set(ties.in_order(range(6))[:3]) == {1, 3, 5}


def test_without_a_lot_the_order_of_the_list_stands_in():
    assert TieBreak(OPTIONS).in_order([4, 1, 3]) == [1, 3, 4]


@pytest.mark.parametrize(
    ("costs", "value", "wanted", "open_"),
    [
        pytest.param((), None, 1, (0, 1, 2), id="nobody can tell"),
        pytest.param((), "drawn", 1, (), id="the lot has told"),
        pytest.param((), None, 3, (), id="all are taken"),
        pytest.param((), None, 0, (), id="none is taken"),
        pytest.param((5, 5, 9), None, 1, (0, 1), id="the dear one is out"),
        pytest.param((5, 5, 9), None, 2, (), id="the cost tells"),
        pytest.param((5, 9, 9), None, 2, (1, 2), id="the cheap one is in"),
    ],
)
def test_between_whom_only_a_lot_could_tell(costs, value, wanted, open_):
    ties = TieBreak(("a", "b", "c"), costs=costs, value=value)

    assert ties.open_at([0, 1, 2], wanted) == open_


@given(tiers, st.integers(0, 7), st.none() | st.just("drawn"))
@many(200)
def test_better_tiers_are_taken_whole_before_worse_ones(levels, wanted, value):
    ties = TieBreak(OPTIONS, value=value)

    taken, open_ = ties.take(levels, wanted)

    everyone = [option for level in levels for option in ties.in_order(level)]
    assert taken == everyone[:wanted]
    cut = [level for level in levels if 0 < len(set(level) & set(taken)) < len(level)]
    assert set(open_) == (set(cut[0]) if cut and value is None else set())
