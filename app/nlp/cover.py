"""A few texts that stand for many: greedy choice by how much each adds to what is covered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TIE = 6


def cover(
    likeness: NDArray[np.floating],
    weights: NDArray[np.floating],
    most: int,
    *,
    worth: NDArray[np.floating] | None = None,
    once: Sequence[NDArray[np.int64]] = (),
    least: float = 0.0,
) -> list[int]:
    """Choose candidates one by one, each the one that adds most.

    Parameters
    ----------
    likeness : ndarray of shape (n_candidates, n_texts)
        How well each candidate stands for each text, 0 for not at all.
    weights : ndarray of shape (n_texts,)
        How much each text counts.
    most : int
        Most candidates to choose.
    worth : ndarray of shape (n_candidates,), optional
        Factor on what a candidate adds, for one that reads well; 1 when None.
    once : sequence of ndarray of shape (n_candidates,)
        Of candidates that share a number in one of these, one is chosen.
    least : float
        Stop when the best candidate adds less than this share of all weight.

    Returns
    -------
    list of int
        Candidates in the order of choice; the lower number wins a tie.

    Notes
    -----
    What is covered, the sum over texts of the best likeness, is submodular, so the choice reaches at least 63 % of
    the best possible without `once` and `worth`.

    References
    ----------
    G. L. Nemhauser, L. A. Wolsey and M. L. Fisher, "An analysis of approximations for maximizing submodular set
    functions", 1978. H. Lin and J. Bilmes, "A class of submodular functions for document summarization", ACL 2011.
    """
    total = max(float(weights.sum()), 1e-9)
    factor = np.ones(len(likeness)) if worth is None else worth
    covered = np.zeros(likeness.shape[1])
    free = np.ones(len(likeness), dtype=bool)
    chosen: list[int] = []
    while free.any() and len(chosen) < most:
        gains = np.maximum(likeness - covered, 0.0) @ weights / total
        gains = np.where(free, np.round(gains * factor, TIE), -1.0)
        best = int(np.argmax(gains))
        if gains[best] < least or (chosen and gains[best] <= 0):
            break
        chosen.append(best)
        covered = np.maximum(covered, likeness[best])
        free[best] = False
        for numbers in once:
            free &= numbers != numbers[best]
    return chosen


def numbered(keys: Sequence[object]) -> NDArray[np.int64]:
    """Give equal keys equal numbers."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
