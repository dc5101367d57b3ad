"""The ledger of a mission: which lines count and since when, their totals, leverage and patience."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.mission import Mission
from app.models.money import Money, lines_of
from app.rules import money as rules
from app.rules.money import Leverage, Line, Patience
from app.rules.texts import csv_safe
from app.rules.words import Certainty, MoneyKind, StakeholderGroup

KINDS = tuple(MoneyKind)


def standing(lines: Sequence[Money]) -> list[Line]:
    """The lines that count: not replaced, and not taken back.

    A line that corrects another keeps the day of the first in a row of the same kind: a mistyped amount makes no
    money younger, and what was announced before it was committed is committed from the later day on.
    """
    known = {each.id: each for each in lines}
    replaced = {each.replaces_id for each in lines}
    return [
        Line(
            each.id, each.kind, each.year, rules.in_cents(each.amount), each.currency, since(each, known),
            each.certainty, each.source_group, each.project_id,
        )
        for each in lines
        if each.id not in replaced and each.amount > 0
    ]  # fmt: skip


def since(line: Money, known: dict[UUID, Money]) -> datetime:
    before = known.get(line.replaces_id) if line.replaces_id else None
    while before is not None and before.kind is line.kind:
        line, before = before, known.get(before.replaces_id) if before.replaces_id else None
    return line.created_at


def lines(session: Session, mission_id: UUID) -> list[Line]:
    return standing(lines_of(session, mission_id))


@dataclass(frozen=True)
class Row:
    """One row of a table of totals: what it is of, and an amount for each kind of money."""

    of: Any
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True)
class Account:
    """Everything in one currency; rates change daily, so that no sum ever crosses currencies."""

    currency: str
    years: list[Row]
    groups: list[Row]
    certainties: list[Row]
    total: Row
    leverage: Leverage
    patience: Patience
    doubts: list[MoneyKind]

    @property
    def public(self) -> Decimal:
        return rules.amount(self.leverage.public)

    @property
    def private(self) -> Decimal:
        return rules.amount(self.leverage.private)

    @property
    def earlier(self) -> Decimal:
        return rules.amount(self.leverage.earlier)


def accounts(found: Sequence[Line]) -> list[Account]:
    """One account for each currency, the one with most commitments first."""
    return [
        account([each for each in found if each.currency == name], name) for name in rules.currencies(found)
    ]


def account(found: Sequence[Line], currency: str) -> Account:
    years = sorted({each.year for each in found})
    groups = [*(each for each in StakeholderGroup if any(one.group is each for one in found)), None]
    certainties = [each for each in Certainty if any(one.certainty is each for one in found)]
    by_year = rules.totals(found, lambda line: (line.year, line.kind))
    by_group = rules.totals(found, lambda line: (line.group, line.kind))
    by_certainty = rules.totals(found, lambda line: (line.certainty, line.kind))
    whole = rules.totals(found, lambda line: (currency, line.kind))
    total = row(currency, whole)
    return Account(
        currency,
        [row(each, by_year) for each in years],
        [told for each in groups if any((told := row(each, by_group)).amounts)],
        [row(each, by_certainty) for each in certainties],
        total,
        rules.leverage(found, currency),
        rules.patience(found, currency),
        doubts(total),
    )


def row(of: Any, totals: dict[tuple[Any, MoneyKind], int]) -> Row:
    return Row(of, tuple(rules.amount(totals.get((of, kind), 0)) for kind in KINDS))


def doubts(total: Row) -> list[MoneyKind]:
    """Kinds of which there is more than of what they come out of: more released than committed, spent than released."""
    amounts = dict(zip(KINDS, total.amounts, strict=True))
    wholes = {MoneyKind.RELEASED: MoneyKind.COMMITTED, MoneyKind.SPENT: MoneyKind.RELEASED}
    return [kind for kind, whole in wholes.items() if amounts[kind] > amounts[whole]]


@dataclass(frozen=True)
class Told:
    """The whole page: every line, the newest correction included, and what those that count come to."""

    lines: list[Money]
    counting: set[UUID]
    accounts: list[Account]


def told(session: Session, mission: Mission) -> Told:
    every = lines_of(session, mission.id)
    found = standing(every)
    return Told(every, {each.key for each in found}, accounts(found))


COLUMNS = (
    "id", "year", "kind", "amount", "currency", "source", "source_group", "certainty", "project", "since", "replaces",
    "counts",
)  # fmt: skip


def table(told: Told) -> Iterator[list[str]]:
    """Every line as a row of a file, with a head: whoever adds up those that count comes to the totals of the page."""
    yield list(COLUMNS)
    for each in told.lines:
        cells = (
            each.id, each.year, each.kind, each.amount, each.currency, each.source, each.source_group, each.certainty,
            each.project_id, each.created_at.date(), each.replaces_id, "yes" if each.id in told.counting else "no",
        )  # fmt: skip
        yield [csv_safe("" if cell is None else str(cell)) for cell in cells]


def main_currency(found: Sequence[Line]) -> str:
    """The currency that a portfolio is counted in: the one with most commitments; empty where there is no money."""
    return next(iter(rules.currencies(found)), "")
