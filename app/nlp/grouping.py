"""From texts and vectors to two nested levels of groups, with nobody asked how many there should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from app.nlp import communities as community
from app.nlp.alignment import aligned
from app.nlp.constraints import Constraints
from app.nlp.corrections import Correction, Level
from app.nlp.enforcement import obey
from app.nlp.languages import LETTERS
from app.nlp.neighbours import breadth, nearest, nearest_across, shared_neighbour_graph
from app.nlp.outsiders import Scale, Sorting, lonely, scale_of, sort_out, voices
from app.nlp.partition import Partition, Previous, Reason, Rung
from app.nlp.small import linked
from app.nlp.summing_up import summed_up
from app.nlp.vectors import Labels, Vectors, checked, compact, same_length, sums, unit

SMALL = 30
NEAR_COPY = 0.97
LOOKED_AT, SUPPORTERS = 15, 5
MOST_MISSIONS = 25
FEWEST_MISSIONS = 4
READABLE, READABLE_COST = 16, 0.15
INERTIA = 0.5


@dataclass(frozen=True)
class Found:
    """Labels of nodes before anybody is left out, and how they were chosen."""

    missions: Labels
    projects: Labels
    resolutions: tuple[float, float] | None = None
    stability: float = 1.0
    ladder: tuple[Rung, ...] = ()


def group(
    texts: Sequence[str],
    vectors: Vectors,
    *,
    languages: Sequence[str] | None = None,
    authors: Sequence[object] | None = None,
    previous: Previous | None = None,
    corrections: Sequence[Correction] = (),
    random_state: int = 0,
) -> Partition:
    """Group texts by meaning into missions and, inside them, projects.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        One vector per text; scaled to unit length here.
    languages : sequence of str, length n_texts, optional
        Language of each text; given, what vectors have only because of their language is taken out.
    authors : sequence, length n_texts, optional
        Who wrote each text. Many near-copies by one author make no group.
    previous : Previous, optional
        An earlier grouping of the same rows: texts that were together then tend to stay so, and groups keep
        their labels.
    corrections : sequence of Correction
        Every one of them holds in the result.
    random_state : int
        The same inputs and seed give the same result, bit for bit.

    Returns
    -------
    Partition
        Texts without words, unlike every group, or with too few alike are ungrouped, each with the reason.

    Raises
    ------
    ValueError
        If lengths differ, a vector holds NaN or infinity, or a correction names a row that is not there.
    Conflict
        If two corrections cannot both hold.

    Notes
    -----
    Texts that say the same count once. A graph joins texts by the share of nearest neighbours they have in common;
    communities of high modularity are found at a ladder of resolutions; each rung is scored by how well its groups
    survive a random reweighting of the ties and by how clearly they separate; a coarse and a fine rung are kept.

    References
    ----------
    V. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected communities", 2019.
    T. Lange et al., "Stability-based validation of clustering solutions", 2004.
    D. Chakrabarti, R. Kumar, A. Tomkins, "Evolutionary clustering", 2006 (starting from a previous grouping).
    """
    count = len(texts)
    untouched = checked(vectors, count)
    same_length(count, languages=languages, authors=authors)
    if previous is not None:
        same_length(count, missions=previous.missions, projects=previous.projects)
    compared = aligned(texts, untouched, languages)
    constraints = Constraints(corrections, untouched)
    constraints.join_identical(texts)
    empty = np.array([LETTERS.search(text) is None for text in texts], dtype=bool)
    empty |= ~untouched.any(axis=1) if count else False
    active = (~empty | constraints.mission_forced) & ~np.isin(np.arange(count), list(constraints.set_apart))
    copies, support = families(untouched, np.flatnonzero(active))
    constraints.join_families(copies)
    nodes, vectors_of_nodes, sizes = melted(compared, constraints.atoms(Level.PROJECT), active)
    scale = scale_of(vectors_of_nodes, sizes, melted(untouched, nodes, active)[1])
    found = searched(vectors_of_nodes, sizes, nodes, scale, constraints, languages, previous, random_state)
    # What several people say word for word is a theme, however far from the others.
    alone = lonely(support, languages, scale) & (voices(nodes, authors) < scale.least)
    sorting = Sorting.start(compared, nodes, found.missions, found.projects, authors, alone, scale)
    sort_out(sorting, constraints)
    missions = obey(compared, sorting.missions, constraints, Level.MISSION)
    projects = obey(compared, inside(sorting.projects, missions), constraints, Level.PROJECT)
    projects = np.where(missions >= 0, projects, -1)
    reasons = reasons_for(missions, empty, sorting.reasons, constraints)
    return summed_up(compared, missions, projects, reasons, found, scale, constraints, previous, random_state)


def families(vectors: Vectors, rows: Labels) -> tuple[list[Labels], NDArray[np.float32]]:
    """Find sets of texts that say nearly the same, word for word, and how near each text's other neighbours are.

    Returns
    -------
    families : list of ndarray
        Rows of each family of two or more, ascending.
    support : ndarray of shape (n_texts,)
        Mean cosine to the five nearest texts that are no copies; 1 where all the nearest are copies, NaN for rows
        that were not asked for.
    """
    support = np.full(len(vectors), np.nan, dtype=np.float32)
    near = nearest(vectors[rows], LOOKED_AT)
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
    totals, sizes = sums(vectors, nodes, len(names))
    return nodes, unit(totals), sizes


def searched(
    vectors: Vectors,
    sizes: Labels,
    nodes: Labels,
    scale: Scale,
    constraints: Constraints,
    languages: Sequence[str] | None,
    previous: Previous | None,
    random_state: int,
) -> Found:
    """Find both levels for the nodes, by links where there are few and by communities where there are many."""
    if len(vectors) < SMALL:
        projects = linked(vectors, scale.project_link)
        return Found(linked(vectors, scale.mission_link, start=projects), projects)
    firsts = np.unique(nodes[nodes >= 0], return_index=True)[1]
    rows = np.flatnonzero(nodes >= 0)[firsts]
    k = breadth(len(vectors))
    near = (
        nearest(vectors, k) if languages is None else nearest_across(vectors, k, np.asarray(languages)[rows])
    )
    whole = shared_neighbour_graph(near, floor=scale.unrelated)
    graph = inertial(cut(whole, constraints, rows, Level.PROJECT), previous, rows, Level.PROJECT)
    steps = community.ladder(
        graph, community.smoothed(vectors, whole), sizes, least=scale.least, random_state=random_state
    )
    chosen = chosen_steps(steps, previous, len(vectors))
    projects = community.communities(graph, chosen[1].resolution)
    blocks = blocked(projects, constraints.atoms(Level.MISSION)[rows])
    above = inertial(cut(whole, constraints, rows, Level.MISSION), previous, rows, Level.MISSION)
    melted_above = community.contracted(above, blocks)
    missions = community.communities(melted_above, chosen[0].resolution)[blocks]
    resolutions = chosen[0].resolution, chosen[1].resolution
    return Found(missions, projects, resolutions, chosen[0].stability, tuple(step.rung for step in steps))


def cut(graph: sparse.csr_matrix, constraints: Constraints, rows: Labels, level: Level) -> sparse.csr_matrix:
    """Remove the ties between what is locked and the rest; a locked mission closes its projects too."""
    coordinates = graph.tocoo()
    keep = np.ones(len(coordinates.data), dtype=bool)
    for one in (Level.MISSION,) if level is Level.MISSION else (Level.MISSION, Level.PROJECT):
        lock = constraints.lock(one)[rows]
        keep &= lock[coordinates.row] == lock[coordinates.col]
    if keep.all():
        return graph
    places = coordinates.row[keep], coordinates.col[keep]
    return sparse.csr_matrix((coordinates.data[keep], places), shape=graph.shape)


def inertial(
    graph: sparse.csr_matrix, previous: Previous | None, rows: Labels, level: Level
) -> sparse.csr_matrix:
    """Strengthen ties inside the groups of before and weaken those between them."""
    if previous is None:
        return graph
    before = (previous.missions if level is Level.MISSION else previous.projects)[rows]
    coordinates = graph.tocoo()
    left, right = before[coordinates.row], before[coordinates.col]
    known = (left >= 0) & (right >= 0)
    factor = np.where(known, np.where(left == right, 1 + INERTIA, 1 - INERTIA), 1.0).astype(np.float32)
    return sparse.csr_matrix(
        (coordinates.data * factor, (coordinates.row, coordinates.col)), shape=graph.shape
    )


def chosen_steps(steps: Sequence[community.Step], previous: Previous | None, nodes: int) -> tuple[Rung, Rung]:
    """Choose the rung of missions and the rung of projects, or keep those of before."""
    if previous is not None and previous.resolutions is not None:
        kept = [
            min(steps, key=lambda step: abs(np.log(step.rung.resolution / wanted))).rung
            for wanted in previous.resolutions
        ]
        return kept[0], kept[1]
    coarse = [step for step in steps if FEWEST_MISSIONS <= step.rung.groups <= MOST_MISSIONS]
    balanced = [step for step in coarse if step.largest_share <= community.LARGEST_SHARE]
    wanted = np.clip(np.sqrt(nodes / 2), FEWEST_MISSIONS, READABLE)
    missions = max(balanced or coarse or steps, key=lambda step: readable_score(step.rung, float(wanted)))
    finer = [step for step in steps if step.rung.groups >= 2 * missions.rung.groups]
    projects = max(finer, key=lambda step: (step.rung.score, -step.rung.groups)) if finer else steps[-1]
    return missions.rung, projects.rung


def readable_score(rung: Rung, wanted: float) -> tuple[float, int]:
    """Score a rung of missions, a little less for each doubling away from a number people can keep in view."""
    return rung.score - READABLE_COST * abs(float(np.log2(rung.groups / wanted))), rung.groups


def blocked(projects: Labels, atoms: Labels) -> Labels:
    """Join projects that share an atom of the coarser level, so that missions are made of whole projects."""
    pairs = np.unique(np.stack([projects, atoms]), axis=1)
    shift = int(projects.max()) + 1
    size = shift + int(atoms.max()) + 1
    graph = sparse.csr_matrix((np.ones(pairs.shape[1]), (pairs[0], pairs[1] + shift)), shape=(size, size))
    member = connected_components(graph, directed=False)[1]
    return np.unique(member[projects], return_inverse=True)[1].astype(np.int64)


def inside(projects: Labels, missions: Labels) -> Labels:
    """Split projects at the borders of missions; a text without a mission has no project."""
    kept = (projects >= 0) & (missions >= 0)
    pairs = projects.astype(np.int64) * (int(missions.max(initial=0)) + 1) + missions
    numbered = np.full(len(projects), -1, dtype=np.int64)
    numbered[kept] = np.unique(pairs[kept], return_inverse=True)[1]
    return numbered


def reasons_for(
    missions: Labels, empty: np.ndarray, found: Sequence[Reason], constraints: Constraints
) -> tuple[Reason, ...]:
    """Say of each text why it is ungrouped."""

    def reason(row: int) -> Reason:
        if missions[row] >= 0:
            return Reason.NONE
        if row in constraints.set_apart:
            return Reason.SET_APART
        if empty[row]:
            return Reason.EMPTY
        if found[row] is Reason.NONE:
            return Reason.KEPT_APART
        return found[row] if len(missions) > 1 else Reason.FEW

    return tuple(reason(row) for row in range(len(missions)))
