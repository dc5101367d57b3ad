"""Corrections made ready for grouping: which rows melt into one, which never meet, and which stand alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from app.nlp.corrections import (
    Apart,
    Conflict,
    Correction,
    Level,
    Lock,
    Pin,
    SetApart,
    Together,
    Unions,
    check_rows,
    rows_of,
)
from app.nlp.vectors import Labels, Vectors, unit


class Constraints:
    """Every correction of one call, checked against each other.

    Attributes
    ----------
    missions, projects : Unions
        Rows that share a group at that level, and rows that never do.
    set_apart : frozenset of int
    mission_lock, project_lock : ndarray of shape (n_texts,)
        Which lock holds a row; -1 for none.
    mission_forced, project_forced : ndarray of bool, shape (n_texts,)
        Rows that a person put into a group, and so are never left ungrouped at that level.

    Raises
    ------
    Conflict
        If two corrections cannot both hold.
    ValueError
        If a correction names a row that is not there.
    """

    def __init__(
        self, corrections: Sequence[Correction], vectors: Vectors, *, names_the_pair: bool = True
    ) -> None:
        count = len(vectors)
        check_rows(corrections, count)
        self.corrections = tuple(corrections)
        self.missions, self.projects = Unions(count), Unions(count)
        self.set_apart = frozenset(one.row for one in corrections if isinstance(one, SetApart))
        self.mission_lock = np.full(count, -1, dtype=np.int64)
        self.project_lock = np.full(count, -1, dtype=np.int64)
        self.mission_forced = np.zeros(count, dtype=bool)
        self.project_forced = np.zeros(count, dtype=bool)
        self._vectors = vectors
        # Pins choose among the rows they name, so they come when everything that may forbid one is known.
        for place in sorted(range(len(corrections)), key=lambda at: isinstance(corrections[at], Pin)):
            if not self._add(place, corrections[place]):
                raise Conflict(*(self._blamed(place) if names_the_pair else (place, place)))
        del self._vectors  # of very many texts they are gigabytes

    def join_identical(self, texts: Sequence[str]) -> None:
        """Melt texts with the same words into one, except where a correction says otherwise."""
        first: dict[str, int] = {}
        for row, text in enumerate(texts):
            kept = first.setdefault(same_words(text), row)
            if kept != row:
                self._join_quietly(kept, row)

    def join_families(self, families: Sequence[Labels]) -> None:
        """Melt near-copies into one, leaving out rows that a correction speaks of."""
        spoken = {row for one in self.corrections for row in rows_of(one)}
        for family in families:
            rows = [int(row) for row in family if int(row) not in spoken]
            for row in rows[1:]:
                self._join_quietly(rows[0], row)

    def unions(self, level: Level) -> Unions:
        return self.missions if level is Level.MISSION else self.projects

    def lock(self, level: Level) -> Labels:
        return self.mission_lock if level is Level.MISSION else self.project_lock

    def forced(self, level: Level) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return self.mission_forced if level is Level.MISSION else self.project_forced

    def atoms(self, level: Level) -> Labels:
        """Number the sets of rows that share a group at a level, 0 … m-1, by their lowest row."""
        return np.unique(self.unions(level).roots(), return_inverse=True)[1].astype(np.int64)

    def _add(self, place: int, correction: Correction) -> bool:
        match correction:
            case Together(rows=rows, level=level):
                return self._bind(rows, level)
            case Pin(row=row, to_rows=others, level=level):
                anchor = self._anchor(row, others, level)
                return anchor is not None and self._bind((row, anchor), level)
            case Lock(rows=rows, level=level):
                return self._bind(rows, level) and self._close(place, rows, level)
            case Apart(rows_a=left, rows_b=right, level=level):
                return self._part(left, right, level)
            case SetApart():
                return True

    def _bind(self, rows: Sequence[int], level: Level) -> bool:
        """Put rows into one group for good."""
        if self.set_apart.intersection(rows):
            return False
        for row in rows[1:]:
            if not self._may_join(rows[0], row, level):
                return False
            self._join(rows[0], row, level)
        self.mission_forced[list(rows)] = True
        if level is Level.PROJECT:
            self.project_forced[list(rows)] = True
        return True

    def _close(self, place: int, rows: Sequence[int], level: Level) -> bool:
        """Let nobody in or out of a group that has just been bound."""
        inside = set(rows)
        unions = self.unions(level)
        root = unions.root(rows[0])
        if any(unions.root(row) == root and row not in inside for row in range(len(self._vectors))):
            return False
        lock = self.lock(level)
        if any(lock[row] >= 0 for row in inside) and len({int(lock[row]) for row in inside}) > 1:
            return False
        lock[list(rows)] = place
        return level is Level.PROJECT or self._projects_inside(rows)

    def _projects_inside(self, rows: Sequence[int]) -> bool:
        """Say whether no project set reaches over the edge of a locked mission."""
        inside = set(rows)
        roots = {self.projects.root(row) for row in rows}
        return all(row in inside for row in range(len(self._vectors)) if self.projects.root(row) in roots)

    def _part(self, left: Sequence[int], right: Sequence[int], level: Level) -> bool:
        levels = (Level.PROJECT,) if level is Level.PROJECT else (Level.MISSION, Level.PROJECT)
        return all(self.unions(one).part(a, b) for one in levels for a in left for b in right)

    def _anchor(self, row: int, others: Sequence[int], level: Level) -> int | None:
        """Choose the most central of the texts a pin names that no other rule forbids."""
        found = [one for one in dict.fromkeys(others) if one != row]
        if not found:
            return row if row in others else None
        middle = unit(self._vectors[found].mean(axis=0, keepdims=True))[0]
        closeness = np.round(self._vectors[found] @ middle, 5)
        order = sorted(range(len(found)), key=lambda at: (-float(closeness[at]), found[at]))
        allowed = (found[at] for at in order if found[at] not in self.set_apart)
        return next((one for one in allowed if self._may_join(row, one, level)), None)

    def _may_join(self, one: int, other: int, level: Level) -> bool:
        if not self.missions.may_join(one, other) or self.mission_lock[one] != self.mission_lock[other]:
            return False
        if level is Level.MISSION:
            return True
        return self.projects.may_join(one, other) and bool(self.project_lock[one] == self.project_lock[other])

    def _join(self, one: int, other: int, level: Level) -> None:
        self.missions.join(one, other)
        if level is Level.PROJECT:
            self.projects.join(one, other)

    def _join_quietly(self, one: int, other: int) -> None:
        if one in self.set_apart or other in self.set_apart:
            return
        if self._may_join(one, other, Level.PROJECT):
            self._join(one, other, Level.PROJECT)

    def _blamed(self, place: int) -> tuple[int, int]:
        """Name a contradicted correction: one that contradicts this by itself, or the last that shares a row."""
        later = self.corrections[place]
        if self._contradict([later]):
            return place, place
        others = [at for at in range(len(self.corrections)) if at != place]
        sharing = [at for at in others if set(rows_of(self.corrections[at])) & set(rows_of(later))]
        found = next((at for at in others if self._contradict([self.corrections[at], later])), None)
        other = found if found is not None else [*others, *sharing][-1]
        return max(place, other), min(place, other)

    def _contradict(self, corrections: Sequence[Correction]) -> bool:
        try:
            Constraints(corrections, self._vectors, names_the_pair=False)
        except Conflict:
            return True
        return False


def same_words(text: str) -> str:
    """Fold what does not make two texts different: case, spacing, and ways to write one character."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.casefold().split())
