"""Nearest neighbours among many texts: space cut into cells, and each text compared with those of its nearest cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Labels, Vectors, centroids

CELL, LARGEST_CELL = 80, 320
ROUNDS = 3
SAMPLED_PER_CELL = 16
COMPARED = 84  # texts, for each doubling of all
CELLS_IN_SIGHT = 64
MANY_CELLS, REGIONS_IN_SIGHT = 2_000, 16
BLOCK = 4096
LEAST = -2.0  # less than any cosine


@dataclass(frozen=True)
class Cells:
    """Texts laid out cell by cell, near cells near each other.

    Attributes
    ----------
    order : ndarray of shape (n_texts,)
        Row of the text at each place.
    edges : ndarray of shape (n_cells + 1,)
        First place of each cell, and the end of the last.
    middles : ndarray of shape (n_cells, n_dimensions)
    laid : ndarray of shape (n_texts, n_dimensions)
        The vector at each place.
    """

    order: Labels
    edges: Labels
    middles: Vectors
    laid: Vectors


@dataclass(frozen=True)
class Visits:
    """Which cells some texts look into, and where in their row of scores each begins; by text, then by column.

    Attributes
    ----------
    texts, cells, columns : ndarray of shape (n_visits,)
        Texts are numbered among those that ask.
    """

    texts: Labels
    cells: Labels
    columns: Labels


def nearest_in_cells(vectors: Vectors, k: int) -> tuple[Labels, NDArray[np.float32]]:
    """Find nearly all of the k nearest other texts of each text.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    k : int
        Less than n_texts.

    Returns
    -------
    rows, similarity : ndarray of shape (n_texts, k)
        Nearest first, the lower row first on a tie.

    Notes
    -----
    Cost grows as n log n: the number of texts each is compared with grows with the logarithm of the whole. Of the 15
    nearest of 100,000 invented texts 95 in 100 are found, of short questions more. The same vectors give the same
    answer.

    References
    ----------
    J. Sivic and A. Zisserman, "Video Google: a text retrieval approach to object matching in videos", 2003.
    H. Jégou, M. Douze, C. Schmid, "Product quantization for nearest neighbor search", 2011 (inverted lists).
    """
    cells = cells_of(vectors)
    most = max(LARGEST_CELL, round(COMPARED * np.log2(max(2, len(vectors)))))
    near = in_sight(cells.middles)
    rows = np.zeros((len(vectors), k), dtype=np.int64)
    similarity = np.zeros((len(vectors), k), dtype=np.float32)
    for first, last in batches(cells.edges):
        those = cells.order[cells.edges[first] : cells.edges[last]]
        visits = visits_of(cells, near, first, last, most)
        scores = compared(cells, visits, int(cells.edges[first]), (len(those), most))
        short = np.flatnonzero(np.count_nonzero(scores > -np.inf, axis=1) < k)
        columns = highest(scores, k)
        found = rows_at(cells, visits, columns, most)
        rows[those], similarity[those] = sorted_by(np.take_along_axis(scores, columns, axis=1), found)
        for place in short:  # too few in sight: everybody is looked at
            row = those[place]
            everybody = vectors[row] @ vectors.T
            everybody[row] = -np.inf
            rows[row], similarity[row] = (each[0] for each in top(everybody[None], k))
    return rows, similarity


def cells_of(vectors: Vectors) -> Cells:
    """Cut space into cells of about 80 texts, and those of very many into parts."""
    middles = middles_of(vectors, len(vectors) // CELL)
    middles = middles[
        np.argsort(nearest_middle(middles, middles[:: int(np.sqrt(len(middles)))]), kind="stable")
    ]
    member = nearest_middle(vectors, middles)
    order = np.argsort(member, kind="stable").astype(np.int64)
    sizes = np.bincount(member, minlength=len(middles))
    parts = np.maximum(1, -(-sizes // LARGEST_CELL))
    ends = np.cumsum(sizes)
    edges = [
        np.linspace(end - size, end, part + 1).astype(np.int64)[:-1]
        for end, size, part in zip(ends, sizes, parts, strict=True)
    ]
    return Cells(
        order,
        np.append(np.concatenate(edges), len(vectors)).astype(np.int64),
        np.repeat(middles, parts, axis=0),
        vectors[order],
    )


def in_sight(middles: Vectors) -> Labels:
    """The cells nearest to each, itself among them."""
    most = min(len(middles), CELLS_IN_SIGHT)
    found = np.zeros((len(middles), most), dtype=np.int64)
    for start in range(0, len(middles), BLOCK):
        found[start : start + BLOCK] = top(middles[start : start + BLOCK] @ middles.T, most)[0]
    return found


def batches(edges: Labels) -> Iterator[tuple[int, int]]:
    """Runs of whole cells of about four thousand texts: the first cell of each, and the one after its last."""
    first = 0
    while first < len(edges) - 1:
        last = max(first + 1, int(np.searchsorted(edges, edges[first] + BLOCK, side="right")) - 1)
        yield first, last
        first = last


def visits_of(cells: Cells, near: Labels, first: int, last: int, most: int) -> Visits:
    """Choose for each text of some cells the nearest cells, of together at most so many texts."""
    seen = []
    for cell in range(first, last):
        likeness = cells.laid[cells.edges[cell] : cells.edges[cell + 1]] @ cells.middles[near[cell]].T
        seen.append(near[cell][np.argsort(-np.round(likeness, 5), axis=1, kind="stable")])
    listed = np.concatenate(seen)
    ends = np.cumsum(np.diff(cells.edges)[listed], axis=1)
    texts, ranks = np.nonzero(ends <= most)
    columns = np.where(ranks > 0, ends[texts, ranks - 1], 0)
    return Visits(texts, listed[texts, ranks], columns)


def compared(cells: Cells, visits: Visits, start: int, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Cosines of each text, from a place on, with those of the cells it looks into; less than any where nobody is."""
    scores = np.full(shape, -np.inf, dtype=np.float32)
    flat = scores.ravel()
    by_cell = np.argsort(visits.cells, kind="stable")
    visited, begins = np.unique(visits.cells[by_cell], return_index=True)
    asking = cells.laid[start : start + shape[0]]
    for cell, those in zip(visited, np.split(by_cell, begins[1:]), strict=True):
        left, right = int(cells.edges[cell]), int(cells.edges[cell + 1])
        texts = visits.texts[those]
        found = asking[texts] @ cells.laid[left:right].T
        own = np.flatnonzero((texts + start >= left) & (texts + start < right))
        found[own, texts[own] + start - left] = -np.inf
        flat[(texts * shape[1] + visits.columns[those])[:, None] + np.arange(right - left)] = found
    return scores


def rows_at(cells: Cells, visits: Visits, columns: Labels, width: int) -> Labels:
    """The rows of the texts in some columns of each row of scores."""
    begins = visits.texts * width + visits.columns
    wanted = np.arange(len(columns))[:, None] * width + columns
    visit = np.searchsorted(begins, wanted.ravel(), side="right").reshape(columns.shape) - 1
    places = cells.edges[visits.cells[visit]] + wanted - begins[visit]
    found: Labels = cells.order[np.minimum(places, len(cells.order) - 1)]
    return found


def middles_of(vectors: Vectors, count: int) -> Vectors:
    """Find the middles of the cells on a sample spread evenly over the texts.

    References
    ----------
    I. S. Dhillon and D. S. Modha, "Concept decompositions for large sparse text data using clustering", 2001.
    """
    random = np.random.default_rng(0)
    wanted = min(len(vectors), SAMPLED_PER_CELL * count)
    sample = vectors[np.sort(random.choice(len(vectors), wanted, replace=False))]
    middles = sample[np.sort(random.choice(wanted, count, replace=False))]
    for _ in range(ROUNDS):
        moved = centroids(sample, nearest_middle(sample, middles), count)
        empty = np.flatnonzero(np.abs(moved).sum(axis=1) == 0)
        moved[empty] = middles[empty]
        middles = moved
    return middles


def nearest_middle(vectors: Vectors, middles: Vectors) -> Labels:
    """Say in which cell each text is; among very many cells it is looked for in the regions nearest to its own."""
    if len(middles) <= MANY_CELLS:
        return nearest_of_all(vectors, middles)
    regions = middles_of(middles, int(np.sqrt(len(middles))))
    home, home_of_middle = nearest_of_all(vectors, regions), nearest_of_all(middles, regions)
    found = np.zeros(len(vectors), dtype=np.int64)
    for region, near in enumerate(top(regions @ regions.T, REGIONS_IN_SIGHT)[0]):
        rows, those = np.flatnonzero(home == region), np.flatnonzero(np.isin(home_of_middle, near))
        for start in range(0, len(rows), BLOCK):
            asked = rows[start : start + BLOCK]
            found[asked] = those[nearest_of_all(vectors[asked], middles[those])]
    return found


def nearest_of_all(vectors: Vectors, middles: Vectors) -> Labels:
    """Say which middle is nearest to each text."""
    found = np.zeros(len(vectors), dtype=np.int64)
    for start in range(0, len(vectors), BLOCK):
        found[start : start + BLOCK] = (vectors[start : start + BLOCK] @ middles.T).argmax(axis=1)
    return found


def top(scores: NDArray[np.float32], k: int) -> tuple[Labels, NDArray[np.float32]]:
    """Find the k highest scores of each row, highest first, the lower column first on a tie.

    Parameters
    ----------
    scores : ndarray of shape (n_rows, n_columns)
    k : int
        At most n_columns.

    Returns
    -------
    columns, scores : ndarray of shape (n_rows, k)
    """
    columns = highest(scores, k)
    return sorted_by(np.take_along_axis(scores, columns, axis=1), columns)


def sorted_by(scores: NDArray[np.float32], names: Labels) -> tuple[Labels, NDArray[np.float32]]:
    """Names and scores of each row, the highest score first, the lower name first on a tie.

    Scores count to five digits: that keeps the order of near-equal ones from hanging on how the processor summed them.
    """
    steps = np.rint(np.maximum(scores, LEAST) * 1e5).astype(np.int64)
    order = np.argsort(names - steps * (int(names.max(initial=0)) + 1), axis=1)
    return np.take_along_axis(names, order, axis=1), np.take_along_axis(scores, order, axis=1)


def highest(scores: NDArray[np.float32], k: int) -> Labels:
    """The columns of the k highest scores of each row, ascending; the first of those that tie."""
    if not k:
        return np.zeros((len(scores), 0), dtype=np.int64)
    last = scores.shape[1] - k
    bar = np.partition(scores, last, axis=1)[:, last, None]
    above = scores >= bar
    crowded = np.flatnonzero(above.sum(axis=1) > k)
    for row in crowded:
        tied = np.flatnonzero(scores[row] == bar[row])
        above[row, tied[len(tied) - (int(above[row].sum()) - k) :]] = False
    found: Labels = (np.flatnonzero(above) % scores.shape[1]).reshape(len(scores), k)
    return found
