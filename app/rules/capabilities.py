"""What an agency is able to do, year by year; and how much of its delivery it holds in its own house."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.rules.words import N_, Capability

# Asked in these words, after the five groups of the Public Sector Capabilities Index of the IIPP.
QUESTIONS: dict[Capability, str] = {
    Capability.AWARENESS: N_("Does it look ahead, listen, and see what is changing around it?"),
    Capability.AGENDAS: N_("Does it move people and money when priorities change?"),
    Capability.COALITIONS: N_("Does it bring others together, inside and outside the state?"),
    Capability.LEARNING: N_("Does it experiment, and use what it learned beyond the pilot?"),
    Capability.DELIVERY: N_("Does it change how it is organised when delivery asks for it?"),
}


@dataclass(frozen=True)
class Scored:
    capability: Capability
    year: int
    score: int


@dataclass(frozen=True)
class Step:
    """The score of one capability in a year, and what it changed by since the last year that has one."""

    year: int
    score: int
    change: int | None


def by_year(scores: Iterable[Scored]) -> dict[Capability, tuple[Step, ...]]:
    """Each capability over the years; of several scores in a year the last given counts."""
    counted: dict[Capability, dict[int, int]] = {each: {} for each in Capability}
    for each in scores:
        counted[each.capability][each.year] = each.score
    return {capability: steps(years) for capability, years in counted.items()}


def steps(years: dict[int, int]) -> tuple[Step, ...]:
    found: list[Step] = []
    for year in sorted(years):
        before = found[-1].score if found else None
        found.append(Step(year, years[year], None if before is None else years[year] - before))
    return tuple(found)


@dataclass(frozen=True)
class Role:
    """A role of delivery from a day until the day before another; without an end it goes on."""

    is_in_house: bool
    since: date
    until: date | None = None

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def in_house(roles: Sequence[Role], day: date) -> Fraction | None:
    """The share of the roles of that day that are held in the house; None where there are none."""
    running = [each for each in roles if each.runs_on(day)]
    return Fraction(sum(each.is_in_house for each in running), len(running)) if running else None


def trend(roles: Sequence[Role], today: date) -> tuple[tuple[date, Fraction], ...]:
    """The share at the end of each year since the first role, and today."""
    first = min((each.since.year for each in roles), default=today.year)
    days = [date(year, 12, 31) for year in range(max(first, today.year - 60), today.year)]
    shares = [(day, in_house(roles, day)) for day in [*days, today]]
    return tuple((day, share) for day, share in shares if share is not None)
