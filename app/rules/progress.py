"""How far an indicator has come: its share of the way, whether its goal is met, and the range it is heading for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.rules.ambition import DAYS_A_YEAR, yearly
from app.rules.words import Direction

PACES_NEEDED = 2  # between one reading and the next; fewer show no range


@dataclass(frozen=True)
class Read:
    """One standing reading, or a forecast of a day to come."""

    at: date
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    is_forecast: bool = False


@dataclass(frozen=True)
class Way:
    """From where to where, and in which time; numbers may go up or down."""

    baseline: Decimal
    goal: Decimal
    start: date
    due: date

    @property
    def direction(self) -> Direction:
        return Direction.UP if self.goal > self.baseline else Direction.DOWN

    def share(self, value: Decimal) -> Fraction:
        """How much of the way a value has come: 0 at the baseline, 1 at the goal, less than 0 the wrong way."""
        return Fraction(value - self.baseline) / Fraction(self.goal - self.baseline)

    def wanted(self, at: date) -> Decimal:
        """What it would be on a day at an even pace."""
        whole = Fraction((self.due - self.start).days)
        gone = min(max(Fraction((at - self.start).days) / whole, Fraction(0)), Fraction(1))
        found = Fraction(self.baseline) + Fraction(self.goal - self.baseline) * gone
        return Decimal(found.numerator) / Decimal(found.denominator)


@dataclass(frozen=True)
class Course:
    """Where an indicator stands by its last reading, beside an even pace; `outlook` is the range at its due date."""

    last: Read | None
    share: Fraction | None = None
    is_met: bool = False
    wanted: Decimal | None = None
    is_behind: bool | None = None
    outlook: tuple[Decimal, Decimal] | None = None


def reaches(value: Decimal, goal: Decimal, direction: Direction) -> bool:
    """Whether a value is at a goal or past it."""
    return value >= goal if direction is Direction.UP else value <= goal


def course(way: Way, reads: Sequence[Read]) -> Course:
    """Where it stands: its last reading decides, forecasts never do."""
    known = sorted((each for each in reads if not each.is_forecast), key=lambda each: each.at)
    if not known:
        return Course(None)
    last = known[-1]
    wanted = way.wanted(last.at)
    return Course(
        last,
        way.share(last.value),
        reaches(last.value, way.goal, way.direction),
        wanted,
        way.share(last.value) < way.share(wanted),
        outlook(way, known),
    )


def outlook(way: Way, known: Sequence[Read]) -> tuple[Decimal, Decimal] | None:
    """What it would be when it is due, at the slowest and at the fastest pace of its last ten readings.

    No probability is claimed, and nothing below nought where no number ever was. None with fewer than three readings,
    or once it is due.
    """
    paces = yearly([(each.at, each.value) for each in known])
    last = known[-1]
    left = Fraction((way.due - last.at).days) / DAYS_A_YEAR
    if len(paces) < PACES_NEEDED or left <= 0:
        return None
    lowest = Fraction(last.value if last.low is None else last.low) + min(paces) * left
    highest = Fraction(last.value if last.high is None else last.high) + max(paces) * left
    told = [
        way.baseline,
        way.goal,
        *(number for each in known for number in (each.low, each.value) if number is not None),
    ]
    floor = Fraction(0) if min(told) >= 0 else min(lowest, highest)
    return rounded(max(lowest, floor)), rounded(max(highest, floor))


def rounded(number: Fraction) -> Decimal:
    return round(Decimal(number.numerator) / Decimal(number.denominator), 2)


@dataclass(frozen=True)
class Fan:
    """A picture on a field of 100 by 100: points as SVG writes them; "" is a part that is not there."""

    wanted: str
    line: str
    band: str
    outlook: str
    forecasts: tuple[tuple[float, float, float], ...]
    dots: tuple[tuple[float, float], ...]
    least: Decimal
    most: Decimal


def fan(way: Way, reads: Sequence[Read]) -> Fan | None:
    """The readings with their ranges, the even pace to the goal, and the range ahead; None before the first reading."""
    known = sorted((each for each in reads if not each.is_forecast), key=lambda each: each.at)
    ahead = [each for each in reads if each.is_forecast and each.low is not None and each.high is not None]
    if not known:
        return None
    told = [
        each for read in (*known, *ahead) for each in (read.low, read.value, read.high) if each is not None
    ]
    told += [way.baseline, way.goal]
    ranges = outlook(way, known) or ()
    numbers = [*told, *ranges]
    days = [way.start, way.due, *(each.at for each in (*known, *ahead))]
    scale = Scale(min(days), max(days), min(numbers), max(numbers))
    tops = [scale.at(each.at, each.value if each.high is None else each.high) for each in known]
    bottoms = [scale.at(each.at, each.value if each.low is None else each.low) for each in known]
    end = [scale.at(way.due, each) for each in ranges]
    dots = [scale.at(each.at, each.value) for each in known]
    return Fan(
        wanted=points([scale.at(way.start, way.baseline), scale.at(way.due, way.goal)]),
        line=points(dots),
        band=points([*tops, *reversed(bottoms)]) if tops != bottoms else "",
        outlook=points([tops[-1], end[1], end[0], bottoms[-1]]) if end else "",
        forecasts=tuple(
            (scale.at(each.at, each.high)[0], scale.at(each.at, each.high)[1], scale.at(each.at, each.low)[1])
            for each in ahead if each.high is not None and each.low is not None
        ),
        dots=tuple(dots),
        least=scale.least,
        most=scale.most,
    )  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """Days to the right, numbers upwards; a margin of four keeps what lies at an edge whole."""

    first: date
    last: date
    least: Decimal
    most: Decimal

    def at(self, day: date, value: Decimal) -> tuple[float, float]:
        across = (day - self.first).days / ((self.last - self.first).days or 1)
        up = float(value - self.least) / (float(self.most - self.least) or 1.0)
        return round(4 + 92 * across, 2), round(96 - 92 * up, 2)


def points(found: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{across},{up}" for across, up in found)
