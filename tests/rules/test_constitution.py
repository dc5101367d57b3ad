"""Since when a committee is constituted: at the second, whatever changed it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import composition, constitution
from app.rules.composition import Bounds
from app.rules.constitution import Composed, Held
from app.rules.words import CommitteeState as S
from app.rules.words import StakeholderGroup as G
from tests.rules.many import many

START = datetime(2026, 1, 1, tzinfo=UTC)
TWO = {G.PUBLIC: Bounds(1, 2), G.CITIZENS: Bounds(1, 1)}


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def told(composed: list[Composed], seats: list[Held], until: float) -> list[tuple[float, S]]:
    found = constitution.stages(composed, seats, day(until))
    return [((each.since - START) / timedelta(days=1), each.state) for each in found]


def test_a_committee_is_constituted_when_the_last_group_is_seated() -> None:
    seats = [Held(G.PUBLIC, day(1)), Held(G.CITIZENS, day(3))]

    assert told([Composed(day(0), TWO)], seats, 9) == [(0, S.FORMING), (3, S.CONSTITUTED)]
    assert told([Composed(day(0), TWO)], seats, 2) == [(0, S.FORMING)]


def test_it_is_suspended_at_the_instant_a_seat_lapses_and_constituted_again_by_the_next() -> None:
    seats = [Held(G.PUBLIC, day(0)), Held(G.CITIZENS, day(0), day(5)), Held(G.CITIZENS, day(7))]
    found = constitution.stages([Composed(day(0), TWO)], seats, day(9))

    assert told([Composed(day(0), TWO)], seats, 9) == [
        (0, S.CONSTITUTED), (5, S.SUSPENDED), (7, S.CONSTITUTED),
    ]  # fmt: skip
    assert found[1].missing == {"citizens": 1}
    assert [gap.english for gap in found[1].gaps] == ["citizens: 1 more to be seated."]
    just_before = constitution.stages([Composed(day(0), TWO)], seats, day(5) - timedelta(microseconds=1))
    assert just_before[-1].state is S.CONSTITUTED


def test_a_seat_that_follows_without_a_gap_suspends_nothing() -> None:
    seats = [Held(G.PUBLIC, day(0)), Held(G.CITIZENS, day(0), day(5)), Held(G.CITIZENS, day(5))]

    assert told([Composed(day(0), TWO)], seats, 9) == [(0, S.CONSTITUTED)]


def test_too_many_of_a_group_suspend_as_well_as_too_few() -> None:
    seats = [Held(G.PUBLIC, day(0)), Held(G.CITIZENS, day(0)), Held(G.CITIZENS, day(2))]

    found = constitution.stages([Composed(day(0), TWO)], seats, day(9))

    assert [each.state for each in found] == [S.CONSTITUTED, S.SUSPENDED]
    assert found[1].missing == {"citizens": -1}


def test_a_new_composition_counts_from_its_own_instant() -> None:
    seats = [Held(G.PUBLIC, day(0)), Held(G.CITIZENS, day(0))]
    wider = {**TWO, G.THIRD: Bounds(1, 1)}

    composed = [Composed(day(4), wider), Composed(day(0), TWO), Composed(day(6), TWO)]

    assert told(composed, seats, 9) == [(0, S.CONSTITUTED), (4, S.SUSPENDED), (6, S.CONSTITUTED)]


def test_without_a_composition_nothing_can_be_said() -> None:
    with pytest.raises(ValueError, match="composition"):
        constitution.stages([], [], START)


def naive(composed: list[Composed], seats: list[Held], at: datetime) -> bool:
    asked = [each for each in composed if each.at <= at][-1].composition
    held = [
        each.group for each in seats if each.starts_at <= at and (each.ends_at is None or at < each.ends_at)
    ]
    return composition.is_complete(composition.standing(asked, {g: held.count(g) for g in set(held)}))


DAYS = st.integers(0, 12)
TERMS = st.builds(
    lambda group, start, length: Held(group, day(start), None if length is None else day(start + length)),
    st.sampled_from([G.PUBLIC, G.CITIZENS]), DAYS, st.none() | st.integers(0, 6),
)  # fmt: skip
BOUNDS = st.tuples(st.integers(1, 2), st.integers(0, 1)).map(lambda pair: Bounds(pair[0], sum(pair)))


@many(300)
@given(
    st.lists(TERMS, max_size=7),
    st.lists(st.tuples(DAYS, BOUNDS, BOUNDS), max_size=3, unique_by=lambda each: each[0]),
)
def test_every_instant_agrees_with_counting_who_sits(
    seats: list[Held], later: list[tuple[int, Bounds, Bounds]]
) -> None:
    composed = sorted(
        [Composed(day(-1), TWO), *(Composed(day(at), {G.PUBLIC: a, G.CITIZENS: b}) for at, a, b in later)],
        key=lambda each: each.at,
    )
    found = constitution.stages(composed, seats, day(20))

    for half_days in range(-2, 40):
        at = day(half_days / 2)
        stage = [each for each in found if each.since <= at][-1]
        assert (stage.state is S.CONSTITUTED) is naive(composed, seats, at)
    assert all(one.state is not other.state for one, other in pairwise(found))
    assert [each.state for each in found[1:]].count(S.FORMING) == 0
