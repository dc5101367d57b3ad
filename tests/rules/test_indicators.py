"""The arithmetic between a baseline and a goal."""

from datetime import date
from decimal import Decimal

import pytest

from app.rules.indicators import Doubt, doubts, pace
from app.rules.words import Direction

START, DUE = date(2026, 1, 1), date(2030, 1, 1)


def test_the_yearly_change_is_the_change_divided_by_the_years() -> None:
    found = pace(Decimal(6), Decimal(28), START, DUE)

    assert found is not None
    assert found.change == 22
    assert found.years == 4
    assert found.yearly == Decimal("5.5")


def test_a_goal_below_the_baseline_falls_every_year() -> None:
    found = pace(Decimal(26), Decimal(24), START, DUE)

    assert found is not None
    assert found.yearly == Decimal("-0.5")


@pytest.mark.parametrize(("goal", "about"), [("88", "22.0"), ("5.6", "1.4"), ("0.1", "0.025")])
def test_the_yearly_change_is_said_with_as_many_decimals_as_it_needs(goal: str, about: str) -> None:
    found = pace(Decimal(0), Decimal(goal), START, DUE)

    assert found is not None
    assert str(found.about) == about


@pytest.mark.parametrize(
    "given",
    [
        (None, Decimal(1), START, DUE),
        (Decimal(0), None, START, DUE),
        (Decimal(0), Decimal(1), None, DUE),
        (Decimal(0), Decimal(1), START, None),
        (Decimal(0), Decimal(1), DUE, START),
    ],
)
def test_without_all_four_there_is_no_pace(
    given: tuple[Decimal | None, Decimal | None, date | None, date | None],
) -> None:
    assert pace(*given) is None


def test_doubts_name_what_does_not_fit() -> None:
    assert doubts(Decimal(1), Decimal(1), Direction.UP, START, DUE) == [Doubt.NOTHING_TO_DO]
    assert doubts(Decimal(1), Decimal(2), Direction.DOWN, START, DUE) == [Doubt.WRONG_WAY]
    assert doubts(Decimal(1), Decimal(2), Direction.UP, DUE, START) == [Doubt.NO_TIME]
    assert doubts(Decimal(2), Decimal(1), Direction.DOWN, START, DUE) == []
    assert doubts(None, None, None, None, None) == []
