"""Money of a mission in whole cents, one currency at a time: totals, leverage, patience, and a cut of one year."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar
from uuid import UUID

from app.rules.words import Certainty, MoneyKind, StakeholderGroup

Key = TypeVar("Key", bound=Hashable)
PATIENT_AFTER = 3  # years: money for a later year than that was promised with patience
# A budget cut takes what the public promised; who gave no group is taken for a public source, to be on the safe side.
CUT = frozenset({StakeholderGroup.PUBLIC, None})


def in_cents(amount: Decimal) -> int:
    """The amount in whole cents; ValueError for a part of a cent, which the ledger never holds."""
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError("an amount of money has two decimals")
    return int(cents)


def amount(cents: int) -> Decimal:
    """Whole cents as an amount with two decimals, exact however large it is."""
    return Decimal(f"{cents}E-2")


@dataclass(frozen=True)
class Line:
    """One line of the ledger that counts; `since` is from when on it has stood as money of this kind."""

    key: UUID
    kind: MoneyKind
    year: int
    cents: int
    currency: str
    since: datetime
    certainty: Certainty = Certainty.POSSIBLE
    group: StakeholderGroup | None = None
    project: UUID | None = None


def totals(lines: Iterable[Line], by: Callable[[Line], Key]) -> dict[Key, int]:
    """The cents of all lines that are alike in `by`."""
    found: dict[Key, int] = {}
    for line in lines:
        key = by(line)
        found[key] = found.get(key, 0) + line.cents
    return found


def currencies(lines: Iterable[Line]) -> list[str]:
    """The currencies there are, the one with most committed lines first; no rate ever turns one into another."""
    many: dict[str, int] = {}
    for line in lines:
        many[line.currency] = many.get(line.currency, 0) + (line.kind is MoneyKind.COMMITTED)
    return sorted(many, key=lambda currency: (-many[currency], currency))


def committed(lines: Iterable[Line], currency: str) -> list[Line]:
    """What is promised in one currency: what is announced is not, and what is released or spent is a part of it."""
    return [each for each in lines if each.kind is MoneyKind.COMMITTED and each.currency == currency]


@dataclass(frozen=True)
class Leverage:
    """What private sources committed after the public did, beside what the public committed, in cents.

    `earlier` is private money that was committed before, or without any public money: it was not crowded in.
    """

    public: int
    private: int
    earlier: int

    @property
    def ratio(self) -> Fraction | None:
        """Private for each one of public; None while the public has committed nothing."""
        return Fraction(self.private, self.public) if self.public else None


def leverage(lines: Sequence[Line], currency: str) -> Leverage:
    """Private money counts when it was committed after the first public money for the same project, or for all.

    Private money for the mission as a whole follows the first public money for any part of it.
    """
    promised = committed(lines, currency)
    public = [each for each in promised if each.group is StakeholderGroup.PUBLIC]
    private = [each for each in promised if each.group is StakeholderGroup.PRIVATE]

    def follows(line: Line) -> bool:
        before = [each for each in public if line.project is None or each.project in (None, line.project)]
        return any(each.since < line.since for each in before)

    led = sum(each.cents for each in private if follows(each))
    everything = sum(each.cents for each in private)
    return Leverage(sum(each.cents for each in public), led, everything - led)


@dataclass(frozen=True)
class Patience:
    """How much of what is committed is for a year more than three after the one in which it was committed."""

    committed: int
    patient: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.patient, self.committed) if self.committed else None


def patience(lines: Iterable[Line], currency: str) -> Patience:
    promised = committed(lines, currency)
    late = [each for each in promised if each.year - each.since.year > PATIENT_AFTER]
    return Patience(sum(each.cents for each in promised), sum(each.cents for each in late))


@dataclass(frozen=True)
class Cut:
    """What a cut of one year leaves of one line."""

    key: UUID
    before: int
    after: int


def scaled(
    lines: Sequence[Line], currency: str, year: int, share: Fraction, minimums: Mapping[UUID, int],
    secured: Collection[UUID] = (),
) -> list[Cut]:  # fmt: skip
    """Cut every public commitment of a year by `share` (0 to 1), rounded down to the cent so that none loses more.

    `minimums` are what contracts promise each project whatever happens: over all years nothing below it is cut.
    `secured` lines are not cut at all.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between nothing and all")
    promised = committed(lines, currency)
    held = totals(promised, lambda line: line.project)
    room = {
        project: max(0, cents - (minimums.get(project, 0) if project else 0))
        for project, cents in held.items()
    }
    found = []
    for line in sorted(promised, key=lambda each: each.key.int):
        if line.year != year or line.group not in CUT or line.key in secured:
            continue
        taken = min(line.cents * share.numerator // share.denominator, room[line.project])
        room[line.project] -= taken
        found.append(Cut(line.key, line.cents, line.cents - taken))
    return found


def after(lines: Iterable[Line], cuts: Iterable[Cut], gone: Collection[UUID] = ()) -> list[Line]:
    """The lines as a cut leaves them, without those of the projects that are gone."""
    left = {each.key: each.after for each in cuts}
    return [replace(line, cents=left.get(line.key, line.cents)) for line in lines if line.project not in gone]
