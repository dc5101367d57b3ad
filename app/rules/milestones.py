"""Whether a milestone is met: computed from readings and the calendar whenever somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.rules.progress import Read, reaches
from app.rules.words import Direction, MilestoneState


@dataclass(frozen=True)
class Wanted:
    """What is expected by the end of a day: a value in a direction, or the word of a named person (`expected` None)."""

    due: date
    expected: Decimal | None = None
    direction: Direction = Direction.UP


@dataclass(frozen=True)
class Reached:
    """How it stands, and on which day it was reached, which may be too late."""

    state: MilestoneState
    on: date | None = None

    @property
    def is_late(self) -> bool:
        return self.state is MilestoneState.MISSED and self.on is not None


def reached(wanted: Wanted, reads: Sequence[Read], said_on: date | None, today: date) -> Reached:
    """Met by the first reading, or the word, of a day no later than it was due; missed once that day is over.

    A reading that comes later of a day before counts: it was reached, and nobody knew. Forecasts never count.
    """
    on = said_on
    if wanted.expected is not None:
        goal = wanted.expected
        days = [
            each.at for each in reads if not each.is_forecast and reaches(each.value, goal, wanted.direction)
        ]
        on = min(days, default=None)
    if on is not None and on <= wanted.due:
        return Reached(MilestoneState.MET, on)
    return Reached(MilestoneState.MISSED if today > wanted.due else MilestoneState.PLANNED, on)
