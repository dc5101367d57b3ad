"""Which topics of a list (goals, sectors) a text speaks of: one linear scorer, learned from a few hundred sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Vectors, checked

Scores = NDArray[np.float64]
NOTHING = "-"
SOFTNESS = (0.3, 1.0, 3.0, 10.0)
CLEAR_PRECISION = 0.9
OWN_SHARE = 0.5


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


def learn(
    vectors: Vectors,
    topics: Sequence[str],
    is_calibration: Sequence[bool] | NDArray[np.bool_],
) -> Scorer:
    """Learn a scorer from sentences of which each is about one topic, or about none.

    Parameters
    ----------
    vectors : ndarray of shape (n_sentences, n_dimensions)
        Scaled to unit length here.
    topics : sequence of str, length n_sentences
        "-" for a sentence about none of them.
    is_calibration : sequence of bool, length n_sentences
        Which sentences are like those that people write. The penalty and the cuts are chosen on these alone, each
        scored by a scorer that has not seen it; the others (descriptions) only help to learn.

    Returns
    -------
    Scorer
        The same sentences give the same scorer.

    Raises
    ------
    ValueError
        If lengths differ, a topic has no sentence for calibration, or there are fewer than two topics.

    Notes
    -----
    A cut is the mean of the one at which the topic's own F1 is highest and the one at which the F1 of all topics
    together is highest, because ten sentences alone place a cut badly.

    References
    ----------
    R. Rifkin and R. Lippert, "Notes on Regularized Least Squares", 2007 (leaving one out in closed form).
    Z. Lipton, C. Elkan, B. Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014.
    """
    rows = checked(vectors, len(topics)).astype(np.float64)
    trusted = np.asarray(is_calibration, dtype=bool)
    names = tuple(sorted(set(topics) - {NOTHING}, key=in_order))
    own = np.array([names.index(topic) if topic != NOTHING else -1 for topic in topics], dtype=np.int64)
    if len(trusted) != len(own) or len(names) < 2 or set(own[trusted]) - {-1} != set(range(len(names))):
        raise ValueError("every one of two or more topics needs a sentence for calibration")
    wanted = (own[:, None] == np.arange(len(names))).astype(np.float64)
    tried = [(left_out(rows, wanted, softness)[trusted], softness) for softness in SOFTNESS]
    # Sentences of one topic are few, so how many come out first is told by F1 over topics, not by their share.
    scores, softness = max(tried, key=lambda one: macro_f1(own[trusted], one[0].argmax(axis=1), len(names)))
    weights, bias = fitted(rows, wanted, softness)
    truth = wanted[trusted].astype(bool)
    common = best_cut(scores.ravel(), truth.ravel())
    cuts = np.array([best_cut(scores[:, one], truth[:, one]) for one in range(len(names))])
    cuts = OWN_SHARE * cuts + (1 - OWN_SHARE) * common
    above = scores - cuts
    return Scorer(names, weights, bias, cuts, clear_offset(above.ravel(), truth.ravel()), softness)


def in_order(topic: str) -> tuple[int, str]:
    """Numbers before names, 9 before 10."""
    return (int(topic) if topic.isdigit() else 10**6, topic)


def fitted(rows: Scores, wanted: Scores, softness: float) -> tuple[Scores, Scores]:
    """Ridge regression onto one column per topic, each centred."""
    middle, share = rows.mean(axis=0), wanted.mean(axis=0)
    centred = rows - middle
    gram = centred @ centred.T + softness * np.eye(len(rows))
    weights = (centred.T @ np.linalg.solve(gram, wanted - share)).T
    return weights, share - weights @ middle


def left_out(rows: Scores, wanted: Scores, softness: float) -> Scores:
    """Score every sentence by what the others alone would have taught; shape (n_sentences, n_topics)."""
    centred, share = rows - rows.mean(axis=0), wanted.mean(axis=0)
    gram = centred @ centred.T
    hat = gram @ np.linalg.inv(gram + softness * np.eye(len(rows)))
    own = np.minimum(np.diag(hat), 1 - 1e-9)[:, None]
    residual = (wanted - share) - hat @ (wanted - share)
    found: Scores = wanted - residual / (1 - own)
    return found


def best_cut(scores: Scores, truth: NDArray[np.bool_]) -> float:
    """Find the cut with the highest F1, midway between the two scores it parts; the higher one on a tie."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    best = int(np.argmax(f1))
    ordered = scores[order]
    following = ordered[best + 1] if best + 1 < len(ordered) else ordered[best] - 0.1
    return float((ordered[best] + following) / 2)


def clear_offset(above: Scores, truth: NDArray[np.bool_]) -> float:
    """Find from how far above the cuts on nine of ten suggestions are right."""
    order = np.argsort(-above, kind="stable")
    precision = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((precision >= CLEAR_PRECISION) & (above[order] >= 0))
    return float(above[order][good[-1]]) if len(good) else float("inf")


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
    """Suggest topics for a group: those that enough of its texts speak of, the commonest first."""
    above = scores_of(scorer, vectors) >= 0
    counts = above.sum(axis=0)
    found = [
        Shared(topic, int(count), float(count) / len(above))
        for topic, count in zip(scorer.topics, counts, strict=True)
        if count >= least_texts and count >= least_share * len(above)
    ]
    return tuple(sorted(found, key=lambda one: (-one.texts, in_order(one.topic)))[:most])


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
    own = np.array([scorer.topics.index(topic) if topic != NOTHING else -1 for topic in topics])
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
