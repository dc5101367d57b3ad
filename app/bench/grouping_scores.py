"""How well labels found agree with labels given, counted alike for everybody who is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

from app.nlp.vectors import Labels, Vectors, centroids, compact

Scores = dict[str, Any]
AT_ONCE = 4096


def numbered(names: Sequence[str]) -> Labels:
    """Give each name a number."""
    return np.unique(np.asarray(names, dtype=str), return_inverse=True)[1].astype(np.int64).reshape(-1)


def with_nearest(labels: Labels, vectors: Vectors) -> Labels:
    """Put every ungrouped text into the group whose middle is nearest; one group where there are none."""
    dense, names = compact(labels)
    alone = np.flatnonzero(dense < 0)
    if not len(names):
        return np.zeros(len(labels), dtype=np.int64)
    middles = centroids(vectors, dense, len(names))
    found = labels.copy()
    for start in range(0, len(alone), AT_ONCE):
        rows = alone[start : start + AT_ONCE]
        found[rows] = names[(vectors[rows] @ middles.T).argmax(axis=1)]
    return found


def as_singletons(labels: Labels) -> Labels:
    """Make every ungrouped text a group of its own."""
    found = labels.copy()
    alone = np.flatnonzero(labels < 0)
    found[alone] = int(labels.max(initial=-1)) + 1 + np.arange(len(alone))
    return found


def ari(one: Labels, other: Labels) -> float:
    """The adjusted Rand index of two labellings of the same texts."""
    return round(float(adjusted_rand_score(one, other)), 4)


def agreement(truth: Labels, found: Labels) -> Scores:
    """Compare two labellings without holes."""
    return {
        "ari": ari(truth, found),
        "ami": round(float(adjusted_mutual_info_score(truth, found)), 4),
        "v": round(float(v_measure_score(truth, found)), 4),
    }


def level_scores(raw: Labels, filled: Labels, truths: Mapping[str, Labels]) -> Scores:
    """Score one level: ungrouped texts in their nearest group, and again each as a group of its own.

    Parameters
    ----------
    raw, filled : ndarray of shape (n_texts,)
        Labels with -1 for ungrouped texts, and with each of those in its nearest group.
    truths : mapping of str to ndarray of shape (n_texts,)
        "label", and "parent" where the file has one.
    """
    scores: Scores = {
        "k": len(np.unique(raw[raw >= 0])),
        "unassigned": round(float((raw < 0).mean()), 4) if len(raw) else 0.0,
    }
    alone = as_singletons(raw)
    for name, truth in truths.items():
        suffix = "" if name == "label" else f"_{name}"
        scores |= {f"{key}{suffix}": value for key, value in agreement(truth, filled).items()}
        singles = agreement(truth, alone)
        scores |= {f"{key}{suffix}_singletons": value for key, value in singles.items()}
    return scores


def best_of(levels: Mapping[str, Scores]) -> Scores:
    """Take the better of several levels for each measure, and the count of groups of the level with the best ARI."""
    first = max(levels.values(), key=lambda level: level["ari"])
    measures = [key for key in first if key not in ("k", "unassigned")]
    best = {key: max(level[key] for level in levels.values()) for key in measures}
    return {**best, "k": first["k"], "unassigned": first["unassigned"]}


def mean_of(entries: Sequence[Scores]) -> Scores:
    """Average numbers over sets, and those inside; what only some sets have is averaged over those."""
    found: Scores = {}
    for key in dict.fromkeys(key for entry in entries for key in entry):
        values = [entry[key] for entry in entries if key in entry]
        if all(isinstance(value, dict) for value in values):
            if key != "levels":
                found[key] = mean_of(values)
        elif all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            found[key] = round(float(np.nanmean(values)), 4) if not np.isnan(values).all() else None
    return found


def pairs_changed(before: Labels, after: Labels) -> float:
    """Say which share of the pairs that were together before or are so after were not so both times.

    Returns
    -------
    float
        0 (nobody moved) to 1 (nobody kept company); 0 where there are no pairs at all.
    """
    first, second = compact(before)[0], compact(after)[0]
    both = first * (int(second.max(initial=0)) + 1) + second
    together = [pairs(np.unique(labels, return_counts=True)[1]) for labels in (first, second, both)]
    either = together[0] + together[1] - together[2]
    return round(1.0 - together[2] / either, 4) if either else 0.0


def pairs(sizes: Labels) -> int:
    return int((sizes.astype(object) * (sizes.astype(object) - 1) // 2).sum())
