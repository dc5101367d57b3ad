"""How good suggestions of topics are, against the topic that somebody gave each text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.topics import NOTHING, Scorer, places_of, scores_of
from app.nlp.vectors import Vectors, checked


@dataclass(frozen=True)
class Measure:
    """How well one topic, or the mean of all, was found; each from 0 to 1."""

    precision: float
    recall: float
    f1: float
    texts: int = 0


@dataclass(frozen=True)
class Measured:
    """Two readings of one test: what is suggested above the cuts, and the best topic where one must be named."""

    suggested: Measure
    best_f1: float
    best_right: float
    by_topic: dict[str, Measure]
    without: float  # share of the texts about a topic that get no suggestion
    astray: float  # share of the texts about none that get one
    texts: int


def measured(scorer: Scorer, vectors: Vectors, topics: Sequence[str]) -> Measured:
    """Compare suggestions with the topic that somebody gave each text.

    Parameters
    ----------
    scorer : Scorer
    vectors : ndarray of shape (n_texts, n_dimensions)
    topics : sequence of str, length n_texts
        One topic each, known to the scorer, or "-" for none.

    Returns
    -------
    Measured
        Means over the topics that occur; every suggestion of another topic than the given one counts as wrong.

    Raises
    ------
    ValueError
        If lengths differ, there are no texts, or a topic is unknown.
    """
    unknown = sorted(set(topics) - {*scorer.topics, NOTHING})
    if unknown or not set(topics) - {NOTHING}:
        raise ValueError(f"no topic is called {', '.join(unknown)}" if unknown else "there are no texts")
    above = scores_of(scorer, checked(vectors, len(topics)))
    own = places_of(topics, scorer.topics)
    told = above >= 0
    by_topic = {
        scorer.topics[one]: counted(told[:, one], own == one)
        for one in sorted({int(each) for each in own} - {-1})
    }
    about: NDArray[np.bool_] = np.asarray(own >= 0)
    best = (above + scorer.cuts).argmax(axis=1)[about]
    return Measured(
        mean_of(list(by_topic.values()), int(about.sum())),
        macro_f1(own[about], best, len(scorer.topics)),
        float((best == own[about]).mean()),
        by_topic,
        share(np.asarray(~told[about].any(axis=1))),
        share(np.asarray(told[~about].any(axis=1))),
        len(topics),
    )


def mean_of(measures: Sequence[Measure], texts: int) -> Measure:
    """Every topic counts alike, however many texts it has."""
    precision, recall, f1 = np.mean([(one.precision, one.recall, one.f1) for one in measures], axis=0)
    return Measure(float(precision), float(recall), float(f1), texts)


def share(told: NDArray[np.bool_]) -> float:
    return float(told.mean()) if len(told) else 0.0


def counted(told: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Measure:
    hits = int((told & truth).sum())
    precision = hits / max(1, int(told.sum()))
    recall = hits / max(1, int(truth.sum()))
    return Measure(precision, recall, 2 * hits / max(1, int(told.sum() + truth.sum())), int(truth.sum()))


def macro_f1(truth: NDArray[np.int64], told: NDArray[np.int64], topics: int) -> float:
    """Average F1 over the topics that occur in the truth."""
    present = [one for one in range(topics) if (truth == one).any()]
    return float(np.mean([counted(told == one, truth == one).f1 for one in present]))
