"""What near and far mean in one set of texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.nlp.vectors import Labels, Vectors

SAMPLE = 1000
MOST_UNRELATED = 0.25
FIT_SHARE = 0.2
MISSION_LINK_SHARE, PROJECT_LINK_SHARE = 0.3, 0.45


@dataclass(frozen=True)
class Scale:
    """What near and far mean in this set, as cosines.

    Attributes
    ----------
    unrelated : float
        Typical similarity of two texts of the set, at most 0.25: in a set about one narrow question every two texts
        are alike, and that must not make them strangers to each other.
    strangers : float
        The same before what all texts have in common was taken out, not bounded.
    fit : float
        Similarity to the middle of a group from which a text belongs to it.
    mission_link, project_link : float
        Similarity from which two texts of a small set are linked.
    least, least_project : int
        Voices that a mission, a project needs.
    """

    unrelated: float
    strangers: float
    fit: float
    mission_link: float
    project_link: float
    least: int
    least_project: int


def scale_of(vectors: Vectors, sizes: Labels, untouched: Vectors) -> Scale:
    """Read the scale off a set of nodes.

    Parameters
    ----------
    vectors : ndarray of shape (n_nodes, n_dimensions)
        What all texts have in common taken out.
    sizes : ndarray of shape (n_nodes,)
        Texts in each node.
    untouched : ndarray of shape (n_sampled, n_dimensions)
        Nothing taken out: of the nodes that `sampled` names.
    """
    unrelated = float(np.clip(usual_similarity(vectors), 0.0, MOST_UNRELATED))
    least = int(np.clip(round(np.sqrt(sizes.sum()) / 4), 2, 8))
    return Scale(
        unrelated=unrelated,
        strangers=usual_similarity(untouched),
        fit=unrelated + FIT_SHARE / 2 * (1 - unrelated),
        mission_link=unrelated + MISSION_LINK_SHARE * (1 - unrelated),
        project_link=unrelated + PROJECT_LINK_SHARE * (1 - unrelated),
        least=least,
        least_project=max(2, (least + 1) // 2),
    )


def usual_similarity(vectors: Vectors) -> float:
    """Find the median cosine of two texts, from a sample spread evenly over the rows; 0 for fewer than two."""
    if len(vectors) < 2:
        return 0.0
    sample = vectors[sampled(len(vectors))]
    return float(np.round(np.median((sample @ sample.T)[np.triu_indices(len(sample), k=1)]), 4))


def sampled(count: int) -> Labels:
    """Up to a thousand of so many rows, spread evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, SAMPLE)).astype(np.int64))
