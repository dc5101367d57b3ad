"""Is a goal bolder than the trend? The yearly change that it needs, beside the one seen so far."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from app.rules import indicators
from app.rules.figures import Figure, Light, about, grey
from app.rules.gates import IndicatorFacts
from app.rules.phrases import phrase
from app.rules.words import N_, Criterion

READINGS_NEEDED, READINGS_USED = 3, 10
BOLD_FROM, NOT_BOLD_BELOW = Fraction(2), Fraction(1)
DAYS_A_YEAR = Fraction(1461, 4)


def yearly(readings: Sequence[tuple[date, Decimal]]) -> list[Fraction]:
    """The change per year between each reading and the next, of the last ten readings."""
    used = [(at, Fraction(told)) for at, told in readings][-READINGS_USED:]
    return [
        (after - before) * DAYS_A_YEAR / (later - earlier).days
        for (earlier, before), (later, after) in pairwise(used)
        if later > earlier
    ]


def median(numbers: Sequence[Fraction]) -> Fraction:
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(numbers) % 2 else (ordered[half - 1] + ordered[half]) / 2


def ambition(told: Sequence[IndicatorFacts], readings: Sequence[tuple[date, Decimal]]) -> Figure:
    """The yearly change that the goal needs over the one seen so far: from 2 on it is bold, below 1 it comes anyway."""
    title, first = N_("Bolder than the trend?"), next(iter(told), IndicatorFacts())
    pace = indicators.pace(first.baseline, first.goal, first.start, first.due)
    if pace is None:
        return grey(Criterion.BOLD, title, N_("The indicator has no baseline, goal and dates yet."))
    if len(readings) < READINGS_NEEDED or not (past := yearly(readings)):
        return grey(
            Criterion.BOLD, title, N_("It needs %(needed)s readings of the past and has %(found)s."),
            needed=READINGS_NEEDED, found=len(readings),
        )  # fmt: skip
    needed, usual = abs(Fraction(pace.change) / years(first)), median(past)
    steps = (
        phrase(N_("Needed each year: a change of %(needed)s."), needed=about(needed)),
        phrase(
            N_("Seen each year, between one reading and the next: a change of %(past)s; in the middle %(usual)s."),
            past="; ".join(map(about, past)), usual=about(usual),
        ),
    )  # fmt: skip
    if not usual:
        says = phrase(
            N_("Until now it has not moved in the middle of the years: any change is bolder than the trend.")
        )
        return Figure(Criterion.BOLD, title, Light.GREEN, says, steps)
    times = needed / abs(usual)
    light = Light.GREEN if times >= BOLD_FROM else Light.AMBER if times >= NOT_BOLD_BELOW else Light.RED
    says = phrase(N_("It has to move %(times)s times as fast as it did."), times=about(times))
    divided = phrase(
        N_("%(needed)s ÷ %(usual)s = %(times)s"),
        needed=about(needed),
        usual=about(abs(usual)),
        times=about(times),
    )
    is_turning = (usual > 0) is not (pace.change > 0)
    turned = (phrase(N_("Until now it moved the other way.")),) if is_turning else ()
    return Figure(Criterion.BOLD, title, light, says, (*steps, divided, *turned))


def years(told: IndicatorFacts) -> Fraction:
    assert told.start is not None
    assert told.due is not None
    return Fraction((told.due - told.start).days) / DAYS_A_YEAR
