"""How fast an indicator has to move: the arithmetic between its baseline and its goal, as one can check by hand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, auto

from app.rules.phrases import Phrase
from app.rules.words import N_, Direction

DAYS_A_YEAR = Decimal("365.25")


class Doubt(StrEnum):
    """What does not fit together in an indicator, for whoever writes it."""

    NOTHING_TO_DO = auto()
    WRONG_WAY = auto()
    NO_TIME = auto()


SENTENCES: dict[Doubt, str] = {
    Doubt.NOTHING_TO_DO: N_("Baseline and goal are the same: nothing would have to change."),
    Doubt.WRONG_WAY: N_("The goal lies in the other direction than the one named."),
    Doubt.NO_TIME: N_("The due date is not after the day of the baseline."),
}


def told(doubt: Doubt) -> Phrase:
    """The sentence for whoever reads or writes the indicator."""
    return Phrase(SENTENCES[doubt])


@dataclass(frozen=True)
class Pace:
    """From `start` on, this much each year, for so many years."""

    change: Decimal
    years: Decimal
    yearly: Decimal

    @property
    def about(self) -> Decimal:
        """The yearly change as one would say it: one decimal, and three where it is less than one."""
        return round(self.yearly, 1 if abs(self.yearly) >= 1 else 3)


def pace(baseline: Decimal | None, goal: Decimal | None, start: date | None, due: date | None) -> Pace | None:
    """The required yearly change; None while a number or a date is missing, or no time is left."""
    if baseline is None or goal is None or start is None or due is None or due <= start:
        return None
    years = Decimal((due - start).days) / DAYS_A_YEAR
    change = goal - baseline
    return Pace(change, years, change / years)


def doubts(
    baseline: Decimal | None,
    goal: Decimal | None,
    direction: Direction | None,
    start: date | None,
    due: date | None,
) -> list[Doubt]:
    """Everything that does not fit; the database refuses the same, as far as `start` is the baseline's own day."""
    found = []
    if baseline is not None and goal is not None:
        if baseline == goal:
            found.append(Doubt.NOTHING_TO_DO)
        elif direction is not None and (goal > baseline) is not (direction is Direction.UP):
            found.append(Doubt.WRONG_WAY)
    if start is not None and due is not None and due <= start:
        found.append(Doubt.NO_TIME)
    return found
