"""Who is near whom: nearest neighbours, and the graph of neighbours that two texts share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp.cells import nearest_in_cells, top
from app.nlp.vectors import Labels, Vectors

BLOCK = 1024
MANY = 5000
MARKED_CELLS = 1 << 20  # so many marks stay in the processor's own memory
SEARCHED_ANEW = 0.1
FAR = -2.0  # less than any cosine: no neighbour at all


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

    def first(self, k: int) -> Neighbours:
        """The k nearest of them."""
        return Neighbours(self.rows[:, :k], self.similarity[:, :k])


def breadth(count: int, *, wide: bool = False) -> int:
    """Say how many neighbours to look at among `count` texts; more to find missions (`wide`) than projects.

    It grows with the number of texts, as a theme does; in a small set it is a fraction of the set, or everybody
    would be everybody's neighbour.
    """
    wanted = int(np.clip(count // (50 if wide else 180), 15, 60))
    return max(0, min(wanted, max(3, count // 8), count - 1))


def nearest(vectors: Vectors, k: int, *, among: Vectors | None = None) -> Neighbours:
    """Find the k nearest texts by cosine: exactly, in blocks so that memory stays bounded, or nearly among many.

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
        Ties go to the lower row. From 5,000 texts on a few of the nearest may be missed (`nearest_in_cells`); with
        `among` none is.
    """
    if among is None and len(vectors) >= MANY:
        return Neighbours(*nearest_in_cells(vectors, k))
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


def shared_neighbour_graph(found: Neighbours, *, floor: float = -1.0) -> sparse.csr_matrix:
    """Join texts that are neighbours, weighing each pair by how many neighbours the two share.

    Parameters
    ----------
    found : Neighbours
    floor : float, default -1
        A neighbour less similar (cosine) than this is no neighbour.

    Returns
    -------
    csr_matrix of shape (n_texts, n_texts)
        Symmetric; each weight is the Jaccard share (0 to 1) of the two neighbour lists, each text counted in
        its own list. Pairs that share nobody, and the diagonal, are empty.

    References
    ----------
    R. A. Jarvis and E. A. Patrick, "Clustering Using a Similarity Measure Based on Shared Near Neighbors", 1973.
    """
    count = len(found.rows)
    kept = found.similarity >= max(floor, -1.0)
    ends = np.append(0, np.cumsum(kept.sum(axis=1)))
    ones = np.ones(int(ends[-1]), dtype=np.int8)
    tied = sparse.csr_matrix((ones, found.rows[kept].astype(np.int32), ends), shape=(count, count))
    edges = sparse.triu(tied + tied.T, k=1).tocsr().tocoo()
    del tied, ones
    # Each text stands in its own list; a column that no list holds stands for no neighbour.
    lists = np.column_stack([np.where(kept, found.rows, count), np.arange(count)]).astype(np.int32)
    shared = shared_counts(lists, edges.row, edges.col)
    sizes = (1 + kept.sum(axis=1)).astype(np.float32)
    weights = shared / (sizes[edges.row] + sizes[edges.col] - shared)
    upper = sparse.csr_matrix((weights, (edges.row, edges.col)), shape=(count, count))
    graph = (upper + upper.T).tocsr()
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph


def likened(graph: sparse.csr_matrix, found: Neighbours) -> sparse.csr_matrix:
    """Weigh the ties of a graph by how alike their ends are.

    Neighbours in common tell which groups hold; likeness tells better to which of two that both pull a text belongs.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
        Of these neighbours.
    found : Neighbours

    Returns
    -------
    csr_matrix of shape (n_nodes, n_nodes)
        The same ties; each weight is a cosine, above 0 to 1.
    """
    count, k = found.rows.shape
    kept = found.similarity > 0
    sources, targets = np.repeat(np.arange(count), k)[kept.ravel()], found.rows[kept]
    listed = sparse.csr_matrix((found.similarity[kept], (sources, targets)), shape=(count, count))
    alike = graph.sign().multiply(listed.maximum(listed.T)).tocsr()
    alike.sort_indices()
    return alike


def shared_counts(
    lists: NDArray[np.integer], left: NDArray[np.integer], right: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Count the neighbours two texts have in common, for each pair (left, right).

    Parameters
    ----------
    lists : ndarray of shape (n_texts, k)
        Neighbours of each text; `n_texts` stands for none.
    left, right : ndarray of shape (n_pairs,)
        `left` ascending.
    """
    count = len(lists)
    found = np.zeros(len(left), dtype=np.float32)
    at_once = int(np.clip(MARKED_CELLS // (count + 1), 8, 256))
    starts = np.arange(0, count, at_once)
    edges = np.searchsorted(left, [*starts, count])
    marks = np.zeros((at_once, count + 1), dtype=np.uint8)
    for start, first, last in zip(starts, edges[:-1], edges[1:], strict=True):
        mine = lists[start : start + at_once]
        marks[np.arange(len(mine))[:, None], mine] = 1
        marks[:, count] = 0
        at = (left[first:last] - start).astype(np.int64) * (count + 1)
        found[first:last] = marks.ravel()[at[:, None] + lists[right[first:last]]].sum(axis=1)
        marks[np.arange(len(mine))[:, None], mine] = 0
    return found


def melted_lists(found: Neighbours, rows: Labels, vectors: Vectors, k: int) -> Neighbours:
    """Turn neighbours of texts into neighbours of nodes that some of the texts were melted into.

    Parameters
    ----------
    found : Neighbours
        Of texts.
    rows : ndarray of shape (n_texts,)
        Node 0 … m-1 of each text.
    vectors : ndarray of shape (m, n_dimensions)
        Of the nodes.
    k : int

    Returns
    -------
    Neighbours
        Of shape (m, k). A node of several texts is searched for anew; in the other lists a node counts once, and an
        empty place has the similarity `FAR`.
    """
    sizes = np.bincount(rows, minlength=len(vectors))
    if (sizes > 1).sum() > SEARCHED_ANEW * len(vectors):
        return nearest(vectors, k)
    if len(rows) == len(vectors):
        return found.first(k)
    firsts = np.unique(rows, return_index=True)[1]
    lists, similarity = rows[found.rows[firsts]], found.similarity[firsts].copy()
    touched = np.flatnonzero((sizes > 1)[lists].any(axis=1))
    order = np.argsort(lists[touched], axis=1, kind="stable")
    ordered = np.take_along_axis(lists[touched], order, axis=1)
    again = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(again, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], axis=1)
    similarity[touched] = np.where(again, FAR, similarity[touched])
    several = np.flatnonzero(sizes > 1)
    near = nearest(vectors[several], lists.shape[1] + 1, among=vectors)
    for place, node in enumerate(several):
        others = np.flatnonzero(near.rows[place] != node)[: lists.shape[1]]
        lists[node, : len(others)] = near.rows[place][others]
        similarity[node, : len(others)] = near.similarity[place][others]
    # The other lists are in order already.
    changed = np.union1d(touched, several)
    best = np.argsort(-np.round(similarity[changed], 5), axis=1, kind="stable")
    lists[changed] = np.take_along_axis(lists[changed], best, axis=1)
    similarity[changed] = np.take_along_axis(similarity[changed], best, axis=1)
    return Neighbours(lists[:, :k], similarity[:, :k])
