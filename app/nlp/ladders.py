"""Communities at a ladder of resolutions, each rung scored by how well it holds and separates; two are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp.agreement import adjusted_rand
from app.nlp.communities import communities, contracted, reweighted
from app.nlp.partition import Rung
from app.nlp.vectors import Labels, Vectors, sums, unit, without_themselves

RESOLUTIONS = tuple(float(value) for value in np.geomspace(0.03, 120, 20))
FEWEST_RUNS, MOST_RUNS, NODES_FOR_FEWEST = 4, 8, 1500
SAMPLE = 4000
SHAKEN, SHAKEN_SHARE = 6000, 5  # at least so many nodes, and one in five: fewer would hardly be tied
FINER = 3  # rungs: about half as many groups again
STABILITY_COUNTS = 2.0
NODES_PER_BLOCK = 6
AGREEMENT_COUNTS = 2


@dataclass(frozen=True)
class Step:
    """One rung.

    Attributes
    ----------
    rung : Rung
    labels : ndarray of shape (n_nodes,)
        Community of each node.
    part : ndarray of shape (n_sampled,)
        The nodes whose communities under other weights were looked at.
    others : tuple of ndarray of shape (n_sampled,)
        Those communities, one of each weighing.
    largest_share : float
        Share of all texts in the largest community.
    """

    rung: Rung
    labels: Labels
    part: Labels
    others: tuple[Labels, ...]
    largest_share: float


@dataclass(frozen=True)
class Blocks:
    """Nodes melted into small communities from which every rung is built, so that a rung costs next to nothing.

    Attributes
    ----------
    member : ndarray of shape (n_nodes,)
        Block 0 … m-1 of each node.
    resolution : float
        At which they were found; no rung is finer.
    sizes : ndarray of shape (m,)
        Texts in each block.
    totals : ndarray of shape (m, n_dimensions)
        Sum of the vectors of each block's nodes.
    counts : ndarray of shape (m,)
        Nodes in each block.
    sample : ndarray of shape (n_sampled,)
        Nodes, spread evenly, on which separation is measured.
    sampled : ndarray of shape (n_sampled, n_dimensions)
        Their vectors.
    """

    member: Labels
    resolution: float
    sizes: Labels
    totals: NDArray[np.float64]
    counts: Labels
    sample: Labels
    sampled: Vectors


def blocks_of(graph: sparse.csr_matrix, vectors: Vectors, sizes: Labels) -> Blocks:
    """Melt the nodes of a graph into its smallest communities: those of the highest resolution that still groups."""
    nodes = len(vectors)
    for resolution in reversed(RESOLUTIONS[::2]):
        member = communities(graph, resolution)
        if member.max(initial=-1) < max(4, nodes // NODES_PER_BLOCK):
            break
    totals, counts = sums(vectors, member, int(member.max(initial=-1)) + 1)
    sample = np.unique(np.linspace(0, nodes - 1, min(nodes, SAMPLE)).astype(np.int64))
    texts = np.bincount(member, weights=sizes).astype(np.int64)
    return Blocks(member, resolution, texts, totals, counts, sample, vectors[sample])


def ladder(
    graph: sparse.csr_matrix,
    blocks: Blocks,
    *,
    least: int,
    random_state: int,
    fewest: int = 1,
    most: int | None = None,
) -> tuple[Step, ...]:
    """Find the communities of every rung from coarse to fine, and score each.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
    blocks : Blocks
        Of the same nodes.
    least : int
        Texts a community needs to be counted.
    random_state : int
    fewest, most : int, optional
        Pass over rungs of fewer or more groups, if that leaves any.

    Returns
    -------
    tuple of Step
        At least one.

    References
    ----------
    T. Lange et al., "Stability-based validation of clustering solutions", 2004.
    E. R. Hruschka et al., "Evolving clusters in gene-expression data", 2006 (simplified silhouette).
    """
    random = np.random.default_rng(random_state)
    resolutions = [one for one in RESOLUTIONS if one <= blocks.resolution]
    found = descent(contracted(graph, blocks.member), resolutions)
    texts = [np.bincount(labels, weights=blocks.sizes) for labels in found]
    groups = [int((each >= least).sum()) for each in texts]
    wanted = [at for at, count in enumerate(groups) if fewest <= count <= (most or count)]
    part = shaken_part(graph.shape[0])
    sampled = graph if len(part) == graph.shape[0] else graph[part][:, part]
    shaken = [shaken_descent(sampled, blocks.resolution, resolutions, random) for _ in range(runs(len(part)))]
    steps: list[Step] = []
    for at in wanted or [len(resolutions) - 1]:
        labels = found[at][blocks.member]
        others = tuple(other[at] for other in shaken)
        steady = float(np.mean([adjusted_rand(labels[part], other) for other in others]))
        separate = silhouette(blocks, np.where(texts[at][found[at]] >= least, found[at], -1))
        rung = Rung(resolutions[at], groups[at], round(steady, 5), separate, 0.0)
        steps.append(Step(rung, labels, part, others, float(texts[at].max() / texts[at].sum())))
    return scored(steps)


def descent(graph: sparse.csr_matrix, resolutions: Sequence[float]) -> list[Labels]:
    """Find communities from the finest resolution to the coarsest, building each from those a little finer.

    Returns
    -------
    list of ndarray of shape (n_nodes,)
        In the order of `resolutions`, which ascend.
    """
    found: list[Labels] = [np.arange(graph.shape[0], dtype=np.int64)] * FINER
    for resolution in reversed(resolutions):
        parts = found[-FINER]
        found.append(communities(contracted(graph, parts), resolution)[parts])
    return found[: FINER - 1 : -1]


def shaken_descent(
    graph: sparse.csr_matrix, finest: float, resolutions: Sequence[float], random: np.random.Generator
) -> list[Labels]:
    """The same with ties weighed at random, for the nodes of the graph, each rung found anew from the bottom."""
    shaken = reweighted(graph, random)
    member = communities(shaken, finest)
    return [labels[member] for labels in descent(contracted(shaken, member), resolutions)]


def shaken_part(nodes: int) -> Labels:
    """The nodes looked at under other weights: all, or of very many a part spread evenly."""
    wanted = min(nodes, max(SHAKEN, nodes // SHAKEN_SHARE))
    return np.unique(np.linspace(0, nodes - 1, wanted).astype(np.int64))


def runs(nodes: int) -> int:
    """Say how many random weighings to compare: more for a small graph, where each tells less and costs less."""
    return int(np.clip(FEWEST_RUNS * NODES_FOR_FEWEST // max(1, nodes), FEWEST_RUNS, MOST_RUNS))


def silhouette(blocks: Blocks, labels: Labels) -> float:
    """Mean leave-one-out simplified silhouette of the sampled nodes, -1 to 1, a node in no group counting 0.

    Parameters
    ----------
    blocks : Blocks
    labels : ndarray of shape (m,)
        Group of each block, -1 for none.
    """
    names, numbered = np.unique(labels[labels >= 0], return_inverse=True)
    if len(names) < 2:
        return 0.0
    place = np.full(len(labels), -1, dtype=np.int64)
    place[labels >= 0] = numbered
    totals, _ = sums(blocks.totals, place, len(names))
    own = place[blocks.member[blocks.sample]]
    rows = np.flatnonzero(own >= 0)
    scores = blocks.sampled[rows] @ unit(totals).T
    near = 1 - without_themselves(blocks.sampled[rows], totals[own[rows]])
    scores[np.arange(len(rows)), own[rows]] = -np.inf
    far = 1 - scores.max(axis=1)
    gaps = (far - near) / np.maximum(np.maximum(near, far), 1e-6)
    return round(float(gaps.sum() / len(blocks.sample)), 5)


def scored(steps: list[Step]) -> tuple[Step, ...]:
    """Add up the score of each rung from its smoothed stability and its silhouette."""
    stability: NDArray[np.float64] = np.array([step.rung.stability for step in steps])
    found = []
    for place, step in enumerate(steps):
        near = stability[max(0, place - 1) : place + 2]
        score = STABILITY_COUNTS * float(near.mean()) + step.rung.silhouette
        found.append(replace(step, rung=replace(step.rung, score=round(score, 5))))
    return tuple(found)


def agreed(graph: sparse.csr_matrix, step: Step) -> sparse.csr_matrix:
    """Weigh each tie by how often its two ends were together on a rung, so that what all runs share decides.

    Among so many nodes that only a part of them was looked at the graph stays as it is.

    References
    ----------
    A. Strehl and J. Ghosh, "Cluster ensembles: a knowledge reuse framework for combining multiple partitions", 2002.
    """
    if len(step.part) < graph.shape[0]:
        return graph
    coordinates = graph.tocoo()
    together = np.zeros(len(coordinates.data), dtype=np.float32)
    every = (step.labels, *step.others)
    for labels in every:
        together += labels[coordinates.row] == labels[coordinates.col]
    weights = coordinates.data * (together / len(every)) ** AGREEMENT_COUNTS
    found = sparse.csr_matrix((weights, (coordinates.row, coordinates.col)), shape=graph.shape)
    found.eliminate_zeros()
    return found
