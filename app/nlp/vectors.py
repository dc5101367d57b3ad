"""Checks and small geometry shared by everything that handles vectors: rows are texts, length is one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]

TINY = 1e-12
AT_ONCE = 4096
CACHED = 512  # rows that stay in the processor's own memory


def checked(vectors: NDArray[np.floating], count: int | None = None) -> Vectors:
    """Return the vectors as float32 rows of unit length.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
    count : int, optional
        Number of texts the vectors must belong to.

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)
        Rows of unit Euclidean length; a row of zeros stays zero.

    Raises
    ------
    ValueError
        If the array has not two dimensions or not `count` rows, or holds NaN or infinity.
    """
    array = np.asarray(vectors, dtype=np.float32)
    if array.ndim != 2:
        if array.size or count:
            raise ValueError(f"vectors must be two-dimensional, got shape {array.shape}")
        array = array.reshape(0, 0)
    if count is not None and len(array) != count:
        raise ValueError(f"{count} texts but {len(array)} vectors")
    if not np.isfinite(array).all():
        raise ValueError("vectors hold NaN or infinity")
    return unit(array)


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Scale each row to unit length; a row of zeros stays zero."""
    array = np.asarray(vectors, dtype=np.float32)
    found: Vectors = np.empty(array.shape, dtype=np.float32)
    for start in range(0, len(array), CACHED):
        block = array[start : start + CACHED].astype(np.float64)
        block /= np.maximum(np.sqrt(np.einsum("ij,ij->i", block, block))[:, None], TINY)
        found[start : start + CACHED] = block
    return found


def sums(
    vectors: NDArray[np.floating], labels: Labels, count: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum the rows of each label 0 … count-1; label -1 is left out.

    Returns
    -------
    sums : ndarray of shape (count, n_dimensions)
    sizes : ndarray of shape (count,)
    """
    grouped = np.flatnonzero(labels >= 0)
    order = grouped[np.argsort(labels[grouped], kind="stable")]
    totals = np.zeros((count, vectors.shape[1]), dtype=np.float64)
    sizes = np.bincount(labels[order], minlength=count).astype(np.int64)
    present = np.flatnonzero(sizes)
    if len(order):
        starts = np.concatenate([[0], np.cumsum(sizes[present])[:-1]])
        totals[present] = vectors[order[starts]]
        for place in np.flatnonzero(sizes[present] > 1):
            rows = order[starts[place] : starts[place] + sizes[present[place]]]
            totals[present[place]] = vectors[rows].sum(axis=0, dtype=np.float64)
    return totals, sizes


def centroids(vectors: Vectors, labels: Labels, count: int) -> Vectors:
    """Find the unit mean direction of each label 0 … count-1; zeros where a label has no rows."""
    totals, _ = sums(vectors, labels, count)
    return unit(totals)


def similarities(vectors: Vectors, labels: Labels, count: int) -> NDArray[np.float32]:
    """Measure each text against each group, leaving the text itself out of its own group.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    labels : ndarray of shape (n_texts,)
        Group 0 … count-1 of each text, -1 for none.
    count : int

    Returns
    -------
    ndarray of shape (n_texts, count)
        Cosine (-1 to 1) of a text with the mean direction of a group; 0 for a text alone in its group.
    """
    totals, _ = sums(vectors, labels, count)
    middles = unit(totals).T
    scores = np.empty((len(vectors), count), dtype=np.float32)
    for start in range(0, len(vectors), AT_ONCE):
        block, own = vectors[start : start + AT_ONCE], labels[start : start + AT_ONCE]
        found = block @ middles
        rows = np.flatnonzero(own >= 0)
        found[rows, own[rows]] = without_themselves(block[rows], totals[own[rows]])
        scores[start : start + AT_ONCE] = found
    return scores


def own_similarities(vectors: Vectors, labels: Labels, count: int) -> NDArray[np.float32]:
    """Measure each text against the others of its group; the own column of `similarities`, without the rest.

    Returns
    -------
    ndarray of shape (n_texts,)
        Cosine, -1 to 1; 0 for a text alone in its group and for one in none.
    """
    totals, _ = sums(vectors, labels, count)
    found = np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), AT_ONCE):
        rows = start + np.flatnonzero(labels[start : start + AT_ONCE] >= 0)
        found[rows] = without_themselves(vectors[rows], totals[labels[rows]])
    return found


def without_themselves(vectors: Vectors, totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine of each vector with the rest of a sum it is part of; 0 where nothing is left."""
    rest = totals - vectors
    lengths = np.sqrt(np.einsum("ij,ij->i", rest, rest))
    dots = np.einsum("ij,ij->i", rest, vectors.astype(np.float64))
    found: NDArray[np.float64] = np.where(lengths > 1e-6, dots / np.maximum(lengths, TINY), 0.0)
    return found


def compact(labels: Labels) -> tuple[Labels, Labels]:
    """Renumber labels 0 … k-1 in ascending order of the old numbers; -1 stays.

    Returns
    -------
    labels : ndarray of shape (n_texts,)
    names : ndarray of shape (k,)
        The old number of each new label.
    """
    names = np.unique(labels[labels >= 0])
    renumbered = np.where(labels >= 0, np.searchsorted(names, labels), -1)
    return renumbered.astype(np.int64), names.astype(np.int64)


def rows_by_label(labels: Labels) -> dict[int, Labels]:
    """List the rows of each label, ascending; label -1 is left out."""
    if not len(labels):
        return {}
    order = np.argsort(labels, kind="stable")
    found, starts = np.unique(labels[order], return_index=True)
    parts = np.split(order, starts[1:])
    return {int(label): rows.astype(np.int64) for label, rows in zip(found, parts, strict=True) if label >= 0}


def same_length(count: int, **columns: Sequence[object] | NDArray[np.generic] | None) -> None:
    """Raise ValueError naming the first column that has another length than `count`."""
    for name, column in columns.items():
        if column is not None and len(column) != count:
            raise ValueError(f"{count} texts but {len(column)} {name}")
