"""From texts and vectors to two nested levels of groups, with nobody asked how many there should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from app.nlp import ladders
from app.nlp.alignment import aligned
from app.nlp.bridges import bridged
from app.nlp.communities import communities, contracted, majority
from app.nlp.constraints import Constraints
from app.nlp.corrections import Correction, Level
from app.nlp.enforcement import obey
from app.nlp.ladders import Step
from app.nlp.languages import LETTERS
from app.nlp.neighbours import (
    Neighbours,
    breadth,
    melted_lists,
    nearest,
    nearest_across,
    shared_neighbour_graph,
)
from app.nlp.nodes import copies_of, melted
from app.nlp.outsiders import Scale, Sorting, lonely, reasons_for, sampled, scale_of, sort_out, voices
from app.nlp.partition import Ladder, Partition, Previous
from app.nlp.rungs import (
    FEWEST_MISSIONS,
    MOST_MISSIONS,
    chosen_missions,
    chosen_projects,
    nearest_rung,
    one_ladder,
)
from app.nlp.small import Links, links
from app.nlp.summing_up import summed_up
from app.nlp.ties import Ties, blocked
from app.nlp.vectors import Labels, Vectors, checked, same_length
from app.nlp.warm import before_of, cores, inertial, parted

SMALL, MANY_NODES = 30, 20_000
LOOKED_AT = 15
SPARE = 5  # neighbours that turn out to be copies of others


@dataclass(frozen=True)
class Found:
    """Labels of nodes before anybody is left out, and how they were chosen."""

    missions: Labels
    projects: Labels
    stability: float = 1.0
    breadths: tuple[int, int] | None = None
    ladder: Ladder | None = None
    rungs: tuple[int, int] | None = None
    ties: Ties | Links | None = None


def group(
    texts: Sequence[str],
    vectors: Vectors,
    *,
    languages: Sequence[str] | None = None,
    authors: Sequence[object] | None = None,
    previous: Previous | None = None,
    corrections: Sequence[Correction] = (),
    random_state: int = 0,
    ladder: Ladder | None = None,
    rungs: tuple[int, int] | None = None,
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
    ladder, rungs : Ladder and tuple of int, optional
        The ladder of an earlier result for the same rows, and which of its rungs to take for missions and projects:
        nothing is looked for again.

    Returns
    -------
    Partition
        Texts without words, unlike every group, or with too few alike are ungrouped, each with the reason.

    Raises
    ------
    ValueError
        If lengths differ, a vector holds NaN or infinity, a correction names a row that is not there, or the ladder
        is of other rows or has no such rungs.
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
    if ladder is not None:
        same_length(count, ladder=ladder.labels.T)
        if rungs is None or not 0 <= rungs[0] <= rungs[1] < len(ladder.rungs):
            raise ValueError(f"no rungs {rungs} on a ladder of {len(ladder.rungs)}")
    compared = aligned(texts, untouched, languages)
    constraints = Constraints(corrections, untouched)
    constraints.join_identical(texts)
    empty = np.array([LETTERS.search(text) is None for text in texts], dtype=bool)
    empty |= ~untouched.any(axis=1) if count else False
    active = (~empty | constraints.mission_forced) & ~np.isin(np.arange(count), list(constraints.set_apart))
    rows = np.flatnonzero(active)
    asked = compared if active.all() else compared[rows]
    lists = nearest(asked, most_breadth(len(rows), previous) + SPARE)
    copies, support = copies_of(untouched, rows, lists.first(LOOKED_AT))
    constraints.join_families(copies)
    nodes, vectors_of_nodes, sizes = melted(compared, constraints.atoms(Level.PROJECT), active)
    shown = np.isin(nodes, sampled(len(sizes)))
    scale = scale_of(vectors_of_nodes, sizes, melted(untouched, nodes, shown)[1])
    del untouched  # of very many texts they are gigabytes
    if ladder is not None and rungs is not None:
        found = taken(ladder, rungs, nodes, constraints)
    else:
        found = searched(
            vectors_of_nodes, sizes, nodes, lists, scale, constraints, languages, previous, random_state
        )
    # What several people say word for word is a theme, however far from the others.
    alone = lonely(support, languages, scale) & (voices(nodes, authors) < scale.least)
    sorting = Sorting.start(compared, nodes, found.missions, found.projects, authors, alone, scale, previous)
    sort_out(sorting, constraints)
    missions = obey(compared, sorting.missions, constraints, Level.MISSION)
    projects = obey(compared, inside(sorting.projects, missions), constraints, Level.PROJECT)
    projects = np.where(missions >= 0, projects, -1)
    reasons = reasons_for(missions, empty, sorting.reasons, constraints)
    return summed_up(
        compared, missions, projects, reasons, found, nodes, scale, constraints, previous, random_state
    )


def searched(
    vectors: Vectors,
    sizes: Labels,
    nodes: Labels,
    lists: Neighbours,
    scale: Scale,
    constraints: Constraints,
    languages: Sequence[str] | None,
    previous: Previous | None,
    random_state: int,
) -> Found:
    """Find both levels for the nodes, by links where there are few and by communities where there are many."""
    if len(vectors) < SMALL:
        few = links(vectors, nodes, (scale.mission_link, scale.project_link))
        return Found(*few.communities(), ties=few)
    firsts = np.unique(nodes[nodes >= 0], return_index=True)[1]
    rows = np.flatnonzero(nodes >= 0)[firsts]
    spoken = None if languages is None else np.asarray(languages)[rows]
    breadths = breadths_of(len(vectors), previous)
    if spoken is None or (spoken == spoken[0]).all():
        found = melted_lists(lists, nodes[nodes >= 0], vectors, max(breadths))
    else:
        found = nearest_across(vectors, max(breadths), spoken)
    near, wide = graphs(found, breadths, scale.unrelated)
    plain = near, bridged(wide, vectors, MOST_MISSIONS)
    stood = [before_of(previous, rows, level) for level in (Level.PROJECT, Level.MISSION)]
    near, wide = (
        cut(graph if before is None else inertial(graph, before), constraints, rows, level)
        for graph, before, level in zip(plain, stood, (Level.PROJECT, Level.MISSION), strict=True)
    )
    blocks = ladders.blocks_of(near, vectors, sizes)
    climb = partial(ladders.ladder, blocks=blocks, least=scale.least, random_state=random_state)
    same = plain[0] is plain[1]
    coarse = climb(wide, most=None if same else MOST_MISSIONS)
    fine = coarse if same else climb(near, fewest=2 * FEWEST_MISSIONS)
    at = chosen_rungs(coarse, fine, previous, len(vectors))
    resolutions = coarse[at[0]].rung.resolution, fine[at[1]].rung.resolution
    atoms = numbered(constraints.atoms(Level.MISSION)[rows])
    # Among very many nodes the groups are put together from the blocks of the ladder, not from single nodes again.
    free = blocks.member if len(rows) > MANY_NODES else np.arange(len(rows))
    bound = [
        free if before is None else cores(graph, before) for graph, before in zip(plain, stood, strict=True)
    ]
    near, wide = ladders.agreed(near, fine[at[1]]), ladders.agreed(wide, coarse[at[0]])
    if stood[1] is not None:
        # Missions hold, and projects are looked for inside them: few of these may not move a mission's border.
        stays = blocked(bound[1], atoms)
        near, bound[0] = parted(near, bound[0], communities(contracted(wide, stays), resolutions[0])[stays])
    ties = Ties(nodes, near, wide, atoms, (bound[1], bound[0]), resolutions)
    missions, projects = ties.communities()
    kept, rungs = one_ladder(coarse, fine, at, (missions, projects))
    return Found(missions, projects, coarse[at[0]].rung.stability, breadths, kept, rungs, ties)


def numbered(labels: Labels) -> Labels:
    """Number labels 0 … k-1 in ascending order."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def breadths_of(nodes: int, previous: Previous | None) -> tuple[int, int]:
    """How many neighbours tie a node for missions and for projects: as many as before, where that is known."""
    if previous is not None and previous.breadths is not None:
        wide, near = (min(one, nodes - 1) for one in previous.breadths)
        return wide, near
    return breadth(nodes, wide=True), breadth(nodes)


def most_breadth(texts: int, previous: Previous | None) -> int:
    """The most neighbours that will be asked of any node."""
    return max(LOOKED_AT, *breadths_of(texts, previous)) if texts > 1 else 0


def graphs(
    found: Neighbours, breadths: tuple[int, int], floor: float
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Tie nodes for projects and for missions; one graph where as many neighbours are looked at."""
    near = shared_neighbour_graph(found.first(breadths[1]), floor=floor)
    if breadths[0] == breadths[1]:
        return near, near
    return near, shared_neighbour_graph(found.first(breadths[0]), floor=floor)


def chosen_rungs(
    coarse: Sequence[Step], fine: Sequence[Step], previous: Previous | None, nodes: int
) -> tuple[int, int]:
    """Choose the rung of missions and the rung of projects, or keep those of before."""
    if previous is not None and previous.resolutions is not None:
        mission, project = previous.resolutions
        return nearest_rung(coarse, mission), nearest_rung(fine, project)
    missions = chosen_missions(coarse, nodes)
    return missions, chosen_projects(fine, coarse[missions].rung)


def taken(ladder: Ladder, rungs: tuple[int, int], nodes: Labels, constraints: Constraints) -> Found:
    """Take both levels from rungs that were kept; nothing is looked for again.

    A mission is made of whole projects: each goes where most of its texts are on the coarser rung. A node that the
    ladder does not know is alone.
    """
    members, firsts, sizes = np.unique(nodes, return_index=True, return_counts=True)
    firsts, sizes = firsts[members >= 0], sizes[members >= 0]
    alone = int(ladder.labels.max(initial=-1)) + 1 + np.arange(len(firsts))
    coarse, fine = (
        np.where(labels[firsts] >= 0, labels[firsts], alone).astype(np.int64)
        for labels in (ladder.labels[place] for place in rungs)
    )
    projects = np.unique(fine, return_inverse=True)[1].astype(np.int64)
    blocks = blocked(projects, constraints.atoms(Level.MISSION)[firsts]) if len(firsts) else projects
    missions = majority(coarse, blocks, sizes)
    return Found(missions, projects, ladder.rungs[rungs[0]].stability, None, ladder, rungs)


def cut(graph: sparse.csr_matrix, constraints: Constraints, rows: Labels, level: Level) -> sparse.csr_matrix:
    """Remove the ties between what is locked and the rest; a locked mission closes its projects too."""
    levels = (Level.MISSION,) if level is Level.MISSION else (Level.MISSION, Level.PROJECT)
    locks = [constraints.lock(one)[rows] for one in levels]
    if all((lock < 0).all() for lock in locks):
        return graph
    coordinates = graph.tocoo()
    keep = np.ones(len(coordinates.data), dtype=bool)
    for lock in locks:
        keep &= lock[coordinates.row] == lock[coordinates.col]
    if keep.all():
        return graph
    places = coordinates.row[keep], coordinates.col[keep]
    return sparse.csr_matrix((coordinates.data[keep], places), shape=graph.shape)


def inside(projects: Labels, missions: Labels) -> Labels:
    """Split projects at the borders of missions; a text without a mission has no project."""
    kept = (projects >= 0) & (missions >= 0)
    pairs = projects.astype(np.int64) * (int(missions.max(initial=0)) + 1) + missions
    numbered = np.full(len(projects), -1, dtype=np.int64)
    numbered[kept] = np.unique(pairs[kept], return_inverse=True)[1]
    return numbered
