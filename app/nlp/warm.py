"""Starting from the groups of before: what stood at home in its group stays there as one, and ties remember."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp.corrections import Level
from app.nlp.partition import Previous
from app.nlp.vectors import Labels, compact

INERTIA = 0.6
REMEMBERED = (1 + INERTIA) / (1 - INERTIA)
# A group that so many joined, as a share of those who were there and at least so many, may divide: it is looked at
# afresh.
GROWN, FEWEST_JOINED = 0.5, 8


def inertial(graph: sparse.csr_matrix, before: Labels) -> sparse.csr_matrix:
    """Strengthen ties inside the groups of before and weaken those between them.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
    before : ndarray of shape (n_nodes,)
        Group of each node before, -1 for none.

    References
    ----------
    D. Chakrabarti, R. Kumar, A. Tomkins, "Evolutionary clustering", 2006.
    """
    coordinates = graph.tocoo()
    left, right = before[coordinates.row], before[coordinates.col]
    known = (left >= 0) & (right >= 0)
    factor = np.where(known, np.where(left == right, 1 + INERTIA, 1 - INERTIA), 1.0).astype(np.float32)
    return sparse.csr_matrix(
        (coordinates.data * factor, (coordinates.row, coordinates.col)), shape=graph.shape
    )


def before_of(previous: Previous | None, rows: Labels, level: Level) -> Labels | None:
    """Group of each node before, by one of its rows; None where there was no grouping, or nobody stood in a group.

    A mission that was not divided was one project.
    """
    if previous is None or (previous.missions < 0).all():
        return None
    missions, projects = previous.missions, previous.projects
    if level is Level.MISSION:
        return missions[rows]
    whole = (missions >= 0) & ~np.isin(missions, missions[projects >= 0])
    return np.where(whole, missions + int(projects.max(initial=-1)) + 1, projects)[rows]


def parted(graph: sparse.csr_matrix, bound: Labels, missions: Labels) -> tuple[sparse.csr_matrix, Labels]:
    """Untie nodes of different missions, and part what was bound together across their borders.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
    bound, missions : ndarray of shape (n_nodes,)

    Returns
    -------
    csr_matrix of shape (n_nodes, n_nodes)
    ndarray of shape (n_nodes,)
        0 … c-1.
    """
    ties = graph.tocoo()
    keep = missions[ties.row] == missions[ties.col]
    places = ties.row[keep], ties.col[keep]
    pairs = np.unique(np.stack([bound, missions]), axis=1, return_inverse=True)[1]
    return sparse.csr_matrix((ties.data[keep], places), shape=graph.shape), np.ravel(pairs).astype(np.int64)


def cores(graph: sparse.csr_matrix, before: Labels) -> Labels:
    """Number nodes so that those at home in the same group of before share a number.

    A node is at home unless another group pulls at it four times as much as its own, as ties that remember would have
    it (`inertial`); one without ties stays where it was. Groups that grew by half have no core, so that they may
    divide; others lose and gain nodes at their edges, or merge.

    Parameters
    ----------
    graph : csr_matrix of shape (n_nodes, n_nodes)
    before : ndarray of shape (n_nodes,)
        Group of each node before, -1 for none.

    Returns
    -------
    ndarray of shape (n_nodes,)
        0 … c-1.
    """
    nodes = graph.shape[0]
    labels, names = compact(before)
    if not len(names):
        return np.arange(nodes)
    grouped = np.flatnonzero(labels >= 0)
    shape = nodes, len(names)
    ones = np.ones(len(grouped), dtype=np.float32)
    pull = (graph @ sparse.csr_matrix((ones, (grouped, labels[grouped])), shape=shape)).tocsr()
    total = np.asarray(pull.sum(axis=1)).ravel()
    own = np.zeros(nodes)
    own[grouped] = np.asarray(pull[grouped, labels[grouped]]).ravel()
    home = (labels >= 0) & (own * REMEMBERED >= np.asarray(pull.max(axis=1).todense()).ravel())
    home &= ~np.append(grown(pull, labels, total), False)[labels]
    found = np.arange(len(names), len(names) + nodes, dtype=np.int64)
    found[home] = labels[home]
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def grown(pull: sparse.csr_matrix, labels: Labels, total: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Say which groups the new nodes would make half as large again."""
    new = np.flatnonzero((labels < 0) & (total > 0))
    nearest = np.asarray(pull[new].argmax(axis=1)).ravel() if len(new) else np.zeros(0, dtype=np.int64)
    sizes = np.bincount(labels[labels >= 0], minlength=pull.shape[1])
    joined = np.bincount(nearest, minlength=pull.shape[1])
    found: NDArray[np.bool_] = joined > np.maximum(GROWN * sizes, FEWEST_JOINED)
    return found
