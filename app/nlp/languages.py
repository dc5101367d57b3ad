"""Which language a text is in, and vectors from which the language has been taken out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.nlp import letters
from app.nlp.stopwords import STOP_WORDS
from app.nlp.vectors import Vectors, unit

UNKNOWN = "und"
LETTERS = re.compile(r"[^\W\d_]+")
SHORT = 60
STOP_WORD_BONUS = 1.5
LIKELY_BONUS = 4.0  # natural logarithm of odds: decides a few words, and nothing against a whole sentence
FEW_ROWS = 5
SHRINKAGE = 3.0
ONE_THING = 0.85  # cosine: two texts of a set are usually as alike as one sentence in two wordings
FEW_TEXTS = 30  # below it groups are links between texts (`levels`): what all have in common is what they say
ROWS_PER_DIRECTION = 12
MOST_DIRECTIONS = 8
ROWS_AT_ONCE = 4096


def detect(text: str, among: Sequence[str] | None = None, *, likely: Sequence[str] = ()) -> tuple[str, float]:
    """Say which language a text is in.

    Parameters
    ----------
    text : str
    among : sequence of str, optional
        ISO 639-1 codes to choose from, the likeliest first; codes nobody knows are passed over. All known ones when
        None or when none is known.
    likely : sequence of str
        Codes that are expected, without ruling out any other: they decide where a text is too short to tell.

    Returns
    -------
    code : str
        "und" for a text without letters.
    confidence : float
        0 to 1.

    Notes
    -----
    A few words are too little for letter statistics, so in a short text each stop word of a language speaks for it.
    """
    if not LETTERS.search(text):
        return UNKNOWN, 0.0
    best, confidence = detected([text], tuple(dict.fromkeys(among or ())), likely)[0]
    return best, confidence


def detected(texts: Sequence[str], codes: tuple[str, ...], likely: Sequence[str]) -> list[tuple[str, float]]:
    """The same for many texts that have letters, at a small part of the cost for each."""
    labels, shares = letters.shares(texts, codes)
    # On a tie the language named first wins.
    first = [*likely, *codes]
    order = sorted(
        range(len(labels)), key=lambda at: first.index(labels[at]) if labels[at] in first else len(first)
    )
    labels = [labels[at] for at in order]
    logits = np.log(np.maximum(shares[:, order].astype(np.float64), 1e-9))
    for row, text in enumerate(texts):
        if len(text) <= SHORT:
            words = [word.casefold() for word in LETTERS.findall(text)]
            for column, code in enumerate(labels):
                if code in STOP_WORDS:
                    logits[row, column] += STOP_WORD_BONUS * sum(word in STOP_WORDS[code] for word in words)
    logits[:, [at for at, code in enumerate(labels) if code in likely]] += LIKELY_BONUS
    best = np.round(logits, 6).argmax(axis=1)
    total = np.exp(logits - logits[np.arange(len(texts)), best][:, None]).sum(axis=1)
    return [
        (WRITTEN_AS.get(labels[at], labels[at]), float(1.0 / whole))
        for at, whole in zip(best, total, strict=True)
    ]


# Spoken differently, written alike: one stemmer, one set of stop words, one language for people.
WRITTEN_AS = {"lzh": "zh", "nb": "no", "nn": "no", "wuu": "zh", "yue": "zh"}


def detect_all(texts: Sequence[str], among: Sequence[str] | None = None) -> tuple[str, ...]:
    """Say which language each of many texts is in, letting them speak for each other.

    Parameters
    ----------
    texts : sequence of str
    among : sequence of str, optional
        As for `detect`.

    Returns
    -------
    tuple of str, length n_texts
        ISO 639-1 codes; "und" for a text without letters.

    Notes
    -----
    A language found in hardly any text of a set is more likely a mistake on a short one, so those texts are judged
    again among the languages that at least three texts and one in fifty are in.
    """
    codes = tuple(dict.fromkeys(among or ()))
    found = [UNKNOWN] * len(texts)
    told = [row for row, text in enumerate(texts) if LETTERS.search(text)]
    for row, (code, _) in zip(told, detected([texts[row] for row in told], codes, ()), strict=True):
        found[row] = code
    counts = Counter(found)
    common = [
        code for code, times in counts.most_common() if times >= max(3, len(texts) / 50) and code != UNKNOWN
    ]
    rare = [row for row in told if found[row] not in common] if common else []
    for row, (code, _) in zip(rare, detected([texts[row] for row in rare], tuple(common), ()), strict=True):
        found[row] = code
    return tuple(found)


def centre_by_language(vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Take out of each vector what it has only because of its language, and what all texts have in common.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    languages : sequence of str, length n_texts

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)
        Rows of unit length. The middle of all different texts is subtracted where there are thirty or more that do
        not all say one thing, and each language's distance from it, the less the fewer its texts and not at all for
        fewer than five.

    Raises
    ------
    ValueError
        If the lengths differ.

    Notes
    -----
    A model that knows one language best puts the others each into a corner of their own, spread along a few
    directions that tell spellings apart and not meanings. For each smaller language the directions in which it
    varies most beyond the largest language are therefore removed too: one for every twelve texts, at most eight.

    References
    ----------
    J. Mu and P. Viswanath, "All-but-the-Top: Simple and Effective Postprocessing for Word Representations", 2018.
    A. Abid et al., "Exploring patterns enriched in a dataset with contrastive principal component analysis", 2018.
    """
    if len(vectors) != len(languages):
        raise ValueError(f"{len(vectors)} vectors but {len(languages)} languages")
    codes, member = np.unique(np.asarray(languages, dtype=str), return_inverse=True)
    different = first_of_each(vectors)
    those = vectors if different.all() else vectors[different]
    common = those.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1])
    # Among a handful of texts, or where all say one thing, the middle is what they say: without it nothing is alike.
    is_theirs = different.sum() < FEW_TEXTS or float(common @ common) >= ONE_THING
    moved = vectors - (0.0 if is_theirs else common)
    for place in range(len(codes) if len(codes) > 1 else 0):
        rows = member == place
        own = vectors[rows & different]
        if len(own) >= FEW_ROWS:
            moved[rows] -= len(own) / (len(own) + SHRINKAGE) * (own.mean(axis=0) - common)
    return unit(without_spelling(moved, member, different))


def first_of_each(vectors: Vectors) -> NDArray[np.bool_]:
    """Mark the first of all rows that are the same to four digits.

    Rows are told apart by 64 bits: a random weighted sum of their digits, the same weights each time.
    """
    weights = np.random.default_rng(0).integers(1, 2**63, vectors.shape[1], dtype=np.int64) | 1
    keys = np.zeros(len(vectors), dtype=np.int64)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        digits = np.round(vectors[start : start + ROWS_AT_ONCE] * 1e4).astype(np.int64)
        keys[start : start + ROWS_AT_ONCE] = digits @ weights
    found = np.zeros(len(vectors), dtype=bool)
    found[np.unique(keys, return_index=True)[1]] = True
    return found


def without_spelling(vectors: Vectors, member: NDArray[np.int64], different: NDArray[np.bool_]) -> Vectors:
    """Remove the directions in which each smaller language varies most beyond the largest."""
    sizes = np.bincount(member[different]) if len(member) else np.zeros(0, dtype=np.int64)
    if len(sizes) < 2:
        return vectors
    largest = int(np.argmax(sizes))
    usual = covariance(vectors[different & (member == largest)])
    found: Vectors = vectors
    for place in np.flatnonzero(sizes >= ROWS_PER_DIRECTION):
        if place == largest:
            continue
        excess = covariance(vectors[different & (member == place)]) - usual
        count = min(MOST_DIRECTIONS, round(sizes[place] / ROWS_PER_DIRECTION))
        directions = np.linalg.eigh(excess)[1][:, ::-1][:, :count].astype(np.float32)
        found = (found - (found @ directions) @ directions.T).astype(np.float32)
    return found


def covariance(vectors: Vectors) -> NDArray[np.float64]:
    """Measure how vectors vary together."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    return np.asarray(centred.T @ centred / len(vectors))
