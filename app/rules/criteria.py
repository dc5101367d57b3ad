"""What can be counted about the five criteria: from rows, with the arithmetic, beside the grades that people give.

Thresholds are those of the table of the project's design; figures are never added up. How bold a goal is stands in
`ambition`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.rules.ambition import DAYS_A_YEAR, ambition
from app.rules.figures import Figure, Light, about, grey
from app.rules.gates import ROUTES_NEEDED, IndicatorFacts
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, Criterion, StakeholderGroup

HORIZON = (2, 15)  # years
NEW_UP_TO = 6  # technology readiness: from 7 on a thing works outside the laboratory
SECTORS_NEEDED, GROUPS_NEEDED, DISCIPLINES_NEEDED = 3, 3, 2
EVEN_FROM = Fraction(1, 2)


@dataclass(frozen=True)
class Route:
    """One rival way to the goal: who leads it, what it is called, and how ready it is, as far as that is said."""

    lead: str = ""
    label: str = ""
    readiness: int | None = None


@dataclass(frozen=True)
class Facts:
    """What the figures are counted from; `readings` belong to the first indicator, the oldest first."""

    indicators: Sequence[IndicatorFacts] = ()
    readings: Sequence[tuple[date, Decimal]] = ()
    voices: Mapping[StakeholderGroup, int] | None = None
    groups: frozenset[StakeholderGroup] = frozenset()
    sectors: Mapping[str, int] | None = None
    disciplines: Sequence[str] = ()
    routes: Sequence[Route] = ()
    has_open_call: bool = False


def figures(facts: Facts, today: date) -> dict[Criterion, list[Figure]]:
    """Every figure under the criterion that it belongs to."""
    found = [
        ambition(facts.indicators, facts.readings), value(facts.voices or {}), concrete(facts.indicators),
        horizon(facts.indicators, today), readiness(facts.routes),
        crossing(facts.sectors or {}, facts.groups, facts.disciplines), rivalry(facts.routes, facts.has_open_call),
    ]  # fmt: skip
    return {criterion: [each for each in found if each.criterion is criterion] for criterion in Criterion}


def value(voices: Mapping[StakeholderGroup, int]) -> Figure:
    """Which groups speak for it, and the share of the one that is heard least: the least, not the mean."""
    title, total = N_("Of value to whom?"), sum(voices.values())
    if not total:
        return grey(Criterion.BOLD, title, N_("No voice behind it says which group it comes from."))
    heard = [group for group in StakeholderGroup if voices.get(group)]
    least = min(StakeholderGroup, key=lambda group: voices.get(group, 0))
    many = len(StakeholderGroup)
    light = Light.GREEN if len(heard) == many else Light.AMBER if len(heard) >= GROUPS_NEEDED else Light.RED
    counted = tuple(
        phrase(
            N_("%(group)s: %(many)s of %(total)s voices"), group=group, many=voices.get(group, 0), total=total
        )
        for group in StakeholderGroup
    )
    says = phrase(
        N_("%(heard)s of %(many)s groups speak for it. Heard least: %(least)s, %(share)s %% of the voices."),
        heard=len(heard), many=many, least=least, share=100 * voices.get(least, 0) // total,
    )  # fmt: skip
    return Figure(Criterion.BOLD, title, light, says, counted)


def concrete(told: Sequence[IndicatorFacts]) -> Figure:
    title = N_("Will one know when it is reached?")
    if not told:
        return Figure(Criterion.CONCRETE, title, Light.RED, Phrase(N_("It has no indicator.")))
    whole = [each for each in told if not each.gaps() and not each.doubts()]
    light = Light.GREEN if len(whole) == len(told) else Light.AMBER if whole else Light.RED
    says = phrase(N_("%(whole)s of %(many)s indicators are complete."), whole=len(whole), many=len(told))
    lacking = tuple(
        phrase(N_("“%(name)s” lacks something."), name=each.name or "…") for each in told if each not in whole
    )
    return Figure(Criterion.CONCRETE, title, light, says, lacking)


def horizon(told: Sequence[IndicatorFacts], today: date) -> Figure:
    """From today to the last due date: two to fifteen years leave time to invent, and an end that people see."""
    title, ends = N_("Enough time, and not too much?"), [each.due for each in told if each.due]
    if not ends:
        return grey(Criterion.INVENTIVE, title, N_("No due date yet."))
    left = Fraction((max(ends) - today).days) / DAYS_A_YEAR
    least, most = HORIZON
    light = Light.RED if left <= 0 else Light.GREEN if least <= left <= most else Light.AMBER
    says = phrase(
        N_("%(left)s years are left; %(least)s to %(most)s are usual for a mission."),
        left=about(left), least=least, most=most,
    )  # fmt: skip
    return Figure(Criterion.INVENTIVE, title, light, says)


def readiness(routes: Sequence[Route]) -> Figure:
    """How many routes start from something that still has to be invented or proved."""
    title = N_("Is there something to invent?")
    known = [each.readiness for each in routes if each.readiness is not None]
    if not known:
        return grey(Criterion.INVENTIVE, title, N_("No route says how ready it is (1 to 9)."))
    new = sum(each <= NEW_UP_TO for each in known)
    levels = phrase(
        N_("Readiness of the routes, 1 to 9: %(levels)s."), levels=", ".join(map(str, sorted(known)))
    )
    if not new:
        says = Phrase(N_("Every route works already: that is buying, and not innovation."))
        return Figure(Criterion.INVENTIVE, title, Light.RED, says, (levels,))
    says = phrase(
        N_("%(new)s of %(many)s routes still have to be proved outside a laboratory."),
        new=new,
        many=len(known),
    )
    return Figure(Criterion.INVENTIVE, title, Light.GREEN, says, (levels,))


def evenness(counts: Mapping[str, int]) -> Fraction | None:
    """Shannon's entropy over the logarithm of the number of kinds: 1 where all weigh the same; None for less than two.

    References
    ----------
    E. C. Pielou, "The measurement of diversity in different types of biological collections", 1966.
    """
    given = [many for many in counts.values() if many > 0]
    if len(given) < 2:
        return None
    total = sum(given)
    entropy = -math.fsum(many / total * math.log(many / total) for many in given)
    return Fraction(round(entropy / math.log(len(given)), 6)).limit_denominator(10**6)


def crossing(
    sectors: Mapping[str, int], groups: frozenset[StakeholderGroup], disciplines: Sequence[str]
) -> Figure:
    title, even = N_("How many sectors, groups and disciplines?"), evenness(sectors)
    if not sectors and not disciplines:
        return grey(Criterion.CROSSING, title, N_("No sector and no discipline is named yet."))
    short = [
        len(sectors) < SECTORS_NEEDED, len(groups) < GROUPS_NEEDED, len(disciplines) < DISCIPLINES_NEEDED
    ].count(True)  # fmt: skip
    is_even = even is not None and even >= EVEN_FROM
    light = Light.RED if short > 1 else Light.AMBER if short or not is_even else Light.GREEN
    says = phrase(
        N_("Sectors: %(sectors)s. Stakeholder groups: %(groups)s. Disciplines: %(disciplines)s."),
        sectors=len(sectors), groups=len(groups), disciplines=len(disciplines),
    )  # fmt: skip
    ordered = sorted(sectors.items(), key=lambda each: (-each[1], each[0]))
    steps = [
        phrase(
            N_("Sectors, with how often they are named: %(all)s."),
            all=", ".join(f"{k} {n}" for k, n in ordered),
        )
    ]
    if even is not None:
        steps.append(
            phrase(
                N_("Evenness of the sectors (entropy ÷ logarithm of their number): %(even)s; 1 is even."),
                even=about(even),
            )
        )
    return Figure(Criterion.CROSSING, title, light, says, tuple(steps))


def independent(routes: Sequence[Route]) -> int:
    """The most routes of which no two share their lead or their way: pairs of leads and ways, matched."""
    ways: dict[str, set[str]] = {}
    for each in routes:
        if each.lead and each.label:
            ways.setdefault(each.lead, set()).add(each.label.strip().casefold())
    led_by: dict[str, str] = {}

    def place(lead: str, tried: set[str]) -> bool:
        for way in sorted(ways[lead] - tried):
            tried.add(way)
            if way not in led_by or place(led_by[way], tried):
                led_by[way] = lead
                return True
        return False

    return sum(place(lead, set()) for lead in sorted(ways))


def rivalry(routes: Sequence[Route], has_open_call: bool) -> Figure:
    title, many = N_("How many independent routes?"), independent(routes)
    light = Light.GREEN if many >= ROUTES_NEEDED else Light.AMBER if many == 2 or has_open_call else Light.RED
    if not routes and not has_open_call:
        return grey(Criterion.RIVALRY, title, N_("No route is named yet."))
    says = phrase(
        N_("Routes named: %(named)s. With a lead of their own so far, each another way: %(many)s."),
        named=len(routes), many=many,
    )  # fmt: skip
    unled = sum(not each.lead for each in routes)
    steps = [phrase(N_("Routes named: %(many)s; without a lead: %(unled)s."), many=len(routes), unled=unled)]
    if has_open_call:
        steps.append(Phrase(N_("A call for more of them is open.")))
    return Figure(Criterion.RIVALRY, title, light, says, tuple(steps))
