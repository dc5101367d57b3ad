"""What groups are found in, frozen: from it alone the same communities come out anywhere."""

from __future__ import annotations

from dataclasses import dataclass

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
        Ties in which projects are found; symmetric, each weight the share of neighbours two nodes have in common.
    wide : csr_matrix of shape (m, m)
        Ties in which missions are found, among more neighbours.
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
