"""What groups are found in, frozen: from it alone the same communities come out anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from app.nlp.communities import communities, contracted, majority
from app.nlp.vectors import Labels


@dataclass(frozen=True)
class Ties:
    """How texts are tied, before anybody is left out or moved by hand.

    Attributes
    ----------
    nodes : ndarray of shape (n_texts,)
        Node 0 … m-1 of each text; -1 for one that takes no part. Copies, and texts that a person keeps together in
        one project, share a node.
    near : csr_matrix of shape (m, m)
        Ties in which projects are found; symmetric, each weight the cosine of the two nodes; among very many nodes as
        `wide`.
    wide : csr_matrix of shape (m, m)
        Ties in which missions are found, among more neighbours; each weight the share of neighbours in common.
    atoms : ndarray of shape (m,)
        Nodes that a person keeps together in one mission share a number, 0 … a-1.
    cores : tuple of ndarray of shape (m,)
        Nodes that stay together in one mission, and in one project, share a number, 0 … c-1: because they did before,
        or because among very many nodes groups are put together from small communities.
    resolutions : tuple of float
        Of missions and of projects.
    """

    nodes: Labels
    near: sparse.csr_matrix
    wide: sparse.csr_matrix
    atoms: Labels
    cores: tuple[Labels, Labels]
    resolutions: tuple[float, float]

    def communities(self) -> tuple[Labels, Labels]:
        """Find the missions and projects of the nodes: ties and resolutions say everything.

        Both levels are looked for by themselves; then each project goes where most of its texts are.

        Returns
        -------
        missions, projects : ndarray of shape (m,)
            Every project lies inside one mission.
        """
        bound = blocked(self.cores[0], self.atoms)
        missions = communities(contracted(self.wide, bound), self.resolutions[0])[bound]
        projects = communities(contracted(self.near, self.cores[1]), self.resolutions[1])[self.cores[1]]
        sizes = np.bincount(self.nodes[self.nodes >= 0])
        return majority(missions, blocked(projects, self.atoms), sizes), projects

    def started(self, missions: Labels, projects: Labels) -> Ties:
        """The same ties, looked at from a grouping: nodes that it put where their ties pull most stay together.

        Parameters
        ----------
        missions, projects : ndarray of shape (n_texts,)
            -1 for ungrouped.

        Returns
        -------
        Ties
            With other cores.
        """
        rows = np.flatnonzero(self.nodes >= 0)
        rows = rows[np.unique(self.nodes[rows], return_index=True)[1]]
        mission = at_home(self.wide, missions[rows], self.resolutions[0], self.cores[0])
        project = at_home(self.near, projects[rows], self.resolutions[1], self.cores[1])
        return replace(self, cores=(mission, project))


def at_home(graph: sparse.csr_matrix, labels: Labels, resolution: float, cores: Labels) -> Labels:
    """Number nodes so that those of a group share a number whom no other group would gain more by having.

    Parameters
    ----------
    graph : csr_matrix of shape (m, m)
    labels : ndarray of shape (m,)
        -1 for none.
    resolution : float
    cores : ndarray of shape (m,)
        What nodes share that are not at home.

    Returns
    -------
    ndarray of shape (m,)
        0 … c-1.

    References
    ----------
    J. Reichardt and S. Bornholdt, "Statistical mechanics of community detection", 2006 (what a group gains).
    """
    inside, count = np.flatnonzero(labels >= 0), int(labels.max(initial=-1)) + 1
    member = sparse.csr_matrix(
        (np.ones(len(inside)), (inside, labels[inside])), shape=(len(labels), max(1, count))
    )
    degrees = np.asarray(graph.sum(axis=1), dtype=np.float64).ravel()
    share = resolution / max(float(degrees.sum()), 1e-12)
    pull = (graph.astype(np.float64) @ member).tocoo()
    own = pull.col == labels[pull.row]
    others = (member.T @ degrees)[pull.col] - np.where(own, degrees[pull.row], 0.0)
    itself = np.where(own, np.asarray(graph.diagonal(), dtype=np.float64)[pull.row], 0.0)
    gains = np.round(pull.data - itself - share * degrees[pull.row] * others, 9)
    best = np.full((2, len(labels)), -np.inf)
    np.maximum.at(best[0], pull.row[own], gains[own])
    np.maximum.at(best[1], pull.row[~own], gains[~own])
    home = (labels >= 0) & (best[0] >= best[1])
    return np.unique(np.where(home, labels, count + cores), return_inverse=True)[1].astype(np.int64)


def blocked(projects: Labels, atoms: Labels) -> Labels:
    """Join projects that share an atom of the coarser level, so that missions are made of whole projects.

    Returns
    -------
    ndarray of shape (m,)
        0 … b-1: the finest numbering of which both are parts.
    """
    pairs = np.unique(np.stack([projects, atoms]), axis=1)
    shift = int(projects.max()) + 1
    size = shift + int(atoms.max()) + 1
    graph = sparse.csr_matrix((np.ones(pairs.shape[1]), (pairs[0], pairs[1] + shift)), shape=(size, size))
    member = connected_components(graph, directed=False)[1]
    return np.unique(member[projects], return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True)
class Rungs:
    """Two rungs of a ladder, taken by a person: who stands together on each.

    Attributes
    ----------
    nodes : ndarray of shape (n_texts,)
        Node 0 … m-1 of each text; -1 for one that was on no rung.
    coarse, fine : ndarray of shape (m,)
        Group of each node on the rung of missions and on that of projects.
    """

    nodes: Labels
    coarse: Labels
    fine: Labels

    @classmethod
    def of(cls, coarse: Labels, fine: Labels) -> Rungs:
        """Make a node of each text that stands on both rungs; -1 for a text that does not."""
        there = (coarse >= 0) & (fine >= 0)
        nodes = np.where(there, np.cumsum(there) - 1, -1).astype(np.int64)
        return cls(nodes, coarse[there].astype(np.int64), fine[there].astype(np.int64))

    def communities(self) -> tuple[Labels, Labels]:
        """Put each project into the mission in which most of its texts are.

        Returns
        -------
        missions, projects : ndarray of shape (m,)
        """
        projects = np.unique(self.fine, return_inverse=True)[1].astype(np.int64)
        return majority(self.coarse, projects, np.ones(len(projects), dtype=np.int64)), projects
