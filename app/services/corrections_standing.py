"""What people corrected, told to the pipeline: later corrections win over what they contradict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from app.models.correction import Correction
from app.nlp.corrections import Apart, Level, Lock, Pin, SetApart, Together
from app.nlp.corrections import Correction as Rule
from app.nlp.vectors import Labels
from app.rules.words import CorrectionKind
from app.services.corrections_truth import bound, released

Rows = set[int]
MOST_PAIRS, MOST_FIRM = 200_000, 400
# A voice is moved to a group, not to one other voice: so many of the group's nearest stay together to receive it.
RECEIVING = 6


@dataclass(frozen=True)
class Parting:
    """Two sides of a group that was split; the `firm` voices are those that a person chose one by one."""

    level: Level
    left: Rows
    right: Rows
    firm: Rows

    def without(self, rows: Rows) -> "Parting":
        loose = rows - self.firm
        return Parting(self.level, self.left - loose, self.right - loose, self.firm)

    def without_pairs(self, rows: Rows) -> "Parting":
        """These stand in one group now: the cut goes between them no more."""
        return self.without(rows) if self.left & rows and self.right & rows else self

    def met(self, rows: Rows, companions: Rows) -> "Parting":
        """Whoever of the other side stands where somebody moves these has left the group that was split."""
        gone = companions - self.firm
        left = self.left - gone if self.right & rows else self.left
        right = self.right - gone if self.left & rows else self.right
        return Parting(self.level, left, right, self.firm)


@dataclass
class Ledger:
    """The rules as they stand after some corrections; each later one first frees what it speaks of."""

    row_of: Mapping[str, int]
    together: list[tuple[Level, Rows]] = field(default_factory=list)
    apart: list[Parting] = field(default_factory=list)
    kept_together: list[Rows] = field(default_factory=list)
    kept_apart: list[Rows] = field(default_factory=list)
    locks: list[tuple[Level, Rows]] = field(default_factory=list)
    pins: dict[int, tuple[Level, tuple[int, ...]]] = field(default_factory=dict)
    set_apart: Rows = field(default_factory=set)
    now: Mapping[Level, Labels] = field(default_factory=dict)

    def rows(self, submission_ids: Iterable[Any]) -> Rows:
        """Rows of submissions that are still public; the words of the others bind nobody."""
        return {self.row_of[str(key)] for key in submission_ids if str(key) in self.row_of}

    def free(self, rows: Rows) -> None:
        """Take rows out of every rule about whole groups so far; what was said of single voices is no such rule."""
        self.together = [(level, members - rows) for level, members in self.together]
        self.apart = [each.without(rows) for each in self.apart]
        self.locks = [(level, members - rows) for level, members in self.locks]
        self.pins = {
            row: (level, without(to, rows)) for row, (level, to) in self.pins.items() if row not in rows
        }
        self.set_apart -= rows

    def add(self, correction: Correction, facts: Mapping[str, Any]) -> None:
        match correction.kind:
            case CorrectionKind.MOVE:
                self.move(self.rows(facts["submissions"]), Level(facts["level"]), facts["anchors"])
            case CorrectionKind.SET_APART:
                rows = self.rows(facts["submissions"])
                self.free(rows)
                self.set_apart |= rows
            case CorrectionKind.MERGE:
                members = self.rows(facts["kept_members"]) | self.rows(facts["gone_members"])
                self.merge(Level(facts["level"]), members)
            case CorrectionKind.SPLIT:
                left = self.rows(facts["left"])
                if not facts["stayed"]:  # made of ungrouped voices: whatever kept them there is over
                    self.free(left)
                seeds = facts.get("seeds", {})
                firm = self.rows(key for side in seeds.values() for key in side) if seeds else left
                self.split(Level(facts["level"]), left, self.rows(facts["stayed"]), firm)
            case CorrectionKind.LOCK:
                self.locks.append((Level(facts["level"]), self.rows(facts["members"])))
            case CorrectionKind.KEEP_TOGETHER:
                self.moved_along(self.rows(facts.get("put", ())))
                self.keep_together(self.rows(facts["submissions"]))
            case CorrectionKind.KEEP_APART:
                self.moved_along(self.rows(facts.get("put", ())))
                self.keep_apart(self.rows(facts["submissions"]))
            case CorrectionKind.RENAME:
                pass  # A name is carried by the identity of its group.

    def move(self, rows: Rows, level: Level, anchors: Sequence[str]) -> None:
        """`anchors` are voices of the group they move to, those that fit it best first."""
        self.free(rows)
        known = tuple(self.row_of[str(key)] for key in anchors if str(key) in self.row_of)
        self.apart = [each.met(rows, set(known) - rows) for each in self.apart]
        for row in rows:
            self.pins[row] = (level, without(known, rows))

    def merge(self, level: Level, members: Rows) -> None:
        """What was kept apart before and is now joined is apart no more."""
        self.apart = [each.without_pairs(members) for each in self.apart]
        self.set_apart -= members
        self.together.append((level, members))

    def split(self, level: Level, left: Rows, stayed: Rows, firm: Rows) -> None:
        """What was joined before and is now divided is joined no more across the cut."""
        reaches = {Level.MISSION, Level.PROJECT} if level is Level.MISSION else {Level.PROJECT}
        found: list[tuple[Level, Rows]] = []
        for one, members in self.together:
            cut = one in reaches and members & left and members & stayed
            found += [(one, members & left), (one, members - left)] if cut else [(one, members)]
        self.together = [*found, (level, left)]
        for row, (one, anchors) in list(self.pins.items()):
            if one in reaches and (row in left or row in stayed):
                self.pins[row] = (one, without(anchors, stayed if row in left else left))
        self.apart.append(Parting(level, left, stayed, firm))

    def moved_along(self, rows: Rows) -> None:
        """Those that went to another group hold the place of the one they left no more."""
        self.pins = {row: (level, without(to, rows - {row})) for row, (level, to) in self.pins.items()}

    def keep_together(self, rows: Rows) -> None:
        """A split of a whole group no longer tells where those stand who were on different sides of it."""
        self.set_apart -= rows
        self.apart = [each.without_pairs(rows) for each in self.apart]
        self.kept_together.append(rows)

    def keep_apart(self, rows: Rows) -> None:
        """What joined whole groups no longer joins these."""
        self.together = [
            (level, members - rows if len(members & rows) > 1 else members)
            for level, members in self.together
        ]
        self.pins = {
            row: (level, without(to, rows) if row in rows or len(rows.intersection(to)) > 1 else to)
            for row, (level, to) in self.pins.items()
        }
        self.kept_apart.append(rows)

    def receiving(self) -> list[Rule]:
        """The voices that hold the place of each group that somebody was moved to."""
        sides = {(level, to[:RECEIVING]) for level, to in self.pins.values() if len(to) > 1}
        return [Together(rows, level) for level, rows in sorted(sides)]

    def staying(self, row: int, level: Level) -> Rule:
        """A moved voice whose companions of then have all left stays with those of now, or alone in its group."""
        labels = self.now[level]
        around = np.flatnonzero(labels == labels[row]) if labels[row] >= 0 else np.zeros(0, dtype=np.int64)
        others = tuple(int(one) for one in around if one != row)[:RECEIVING]
        return Pin(row, others, level) if others else Together((row,), level)

    def rules(self) -> list[Rule]:
        """The corrections of the pipeline, from the most general to the most particular."""
        found: list[Rule] = [
            Together(tuple(sorted(rows - self.set_apart)), level)
            for level, rows in self.together
            if rows - self.set_apart
        ]
        found += [Lock(tuple(sorted(rows)), level) for level, rows in self.locks if rows]
        found += [
            Apart(some(each.left, len(each.right), each.firm), some(each.right, 1, each.firm), each.level)
            for each in self.apart
            if each.left and each.right
        ]
        found += [
            Together(tuple(sorted(rows)), Level.MISSION) for rows in self.kept_together if len(rows) > 1
        ]
        found += [
            Apart((one,), (other,), Level.MISSION)
            for rows in self.kept_apart
            for one, other in combinations(sorted(rows), 2)
        ]
        found = [*self.receiving(), *found]
        found += [Pin(row, to[:RECEIVING], level) for row, (level, to) in sorted(self.pins.items()) if to]
        found += [
            self.staying(row, level) for row, (level, to) in sorted(self.pins.items()) if not to and self.now
        ]
        found += [SetApart(row) for row in sorted(self.set_apart)]
        return found


def without(ordered: Sequence[int], rows: Rows) -> tuple[int, ...]:
    return tuple(row for row in ordered if row not in rows)


def some(rows: Rows, against: int, firm: Rows) -> tuple[int, ...]:
    """All rows of a side, or evenly chosen ones where the pairs would be too many: a side that left is bound.

    Those a person chose one by one are in it as long as they are not too many themselves.
    """
    ordered = sorted(rows)
    step = max(1, len(ordered) * against // MOST_PAIRS)
    chosen = rows & firm if len(firm) <= MOST_FIRM else set()
    return tuple(sorted({*ordered[::step], *chosen}))


def rules(
    corrections: Sequence[Correction], row_of: Mapping[str, int], now: Mapping[Level, Labels] | None = None
) -> list[Rule]:
    """Translate standing corrections, oldest first, to rules on rows; `now` is the group of each row, -1 for none."""
    ledger, free = Ledger(row_of, now=now or {}), released(corrections)
    for correction in corrections:
        ledger.add(correction, bound(correction.payload, free.get(str(correction.id), set())))
    return ledger.rules()
