"""Communities of a graph: found, melted together, and shaken to see whether they hold."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain

from app.nlp.vectors import Labels

MANY_NODES = 20_000
# Nodes are moved about until a round gains less modularity than this: the last rounds over very many nodes cost most
# of the time and gain one part in a thousand.
TOLERANCE, TOLERANCE_OF_MANY = 1e-5, 1e-3


def communities(graph: sparse.csr_matrix, resolution: float) -> Labels:
    """Find communities of high modularity; the same graph gives the same labels, bit for bit.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
        Symmetric, weights at least 0; a diagonal entry is weight inside a node.
    resolution : float
        Above 0; a higher one gives more and smaller communities.

    Returns
    -------
    ndarray of shape (n_nodes,)
        Labels 0 … k-1. A node without edges is alone in its community.

    References
    ----------
    V. Blondel et al., "Fast unfolding of communities in large networks", 2008.
    J. Reichardt and S. Bornholdt, "Statistical mechanics of community detection", 2006.
    """
    if not graph.nnz:
        return np.arange(graph.shape[0], dtype=np.int64)
    method = Louvain(
        resolution=resolution,
        modularity="newman",
        tol_optimization=TOLERANCE if graph.shape[0] <= MANY_NODES else TOLERANCE_OF_MANY,
        tol_aggregation=TOLERANCE,
        random_state=0,
        return_probs=False,
        return_aggregate=False,
    )
    return np.asarray(method.fit_predict(graph), dtype=np.int64)


def contracted(graph: sparse.csr_matrix, atoms: Labels) -> sparse.csr_matrix:
    """Melt the nodes of each atom 0 … m-1 into one; weights inside an atom become its diagonal entry."""
    count = int(atoms.max()) + 1 if len(atoms) else 0
    ones = np.ones(len(atoms), dtype=np.float32)
    membership = sparse.csr_matrix((ones, (np.arange(len(atoms)), atoms)), shape=(len(atoms), count))
    return (membership.T @ graph @ membership).tocsr()


def reweighted(graph: sparse.csr_matrix, random: np.random.Generator) -> sparse.csr_matrix:
    """Multiply each edge by a draw from the exponential distribution of mean 1, both directions alike."""
    upper = sparse.triu(graph, k=0).tocsr()
    upper.data = upper.data * random.exponential(1.0, len(upper.data)).astype(np.float32)
    return (upper + sparse.triu(upper, k=1).T).tocsr()


def majority(labels: Labels, blocks: Labels, sizes: Labels) -> Labels:
    """Give the nodes of each block 0 … m-1 the label most of its texts have; the lowest on a tie.

    Parameters
    ----------
    labels, blocks : ndarray of shape (n_nodes,)
    sizes : ndarray of shape (n_nodes,)
        Texts in each node.
    """
    names, numbered = np.unique(labels, return_inverse=True)
    shape = int(blocks.max(initial=-1)) + 1, len(names)
    counts = sparse.csr_matrix((sizes.astype(np.float64), (blocks, numbered)), shape=shape)
    best = np.asarray(counts.argmax(axis=1)).ravel()
    return np.asarray(names[best][blocks], dtype=np.int64)
