"""How good names and keywords are: whether a name finds its own group, and whether words belong together and differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp.vectors import Vectors, checked


def own_group_first(names: Vectors, middles: Vectors) -> float:
    """Say how many groups are the nearest of all to their own name.

    Parameters
    ----------
    names : ndarray of shape (n_groups, n_dimensions)
        The vector of each group's name; a row of zeros (no name) is never nearest.
    middles : ndarray of shape (n_groups, n_dimensions)
        The middle of each group, best of texts that the name was not chosen from.

    Returns
    -------
    float
        0 to 1; nan for no groups. A tie counts as not first.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if names.shape != middles.shape:
        raise ValueError(f"names of shape {names.shape} but middles of shape {middles.shape}")
    if not len(names):
        return float("nan")
    near = checked(names) @ checked(middles).T
    own = np.diagonal(near).copy()
    np.fill_diagonal(near, -np.inf)
    is_named = np.abs(names).sum(axis=1) > 0
    return float(((own > near.max(axis=1)) & is_named).mean())


def coherence(
    words: Mapping[int, Sequence[str]], documents: Sequence[Sequence[str]], *, top: int = 5
) -> float:
    """Say how much more often the keywords of a group stand in one text than chance would have it.

    Parameters
    ----------
    words : mapping of label to sequence of str
        Keywords of each group, best first.
    documents : sequence of sequences of str
        The terms of each text, in the same form as the keywords; texts of other groups as well.
    top : int, default 5
        Keywords of each group that are looked at.

    Returns
    -------
    float
        Mean over groups of the mean normalised pointwise mutual information of all pairs, -1 (never together) to 1
        (always together); nan where no group has two keywords.

    Notes
    -----
    Numbers of single groups are noisy where texts are short; only means over many groups should be compared.

    References
    ----------
    G. Bouma, "Normalized (Pointwise) Mutual Information in Collocation Extraction", GSCL 2009.
    """
    looked_at = [some[:top] for some in words.values()]
    column_of = {
        word: at for at, word in enumerate(dict.fromkeys(word for some in looked_at for word in some))
    }
    together = shares_together(column_of, documents)
    scores = [of_pairs(together, [column_of[word] for word in some]) for some in looked_at if len(some) > 1]
    return float(np.mean(scores)) if scores else float("nan")


def shares_together(column_of: Mapping[str, int], documents: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """The share of texts in which two words stand together, and on the diagonal each alone."""
    rows: list[int] = []
    columns: list[int] = []
    for row, document in enumerate(documents):
        held = {column_of[word] for word in document if word in column_of}
        rows.extend([row] * len(held))
        columns.extend(held)
    shape = (max(1, len(documents)), max(1, len(column_of)))
    said = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    return np.asarray((said.T @ said).todense()) / max(1, len(documents))


def of_pairs(together: NDArray[np.float64], columns: Sequence[int]) -> float:
    """The mean over pairs of one group's keywords."""
    found = []
    for one, other in combinations(columns, 2):
        joint, alone = together[one, other], together[one, one] * together[other, other]
        if joint <= 0:
            found.append(-1.0)
        elif joint >= 1:
            found.append(1.0)
        else:
            found.append(float(np.log(joint / alone) / -np.log(joint)))
    return float(np.mean(found))


def diversity(words: Mapping[int, Sequence[str]], *, top: int = 5) -> float:
    """Say which share of all keywords of all groups are different.

    Parameters
    ----------
    words : mapping of label to sequence of str
        Keywords of each group, best first.
    top : int, default 5
        Keywords of each group that are looked at.

    Returns
    -------
    float
        0 to 1; nan for no keywords.

    References
    ----------
    A. B. Dieng, F. J. R. Ruiz and D. M. Blei, "Topic Modeling in Embedding Spaces", TACL 2020.
    """
    every = [word for some in words.values() for word in some[:top]]
    return len(set(every)) / len(every) if every else float("nan")
