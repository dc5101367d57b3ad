"""Groups among a handful of texts, where a graph of neighbours has nothing to say: texts linked when near enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from app.nlp.vectors import Labels, Vectors, centroids


@dataclass(frozen=True)
class Links:
    """How far the texts of a small set are from each other: from this alone the same groups come out anywhere.

    Attributes
    ----------
    nodes : ndarray of shape (n_texts,)
        Node 0 … m-1 of each text; -1 for one that takes no part.
    near : ndarray of shape (m * (m - 1) / 2,)
        Distance of each two nodes, 0 to 2, in the order of the rows of a triangle.
    wide : ndarray of shape (p * (p - 1) / 2,)
        The same of each two projects.
    similarities : tuple of float
        From which two projects are one mission, and two nodes one project.
    """

    nodes: Labels
    near: NDArray[np.float64]
    wide: NDArray[np.float64]
    similarities: tuple[float, float]

    def communities(self) -> tuple[Labels, Labels]:
        """Find the missions and projects of the nodes.

        Returns
        -------
        missions, projects : ndarray of shape (m,)
            Every project lies inside one mission.
        """
        projects = self.projects()
        missions = joined(self.wide, int(projects.max(initial=-1)) + 1, self.similarities[0])
        return missions[projects], projects

    def projects(self) -> Labels:
        return joined(self.near, int(self.nodes.max(initial=-1)) + 1, self.similarities[1])


def links(vectors: Vectors, nodes: Labels, similarities: tuple[float, float]) -> Links:
    """Measure the distances by which a small set is grouped: of nodes, and of the projects they make.

    Parameters
    ----------
    vectors : ndarray of shape (m, n_dimensions)
        Of the nodes; rows of unit length.
    nodes : ndarray of shape (n_texts,)
    similarities : tuple of float
        Of missions and of projects, as cosines.
    """
    near = distances(vectors)
    projects = joined(near, len(vectors), similarities[1])
    middles = centroids(vectors, projects, int(projects.max(initial=-1)) + 1)
    return Links(nodes, near, distances(middles), similarities)


def distances(vectors: Vectors) -> NDArray[np.float64]:
    """Measure how far each two rows of unit length are from each other: 1 less their cosine, 0 to 2.

    Returns
    -------
    ndarray of shape (n * (n - 1) / 2,)
        In the order of the rows of a triangle.
    """
    found = np.clip(1.0 - np.round(vectors @ vectors.T, 6), 0.0, 2.0)
    return found[np.triu_indices(len(vectors), k=1)].astype(np.float64)


def joined(distances: NDArray[np.float64], count: int, similarity: float) -> Labels:
    """Join texts whose groups are at least so similar on average.

    Parameters
    ----------
    distances : ndarray of shape (count * (count - 1) / 2,)
    count : int
    similarity : float
        Mean cosine between two groups from which they are one, -1 to 1.

    Returns
    -------
    ndarray of shape (count,)
        Labels from 0.

    References
    ----------
    R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic relationships", 1958.
    """
    if count < 2:
        return np.zeros(count, dtype=np.int64)
    tree = linkage(distances, method="average")
    return np.asarray(fcluster(tree, t=1.0 - similarity, criterion="distance"), dtype=np.int64) - 1
