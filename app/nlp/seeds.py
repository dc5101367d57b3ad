"""A group divided by examples: each text goes to the side whose examples it is nearer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Vectors, checked, unit

NO_LEAD = 1e-6


@dataclass(frozen=True)
class Sides:
    """Two sides of one group.

    Attributes
    ----------
    leaves : ndarray of bool, shape (n_texts,)
    lead : ndarray of shape (n_texts,)
        How much nearer a text is to its side than to the other, as a difference of cosines, 0 … 2; 2 for examples.
    """

    leaves: NDArray[np.bool_]
    lead: NDArray[np.float32]


def divided(
    vectors: Vectors,
    staying: Sequence[int],
    leaving: Sequence[int],
    *,
    follows: Sequence[Sequence[int]] = (),
    anchors: Sequence[tuple[int, Sequence[int]]] = (),
) -> Sides:
    """Send every text of a group to the side of the nearer examples.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        A row of zeros, of a text without words, stays.
    staying, leaving : sequence of int
        Rows of the examples of each side; neither is empty, none is in both.
    follows : sequence of sequences of int
        Rows that stay on one side together: where an example among them is, else where their leads point.
    anchors : sequence of (int, sequence of int)
        A row, and the rows of which it goes with most.

    Returns
    -------
    Sides

    Raises
    ------
    ValueError
        If a side has no example, or a row is an example of both.

    Notes
    -----
    Nearness to a side is the mean of the cosine to the middle of its examples and of that to the nearest of them:
    the middle alone blurs examples that differ, the nearest alone follows a single odd one. A tie stays.
    """
    if not len(staying) or not len(leaving) or set(staying) & set(leaving):
        raise ValueError("each side needs examples of its own")
    array = checked(vectors)
    pull = nearness(array, leaving) - nearness(array, staying)
    pull[list(leaving)], pull[list(staying)] = 2.0, -2.0
    examples = {*staying, *leaving}
    for row, others in anchors:
        if row not in examples and len(others):
            turn(pull, [row], float(np.sign(pull[list(others)]).sum()))
    for rows in follows:
        chosen = [row for row in rows if row in examples]
        turn(pull, [row for row in rows if row not in examples], float(pull[chosen or list(rows)].sum()))
    return Sides(pull > 0, np.abs(pull).astype(np.float32))


def turn(pull: NDArray[np.float32], rows: Sequence[int], side: float) -> None:
    """Send rows to a side; one that is nearer to the other has no lead there."""
    way = 1.0 if side > 0 else -1.0
    pull[list(rows)] = way * np.maximum(way * pull[list(rows)], NO_LEAD)


def nearness(vectors: Vectors, examples: Sequence[int]) -> NDArray[np.float32]:
    """Return how near each text is to some examples, -1 … 1."""
    chosen = vectors[list(examples)]
    middle = unit(chosen.mean(axis=0, keepdims=True))[0]
    found: NDArray[np.float32] = ((vectors @ middle + (vectors @ chosen.T).max(axis=1)) / 2).astype(
        np.float32
    )
    return np.asarray(np.round(found, 6), dtype=np.float32)
