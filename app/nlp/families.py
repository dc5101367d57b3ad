"""Near-copies: texts that say the same in nearly the same words, which count once when words are chosen."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.nlp.tokens import TOKEN, WORDS_REMEMBERED, folded, is_stop_word
from app.nlp.vectors import Labels, Vectors

Hashes = NDArray[np.uint64]

# Half of the words of meaning: a campaign's letter with a word changed here and there. Short texts are alike by chance
# and are copies only when they are the same, word for word.
SHARED, LONG = 0.5, 6
SHARED_AT_LEAST, SAME_MEANING = 0.4, 0.9
BANDS, ROWS_PER_BAND = 24, 3
LOOKED_AT = 6
AT_ONCE = 4096
# So many make a campaign that is worth naming; three who happen to write the same are none.
CAMPAIGN = 5


def families(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Vectors | None = None,
    *,
    labels: Labels | None = None,
) -> Labels:
    """Put near-copies together.

    Parameters
    ----------
    texts, languages : sequences of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions), optional
        Rows of unit length, as the model made them. With them copies are found that changed more words.
    labels : ndarray of shape (n_texts,), optional
        Copies are looked for within each label only; -1 is a label too. Everywhere when None.

    Returns
    -------
    ndarray of shape (n_texts,), int64
        For each text the lowest row of its family: its own number where nothing else is like it.

    Notes
    -----
    Two texts are near-copies when they are the same word for word, or when each has six words of meaning and they
    share half of them (Jaccard), or two fifths while their vectors are nearly the same. Candidates are found by 24
    bands of 3 minimum hashes each, which finds a pair that shares 0.5 with probability 0.96; each text is compared
    with first members of families only, so the cost grows in proportion to the texts.

    References
    ----------
    A. Z. Broder, "On the resemblance and containment of documents", 1997.
    J. Leskovec, A. Rajaraman and J. D. Ullman, "Mining of Massive Datasets", chapter 3.
    """
    keys, met = meetings(texts, languages, labels)
    heads = list(range(len(texts)))
    known: dict[int, frozenset[int]] = {}
    buckets: dict[int, list[int]] = {}
    # Nearly every text shares a bucket with nobody, and is looked at no further.
    for row in np.flatnonzero(met.any(axis=1)).tolist():
        pieces = frozenset(pieces_of(texts[row], languages[row]).tolist())
        places = keys[row][met[row]].tolist()
        near = {head for place in places for head in buckets.get(place, ())}
        alike = [one for one in sorted(near) if copies(pieces, known[one], vectors, row, one)]
        if not alike:
            known[row] = pieces
            for place in places:
                if len(bucket := buckets.setdefault(place, [])) < LOOKED_AT:
                    bucket.append(row)
            continue
        # A text like two first members shows that they are of one family.
        roots = sorted({first(heads, one) for one in alike})
        for one in (row, *roots):
            heads[one] = roots[0]
    return np.array([first(heads, row) for row in range(len(texts))], dtype=np.int64)


def meetings(
    texts: Sequence[str], languages: Sequence[str], labels: Labels | None
) -> tuple[Hashes, NDArray[np.bool_]]:
    """The buckets each text falls into, and in which of them it meets another; both of shape (n_texts, BANDS)."""
    homes = np.zeros(len(texts), dtype=np.int64) if labels is None else labels
    keys = np.zeros((len(texts), BANDS), dtype=np.uint64)
    filled = np.zeros(len(texts), dtype=bool)
    for start in range(0, len(texts), AT_ONCE):
        those = slice(start, start + AT_ONCE)
        said = [pieces_of(text, code) for text, code in zip(texts[those], languages[those], strict=True)]
        keys[those], filled[those] = band_keys(said, homes[those])
    return keys, shared(keys, filled)


def shared(keys: Hashes, filled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the buckets of each text that another text falls into too."""
    rows = np.flatnonzero(filled)
    found = np.zeros(keys.shape, dtype=bool)
    for band in range(keys.shape[1]):
        place, times = np.unique(keys[rows, band], return_inverse=True, return_counts=True)[1:]
        found[rows, band] = times[place] > 1
    return found


def first(heads: Sequence[int], row: int) -> int:
    while heads[row] != row:
        row = heads[row]
    return row


def copies(
    one: frozenset[int], other: frozenset[int], vectors: Vectors | None, row: int, another: int
) -> bool:
    """Say whether two texts, given by their pieces and their rows, are near-copies."""
    if one == other:
        return True
    if min(len(one), len(other)) < LONG:
        return False
    resemblance = len(one & other) / len(one | other)
    if resemblance >= SHARED:
        return True
    near = vectors is not None and resemblance >= SHARED_AT_LEAST
    return near and float(vectors[row] @ vectors[another]) >= SAME_MEANING  # type: ignore[index]


def pieces_of(text: str, language: str) -> Hashes:
    """Hash each word of meaning of a text, each once; one hash of the whole where there are few of them."""
    words = [folded(word, language) for word in TOKEN.findall(text)]
    meant = [hashed(word) for word in words if not is_stop_word(word, language)]
    if len(meant) < LONG:
        meant = [zlib.crc32(" ".join(words).encode())] if words else []
    return np.unique(np.array(meant, dtype=np.uint64))


@lru_cache(maxsize=WORDS_REMEMBERED)
def hashed(word: str) -> int:
    return zlib.crc32(word.encode())


def band_keys(said: Sequence[Hashes], homes: Labels) -> tuple[Hashes, NDArray[np.bool_]]:
    """The numbers of the buckets each text falls into, one a band, mixed with its label, and who says anything."""
    lengths = np.array([len(one) for one in said])
    filled = lengths > 0
    keys = np.zeros((len(said), BANDS), dtype=np.uint64)
    if not filled.any():
        return keys, filled
    flat = np.concatenate([one for one in said if len(one)])
    starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
    random = np.random.default_rng(0)
    for band in range(BANDS):
        mixed = homes[filled].astype(np.uint64) * np.uint64(BANDS) + np.uint64(band)
        for _ in range(ROWS_PER_BAND):
            factor, term = (random.integers(1, 2**63, 2, dtype=np.uint64) | np.uint64(1)).tolist()
            values = scrambled(flat * np.uint64(factor) + np.uint64(term))
            mixed = mixed * np.uint64(0x100000001B3) ^ np.minimum.reduceat(values, starts)
        keys[filled, band] = mixed
    return keys, filled


def scrambled(values: Hashes) -> Hashes:
    """Mix the bits of each number, so that the lowest is as good as drawn by lot."""
    values = values ^ (values >> np.uint64(31))
    values = values * np.uint64(0xBF58476D1CE4E5B9)
    found: Hashes = values ^ (values >> np.uint64(29))
    return found


def sizes(heads: Labels) -> Labels:
    """Count the texts of each text's family, itself among them."""
    return np.bincount(heads, minlength=len(heads))[heads].astype(np.int64) if len(heads) else heads


def weights(heads: Labels) -> NDArray[np.float32]:
    """Say how much of a voice each text is when words are chosen: a family speaks once, however often it was sent."""
    return (1.0 / np.maximum(1, sizes(heads))).astype(np.float32)


def campaigns(
    heads: Labels, labels: Labels, *, fewest: int = CAMPAIGN, most: int = 3
) -> dict[int, list[tuple[int, int]]]:
    """List the largest families of each label.

    Parameters
    ----------
    heads : ndarray of shape (n_texts,)
        As `families` returns them.
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    fewest, most : int
        Smallest family that is listed, and how many are listed of each label.

    Returns
    -------
    dict of label to list of (row, size)
        A text of each family, and how many of the family have that label, the largest first.
    """
    found: dict[int, list[tuple[int, int]]] = {int(label): [] for label in np.unique(labels[labels >= 0])}
    grouped = np.flatnonzero(labels >= 0)
    if not len(grouped):
        return found
    pairs, first, counts = np.unique(
        np.stack([labels[grouped], heads[grouped]], axis=1), axis=0, return_index=True, return_counts=True
    )
    for at in np.lexsort((pairs[:, 1], -counts)):
        listed = found[int(pairs[at, 0])]
        if counts[at] >= fewest and len(listed) < most:
            listed.append((int(grouped[first[at]]), int(counts[at])))
    return found
