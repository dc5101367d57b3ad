"""One linear scorer of topics, learned from a few hundred sentences, with a cut for each topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.nlp.topic_quality import macro_f1
from app.nlp.topics import NOTHING, Scorer, Scores, in_order, places_of
from app.nlp.vectors import Vectors, checked

SOFTNESS = (0.3, 1.0, 3.0, 10.0)
CLEAR_PRECISION = 0.9
OWN_SHARE = 0.5


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
    own = places_of(topics, names)
    if len(trusted) != len(own) or len(names) < 2 or set(own[trusted]) - {-1} != set(range(len(names))):
        raise ValueError("every one of two or more topics needs a sentence for calibration")
    wanted = (own[:, None] == np.arange(len(names))).astype(np.float64)
    tried = [(left_out(rows, wanted, softness)[trusted], softness) for softness in SOFTNESS]
    # Sentences of one topic are few, so how many come out first is told by F1 over topics, not by their share.
    scores, softness = max(tried, key=lambda one: macro_f1(own[trusted], one[0].argmax(axis=1), len(names)))
    weights, bias = fitted(rows, wanted, softness)
    truth = wanted[trusted].astype(bool)
    cuts = cuts_between(scores, truth)
    return Scorer(names, weights, bias, cuts, clear_offset((scores - cuts).ravel(), truth.ravel()), softness)


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


def cuts_between(scores: Scores, truth: NDArray[np.bool_]) -> Scores:
    """The cut of each topic, half its own and half that of all topics together."""
    common = best_cut(scores.ravel(), truth.ravel())
    own = np.array([best_cut(scores[:, one], truth[:, one]) for one in range(scores.shape[1])])
    found: Scores = OWN_SHARE * own + (1 - OWN_SHARE) * common
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
