"""Synthetic sets of vectors whose true groups are known."""

import numpy as np
from numpy.typing import NDArray

from app.nlp.vectors import Vectors, unit


def blobs(
    groups: int, size: int, *, seed: int = 0, dimensions: int = 384, noise: float = 0.6
) -> tuple[list[str], Vectors, NDArray[np.int64]]:
    """Texts around `groups` random directions: texts, unit vectors, and the group each was drawn from.

    `noise` is how long the random part of a vector is beside the part it shares with its group.
    """
    random = np.random.default_rng(seed)
    middles = unit(random.standard_normal((groups, dimensions)))
    truth = np.repeat(np.arange(groups), size)
    vectors = unit(
        middles[truth] + noise / np.sqrt(dimensions) * random.standard_normal((len(truth), dimensions))
    )
    texts = [f"theme {label} words number {row}" for row, label in enumerate(truth)]
    order = random.permutation(len(truth))
    return [texts[row] for row in order], vectors[order], truth[order].astype(np.int64)
