"""Risks and rewards: how much of a project the public pays for, and how much of what comes back it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.rules.words import MoneyKind, StakeholderGroup

# The public holds less than half of the share that it pays: this is looked at, whatever else it gets for it.
FAIR = Fraction(1, 2)


@dataclass(frozen=True)
class Line:
    """A line of money that counts; of a return, `group` is to whom it came back."""

    kind: MoneyKind
    group: StakeholderGroup | None
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class Balance:
    """Risk and reward of one project in one currency; shares are None where there is nothing to share.

    `held` is the share of the firm, or of what it earns, that conditions in force give to the public.
    """

    currency: str
    public_paid: Decimal
    all_paid: Decimal
    public_back: Decimal
    all_back: Decimal
    held: Fraction

    @property
    def risk(self) -> Fraction | None:
        return Fraction(self.public_paid) / Fraction(self.all_paid) if self.all_paid else None

    @property
    def back(self) -> Fraction | None:
        return Fraction(self.public_back) / Fraction(self.all_back) if self.all_back else None

    @property
    def reward(self) -> Fraction:
        """What came back counts once something did; until then what the public has a right to."""
        return self.held if self.back is None else max(self.back, self.held)

    @property
    def is_unbalanced(self) -> bool:
        return bool(self.risk) and self.reward < FAIR * (self.risk or 0)


def balances(lines: Iterable[Line], held: Fraction = Fraction(0)) -> tuple[Balance, ...]:
    """One for each currency in which something was committed or came back. Announced money is in no share.

    Money without a named source counts in the whole and not as the public's.
    """
    known = list(lines)
    currencies = sorted(
        {each.currency for each in known if each.kind in (MoneyKind.COMMITTED, MoneyKind.RETURN)}
    )
    return tuple(
        Balance(
            currency,
            total(known, MoneyKind.COMMITTED, currency, StakeholderGroup.PUBLIC),
            total(known, MoneyKind.COMMITTED, currency),
            total(known, MoneyKind.RETURN, currency, StakeholderGroup.PUBLIC),
            total(known, MoneyKind.RETURN, currency),
            min(max(held, Fraction(0)), Fraction(1)),
        )
        for currency in currencies
    )


def total(
    lines: Iterable[Line], kind: MoneyKind, currency: str, group: StakeholderGroup | None = None
) -> Decimal:
    return sum(
        (
            each.amount
            for each in lines
            if each.kind is kind and each.currency == currency and (group is None or each.group is group)
        ),
        Decimal(0),
    )
