"""Texts that stand for a group, and texts that stand against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from app.nlp.cover import numbered
from app.nlp.families import LONG, SHARED
from app.nlp.families import weights as voices
from app.nlp.tokens import TOKEN, folded, is_stop_word
from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label

FEWEST, MOST = 2, 5
NEAR_COPY = 0.95
SHORTEST = 20
LONGEST = 600
HANDICAP = 0.1
# As many central texts may be chosen, to stand for as many of the group as are looked at.
CANDIDATES, STOOD_FOR = 60, 1500


def representatives(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    *,
    authors: Sequence[object] | None = None,
    heads: Labels | None = None,
    languages: Sequence[str] | None = None,
    most: int = MOST,
) -> dict[int, tuple[int, ...]]:
    """Choose texts that together stand for each group: near its middle, and each for a part of it.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    authors : sequence, length n_texts, optional
        No author is chosen twice.
    heads : ndarray of shape (n_texts,), optional
        Near-copies, as `app.nlp.families.families` returns them: a family counts as one voice, and one of it at most
        is chosen. Without it, texts whose vectors are nearly the same are not chosen together.
    languages : sequence of str, length n_texts, optional
        Says which words carry no meaning.
    most : int, default 5

    Returns
    -------
    dict of label to tuple of int
        Rows, the most central first: as many as the square root of the group's size, from two to `most`, fewer
        where there are fewer authors or different texts.

    Notes
    -----
    Short texts that share half of their words are no family, as people say alike things in few words. But many of
    them may be one letter with a word changed, so no two are chosen where others can be.

    References
    ----------
    H. Lin and J. Bilmes, "A class of submodular functions for document summarization", ACL 2011.
    """
    kin = np.arange(len(texts), dtype=np.int64) if heads is None else heads
    weights = voices(kin)
    people = kin if authors is None else numbered(authors)
    group_of, names = compact(labels)
    middles = centroids(vectors * weights[:, None], group_of, len(names))
    found: dict[int, tuple[int, ...]] = {}
    for group, rows in rows_by_label(group_of).items():
        order = different(central(texts, vectors, rows, middles[group]), kin)
        # The size is that of different texts: copies do not buy a place.
        wanted = int(np.clip(round(np.sqrt(len(order))), FEWEST, most))
        chosen = covering(vectors, order, worded_apart(texts, languages, order), people, wanted)
        if len(chosen) < FEWEST:
            chosen = covering(vectors, order, order[:CANDIDATES], people, FEWEST)
        found[int(names[group])] = chosen
    return found


def central(texts: Sequence[str], vectors: Vectors, rows: Labels, middle: Vectors) -> Labels:
    """Rows by closeness to the middle; very short and very long texts speak less well for others."""
    closeness = np.round(vectors[rows] @ middle, 5)
    fits = np.array([SHORTEST <= len(texts[row]) <= LONGEST for row in rows])
    return rows[np.argsort(-(closeness - HANDICAP * ~fits), kind="stable")]


def different(order: Labels, heads: Labels) -> Labels:
    """The same rows in the same order, only the first of each family of near-copies."""
    return order[np.sort(np.unique(heads[order], return_index=True)[1])]


def worded_apart(texts: Sequence[str], languages: Sequence[str] | None, order: Labels) -> Labels:
    """The first rows in the same order, without short texts that share half of their words with one before."""
    kept: list[int] = []
    said: list[frozenset[str]] = []
    for row in order[:STOOD_FOR].tolist():
        language = "und" if languages is None else languages[row]
        words = (folded(word, language) for word in TOKEN.findall(texts[row]))
        meant = frozenset(word for word in words if not is_stop_word(word, language))
        if 0 < len(meant) < LONG:
            if any(len(meant & one) >= SHARED * len(meant | one) for one in said):
                continue
            said.append(meant)
        kept.append(row)
        if len(kept) == CANDIDATES:
            break
    return np.array(kept, dtype=np.int64)


def covering(vectors: Vectors, order: Labels, near: Labels, people: Labels, wanted: int) -> tuple[int, ...]:
    """Of the nearest rows take the first and then those that stand best for all."""
    spread = np.unique(np.linspace(0, len(order) - 1, min(len(order), STOOD_FOR)).astype(np.int64))
    likeness = np.clip(vectors[near] @ vectors[order[spread]].T, 0, 1)
    chosen = [0]
    free = np.ones(len(near), dtype=bool)
    while len(chosen) < wanted:
        last = near[chosen[-1]]
        free &= (people[near] != people[last]) & (vectors[near] @ vectors[last] < NEAR_COPY)
        rest = np.flatnonzero(free)
        if not len(rest):
            break
        covered = likeness[chosen].max(axis=0)
        gains = np.maximum(likeness[rest] - covered, 0).sum(axis=1)
        chosen.append(int(rest[np.argmax(np.round(gains, 5))]))
    return tuple(int(near[at]) for at in chosen)


def odd_ones(
    vectors: Vectors, labels: Labels, *, most: int = 3, standing: Mapping[int, Collection[int]] | None = None
) -> dict[int, tuple[int, ...]]:
    """Choose the texts of each group that are farthest from its middle: dissent, or a wrong place.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    most : int, default 3
    standing : dict of label to rows, optional
        The texts that stand for each group: none of them is told to stand against it as well.

    Returns
    -------
    dict of label to tuple of int
        Rows, the farthest first: at most a fifth of a group, and none of a group of fewer than five.
    """
    numbered, names = compact(labels)
    middles = centroids(vectors, numbered, len(names))
    found: dict[int, tuple[int, ...]] = {}
    for group, rows in rows_by_label(numbered).items():
        closeness = np.round(vectors[rows] @ middles[group], 5)
        for_it = set((standing or {}).get(int(names[group]), ()))
        far = [int(rows[at]) for at in np.argsort(closeness, kind="stable") if int(rows[at]) not in for_it]
        found[int(names[group])] = tuple(far[: min(most, len(rows) // 5)])
    return found
