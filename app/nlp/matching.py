"""Which group of now is which group of before, and what has changed between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from app.nlp.vectors import Labels, compact

PART_SHARE, GIVEN_SHARE = 0.25, 0.5


@dataclass(frozen=True)
class Move:
    """One text that changed its group; -1 stands for ungrouped."""

    row: int
    old: int
    new: int
    margin: float | None = None


@dataclass(frozen=True)
class Diff:
    """What became of each group.

    Attributes
    ----------
    matches : mapping of old label to new label
        The same group before and after: at most one old for one new.
    kept : tuple of int
        New labels of matched groups that gained and lost nobody.
    grown : mapping of new label to (rows gained, rows lost)
        Matched groups that changed; a gained row may be a text that is new.
    moved : tuple of Move
        Texts there before whose group is not the match of their old one.
    new, gone : tuple of int
        New labels without an old one, old labels without a new one.
    split : mapping of old label to tuple of new labels
        Old groups of which two or more groups each hold at least a quarter.
    merged : mapping of new label to tuple of old labels
        New groups to which two or more old groups each gave at least half of themselves.
    """

    matches: Mapping[int, int] = field(default_factory=dict)
    kept: tuple[int, ...] = ()
    grown: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    moved: tuple[Move, ...] = ()
    new: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    split: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    merged: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def overlaps(old: Labels, new: Labels) -> tuple[NDArray[np.int64], Labels, Labels]:
    """Count the texts each pair of groups shares.

    Parameters
    ----------
    old, new : ndarray of shape (n_texts,)
        Labels of the same rows; -1 is left out.

    Returns
    -------
    counts : ndarray of shape (n_old, n_new)
    old_names : ndarray of shape (n_old,)
    new_names : ndarray of shape (n_new,)
    """
    left, old_names = compact(old)
    right, new_names = compact(new)
    counts = np.zeros((len(old_names), len(new_names)), dtype=np.int64)
    both = (left >= 0) & (right >= 0)
    np.add.at(counts, (left[both], right[both]), 1)
    return counts, old_names, new_names


def matches(old: Labels, new: Labels) -> dict[int, int]:
    """Match groups one to one so that the matched ones share most.

    Parameters
    ----------
    old, new : ndarray of shape (n_texts,)
        Labels of the same rows before and after; -1 for ungrouped, and in `old` for texts that are new.

    Returns
    -------
    dict of old label to new label
        Pairs whose shared texts are at least a quarter of all texts of the two.

    Raises
    ------
    ValueError
        If the lengths differ.

    References
    ----------
    H. W. Kuhn, "The Hungarian method for the assignment problem", 1955.
    """
    if len(old) != len(new):
        raise ValueError(f"{len(old)} old labels but {len(new)} new ones")
    counts, old_names, new_names = overlaps(old, new)
    if not counts.size:
        return {}
    # Texts that were not there before say nothing about whether two groups are the same.
    unions = counts.sum(axis=1)[:, None] + counts.sum(axis=0)[None, :] - counts
    share = counts / np.maximum(unions, 1)
    rows, columns = linear_sum_assignment(-share)
    good = share[rows, columns] >= PART_SHARE
    return {int(old_names[a]): int(new_names[b]) for a, b in zip(rows[good], columns[good], strict=True)}


def renamed(labels: Labels, old: Labels | None) -> Labels:
    """Number groups by size, largest first; groups that were there before keep their old number.

    Parameters
    ----------
    labels : ndarray of shape (n_texts,)
    old : ndarray of shape (n_texts,), optional

    Returns
    -------
    ndarray of shape (n_texts,)
        New groups get numbers above every old one, so that no number ever means two groups.
    """
    numbered, names = compact(labels)
    sizes = np.bincount(numbered[numbered >= 0], minlength=len(names))
    firsts = np.array([np.argmax(numbered == place) for place in range(len(names))], dtype=np.int64)
    kept = {} if old is None else {new: before for before, new in matches(old, numbered).items()}
    following = 0 if old is None else int(old.max(initial=-1)) + 1
    numbers = np.zeros(len(names), dtype=np.int64)
    for place in sorted(range(len(names)), key=lambda at: (-sizes[at], firsts[at])):
        numbers[place] = kept.get(place, following)
        following += place not in kept
    return np.where(numbered >= 0, numbers[numbered] if len(names) else -1, -1).astype(np.int64)


def diff(
    old: Labels,
    new: Labels,
    *,
    margin: NDArray[np.floating] | None = None,
    is_new: NDArray[np.bool_] | None = None,
) -> Diff:
    """Say what changed between two labellings of the same rows.

    Parameters
    ----------
    old, new : ndarray of shape (n_texts,)
        -1 for ungrouped.
    margin : ndarray of shape (n_texts,), optional
        How sure the new grouping is of each text, told with each move.
    is_new : ndarray of bool, shape (n_texts,), optional
        Texts that were not there before: they join, they do not move.

    Returns
    -------
    Diff

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    matched = matches(old, new)
    counts, old_names, new_names = overlaps(old, new)
    sizes = np.bincount(old[old >= 0], minlength=1)[old_names][:, None]
    holds = (counts >= 2) & (counts >= PART_SHARE * sizes)
    gave = (counts >= 1) & (counts >= GIVEN_SHARE * sizes)
    changed = {match: change(old == before, new == match) for before, match in matched.items()}
    expected = np.array([matched.get(int(label), -1) for label in old], dtype=np.int64)
    stays = (expected == new) & ((expected >= 0) | (old < 0))
    there = np.ones(len(old), dtype=bool) if is_new is None else ~is_new
    moved = tuple(
        Move(int(row), int(old[row]), int(new[row]), None if margin is None else float(margin[row]))
        for row in np.flatnonzero(~stays & there)
    )
    return Diff(
        matches=matched,
        kept=tuple(sorted(label for label, amounts in changed.items() if amounts == (0, 0))),
        grown={label: amounts for label, amounts in sorted(changed.items()) if amounts != (0, 0)},
        moved=moved,
        new=tuple(sorted({int(name) for name in new_names} - set(matched.values()))),
        gone=tuple(sorted({int(name) for name in old_names} - set(matched))),
        split=of_several(holds, old_names, new_names),
        merged=of_several(gave.T, new_names, old_names),
    )


def change(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> tuple[int, int]:
    """Count the rows a group gained and lost."""
    return int((after & ~before).sum()), int((before & ~after).sum())


def of_several(is_part: NDArray[np.bool_], wholes: Labels, parts: Labels) -> dict[int, tuple[int, ...]]:
    """List the wholes that have two or more parts; `is_part` is of shape (n_wholes, n_parts)."""
    return {
        int(name): tuple(int(one) for one in parts[held])
        for name, held in zip(wholes, is_part, strict=True)
        if held.sum() > 1
    }
