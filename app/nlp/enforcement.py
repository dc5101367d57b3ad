"""Labels made to obey every correction: the last step of a grouping, so that nothing can undo it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.nlp.constraints import Constraints
from app.nlp.corrections import Apart, Level
from app.nlp.partition import UNGROUPED
from app.nlp.vectors import Labels, Vectors, unit


@dataclass
class Labelling:
    """Labels of one level while they are being made to obey."""

    vectors: Vectors
    labels: Labels
    atoms: Labels
    constraints: Constraints
    level: Level

    def fresh(self) -> int:
        """Return a label nobody has."""
        return int(self.labels.max(initial=-1)) + 1


def obey(vectors: Vectors, labels: Labels, constraints: Constraints, level: Level) -> Labels:
    """Change labels as little as the corrections ask for.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
    labels : ndarray of shape (n_texts,)
        -1 for ungrouped.
    constraints : Constraints
    level : Level

    Returns
    -------
    ndarray of shape (n_texts,)
        Labels that hold every correction of the level, and keep identical texts together.
    """
    work = Labelling(vectors, labels.copy(), constraints.atoms(level), constraints, level)
    gather(work)
    close(work)
    while part(work):
        pass
    work.labels[list(constraints.set_apart)] = UNGROUPED
    return work.labels


def gather(work: Labelling) -> None:
    """Give all rows of an atom the label most of them have; a forced atom without one gets its own."""
    sizes = np.bincount(work.atoms)
    forced = work.constraints.forced(work.level)
    several = np.flatnonzero((sizes > 1) | (np.bincount(work.atoms, weights=forced) > 0))
    order = np.argsort(work.atoms, kind="stable")
    ends = np.cumsum(sizes)
    for atom in several:
        rows = order[ends[atom] - sizes[atom] : ends[atom]]
        is_forced = bool(forced[rows].any())
        found = work.labels[rows]
        found = found[found >= 0] if is_forced else found
        if len(found):
            names, counts = np.unique(found, return_counts=True)
            work.labels[rows] = names[np.argmax(counts)]
        else:
            work.labels[rows] = work.fresh()


def close(work: Labelling) -> None:
    """Give the rows of each lock a label nobody else has."""
    lock = work.constraints.lock(work.level)
    for place in np.unique(lock[lock >= 0]):
        work.labels[lock == place] = work.fresh()


def part(work: Labelling) -> bool:
    """Divide one group that holds two sides of a correction; False when there is none."""
    for correction in work.constraints.corrections:
        if not isinstance(correction, Apart) or not applies(correction.level, work.level):
            continue
        left, right = np.array(correction.rows_a), np.array(correction.rows_b)
        shared = np.intersect1d(work.labels[left], work.labels[right])
        for label in shared[shared >= 0]:
            divide(work, int(label), left[work.labels[left] == label], right[work.labels[right] == label])
            return True
    return False


def applies(correction: Level, level: Level) -> bool:
    """A rule that parts missions parts their projects too."""
    return correction is level or correction is Level.MISSION


def divide(work: Labelling, label: int, left: Labels, right: Labels) -> None:
    """Move the smaller side, and whoever is nearer to it than to the group, out of a group.

    The seeds' middle is compared with the middle of the whole group: few seeds take only their nearest with
    them, many seeds take their half.
    """
    stays, goes = (left, right) if len(left) >= len(right) else (right, left)
    members = np.flatnonzero(work.labels == label)
    going_atoms = np.unique(work.atoms[goes])
    seeds = np.isin(work.atoms, going_atoms) & (work.labels == label)
    kept = np.isin(work.atoms, np.unique(work.atoms[stays]))
    away = unit(work.vectors[seeds].mean(axis=0, keepdims=True))[0]
    home = unit(work.vectors[stays].mean(axis=0, keepdims=True))[0]
    middle = unit(work.vectors[members].mean(axis=0, keepdims=True))[0]
    drawn = work.vectors @ away > np.maximum(work.vectors @ home, work.vectors @ middle)
    unions = work.constraints.unions(work.level)
    rivals = {root for row in goes for root in unions.rivals(int(row))}
    moving = seeds.copy()
    for row in members[drawn[members] & ~kept[members] & ~seeds[members]]:
        rows = np.flatnonzero((work.atoms == work.atoms[row]) & (work.labels == label))
        if unions.root(int(row)) not in rivals and drawn[rows].all():
            moving[rows] = True
    is_forced = bool(work.constraints.forced(work.level)[moving].any())
    work.labels[moving] = work.fresh() if moving.sum() > 1 or is_forced else UNGROUPED
