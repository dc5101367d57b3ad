"""Bridges between the islands of a neighbour graph, so that many clear-cut themes can still meet in few missions."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from app.nlp.vectors import Labels, Vectors, centroids

NEAREST = 3
SHARE = 0.02


def bridged(graph: sparse.csr_matrix, vectors: Vectors, most: int) -> sparse.csr_matrix:
    """Tie each island to the three islands nearest in meaning, where there are more islands than `most`.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
        Symmetric.
    vectors : ndarray of shape (n_nodes, n_dimensions)
        Rows of unit length.
    most : int

    Returns
    -------
    csr_matrix of shape (n_nodes, n_nodes)
        Symmetric. A node's tie to the nearest node of another island is two in a hundred of all its ties, times their
        cosine: too little to leave its island for, and enough for islands to join at a low resolution. Nodes without
        ties stay alone.
    """
    island = islands(graph)
    count = int(island.max(initial=-1)) + 1
    if count <= max(most, NEAREST):
        return graph
    middles = centroids(vectors, island, count)
    likeness = np.round(middles @ middles.T, 5)
    np.fill_diagonal(likeness, -np.inf)
    near = np.argsort(-likeness, axis=1, kind="stable")[:, :NEAREST]
    order = np.argsort(island, kind="stable")[(island < 0).sum() :]
    members = np.split(order, np.cumsum(np.bincount(island[order], minlength=count))[:-1])
    strength = SHARE * np.asarray(graph.sum(axis=1)).ravel()
    sources, targets, weights = [], [], []
    for here, others in enumerate(near):
        for other in others:
            cosines = vectors[members[here]] @ vectors[members[int(other)]].T
            best = cosines.argmax(axis=1)
            sources.append(members[here])
            targets.append(members[int(other)][best])
            weights.append(strength[members[here]] * np.clip(cosines.max(axis=1), 0.0, 1.0))
    places = np.concatenate(sources), np.concatenate(targets)
    ties = sparse.csr_matrix((np.concatenate(weights).astype(np.float32), places), shape=graph.shape)
    found = (graph + (ties + ties.T) / 2).tocsr()
    found.sort_indices()
    return found


def islands(graph: sparse.csr_matrix) -> Labels:
    """Number the parts of a graph that hang together, 0 … k-1; -1 for a node without ties."""
    member = connected_components(graph, directed=False)[1]
    alone = np.bincount(member)[member] == 1
    found = np.full(len(member), -1, dtype=np.int64)
    found[~alone] = np.unique(member[~alone], return_inverse=True)[1]
    return found
