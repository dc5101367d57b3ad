"""New texts placed among accepted groups without moving anybody: their nearest neighbours vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.neighbours import Neighbours, nearest
from app.nlp.partition import UNGROUPED
from app.nlp.vectors import Labels, Vectors, checked, same_length

VOTERS = 15


@dataclass(frozen=True)
class Placed:
    """Where new texts belong.

    Attributes
    ----------
    labels : ndarray of shape (n_new,)
        Group with most votes, -1 where the margin is too small or nobody is near.
    nearest : ndarray of shape (n_new,)
        Group with most votes even so; -1 where no group got a vote.
    weight : ndarray of shape (n_new,)
        Share of all votes that group got, 0 to 1.
    margin : ndarray of shape (n_new,)
        That share less the next group's, 0 to 1.
    """

    labels: Labels
    nearest: Labels
    weight: NDArray[np.float32]
    margin: NDArray[np.float32]


def place(
    new: Vectors,
    vectors: Vectors,
    labels: Labels,
    *,
    least_margin: float = 0.1,
    least_similarity: float = 0.3,
) -> Placed:
    """Place new texts against labels that stand.

    Parameters
    ----------
    new : ndarray of shape (n_new, n_dimensions)
    vectors : ndarray of shape (n_texts, n_dimensions)
        The texts already grouped, in the same space.
    labels : ndarray of shape (n_texts,)
        Their groups; the ungrouped (-1) vote too, for staying out.
    least_margin : float
        Below it a text waits, ungrouped.
    least_similarity : float
        Neighbours less similar (cosine) than this do not vote; a partition's parameter "fit" is a good value.

    Returns
    -------
    Placed

    Raises
    ------
    ValueError
        If lengths differ or a vector holds NaN or infinity.
    """
    same_length(len(vectors), labels=labels)
    found = nearest(checked(new), VOTERS, among=checked(vectors))
    return vote(found, labels[found.rows], least_margin=least_margin, least_similarity=least_similarity)


def vote(
    found: Neighbours, labels: Labels, *, least_margin: float = 0.1, least_similarity: float = 0.3
) -> Placed:
    """Count votes of neighbours found elsewhere, for instance by an index in the database.

    Parameters
    ----------
    found : Neighbours
        Of shape (n_new, k); the row numbers are not read.
    labels : ndarray of shape (n_new, k)
        Group of each neighbour.
    """
    count = len(found.similarity)
    placed = Placed(
        np.full(count, UNGROUPED, dtype=np.int64),
        np.full(count, UNGROUPED, dtype=np.int64),
        np.zeros(count, dtype=np.float32),
        np.zeros(count, dtype=np.float32),
    )
    for row in range(count):
        counts = found.similarity[row] >= least_similarity
        names, member = np.unique(labels[row][counts], return_inverse=True)
        votes = np.bincount(
            member, weights=found.similarity[row][counts].astype(np.float64) ** 2, minlength=len(names)
        )
        settle(placed, row, names, votes / max(float(votes.sum()), 1e-12), least_margin)
    return placed


def settle(placed: Placed, row: int, names: Labels, shares: NDArray[np.float64], least_margin: float) -> None:
    """Write down the outcome of one vote."""
    order = np.argsort(-np.round(shares, 6), kind="stable")
    groups = [at for at in order if names[at] != UNGROUPED]
    if not groups:
        return
    best = groups[0]
    others = float(max((shares[at] for at in order if at != best), default=0.0))
    placed.nearest[row] = names[best]
    placed.weight[row] = shares[best]
    placed.margin[row] = max(0.0, float(shares[best]) - others)
    if order[0] == best and placed.margin[row] >= least_margin:
        placed.labels[row] = names[best]
