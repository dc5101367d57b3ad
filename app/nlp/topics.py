"""Which topics of a list (goals, sectors) a text speaks of, or many texts of a group: what one scorer suggests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Labels, Vectors, checked

Scores = NDArray[np.float64]
NOTHING = "-"


class Sureness(StrEnum):
    """How sure a suggestion is: of ten that are clear, about nine were right where it was learned."""

    CLEAR = auto()
    LIKELY = auto()


@dataclass(frozen=True)
class Suggested:
    """One topic that a text may be about; `above` is how far its score is above the topic's cut (no unit)."""

    topic: str
    above: float
    sureness: Sureness


@dataclass(frozen=True)
class Scorer:
    """What was learned.

    Attributes
    ----------
    topics : tuple of str
    weights : ndarray of shape (n_topics, n_dimensions)
    bias, cuts : ndarray of shape (n_topics,)
        A topic is suggested where weights @ vector + bias is at least its cut.
    clear_above : float
        From how far above its cut a suggestion is called clear.
    softness : float
        The ridge penalty that was chosen.
    """

    topics: tuple[str, ...]
    weights: Scores
    bias: Scores
    cuts: Scores
    clear_above: float
    softness: float


def in_order(topic: str) -> tuple[int, str]:
    """Numbers before names, 9 before 10."""
    return (int(topic) if topic.isdigit() else 10**6, topic)


def places_of(topics: Sequence[str], names: Sequence[str]) -> Labels:
    """Place of each topic among the names; -1 for a sentence about none of them."""
    return np.array([names.index(topic) if topic != NOTHING else -1 for topic in topics], dtype=np.int64)


def scores_of(scorer: Scorer, vectors: Vectors) -> Scores:
    """Score texts above each topic's cut; shape (n_texts, n_topics), at least 0 where a topic is suggested."""
    rows = checked(vectors).astype(np.float64)
    if not len(rows):
        return np.zeros((0, len(scorer.topics)))
    found: Scores = rows @ scorer.weights.T + scorer.bias - scorer.cuts
    return found


def suggested(scorer: Scorer, vectors: Vectors, *, most: int = 3) -> list[tuple[Suggested, ...]]:
    """Suggest topics for each text, the surest first, and none where no score reaches its cut.

    Parameters
    ----------
    scorer : Scorer
    vectors : ndarray of shape (n_texts, n_dimensions)
    most : int
        At most so many for one text.

    Returns
    -------
    list of tuple of Suggested, length n_texts
    """
    return [tuple(above_cuts(scorer, row)[:most]) for row in scores_of(scorer, vectors)]


def above_cuts(scorer: Scorer, above: Scores) -> list[Suggested]:
    ranked = sorted(np.flatnonzero(above >= 0), key=lambda place: (-above[place], place))
    return [
        Suggested(
            scorer.topics[place],
            float(above[place]),
            Sureness.CLEAR if above[place] >= scorer.clear_above else Sureness.LIKELY,
        )
        for place in ranked
    ]


@dataclass(frozen=True)
class Shared:
    """One topic that many texts of a group speak of; `share` is of the texts that could be judged (0 to 1)."""

    topic: str
    texts: int
    share: float


def shared(
    scorer: Scorer, vectors: Vectors, *, least_share: float = 0.25, least_texts: int = 2, most: int = 3
) -> tuple[Shared, ...]:
    """Suggest topics for a group: those that enough of its texts speak of.

    Parameters
    ----------
    scorer : Scorer
    vectors : ndarray of shape (n_texts, n_dimensions)
        Of the texts of the group.
    least_share : float
        Of its texts, 0 to 1.
    least_texts, most : int

    Returns
    -------
    tuple of Shared
        The commonest first; at most `most`.
    """
    above = scores_of(scorer, vectors) >= 0
    counts = above.sum(axis=0)
    found = [
        Shared(topic, int(count), float(count) / len(above))
        for topic, count in zip(scorer.topics, counts, strict=True)
        if count >= least_texts and count >= least_share * len(above)
    ]
    return tuple(sorted(found, key=lambda one: (-one.texts, in_order(one.topic)))[:most])
