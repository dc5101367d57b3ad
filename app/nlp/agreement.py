"""How far two groupings of the same things agree."""

from __future__ import annotations

import numpy as np

from app.nlp.vectors import Labels


def adjusted_rand(one: Labels, other: Labels) -> float:
    """Share of pairs on which two groupings agree, less what chance would bring: 1 for the same, about 0 for chance.

    Parameters
    ----------
    one, other : ndarray of shape (n_items,)
        Whole numbers, best without large gaps.

    Returns
    -------
    float
        -0.5 to 1; 1 for fewer than two items.

    Notes
    -----
    The same number as scikit-learn's `adjusted_rand_score`, in a fraction of its time: a ladder compares hundreds of
    times. Counts are whole numbers of any size, so nothing is rounded before the division.

    References
    ----------
    L. Hubert and P. Arabie, "Comparing partitions", 1985.
    """
    if len(one) != len(other):
        raise ValueError(f"{len(one)} labels but {len(other)} others")
    if len(one) < 2:
        return 1.0
    left, right = one - one.min(), other - other.min()
    both = np.unique(left * (right.max() + 1) + right, return_counts=True)[1]
    together, mine, theirs = (squares(each) for each in (both, np.bincount(left), np.bincount(right)))
    apart = len(one) ** 2 - mine - theirs + together
    only_mine, only_theirs, agreed = mine - together, theirs - together, together - len(one)
    if not only_mine and not only_theirs:
        return 1.0
    return (
        2.0
        * (agreed * apart - only_mine * only_theirs)
        / ((agreed + only_mine) * (only_mine + apart) + (agreed + only_theirs) * (only_theirs + apart))
    )


def squares(counts: Labels) -> int:
    return int((counts.astype(np.int64) ** 2).sum())
