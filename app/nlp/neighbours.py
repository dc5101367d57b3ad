"""Who is near whom: exact nearest neighbours, and the graph of neighbours that two texts share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp.vectors import Labels, Vectors

BLOCK = 1024


@dataclass(frozen=True)
class Neighbours:
    """The nearest other texts of each text, nearest first.

    Attributes
    ----------
    rows : ndarray of shape (n_texts, k)
        Row numbers; never the text itself.
    similarity : ndarray of shape (n_texts, k)
        Cosine, -1 to 1, descending.
    """

    rows: Labels
    similarity: NDArray[np.float32]


def breadth(count: int) -> int:
    """Say how many neighbours to look at among `count` texts.

    It grows with the number of texts, as a theme does; in a small set it is a fraction of the set, or everybody
    would be everybody's neighbour.
    """
    wanted = int(np.clip(count // 400, 15, 60))
    return max(0, min(wanted, max(3, count // 8), count - 1))


def nearest(vectors: Vectors, k: int, *, among: Vectors | None = None) -> Neighbours:
    """Find the k nearest texts by cosine, exactly, in blocks so that memory stays bounded.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    k : int
        Neighbours wanted; fewer are returned where there are fewer texts.
    among : ndarray of shape (n_others, n_dimensions), optional
        Where to look; in `vectors` itself, each text left out of its own list, when None.

    Returns
    -------
    Neighbours
        Ties go to the lower row.
    """
    pool = vectors if among is None else among
    k = max(0, min(k, len(pool) - (among is None)))
    rows = np.zeros((len(vectors), k), dtype=np.int64)
    similarity = np.zeros((len(vectors), k), dtype=np.float32)
    if not k:
        return Neighbours(rows, similarity)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK] @ pool.T
        if among is None:
            block[np.arange(len(block)), np.arange(start, start + len(block))] = -np.inf
        rows[start : start + BLOCK], similarity[start : start + BLOCK] = top(block, k)
    return Neighbours(rows, similarity)


def nearest_across(vectors: Vectors, k: int, languages: NDArray[np.str_]) -> Neighbours:
    """Find neighbours so that no smaller language keeps to itself.

    A text of a language that is not the most common one has at most its language's share of neighbours in that
    language; the others are the nearest of other languages. A model that knows a language badly puts its texts near
    each other whatever they say, and the rank among texts of another language still tells what they are about.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
    k : int
    languages : ndarray of str, shape (n_texts,)

    Returns
    -------
    Neighbours

    References
    ----------
    A. Conneau et al., "Word Translation Without Parallel Data", 2018 (likeness scaled per pair of languages).
    """
    found = nearest(vectors, k)
    codes, sizes = np.unique(languages, return_counts=True)
    for code, size in zip(codes, sizes, strict=True):
        inside = np.flatnonzero(languages == code)
        others = np.flatnonzero(languages != code)
        own = max(1, round(k * size / len(languages)))
        if size == sizes.max() or len(others) < k or own >= k:
            continue
        near = nearest(vectors[inside], min(own, size - 1))
        far = nearest(vectors[inside], k - near.rows.shape[1], among=vectors[others])
        rows = np.concatenate([inside[near.rows], others[far.rows]], axis=1)
        similarity = np.concatenate([near.similarity, far.similarity], axis=1)
        order = np.argsort(-np.round(similarity, 5), axis=1, kind="stable")
        found.rows[inside] = np.take_along_axis(rows, order, axis=1)
        found.similarity[inside] = np.take_along_axis(similarity, order, axis=1)
    return found


def top(scores: NDArray[np.float32], k: int) -> tuple[Labels, NDArray[np.float32]]:
    """Find the k highest scores of each row, highest first, the lower column first on a tie."""
    columns = np.sort(np.argpartition(-scores, min(k, scores.shape[1] - 1), axis=1)[:, :k], axis=1)
    values = np.take_along_axis(scores, columns, axis=1)
    # Rounding keeps the order of near-equal scores from hanging on how the processor summed them.
    order = np.argsort(-np.round(values, 5), axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1).astype(np.int64), np.take_along_axis(
        values, order, axis=1
    )


def shared_neighbour_graph(found: Neighbours, *, floor: float = -1.0) -> sparse.csr_matrix:
    """Join texts that are neighbours, weighing each pair by how many neighbours the two share.

    Parameters
    ----------
    found : Neighbours
    floor : float, default -1
        A neighbour less similar than this is no neighbour.

    Returns
    -------
    csr_matrix of shape (n_texts, n_texts)
        Symmetric; each weight is the Jaccard share (0 to 1) of the two neighbour lists, each text counted in
        its own list. Pairs that share nobody, and the diagonal, are empty.

    References
    ----------
    R. A. Jarvis and E. A. Patrick, "Clustering Using a Similarity Measure Based on Shared Near Neighbors", 1973.
    """
    count, k = found.rows.shape
    kept = (found.similarity >= floor).ravel()
    sources = np.repeat(np.arange(count), k)[kept]
    targets = found.rows.ravel()[kept]
    ones = np.ones(len(sources), dtype=np.float32)
    lists = sparse.csr_matrix((ones, (sources, targets)), shape=(count, count)) + sparse.identity(
        count, dtype=np.float32, format="csr"
    )
    edges = sparse.triu(lists + lists.T, k=1).tocoo()
    shared = shared_counts(lists, edges.row, edges.col)
    sizes = np.diff(lists.indptr).astype(np.float32)
    weights = shared / (sizes[edges.row] + sizes[edges.col] - shared)
    upper = sparse.csr_matrix((weights.astype(np.float32), (edges.row, edges.col)), shape=(count, count))
    graph = (upper + upper.T).tocsr()
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph


def shared_counts(lists: sparse.csr_matrix, left: Labels, right: Labels) -> NDArray[np.float32]:
    """Count the neighbours two texts have in common, for each pair (left, right)."""
    counts = np.zeros(len(left), dtype=np.float32)
    step = 200_000
    for start in range(0, len(left), step):
        pair = slice(start, start + step)
        counts[pair] = np.asarray(lists[left[pair]].multiply(lists[right[pair]]).sum(axis=1)).ravel()
    return counts
