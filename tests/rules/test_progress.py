"""Progress of an indicator: both directions, an even pace, the last reading decides, and a range ahead."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import progress
from app.rules.progress import Read, Way, reaches
from app.rules.words import Direction
from tests.rules.many import many

START, DUE = date(2020, 1, 1), date(2030, 1, 1)
UP = Way(Decimal(10), Decimal(100), START, DUE)
DOWN = Way(Decimal(58), Decimal(10), START, DUE)


def read(year: int, value: float, low: float | None = None, high: float | None = None) -> Read:
    told = [None if each is None else Decimal(str(each)) for each in (value, low, high)]
    return Read(date(year, 1, 1), *told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("way", "value", "share", "is_met"),
    [
        (UP, 10, 0, False),
        (UP, 55, Fraction(1, 2), False),
        (UP, 100, 1, True),
        (UP, 118, Fraction(6, 5), True),
        (UP, 1, Fraction(-1, 10), False),
        (DOWN, 58, 0, False),
        (DOWN, 34, Fraction(1, 2), False),
        (DOWN, 10, 1, True),
        (DOWN, 9, Fraction(49, 48), True),
        (DOWN, 60, Fraction(-1, 24), False),
    ],
)
def test_a_share_of_the_way_goes_up_and_down(way: Way, value: float, share: Fraction, is_met: bool) -> None:
    course = progress.course(way, [read(2025, value)])

    assert (course.share, course.is_met) == (share, is_met)


def test_the_last_reading_decides_even_when_an_earlier_one_was_at_the_goal() -> None:
    course = progress.course(UP, [read(2026, 80), read(2024, 120)])

    assert course.last == read(2026, 80)
    assert not course.is_met


def test_a_forecast_is_no_reading() -> None:
    ahead = Read(DUE, Decimal(150), Decimal(120), Decimal(160), is_forecast=True)

    assert progress.course(UP, [ahead]).last is None
    assert not progress.course(UP, [read(2024, 20), ahead]).is_met


@pytest.mark.parametrize(("way", "slow", "fast"), [(UP, 20, 60), (DOWN, 50, 20)])
def test_behind_is_measured_against_an_even_pace(way: Way, slow: float, fast: float) -> None:
    assert progress.course(way, [read(2025, slow)]).is_behind is True
    assert progress.course(way, [read(2025, fast)]).is_behind is False


def test_what_lies_ahead_is_a_range_between_the_slowest_and_the_fastest_pace() -> None:
    course = progress.course(UP, [read(2021, 10), read(2022, 14), read(2023, 30)])

    assert course.outlook is not None
    low, high = course.outlook
    assert low == pytest.approx(Decimal("58"), abs=Decimal("0.2"))  # 30 + 7 × 4
    assert high == pytest.approx(Decimal("142"), abs=Decimal("0.4"))  # 30 + 7 × 16


def test_two_readings_show_no_range() -> None:
    assert progress.course(UP, [read(2021, 10), read(2022, 14)]).outlook is None


@many(200)
@given(st.lists(st.integers(-500, 500), min_size=3, max_size=9), st.integers(1, 400), st.booleans())
def test_a_range_is_never_upside_down_and_every_point_lies_in_the_picture(
    values: list[int], apart: int, goes_up: bool
) -> None:
    way = UP if goes_up else DOWN
    reads = [Read(START + timedelta(days=apart * place), Decimal(each)) for place, each in enumerate(values)]

    course, fan = progress.course(way, reads), progress.fan(way, reads)

    assert course.outlook is None or course.outlook[0] <= course.outlook[1]
    assert fan is not None
    told = " ".join((fan.wanted, fan.line, fan.band, fan.outlook)).replace(",", " ").split()
    assert all(0 <= float(each) <= 100 for each in told)


@many(200)
@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_a_goal_is_met_exactly_when_the_whole_way_is_gone(goal: int, value: int) -> None:
    way = Way(Decimal(1001), Decimal(goal), START, DUE)

    assert reaches(Decimal(value), way.goal, way.direction) is (way.share(Decimal(value)) >= 1)
    assert way.direction is Direction.DOWN


def test_what_never_was_below_nought_is_not_expected_below_it() -> None:
    way = Way(Decimal(10), Decimal(0), START, DUE)
    reads = [read(2021, 9), read(2022, 5), read(2023, 1)]
    course, fan = progress.course(way, reads), progress.fan(way, reads)

    assert course.outlook is not None
    assert course.outlook[0] == 0
    assert fan is not None
    assert fan.outlook
    assert fan.least == 0

    below = progress.course(way, [*reads, read(2024, -1)])
    assert below.outlook is not None
    assert below.outlook[0] < -1
