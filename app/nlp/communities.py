"""Communities of a graph at a ladder of resolutions, each rung scored by how well it holds and separates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import adjusted_rand_score
from sknetwork.clustering import Louvain

from app.nlp.partition import Rung
from app.nlp.vectors import Labels, Vectors, compact, similarities, unit

RESOLUTIONS = tuple(float(value) for value in np.geomspace(0.03, 60, 18))
FEWEST_RUNS, MOST_RUNS = 4, 8
NODES_FOR_FEWEST = 6000
STABILITY_COUNTS = 2.0
LARGEST_SHARE = 0.4
NODES_PER_GROUP = 8


@dataclass(frozen=True)
class Step:
    """A rung with the labels it gave, and those it gave under other weights."""

    rung: Rung
    labels: Labels
    others: tuple[Labels, ...]
    largest_share: float


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
        tol_optimization=1e-5,
        tol_aggregation=1e-5,
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


def runs(nodes: int) -> int:
    """Say how many random weighings to compare: more for a small graph, where each tells less and costs less."""
    return int(np.clip(FEWEST_RUNS * NODES_FOR_FEWEST // max(1, nodes), FEWEST_RUNS, MOST_RUNS))


def smoothed(vectors: Vectors, graph: sparse.csr_matrix, *, times: int = 2, share: float = 0.5) -> Vectors:
    """Pull each vector toward its neighbours' mean, so that themes show above the wording of single texts."""
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    walk = sparse.diags_array(1.0 / np.maximum(degrees, 1e-12)).tocsr() @ graph
    found = vectors
    for _ in range(times):
        around = np.asarray(walk @ found, dtype=np.float32)
        found = unit(np.where(degrees[:, None] > 0, (1 - share) * found + share * around, found))
    return found


def silhouette(vectors: Vectors, labels: Labels) -> float:
    """Mean leave-one-out simplified silhouette, -1 to 1; 0 with fewer than two groups.

    References
    ----------
    E. R. Hruschka et al., "Evolving clusters in gene-expression data", 2006.
    """
    labels, names = compact(labels)
    if len(names) < 2:
        return 0.0
    scores = similarities(vectors, labels, len(names))
    rows = np.flatnonzero(labels >= 0)
    own = 1 - scores[rows, labels[rows]]
    others = scores[rows]
    others[np.arange(len(rows)), labels[rows]] = -np.inf
    other = 1 - others.max(axis=1)
    return float(np.mean((other - own) / np.maximum(np.maximum(own, other), 1e-6)))


def substantial(labels: Labels, sizes: Labels, least: int) -> Labels:
    """Mark nodes of communities of fewer than `least` texts as -1; `sizes` counts the texts of each node."""
    totals = np.bincount(labels, weights=sizes)
    return np.where(totals[labels] >= least, labels, -1).astype(np.int64)


def ladder(
    graph: sparse.csr_matrix, vectors: Vectors, sizes: Labels, *, least: int, random_state: int
) -> tuple[Step, ...]:
    """Climb the resolutions from coarse to fine, scoring each.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
    vectors : ndarray of shape (n_nodes, n_dimensions)
        Smoothed over the graph.
    sizes : ndarray of shape (n_nodes,)
        Texts in each node.
    least : int
        Texts a community needs to be counted.
    random_state : int

    Returns
    -------
    tuple of Step
        Stops where there would be a group for fewer than eight nodes.
    """
    random = np.random.default_rng(random_state)
    shaken = [reweighted(graph, random) for _ in range(runs(graph.shape[0]))]
    steps: list[Step] = []
    for resolution in RESOLUTIONS:
        labels = communities(graph, resolution)
        counted = substantial(labels, sizes, least)
        groups = len(np.unique(counted[counted >= 0]))
        if steps and groups > max(4, graph.shape[0] / NODES_PER_GROUP):
            break
        others = tuple(communities(one, resolution) for one in shaken)
        steady = float(np.mean([adjusted_rand_score(labels, other) for other in others]))
        share = float(np.bincount(labels, weights=sizes).max() / sizes.sum())
        rung = Rung(resolution, groups, steady, silhouette(vectors, counted), 0.0)
        steps.append(Step(rung, labels, others, share))
    return scored(steps)


def scored(steps: list[Step]) -> tuple[Step, ...]:
    """Add up the score of each rung from its smoothed stability and its silhouette."""
    stability: NDArray[np.float64] = np.array([step.rung.stability for step in steps])
    found = []
    for place, step in enumerate(steps):
        near = stability[max(0, place - 1) : place + 2]
        score = STABILITY_COUNTS * float(near.mean()) + step.rung.silhouette
        found.append(replace(step, rung=replace(step.rung, score=score)))
    return tuple(found)
