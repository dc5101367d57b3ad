"""Where people voted against a voice of a group: what it says is not what everybody wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.quoting import Quotation, quotable
from app.nlp.vectors import Labels, rows_by_label

FEWEST_VOTES = 5
# Even if the votes are read in favour of the voice (the lower end of a 95 % interval), a third were against it.
AGAINST = 1 / 3
MOST = 2
Z = 1.96

Votes = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True)
class Dissent:
    """A sentence that people voted about: how many agreed with its text and how many disagreed."""

    quotation: Quotation
    agrees: int
    disagrees: int


def dissenting(
    texts: Sequence[str], labels: Labels, languages: Sequence[str], votes: Votes, *, most: int = MOST
) -> dict[int, tuple[Dissent, ...]]:
    """Find the voices of each group against which many voted.

    Parameters
    ----------
    texts, languages : sequences of str, length n_texts
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    votes : pair of sequences of int, length n_texts
        How many agreed and disagreed with each text.
    most : int, default 2

    Returns
    -------
    dict of label to tuple of Dissent
        Those against which surely a third or more voted, of five votes or more, the most opposed first.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    agrees, disagrees = (np.asarray(column, dtype=np.float64) for column in votes)
    least, against = surely(disagrees, agrees + disagrees), opposed(votes)
    found: dict[int, tuple[Dissent, ...]] = {}
    for label, rows in rows_by_label(labels).items():
        chosen = rows[against[rows]]
        told: list[Dissent] = []
        for row in chosen[np.argsort(-np.round(least[chosen], 6), kind="stable")].tolist():
            quoted = quotable(texts[row], row, languages[row])
            if quoted and len(told) < most:
                told.append(Dissent(quoted[0].quotation, int(agrees[row]), int(disagrees[row])))
        found[label] = tuple(told)
    return found


def opposed(votes: Votes) -> NDArray[np.bool_]:
    """Mark the texts against which surely a third or more voted, of five votes or more."""
    agrees, disagrees = (np.asarray(column, dtype=np.float64) for column in votes)
    whole = agrees + disagrees
    return np.asarray((surely(disagrees, whole) >= AGAINST) & (whole >= FEWEST_VOTES), dtype=np.bool_)


def surely(times: np.ndarray, of: np.ndarray) -> np.ndarray:
    """The lower end of the 95 % interval of a share; 0 of nothing."""
    count = np.maximum(of, 1)
    share = times / count
    middle = share + Z**2 / (2 * count)
    spread = Z * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return np.where(of > 0, np.maximum(0.0, (middle - spread) / (1 + Z**2 / count)), 0.0)
