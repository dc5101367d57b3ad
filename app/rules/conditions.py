"""Conditions on public money: what is measured, on which days it is checked, and what state that makes."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.rules.words import N_, Compare, ConditionKind, ConditionState, ProjectState

S = ConditionState
CHECKS_AT_MOST = 60
SHOWS_DUE = timedelta(days=30)  # before its day, a check without evidence reads as due
DOUBTED_WITHIN = timedelta(days=30)  # after evidence was filed, the side that pays may set it aside
EVERY = (0, 1, 3, 6, 12, 24)  # months between checks; 0 is once
# Where a contract is in force, conditions are: also after the project ended, since profits come late.
IN_FORCE = frozenset(ProjectState) - {ProjectState.PROPOSED}


@dataclass(frozen=True)
class Measure:
    """The test of a condition that a machine reads: `what` was measured compares with `value`, every so many months.

    With `Compare.YES` there is no value: evidence says that it was done.
    """

    compare: Compare
    what: str
    value: Decimal | None = None
    unit: str = ""
    every: int = 0
    until: date | None = None

    def __post_init__(self) -> None:
        if (self.compare is Compare.YES) != (self.value is None):
            raise ValueError("something to compare needs a value, and nothing else has one")
        if self.every not in EVERY or (self.every and self.until is None):
            raise ValueError("a check comes once, or every so many months until a day")

    def as_facts(self) -> dict[str, Any]:
        return {
            "compare": self.compare.value,
            "what": self.what,
            "value": None if self.value is None else str(self.value),
            "unit": self.unit,
            "every": self.every,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def of(cls, facts: dict[str, Any]) -> "Measure":
        """Read what `as_facts` wrote; a condition without a test asks whether it was done, once."""
        value, until = facts.get("value"), facts.get("until")
        return cls(
            Compare(facts.get("compare", Compare.YES)), facts.get("what", ""),
            None if value is None else Decimal(value), facts.get("unit", ""), int(facts.get("every", 0)),
            date.fromisoformat(until) if until else None,
        )  # fmt: skip

    def passes(self, value: Decimal | None) -> bool:
        if self.compare is Compare.YES:
            return True
        if value is None or self.value is None:
            return False
        return value >= self.value if self.compare is Compare.AT_LEAST else value <= self.value


# What is usually measured for each kind: the form offers it, and nobody has to keep it.
USUAL: dict[ConditionKind, tuple[Compare, str, str]] = {
    ConditionKind.ACCESS: (Compare.AT_MOST, N_("price to the public"), N_("of today's price, in percent")),
    ConditionKind.REINVESTMENT: (Compare.AT_LEAST, N_("profit put back into research"), N_("percent of profit")),
    ConditionKind.KNOWLEDGE: (Compare.YES, N_("results, failed trials and costs are published"), ""),
    ConditionKind.EQUITY: (Compare.AT_LEAST, N_("share held by the public"), N_("percent of the firm")),
    ConditionKind.SUPPLY: (Compare.YES, N_("offered to every buyer on the same terms"), ""),
    ConditionKind.LIVING_WAGE: (Compare.AT_LEAST, N_("staff paid a living wage"), N_("percent of staff")),
}  # fmt: skip


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def check_days(measure: Measure, due: date | None) -> tuple[date, ...]:
    """Every day by which evidence has to be there, the earliest first; without a due day there is none."""
    if due is None:
        return ()
    days = [due]
    while measure.every and measure.until and len(days) < CHECKS_AT_MOST:
        following = months_later(due, measure.every * len(days))
        if following > measure.until:
            break
        days.append(following)
    return tuple(days)


@dataclass(frozen=True)
class Shown:
    """One piece of evidence as a check sees it: for which day, filed on which, and whether it was set aside."""

    due: date
    filed_on: date
    value: Decimal | None
    is_set_aside: bool = False


@dataclass(frozen=True)
class Check:
    """One day of the calendar, and what state the evidence for it makes."""

    due: date
    state: ConditionState

    @property
    def is_open(self) -> bool:
        return self.state in (S.ACTIVE, S.DUE, S.BREACHED)


def check_state(
    measure: Measure, due: date, shown: Iterable[Shown], today: date, settled_until: date | None = None
) -> ConditionState:
    """Kept by evidence filed by its day, that passes the test and was not set aside; the day itself still counts.

    Evidence that comes late mends nothing by itself: only a vote accepts it as a remedy, and settles what was overdue.
    """
    in_time = [each for each in shown if each.due == due and each.filed_on <= due and not each.is_set_aside]
    if any(measure.passes(each.value) for each in in_time):
        return S.KEPT
    if due < today:
        return S.REMEDIED if settled_until is not None and due <= settled_until else S.BREACHED
    return S.DUE if today >= due - SHOWS_DUE else S.ACTIVE


def checks(
    state: ConditionState, measure: Measure, due: date | None, shown: Sequence[Shown], today: date,
    project: ProjectState, settled_until: date | None = None,
) -> tuple[Check, ...]:  # fmt: skip
    """The calendar of a condition, empty until both sides agreed; a waived one has kept days and waived ones."""
    if state is S.PROPOSED:
        return ()
    found = []
    for day in check_days(measure, due):
        is_in_force = project in IN_FORCE
        computed = check_state(measure, day, shown, today, settled_until) if is_in_force else S.AGREED
        if state is S.WAIVED and computed not in (S.KEPT, S.REMEDIED):
            computed = S.WAIVED
        found.append(Check(day, computed))
    return tuple(found)


def effective(state: ConditionState, found: Sequence[Check], project: ProjectState) -> ConditionState:
    """The state of a condition when read: what people did, and then what the calendar makes of it."""
    if state in (S.PROPOSED, S.WAIVED):
        return state
    if project not in IN_FORCE:
        return S.AGREED
    states = {each.state for each in found}
    for worst in (S.BREACHED, S.DUE, S.ACTIVE):
        if worst in states:
            return worst
    if not found:
        return S.ACTIVE
    return S.REMEDIED if S.REMEDIED in states else S.KEPT
