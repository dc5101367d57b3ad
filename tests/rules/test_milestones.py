"""Milestones: met or missed by readings, words and the calendar alone."""

from datetime import date
from decimal import Decimal

import pytest

from app.rules.milestones import Reached, Wanted, reached
from app.rules.progress import Read
from app.rules.words import Direction, MilestoneState

DUE = date(2026, 6, 30)
M = MilestoneState
UP = Wanted(DUE, Decimal(20))
DOWN = Wanted(DUE, Decimal(20), Direction.DOWN)
SAID = Wanted(DUE)


def read(month: int, value: float, is_forecast: bool = False) -> Read:
    return Read(date(2026, month, 1), Decimal(str(value)), is_forecast=is_forecast)


@pytest.mark.parametrize(
    ("wanted", "reads", "today", "state", "on"),
    [
        pytest.param(UP, [], date(2026, 6, 30), M.PLANNED, None, id="its day is not over"),
        pytest.param(UP, [], date(2026, 7, 1), M.MISSED, None, id="its day is over and nobody read it"),
        pytest.param(UP, [read(3, 20)], date(2026, 4, 1), M.MET, 3, id="reached before it is due"),
        pytest.param(UP, [read(3, 21), read(5, 12)], date(2026, 9, 1), M.MET, 3, id="it stays reached"),
        pytest.param(UP, [read(8, 40)], date(2026, 9, 1), M.MISSED, 8, id="too late"),
        pytest.param(UP, [read(3, 19.9)], date(2026, 7, 1), M.MISSED, None, id="not enough"),
        pytest.param(UP, [read(3, 99, True)], date(2026, 7, 1), M.MISSED, None, id="a forecast is none"),
        pytest.param(DOWN, [read(3, 20)], date(2026, 7, 1), M.MET, 3, id="downwards"),
        pytest.param(DOWN, [read(3, 21)], date(2026, 7, 1), M.MISSED, None, id="downwards, not enough"),
    ],
)
def test_readings_and_the_calendar_decide(
    wanted: Wanted, reads: list[Read], today: date, state: MilestoneState, on: int | None
) -> None:
    found = reached(wanted, reads, None, today)

    assert found == Reached(state, date(2026, on, 1) if on else None)
    assert found.is_late is (state is M.MISSED and on is not None)


@pytest.mark.parametrize(("said_on", "state"), [(None, M.MISSED), (DUE, M.MET), (date(2026, 7, 1), M.MISSED)])
def test_a_word_counts_when_it_is_of_a_day_in_time(said_on: date | None, state: MilestoneState) -> None:
    assert reached(SAID, [], said_on, date(2026, 8, 1)).state is state
