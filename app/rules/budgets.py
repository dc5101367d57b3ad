"""A budget: lines of money with what they are for and who bears them, added to the cent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.rules.eligibility import shown
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, PaidBy

# Grouped thousands are refused: 1,234 would be a thousand to one reader and a little over one to another.
AMOUNT = re.compile(r"\d{1,13}([.,]\d{1,2})?")


@dataclass(frozen=True)
class Line:
    """One line of the budget; an amount that is none yet is None."""

    what: str
    amount: Decimal | None
    paid_by: PaidBy | None

    def as_facts(self) -> dict[str, str]:
        amount = "" if self.amount is None else str(self.amount)
        return {"what": self.what, "amount": amount, "source": self.paid_by or ""}


def line_from(raw: Mapping[str, str]) -> Line:
    source = raw.get("source", "")
    return Line(
        raw.get("what", ""), amount(raw.get("amount", "")), PaidBy(source) if source in set(PaidBy) else None
    )


def amount(raw: str) -> Decimal | None:
    """Money with at most two decimals behind a point or a comma."""
    bare = raw.replace(" ", "").replace("\u00a0", "")
    return Decimal(bare.replace(",", ".")) if bare.isascii() and AMOUNT.fullmatch(bare) else None


@dataclass(frozen=True)
class Sums:
    """What a budget adds up to; `difference` is what is asked less what the lines ask of the call."""

    asked: Decimal | None
    of_call: Decimal
    of_others: Decimal
    incomplete: int

    @property
    def total(self) -> Decimal:
        return self.of_call + self.of_others

    @property
    def difference(self) -> Decimal | None:
        return None if self.asked is None else self.asked - self.of_call

    @property
    def adds_up(self) -> bool:
        return not self.incomplete and self.of_call > 0 and self.difference == 0


def sums(lines: Iterable[Line], asked: Decimal | None = None) -> Sums:
    """Added to the cent; lines without an amount, a purpose or a payer are told, and not added."""
    given = list(lines)
    whole = [each for each in given if each.what and each.amount is not None and each.paid_by]
    of_call = sum((each.amount or Decimal(0) for each in whole if each.paid_by is PaidBy.CALL), Decimal(0))
    of_others = sum(
        (each.amount or Decimal(0) for each in whole if each.paid_by is not PaidBy.CALL), Decimal(0)
    )
    return Sums(asked, of_call, of_others, len(given) - len(whole))


def wrong_budget(found: Sums) -> dict[str, Phrase]:
    if found.incomplete:
        return {"budget": phrase(
            N_("%(lines)s lines of the budget are not complete: each says what for, how much and who pays."),
            lines=found.incomplete,
        )}  # fmt: skip
    if not found.adds_up:
        told = {"asked": shown(found.asked), "lines": shown(found.of_call)}
        return {"budget": Phrase(
            N_("The budget does not add up: you ask for %(asked)s, and its lines ask %(lines)s of the call."), told
        )}  # fmt: skip
    return {}
