"""Texts made into the nodes of a graph: near-copies are one, and each knows how near its other neighbours are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from app.nlp.neighbours import Neighbours
from app.nlp.vectors import Labels, Vectors, compact, sums, unit

NEAR_COPY = 0.97
SUPPORTERS = 5
AT_ONCE = 4096


def copies_of(vectors: Vectors, rows: Labels, near: Neighbours) -> tuple[list[Labels], NDArray[np.float32]]:
    """Find sets of texts that say nearly the same, word for word, and how near each text's other neighbours are.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Before anything was taken out of them.
    rows : ndarray of shape (n_active,)
        The texts that are asked for.
    near : Neighbours
        Of those texts, numbered among themselves.

    Returns
    -------
    families : list of ndarray
        Rows of each family of two or more, ascending.
    support : ndarray of shape (n_texts,)
        Mean cosine to the five nearest texts that are no copies; 1 where all the nearest are copies, NaN for rows
        that were not asked for.
    """
    support = np.full(len(vectors), np.nan, dtype=np.float32)
    near = measured_again(vectors if len(rows) == len(vectors) else vectors[rows], near)
    alike = near.similarity >= NEAR_COPY
    sources = np.repeat(np.arange(len(rows)), near.rows.shape[1])[alike.ravel()]
    ones = np.ones(len(sources), dtype=np.int8)
    graph = sparse.csr_matrix((ones, (sources, near.rows[alike])), shape=(len(rows), len(rows)))
    member = connected_components(graph, directed=False)[1] if len(rows) else np.zeros(0, dtype=np.int64)
    sizes = np.bincount(member, minlength=1)
    # The nearest come first, so the five that count are those whose place among the non-copies is below five.
    counted = ~alike & (np.cumsum(~alike, axis=1) <= SUPPORTERS)
    totals = (near.similarity * counted).sum(axis=1)
    support[rows] = np.where(counted.any(axis=1), totals / np.maximum(counted.sum(axis=1), 1), 1.0)
    return [rows[member == family] for family in np.flatnonzero(sizes > 1)], support


def measured_again(vectors: Vectors, near: Neighbours) -> Neighbours:
    """The same neighbours with their cosines in other vectors, the nearest in those first."""
    similarity = np.empty(near.similarity.shape, dtype=np.float32)
    for start in range(0, len(vectors), AT_ONCE):
        those = slice(start, start + AT_ONCE)
        similarity[those] = np.einsum("ij,ikj->ik", vectors[those], vectors[near.rows[those]])
    order = np.argsort(-np.round(similarity, 5), axis=1, kind="stable")
    return Neighbours(
        np.take_along_axis(near.rows, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    )


def melted(vectors: Vectors, atoms: Labels, active: np.ndarray) -> tuple[Labels, Vectors, Labels]:
    """Make one node of each atom.

    Returns
    -------
    nodes : ndarray of shape (n_texts,)
        Node 0 … m-1 of each text, -1 for one that takes no part.
    vectors : ndarray of shape (m, n_dimensions)
        Unit mean of each node's texts.
    sizes : ndarray of shape (m,)
    """
    nodes, names = compact(np.where(active, atoms, -1).astype(np.int64))
    taking_part = np.flatnonzero(nodes >= 0)
    sizes = np.bincount(nodes[taking_part], minlength=len(names)).astype(np.int64)
    if len(names) == len(vectors):
        return nodes, vectors, sizes
    firsts = taking_part[np.unique(nodes[taking_part], return_index=True)[1]]
    found = unit(vectors[firsts])
    several = np.flatnonzero(sizes > 1)
    if len(several):
        place = np.full(len(names), -1, dtype=np.int64)
        place[several] = np.arange(len(several))
        inside = np.where(nodes >= 0, place[nodes], -1)
        found[several] = unit(sums(vectors, inside, len(several))[0])
    return nodes, found, sizes
