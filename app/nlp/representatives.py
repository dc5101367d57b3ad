"""Texts that stand for a group, and texts that stand against it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label

MOST = 5
VARIETY = 0.3
NEAR_COPY = 0.95
SHORTEST = 20
LONGEST = 600


def representatives(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    *,
    authors: Sequence[object] | None = None,
    most: int = MOST,
) -> dict[int, tuple[int, ...]]:
    """Choose texts that stand for each group: near its middle, unlike each other, no author twice.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    authors : sequence, length n_texts, optional
    most : int, default 5

    Returns
    -------
    dict of label to tuple of int
        Rows, the most central first: as many as the square root of the group's size, from two to `most`, fewer
        where there are fewer authors or different texts.

    References
    ----------
    J. Carbonell and J. Goldstein, "The use of MMR, diversity-based reranking", SIGIR 1998.
    """
    numbered, names = compact(labels)
    middles = centroids(vectors, numbered, len(names))
    found: dict[int, tuple[int, ...]] = {}
    for group, rows in rows_by_label(numbered).items():
        wanted = int(np.clip(round(np.sqrt(len(rows))), 2, most))
        closeness = np.round(vectors[rows] @ middles[group], 5)
        # Very short and very long texts speak less well for others; they are chosen when nothing else is there.
        handicap = np.array([0.0 if SHORTEST <= len(texts[row]) <= LONGEST else 0.1 for row in rows])
        near = np.argsort(-(closeness - handicap), kind="stable")[: max(50, 10 * wanted)]
        found[int(names[group])] = varied(vectors, rows[near], (closeness - handicap)[near], authors, wanted)
    return found


def varied(
    vectors: Vectors, rows: Labels, closeness: np.ndarray, authors: Sequence[object] | None, wanted: int
) -> tuple[int, ...]:
    """Take rows one by one, each the best mix of closeness to the middle and distance from those taken."""
    chosen: list[int] = []
    likeness = np.zeros(len(rows))
    free = np.ones(len(rows), dtype=bool)
    while free.any() and len(chosen) < wanted:
        scores = np.where(free, (1 - VARIETY) * closeness - VARIETY * likeness, -np.inf)
        row = int(rows[np.argmax(np.round(scores, 6))])
        chosen.append(row)
        alike = vectors[rows] @ vectors[row]
        likeness = np.maximum(likeness, alike)
        free &= (alike < NEAR_COPY) & (rows != row)
        if authors is not None:
            free &= np.array([authors[other] != authors[row] for other in rows])
    return tuple(chosen)


def odd_ones(vectors: Vectors, labels: Labels, *, most: int = 3) -> dict[int, tuple[int, ...]]:
    """Choose the texts of each group that are farthest from its middle: dissent, or a wrong place.

    Returns
    -------
    dict of label to tuple of int
        Rows, the farthest first: at most a fifth of a group, and none of a group of fewer than five.
    """
    numbered, names = compact(labels)
    middles = centroids(vectors, numbered, len(names))
    found: dict[int, tuple[int, ...]] = {}
    for group, rows in rows_by_label(numbered).items():
        closeness = np.round(vectors[rows] @ middles[group], 5)
        far = np.argsort(closeness, kind="stable")[: min(most, len(rows) // 5)]
        found[int(names[group])] = tuple(int(rows[at]) for at in far)
    return found
