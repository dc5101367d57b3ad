"""How tight a group is and how clearly it stands apart, in numbers and in bands that have plain words."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from app.nlp.vectors import Labels, Vectors, compact, own_similarities, sums, unit


class Cohesion(StrEnum):
    """How much the texts of a group say the same."""

    TIGHT = "tight"
    MIXED = "mixed"
    LOOSE = "loose"


class Separation(StrEnum):
    """How clearly a group differs from the nearest other."""

    CLEAR = "clear"
    TOUCHING = "touching"
    BLURRED = "blurred"


# Counted on vectors from which what all texts have in common was taken out.
TIGHT_FROM, MIXED_FROM = 0.5, 0.3
CLEAR_FROM, TOUCHING_FROM = 0.3, 0.15


def cohesion_band(cohesion: float) -> Cohesion:
    """Put a cohesion (mean cosine, -1 to 1) into its band."""
    if cohesion >= TIGHT_FROM:
        return Cohesion.TIGHT
    return Cohesion.MIXED if cohesion >= MIXED_FROM else Cohesion.LOOSE


def separation_band(separation: float) -> Separation:
    """Put a separation (difference of mean cosines, -2 to 2) into its band."""
    if separation >= CLEAR_FROM:
        return Separation.CLEAR
    return Separation.TOUCHING if separation >= TOUCHING_FROM else Separation.BLURRED


def measured(vectors: Vectors, labels: Labels) -> tuple[dict[int, float], dict[int, float]]:
    """Measure cohesion and separation of each group.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    labels : ndarray of shape (n_texts,)
        -1 is left out.

    Returns
    -------
    cohesion : dict of label to float
        Mean cosine of each text to the middle of the others, -1 to 1; 1.0 for a group of one.
    separation : dict of label to float
        Cohesion less the mean cosine to the other group that is nearest on average.

    References
    ----------
    P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987.
    """
    numbered, names = compact(labels)
    if not len(names):
        return {}, {}
    totals, sizes = sums(vectors, numbered, len(names))
    grouped = numbered >= 0
    own = np.bincount(
        numbered[grouped],
        weights=own_similarities(vectors, numbered, len(names))[grouped].astype(np.float64),
        minlength=len(names),
    )
    own = np.where(sizes == 1, 1.0, own / sizes)
    # The mean cosine of many to one middle is the cosine of their mean with it, length kept.
    others = (totals / sizes[:, None]) @ unit(totals).T.astype(np.float64)
    np.fill_diagonal(others, -np.inf)
    next_best = others.max(axis=1) if len(names) > 1 else np.zeros(1)
    cohesion = {int(name): round(float(value), 4) for name, value in zip(names, own, strict=True)}
    separation = {int(name): round(float(gap), 4) for name, gap in zip(names, own - next_best, strict=True)}
    return cohesion, separation
