"""Which doubtful texts to ask a person about first: those whose answer says most about others as well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Vectors, checked, same_length

NEAR_COPY = 0.97


def most_telling(
    vectors: Vectors, margins: NDArray[np.float32], groups: Sequence[object], count: int
) -> list[int]:
    """Choose texts whose answers teach most: doubtful, with doubtful texts like them, and unlike each other.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Of doubtful texts only; a row of zeros is like no other.
    margins : ndarray of shape (n_texts,)
        How clearly each text stands where it does, 0 (torn) … 1.
    groups : sequence of hashable, length n_texts
        Where each stands; the answers are spread over them.
    count : int
        How many to choose at most.

    Returns
    -------
    list of int
        Rows, the most telling first; never two near-copies (cosine of 0.97 or more). The lower row wins a tie.

    Notes
    -----
    Greedy facility location: an answer about one text stands for others as far as they are more alike than two of
    these texts usually are (the median cosine), weighed by how doubtful they are; what an earlier choice stands for
    already counts no more. Each further choice from one group counts a part less: half, a third …

    References
    ----------
    G. Nemhauser, L. Wolsey, M. Fisher, "An analysis of approximations for maximizing submodular set functions", 1978.
    """
    array = checked(vectors)
    same_length(len(array), margins=margins, groups=groups)
    if not len(array):
        return []
    likeness = np.round(array @ array.T, 5)
    stands_for = more_than_usual(likeness)
    doubt = 1.0 - np.clip(np.asarray(margins, dtype=np.float64), 0.0, 1.0)
    covered = np.zeros(len(array))
    free = np.ones(len(array), dtype=bool)
    taken: dict[object, int] = {}
    chosen: list[int] = []
    while free.any() and len(chosen) < count:
        new = np.maximum(stands_for - covered, 0.0) @ doubt
        share = np.array([1.0 / (1 + taken.get(group, 0)) for group in groups])
        gain = np.where(free, np.round(new * doubt * share, 6), -1.0)
        best = int(gain.argmax())
        chosen.append(best)
        taken[groups[best]] = taken.get(groups[best], 0) + 1
        covered = np.maximum(covered, stands_for[best])
        free &= likeness[best] < NEAR_COPY
        free[best] = False
    return chosen


def more_than_usual(likeness: NDArray[np.floating]) -> NDArray[np.floating]:
    """How far an answer about each row stands for each column: 0 for as alike as two usually are, 1 for the same."""
    usual = float(np.median(likeness[np.triu_indices(len(likeness), 1)])) if len(likeness) > 1 else 0.0
    found: NDArray[np.floating] = np.clip((likeness - usual) / max(1.0 - usual, 1e-6), 0.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found
