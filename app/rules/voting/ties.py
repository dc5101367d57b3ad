"""Ties: a named second measure, then a public lot that anyone can draw again; frozen at notice."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto


class Measure(StrEnum):
    """The second measure, asked when the rule itself cannot tell options apart."""

    NONE = auto()
    LOWER_COST = auto()


@dataclass(frozen=True)
class TieBreak:
    """How options that the rule cannot tell apart are put in order.

    `costs` are compared first where the second measure is the lower cost. Then the lot: each option's ticket is
    SHA-256 of "decision|value|option" in UTF-8, the smallest comes first (after RFC 3797; `value` is a lottery or
    beacon value announced at notice and drawn after the close). Without a value the order of the list stands in,
    and whoever counts must report the options as tied.
    """

    options: tuple[str, ...]
    costs: tuple[int, ...] = ()
    decision: str = ""
    value: str | None = None

    def ticket(self, option: int) -> str:
        said = f"{self.decision}|{self.value}|{self.options[option]}"
        return hashlib.sha256(said.encode()).hexdigest()

    def measured(self, tied: Iterable[int]) -> list[list[int]]:
        """The tied options in tiers by the second measure alone, each tier ascending."""
        tiers: dict[int, list[int]] = {}
        for option in sorted(tied):
            tiers.setdefault(self.costs[option] if self.costs else 0, []).append(option)
        return [tiers[cost] for cost in sorted(tiers)]

    def in_order(self, tied: Iterable[int]) -> list[int]:
        """The tied options, first to be taken first."""
        ordered: list[int] = []
        for tier in self.measured(tied):
            ordered += tier if self.value is None else sorted(tier, key=self.ticket)
        return ordered

    def open_at(self, tied: Sequence[int], wanted: int) -> tuple[int, ...]:
        """The options between which only a lot could tell, where the first `wanted` are taken; none if it was drawn."""
        if self.value is not None or not 0 < wanted < len(tied):
            return ()
        before = 0
        for tier in self.measured(tied):
            if before < wanted < before + len(tier):
                return tuple(tier)
            before += len(tier)
        return ()

    def take(self, tiers: Iterable[Sequence[int]], wanted: int) -> tuple[list[int], tuple[int, ...]]:
        """The first `wanted` options of tiers, best tier first; and those between which only a lot could tell."""
        taken: list[int] = []
        for tier in tiers:
            left = wanted - len(taken)
            if len(tier) >= left:
                return taken + self.in_order(tier)[: max(left, 0)], self.open_at(tier, left)
            taken += self.in_order(tier)
        return taken, ()
