"""Who paid what in each round of equal shares or of Phragmén's method: the stored rounds gone through again.

The figures say what each round cost a supporter (`pays`) or when it was bought (`at`); with the ballots that is enough
to know every purse at every moment. Sums over a group are what a page shows. Whatever a round pays is the option's
cost exactly, and no group ever pays more than it was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.rules.voting.profile import Approval, Profile

Amounts = dict[str, Fraction]  # by group


@dataclass(frozen=True)
class Ledger:
    """`given` to each group at the start, `paid` by each group in each round, and `left` with each at the end.

    `behind` each option is what all who approve it have left together at the end.

    What is earned over time is given as it is earned: then `given` is all that was paid or is left.
    """

    given: Amounts
    paid: tuple[Amounts, ...]
    left: Amounts
    behind: Amounts = field(default_factory=dict)


@dataclass
class Purse:
    """What all ballots of one vote hold, each the same: money at once, and more with time once the clock runs."""

    group: str
    times: int
    approves: frozenset[str]
    rate: Fraction
    has: Fraction
    since: Fraction = field(default_factory=Fraction)

    def at(self, instant: Fraction | None) -> Fraction:
        return self.has if instant is None else self.has + self.rate * (instant - self.since)

    def spend(self, most: Fraction | None, instant: Fraction | None) -> Fraction:
        """Pay at most so much, or all there is by then; answers what was paid for each ballot."""
        has = self.at(instant)
        pays = has if most is None else min(has, most)
        self.has, self.since = has - pays, instant if instant is not None else self.since
        return pays


def ledger(profile: Profile[Approval], figures: Mapping[str, Any], *, earning: bool) -> Ledger:
    """Go through the rounds; `earning` where purses begin empty and fill with time (Phragmén's method)."""
    each = {row["group"]: Fraction(row["each"]) for row in figures["voices"]}
    purses = [
        Purse(
            vote.group, vote.times, frozenset(profile.options[at] for at in vote.mark), each[vote.group],
            Fraction(0) if earning else each[vote.group],
        )
        for vote in profile.votes
    ]  # fmt: skip
    paid = tuple(pay(purses, row) for row in figures["rounds"])
    instants = [Fraction(row["at"]) for row in figures["rounds"] if row["stage"] == "earned"]
    ended = max(instants, default=None)
    left = summed(purses, [purse.at(ended) for purse in purses])
    behind = {
        option: sum((p.at(ended) * p.times for p in purses if option in p.approves), Fraction(0))
        for option in profile.options
    }
    groups = list(each)
    given = {group: left[group] + sum(row.get(group, Fraction(0)) for row in paid) for group in groups}
    return Ledger(given, paid, {group: left.get(group, Fraction(0)) for group in groups}, behind)


def pay(purses: Sequence[Purse], row: Mapping[str, Any]) -> Amounts:
    """What the supporters of one round's option pay; nobody pays for what is free, filled in or not chosen."""
    if row["stage"] not in ("shares", "earned") or not row.get("chosen", True):
        return {}
    most = Fraction(row["pays"]) if row["stage"] == "shares" else None
    instant = Fraction(row["at"]) if row["stage"] == "earned" else None
    behind = [purse for purse in purses if row["option"] in purse.approves]
    found = summed(behind, [purse.spend(most, instant) for purse in behind])
    return {group: amount for group, amount in found.items() if amount}


def summed(purses: Sequence[Purse], amounts: Sequence[Fraction]) -> Amounts:
    found: Amounts = {}
    for purse, amount in zip(purses, amounts, strict=True):
        found[purse.group] = found.get(purse.group, Fraction(0)) + amount * purse.times
    return found
