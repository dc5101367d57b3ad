"""What a mission must have before a committee may vote on it: a checklist that names what is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import ClassVar

from app.errors import Refusal
from app.rules import indicators
from app.rules.indicators import Doubt
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, Direction, IndicatorLens, StakeholderGroup

ROUTES_NEEDED = 3
GROUPS_NEEDED = 3


@dataclass(frozen=True)
class IndicatorFacts:
    """One measure of a mission as far as it is filled in; zero is a baseline, None and "" are gaps.

    `start` is the day of the baseline, or the present one where nobody said it.
    """

    name: str | None = None
    baseline: Decimal | None = None
    unit: str | None = None
    direction: Direction | None = None
    goal: Decimal | None = None
    due: date | None = None
    source: str | None = None
    owner: str | None = None
    lens: IndicatorLens | None = None
    start: date | None = None

    def gaps(self) -> tuple[str, ...]:
        values = ((each.name, getattr(self, each.name)) for each in fields(self) if each.name in GAP_NAMES)
        return tuple(name for name, value in values if value is None or not str(value).strip())

    def doubts(self) -> list[Doubt]:
        """What is filled in and cannot be true together; such an indicator is not complete either."""
        return indicators.doubts(self.baseline, self.goal, self.direction, self.start, self.due)


@dataclass(frozen=True)
class MissionFacts:
    """What the gates look at: `routes` are rival project proposals, `groups` those of its supporters."""

    sdg_targets: int = 0
    indicators: Sequence[IndicatorFacts] = ()
    routes: int = 0
    has_open_call: bool = False
    groups: frozenset[StakeholderGroup] = frozenset()
    linked_submissions: int = 0
    affected: str = ""
    has_owner: bool = False
    money_lines: int = 0


@dataclass(frozen=True)
class Gate:
    key: str
    title: str
    met: bool
    missing: Phrase | None


class GatesNotMet(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("The mission is not ready to be put to a vote. %(missing)s")


GAP_NAMES = {
    "name": N_("a name"),
    "baseline": N_("a baseline"),
    "unit": N_("a unit"),
    "direction": N_("a direction"),
    "goal": N_("a goal"),
    "due": N_("a due date"),
    "source": N_("a source"),
    "owner": N_("an owner"),
    "lens": N_("a lens"),
}


def missing_target(facts: MissionFacts) -> Phrase | None:
    return (
        None
        if facts.sdg_targets
        else phrase(N_("Name at least one target of the Sustainable Development Goals."))
    )


def missing_indicator(facts: MissionFacts) -> Phrase | None:
    """One complete indicator that is not about cost; else the gaps of the one nearest to complete."""
    others = [each for each in facts.indicators if each.lens is not IndicatorLens.COST]
    if not facts.indicators:
        return phrase(N_("Add one indicator, so that everyone can see whether the mission succeeds."))
    if not others:
        return phrase(
            N_("Add an indicator that is not about cost: what people or the whole system would notice.")
        )
    nearest = min(others, key=lambda each: (len(each.gaps()), len(each.doubts())))
    if gaps := nearest.gaps():
        names = tuple(phrase(GAP_NAMES[gap]) for gap in gaps)
        return phrase(N_("The indicator still needs: %(gaps)s."), gaps=names)
    return next((indicators.told(doubt) for doubt in nearest.doubts()), None)


def missing_routes(facts: MissionFacts) -> Phrase | None:
    if facts.routes >= ROUTES_NEEDED or facts.has_open_call:
        return None
    return phrase(
        N_("Link %(needed)s rival routes, or an open call for them (linked now: %(found)s)."),
        needed=ROUTES_NEEDED,
        found=facts.routes,
    )


def missing_support(facts: MissionFacts) -> Phrase | None:
    if len(facts.groups) >= GROUPS_NEEDED:
        return None
    return phrase(
        N_("It needs support from people of %(needed)s stakeholder groups (groups now: %(found)s)."),
        needed=GROUPS_NEEDED,
        found=len(facts.groups),
    )


def missing_submission(facts: MissionFacts) -> Phrase | None:
    return (
        None
        if facts.linked_submissions
        else phrase(N_("Link at least one submission that the mission comes from."))
    )


def missing_affected(facts: MissionFacts) -> Phrase | None:
    return (
        None
        if facts.affected.strip()
        else phrase(N_("Say who is affected: which groups of people, and where."))
    )


def missing_owner(facts: MissionFacts) -> Phrase | None:
    return (
        None
        if facts.has_owner
        else phrase(N_("Name who owns it: an organisation, or the seat of a person who answers for it."))
    )


def missing_money(facts: MissionFacts) -> Phrase | None:
    """One line is enough, and an announcement counts here as one; it never counts as committed."""
    return (
        None
        if facts.money_lines
        else phrase(N_("Add one line of money with its source, even if it is only announced."))
    )


# Challenge, objective, support and commitment: the litmus test of a mission, each in what can be checked.
GATES: tuple[tuple[str, str, Callable[[MissionFacts], Phrase | None]], ...] = (
    ("sdg_target", N_("A target of the Sustainable Development Goals"), missing_target),
    ("affected", N_("The people it affects"), missing_affected),
    ("indicator", N_("A complete indicator that is not about cost"), missing_indicator),
    ("routes", N_("Three rival routes named, or an open call"), missing_routes),
    ("support", N_("Support from three stakeholder groups"), missing_support),
    ("submission", N_("A submission it comes from"), missing_submission),
    ("owner", N_("An owner"), missing_owner),
    ("money", N_("A line of money, announced or committed"), missing_money),
)


def gates(facts: MissionFacts) -> list[Gate]:
    """Every gate in order, met or with the sentence that says what is missing."""
    found = [(key, title, missing(facts)) for key, title, missing in GATES]
    return [Gate(key, title, met=missing is None, missing=missing) for key, title, missing in found]


def all_met(facts: MissionFacts) -> bool:
    return all(gate.met for gate in gates(facts))


def require_met(facts: MissionFacts) -> None:
    """Refuse with the first missing thing; the page lists them all."""
    missing = [gate.missing for gate in gates(facts) if gate.missing is not None]
    if missing:
        raise GatesNotMet(missing=missing[0])
