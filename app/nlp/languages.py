"""Which language a text is in, and vectors from which the language has been taken out."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from app.nlp.stopwords import STOP_WORDS
from app.nlp.vectors import Vectors, unit

UNKNOWN = "und"
LETTERS = re.compile(r"[^\W\d_]+")
HAN = re.compile(r"[\u3400-\u9fff]")
SHORT = 60
STOP_WORD_BONUS = 1.5
FEW_ROWS = 5
SHRINKAGE = 10.0


def detect(text: str, among: Sequence[str] | None = None) -> tuple[str, float]:
    """Say which language a text is in.

    Parameters
    ----------
    text : str
    among : sequence of str, optional
        ISO 639-1 codes to choose from, the likeliest first; codes nobody knows are passed over. All known ones when
        None or when none is known.

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
    codes = tuple(dict.fromkeys(among or ()))
    scores = dict(identifier(codes).rank(text))
    if not scores:
        return UNKNOWN, 0.0
    logits = {code: float(np.log(max(share, 1e-9))) for code, share in scores.items()}
    if len(text) <= SHORT:
        words = [word.casefold() for word in LETTERS.findall(text)]
        for code in logits:
            logits[code] += STOP_WORD_BONUS * sum(word in STOP_WORDS.get(code, ()) for word in words)
    # On a tie the language named first wins.
    best = max(logits, key=lambda code: (round(logits[code], 6), -codes.index(code) if code in codes else 0))
    total = sum(np.exp(value - logits[best]) for value in logits.values())
    return best, float(1.0 / total)


@cache
def identifier(codes: tuple[str, ...]) -> Any:
    """Load the letter statistics once for each list of languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    if not codes:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    restricted = copy.copy(identifier(()))
    known = [code for code in codes if code in restricted.labels]
    if known:
        restricted.set_languages(known)
    return restricted


def centre_by_language(vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Take out of each vector what it has only because of its language.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    languages : sequence of str, length n_texts

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)
        Rows of unit length. Each language's middle is moved onto that of the largest language, which itself stays;
        the middle of a language with few texts is trusted less, and one with fewer than five not at all.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    if len(vectors) != len(languages):
        raise ValueError(f"{len(vectors)} vectors but {len(languages)} languages")
    codes, member, sizes = np.unique(
        np.asarray(languages, dtype=str), return_inverse=True, return_counts=True
    )
    if len(codes) < 2:
        return vectors
    largest = int(np.argmax(sizes))
    target = vectors[member == largest].mean(axis=0)
    moved = vectors.copy()
    for place in range(len(codes)):
        if place == largest or sizes[place] < FEW_ROWS:
            continue
        rows = member == place
        trust = sizes[place] / (sizes[place] + SHRINKAGE)
        moved[rows] += np.float32(trust) * (target - vectors[rows].mean(axis=0))
    return unit(moved)
