"""What people have corrected, as rules on rows that every later grouping must keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Level(StrEnum):
    """Which of the two nested groupings a correction speaks of."""

    MISSION = "mission"
    PROJECT = "project"


@dataclass(frozen=True)
class Together:
    """These texts belong in one group (a merge)."""

    rows: tuple[int, ...]
    level: Level = Level.MISSION


@dataclass(frozen=True)
class Apart:
    """No text of one side shares a group with a text of the other (a split); an ungrouped text shares none."""

    rows_a: tuple[int, ...]
    rows_b: tuple[int, ...]
    level: Level = Level.MISSION


@dataclass(frozen=True)
class Pin:
    """This text stays with those texts (a move): with the most central of them that no other rule forbids."""

    row: int
    to_rows: tuple[int, ...]
    level: Level = Level.MISSION


@dataclass(frozen=True)
class SetApart:
    """This text stays ungrouped."""

    row: int


@dataclass(frozen=True)
class Lock:
    """These texts are exactly one group: nothing comes in, nothing goes out."""

    rows: tuple[int, ...]
    level: Level = Level.MISSION


Correction = Together | Apart | Pin | SetApart | Lock


class Conflict(ValueError):
    """Two corrections that cannot both hold.

    Attributes
    ----------
    later, earlier : int
        Their places in the sequence of corrections; the same place twice when one contradicts itself.
    """

    def __init__(self, later: int, earlier: int) -> None:
        super().__init__(f"correction {later} contradicts correction {earlier}")
        self.later = later
        self.earlier = earlier


def rows_of(correction: Correction) -> tuple[int, ...]:
    """List every row a correction speaks of."""
    match correction:
        case Together(rows=rows) | Lock(rows=rows):
            return rows
        case Apart(rows_a=left, rows_b=right):
            return (*left, *right)
        case Pin(row=row, to_rows=others):
            return (row, *others)
        case SetApart(row=row):
            return (row,)


def check_rows(corrections: Sequence[Correction], count: int) -> None:
    """Raise ValueError when a correction speaks of a row that is not there, or of none."""
    for place, correction in enumerate(corrections):
        rows = rows_of(correction)
        if not rows or (isinstance(correction, Pin) and not correction.to_rows):
            raise ValueError(f"correction {place} names no rows")
        if min(rows) < 0 or max(rows) >= count:
            raise ValueError(f"correction {place} names a row outside 0 to {count - 1}")


class Unions:
    """Rows joined into sets, and pairs of sets that must stay apart."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._apart: dict[int, set[int]] = {}

    def root(self, row: int) -> int:
        """Name the set of a row by one of its rows."""
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def roots(self) -> NDArray[np.int64]:
        """Name the set of every row by its lowest row."""
        found = np.array(self._parent, dtype=np.int64)
        while (above := found[found]).tobytes() != found.tobytes():
            found = above
        return found

    def may_join(self, one: int, other: int) -> bool:
        """Say whether no rule keeps the sets of two rows apart."""
        left, right = self.root(one), self.root(other)
        return left == right or right not in self._apart.get(left, set())

    def join(self, one: int, other: int) -> bool:
        """Join the sets of two rows; False, and nothing done, when they must stay apart."""
        left, right = sorted((self.root(one), self.root(other)))
        if left == right:
            return True
        if not self.may_join(left, right):
            return False
        self._parent[right] = left
        for other_set in self._apart.pop(right, set()):
            self._apart[other_set].discard(right)
            self._apart[other_set].add(left)
            self._apart.setdefault(left, set()).add(other_set)
        return True

    def part(self, one: int, other: int) -> bool:
        """Keep the sets of two rows apart; False, and nothing done, when they are one set already."""
        left, right = self.root(one), self.root(other)
        if left == right:
            return False
        self._apart.setdefault(left, set()).add(right)
        self._apart.setdefault(right, set()).add(left)
        return True

    def rivals(self, row: int) -> frozenset[int]:
        """Name the sets that must not share a group with this row's set."""
        return frozenset(self._apart.get(self.root(row), ()))

    def parted(self) -> Iterable[tuple[int, int]]:
        """List each pair of sets that must stay apart once, in ascending order."""
        return sorted(
            (left, right) for left, others in self._apart.items() for right in others if left < right
        )
