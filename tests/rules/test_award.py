"""What a vote makes of applications, and money divided among years, for any numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import award
from app.rules.award import Entry, Settled
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.words import ApplicationState

A = ApplicationState
ROOFS, WALLS, TREES, SAILS = (
    Entry("roofs", 1, 18_000_000, 9), Entry("walls", 2, 12_000_000, 7), Entry("trees", 3, 9_000_000, 7),
    Entry("sails", 4, 6_000_000, 2),
)  # fmt: skip


def test_what_most_approve_of_waits_in_reserve_in_the_order_of_approvals_and_of_the_same_the_cheaper_first():
    found = award.settle([ROOFS, WALLS, TREES, SAILS], ["roofs"], 9)

    assert found == Settled(("roofs",), ("trees", "walls"), ("sails",))


def test_half_of_the_ballots_is_not_most_of_them():
    assert award.settle([Entry("walls", 1, 5, 4)], [], 8).declined == ("walls",)
    assert award.settle([Entry("walls", 1, 5, 5)], [], 8).reserve == ("walls",)


def test_who_was_chosen_and_withdrew_since_takes_no_place():
    assert award.settle([WALLS], ["roofs"], 9) == Settled((), ("walls",), ())


ENTRIES = st.lists(
    st.builds(Entry, st.uuids().map(str), st.integers(1, 10**6), st.integers(1, 10**9), st.integers(0, 30)),
    max_size=12, unique_by=(lambda each: each.key, lambda each: each.number),
)  # fmt: skip


@given(ENTRIES, st.data())
def test_everything_on_the_ballot_becomes_one_thing_and_order_does_not_matter(entries, data):
    chosen = data.draw(st.lists(st.sampled_from([each.key for each in entries] or [""]), unique=True))

    found = award.settle(entries, chosen, 30)
    again = award.settle(list(reversed(entries)), chosen, 30)

    assert sorted((*found.selected, *found.reserve, *found.declined)) == sorted(each.key for each in entries)
    assert found.reserve == again.reserve
    assert set(found.declined) == set(again.declined)


@given(
    st.integers(1, 10**14),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 20_000),
)
def test_the_years_of_a_project_add_up_to_its_sum_to_the_cent(cents, starts, days):
    parts = award.by_year(cents, starts, starts + timedelta(days=days))

    assert sum(parts.values()) == cents
    assert all(part > 0 for part in parts.values())
    assert set(parts) <= set(range(starts.year, (starts + timedelta(days=days)).year + 1))


def test_a_sum_is_divided_by_days():
    assert award.by_year(36_600, date(2031, 12, 31), date(2032, 12, 30)) == {2031: 100, 2032: 36_500}


@pytest.mark.parametrize(("before", "after"), [
    pytest.param(A.DECLINED, A.SELECTED, id="what was declined is not picked up"),
    pytest.param(A.SELECTED, A.RESERVE, id="what was selected does not wait again"),
    pytest.param(A.IN_REVIEW, A.SELECTED, id="what is not on the shortlist is not selected"),
])  # fmt: skip
def test_some_moves_do_not_exist(before, after):
    with pytest.raises(MoveForbidden):
        award.require_move(before, after, reason="Because.")


def test_moving_up_has_a_reason():
    with pytest.raises(ReasonMissing):
        award.require_move(A.RESERVE, A.SELECTED)
