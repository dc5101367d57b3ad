"""Groups among a handful of texts, where a graph of neighbours has nothing to say: texts linked when near enough."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from app.nlp.vectors import Labels, Vectors, centroids


def linked(vectors: Vectors, similarity: float, *, start: Labels | None = None) -> Labels:
    """Join texts whose groups are at least so similar on average.

    Parameters
    ----------
    vectors : ndarray of shape (n_nodes, n_dimensions)
        Rows of unit length.
    similarity : float
        Mean cosine between two groups from which they are one, -1 to 1.
    start : ndarray of shape (n_nodes,), optional
        Groups 0 … k-1 already made, which are joined as a whole; single texts when None.

    Returns
    -------
    ndarray of shape (n_nodes,)
        Labels from 0; with `start`, whole groups of it.

    References
    ----------
    R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic relationships", 1958.
    """
    if start is not None:
        return linked(centroids(vectors, start, int(start.max(initial=-1)) + 1), similarity)[start]
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    distances = np.clip(1.0 - np.round(vectors @ vectors.T, 6), 0.0, 2.0)
    above = np.triu_indices(len(vectors), k=1)
    tree = linkage(distances[above].astype(np.float64), method="average")
    return np.asarray(fcluster(tree, t=1.0 - similarity, criterion="distance"), dtype=np.int64) - 1
