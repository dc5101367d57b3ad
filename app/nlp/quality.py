"""How tight a group is and how clearly it stands apart, in numbers and in bands that have plain words."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Labels, Vectors, compact, similarities


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
    scores: NDArray[np.float32] = similarities(vectors, numbered, len(names))
    cohesion: dict[int, float] = {}
    separation: dict[int, float] = {}
    for place, name in enumerate(names):
        means = scores[numbered == place].mean(axis=0)
        own = 1.0 if (numbered == place).sum() == 1 else float(means[place])
        others = np.delete(means, place)
        cohesion[int(name)] = round(own, 4)
        separation[int(name)] = round(own - (float(others.max()) if len(others) else 0.0), 4)
    return cohesion, separation
