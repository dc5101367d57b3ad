"""Both levels for the nodes of a set: by links where there are few, by communities of a graph where there are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.nlp import ladders
from app.nlp.bridges import bridged
from app.nlp.communities import communities, contracted, majority
from app.nlp.constraints import Constraints
from app.nlp.corrections import Level
from app.nlp.ladders import Blocks, Step
from app.nlp.languages import ONE_THING
from app.nlp.neighbours import (
    Neighbours,
    breadth,
    likened,
    melted_lists,
    nearest_across,
    shared_neighbour_graph,
)
from app.nlp.partition import Ladder, Previous
from app.nlp.rungs import (
    FEWEST_MISSIONS,
    MOST_MISSIONS,
    chosen_missions,
    chosen_projects,
    nearest_rung,
    one_ladder,
)
from app.nlp.scale import Scale
from app.nlp.small import Links, links
from app.nlp.ties import Ties, blocked
from app.nlp.vectors import Labels, Vectors
from app.nlp.warm import before_of, cores, inertial, parted

SMALL, MANY_NODES = 30, 20_000
LOOKED_AT = 15
LEVELS = Level.PROJECT, Level.MISSION


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


@dataclass(frozen=True)
class Search:
    """What both levels are looked for in.

    Attributes
    ----------
    vectors : ndarray of shape (n_nodes, n_dimensions)
    sizes : ndarray of shape (n_nodes,)
        Texts in each node.
    nodes : ndarray of shape (n_texts,)
        Node of each text, -1 for none.
    scale : Scale
    constraints : Constraints
    languages : sequence of str, length n_texts, or None
    previous : Previous or None
    random_state : int
    """

    vectors: Vectors
    sizes: Labels
    nodes: Labels
    scale: Scale
    constraints: Constraints
    languages: Sequence[str] | None
    previous: Previous | None
    random_state: int

    @property
    def is_one_thing(self) -> bool:
        """Whether all say the same and nobody stood in a group before; communities would divide them all the same."""
        return self.scale.strangers >= ONE_THING and self.previous is None

    @property
    def rows(self) -> Labels:
        """One text of each node."""
        firsts = np.unique(self.nodes[self.nodes >= 0], return_index=True)[1]
        return np.flatnonzero(self.nodes >= 0)[firsts]


def searched(one: Search, lists: Neighbours) -> Found:
    """Find both levels.

    Parameters
    ----------
    one : Search
    lists : Neighbours
        Of the texts that have a node.
    """
    if len(one.vectors) < SMALL:
        few = links(one.vectors, one.nodes, (one.scale.mission_link, one.scale.project_link))
        return Found(*few.communities(), ties=few)
    rows = one.rows
    breadths = breadths_of(len(one.vectors), one.previous)
    found = of_nodes(one, lists, max(breadths))
    near, wide = graphs(found, breadths, one.scale.unrelated)
    node_by_node = len(rows) <= MANY_NODES
    alike = likened(near, found) if node_by_node else near
    del found  # of very many texts they are gigabytes
    wide = bridged(wide, one.vectors, MOST_MISSIONS)
    plain = wide if one.is_one_thing else near, wide
    stood = [before_of(one.previous, rows, level) for level in LEVELS]
    near, wide = (held(one, rows, *each) for each in zip(plain, stood, LEVELS, strict=True))
    blocks = ladders.blocks_of(near, one.vectors, one.sizes)
    coarse, fine = climbed(one, near, wide, blocks, same=plain[0] is plain[1])
    at = (0, 0) if one.is_one_thing else chosen_rungs(coarse, fine, one.previous, len(one.vectors))
    resolutions = coarse[at[0]].rung.resolution, fine[at[1]].rung.resolution
    # Among very many nodes the groups are put together from the blocks of the ladder, not from single nodes again.
    free = blocks.member
    if node_by_node:
        free = np.arange(len(rows))
        near = held(one, rows, alike, stood[0], Level.PROJECT)
    bound = [free if old is None else cores(graph, old) for graph, old in zip(plain, stood, strict=True)]
    if one.is_one_thing:
        bound = [np.zeros(len(rows), dtype=np.int64)] * 2
    near, wide = ladders.agreed(near, fine[at[1]]), ladders.agreed(wide, coarse[at[0]])
    atoms = numbered(one.constraints.atoms(Level.MISSION)[rows])
    if stood[1] is not None:
        # Missions hold, and projects are looked for inside them: few of these may not move a mission's border.
        stays = blocked(bound[1], atoms)
        near, bound[0] = parted(near, bound[0], communities(contracted(wide, stays), resolutions[0])[stays])
    ties = Ties(one.nodes, near, wide, atoms, (bound[1], bound[0]), resolutions)
    missions, projects = ties.communities()
    kept, rungs = one_ladder(coarse, fine, at, (missions, projects))
    return Found(missions, projects, coarse[at[0]].rung.stability, breadths, kept, rungs, ties)


def of_nodes(one: Search, lists: Neighbours, k: int) -> Neighbours:
    """Neighbours of nodes, from those of texts; where several languages are spoken, among all of them alike."""
    spoken = None if one.languages is None else np.asarray(one.languages)[one.rows]
    if spoken is None or (spoken == spoken[0]).all():
        return melted_lists(lists, one.nodes[one.nodes >= 0], one.vectors, k)
    return nearest_across(one.vectors, k, spoken)


def held(
    one: Search, rows: Labels, graph: sparse.csr_matrix, before: Labels | None, level: Level
) -> sparse.csr_matrix:
    """Ties as the groups of before and people's locks would have them."""
    return cut(graph if before is None else inertial(graph, before), one.constraints, rows, level)


def climbed(
    one: Search, near: sparse.csr_matrix, wide: sparse.csr_matrix, blocks: Blocks, *, same: bool
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Find the ladder of missions and that of projects; one where both have the same ties."""
    least, seed = one.scale.least, one.random_state
    coarse = ladders.ladder(
        wide, blocks, least=least, random_state=seed, most=None if same else MOST_MISSIONS
    )
    if same:
        return coarse, coarse
    return coarse, ladders.ladder(near, blocks, least=least, random_state=seed, fewest=2 * FEWEST_MISSIONS)


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
