"""Awards: what a certified vote makes of each application, what fits a budget, and money divided among years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

from app.errors import Conflict
from app.rules import moves
from app.rules.moves import Move
from app.rules.words import N_, ApplicationState

A = ApplicationState
MOVES: tuple[Move[ApplicationState], ...] = (
    *(Move(A.SHORTLISTED, after, "certify", "secretary", needs_reason=True)
      for after in (A.SELECTED, A.RESERVE, A.DECLINED)),
    Move(A.RESERVE, A.SELECTED, "move_up", "facilitator", needs_reason=True),
    Move(A.SELECTED, A.DECLINED, "fall_out", "facilitator", needs_reason=True),
    # A vote that was challenged and does not stand has decided nothing.
    *(Move(before, A.SHORTLISTED, "void", "outside", needs_reason=True)
      for before in (A.SELECTED, A.RESERVE, A.DECLINED)),
)  # fmt: skip
# What an application can be answered with; the withdrawn have nothing to be answered.
ANSWERED = frozenset({A.INELIGIBLE, A.SELECTED, A.RESERVE, A.DECLINED})
MOST_APPROVE = Fraction(1, 2)


class BeyondBudget(Conflict):
    sentence: ClassVar[str] = N_("That does not fit any more: %(left)s %(currency)s of the budget are left.")


@dataclass(frozen=True)
class Entry:
    """One application on the ballot: `approvals` is the weight of the ballots for it, `cents` what it asks for."""

    key: str
    number: int
    cents: int
    approvals: int = 0


@dataclass(frozen=True)
class Settled:
    """What the vote made of every application; the reserve stands in the order in which it moves up."""

    selected: tuple[str, ...]
    reserve: tuple[str, ...]
    declined: tuple[str, ...]


def settle(entries: Sequence[Entry], chosen: Sequence[str], ballots: int) -> Settled:
    """Chosen ones are selected. Of the others those that most ballots approve of wait in reserve, the rest is declined.

    The order of the reserve is that of approvals; of the same number the one that asks for less comes first, and then
    the one that was begun first. `ballots` is the weight of all that were counted.
    """
    left = [each for each in entries if each.key not in chosen]
    backed = [each for each in left if each.approvals > MOST_APPROVE * ballots]
    ordered = sorted(backed, key=lambda each: (-each.approvals, each.cents, each.number))
    reserve = tuple(each.key for each in ordered)
    return Settled(
        tuple(each.key for each in entries if each.key in chosen),
        reserve,
        tuple(each.key for each in left if each.key not in reserve),
    )


def require_move(before: ApplicationState, after: ApplicationState, *, reason: str = "") -> None:
    moves.require(MOVES, before, after, reason=reason)


def by_year(cents: int, starts: date, ends: date) -> Mapping[int, int]:
    """A sum divided among the years of a project by their days, to the cent: the parts add up to it exactly.

    What is left by rounding goes to the years that lost most of a cent, the earlier first.
    """
    days = {
        year: (min(ends, date(year, 12, 31)) - max(starts, date(year, 1, 1))).days + 1
        for year in range(starts.year, ends.year + 1)
    }
    whole = sum(days.values())
    shares = {year: Fraction(cents * many, whole) for year, many in days.items()}
    found = {year: int(share) for year, share in shares.items()}
    first = sorted(shares, key=lambda year: (found[year] - shares[year], year))
    for year in first[: cents - sum(found.values())]:
        found[year] += 1
    return {year: part for year, part in found.items() if part}
