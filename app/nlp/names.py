"""Names that so many texts mention that they say nothing about any one of them, taken out of the vectors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from app.nlp.tokens import is_stop, tokens
from app.nlp.vectors import Vectors, unit

EVERYWHERE = 0.08
# Looked for in a sample first, where chance may hide some of its mentions.
SAMPLE, SAMPLED_EVERYWHERE = 2000, 0.06
FEWEST_TEXTS = 50
MOST_NAMES = 4
NAME_SHARE = 0.9
# In these languages every noun, or no word, begins with a capital.
WITHOUT_CAPITALS = frozenset({"de", "lb", "zh", "ja", "ko", "ar", "he", "fa", "th", "hi"})
AFTER_SENTENCE = re.compile(r"(?:^|[.!?:;\n\"“”(]\s*)$")


def common_names(texts: Sequence[str], languages: Sequence[str]) -> dict[str, list[int]]:
    """Find names that at least one text in twelve mentions.

    Parameters
    ----------
    texts, languages : sequences of str, length n_texts

    Returns
    -------
    dict of str to list of int
        Rows of the texts that mention each name, the most common name first; at most four names.

    Notes
    -----
    A name is a word that is written with a capital in at least nine of ten places where the grammar asks for none.
    The town that is asked about is one; in a smaller share of the texts a name may well be a theme of its own.
    """
    sample = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), SAMPLE)).astype(np.int64)).tolist()
    likely = names_among(texts, languages, sample, SAMPLED_EVERYWHERE, None)
    if not likely:
        return {}
    rows = [row for row, text in enumerate(texts) if any(word in text.casefold() for word in likely)]
    found = names_among(
        texts, languages, rows, EVERYWHERE * len(texts) / max(1, len(rows)), frozenset(likely)
    )
    return dict(list(found.items())[:MOST_NAMES])


def names_among(
    texts: Sequence[str],
    languages: Sequence[str],
    rows: Sequence[int],
    share: float,
    words: frozenset[str] | None,
) -> dict[str, list[int]]:
    """Find names that this share of some rows mentions; only among `words` where they are given.

    Returns
    -------
    dict of str to list of int
        Rows that mention each, the most common name first.
    """
    mentions: dict[str, list[int]] = {}
    inner, capital = Counter[str](), Counter[str]()
    for row in rows:
        text, language = texts[row], languages[row]
        if language in WITHOUT_CAPITALS or text.isupper():
            continue
        for token in tokens(text, language):
            if is_stop(token, language) or (words is not None and token.word not in words):
                continue
            if not AFTER_SENTENCE.search(text[max(0, token.start - 3) : token.start]):
                inner[token.word] += 1
                capital[token.word] += text[token.start].isupper()
            mentioned = mentions.setdefault(token.word, [])
            if not mentioned or mentioned[-1] != row:
                mentioned.append(row)
    found = [
        word
        for word, mentioned in mentions.items()
        if len(mentioned) >= share * len(rows) and inner[word] and capital[word] >= NAME_SHARE * inner[word]
    ]
    found.sort(key=lambda word: (-len(mentions[word]), word))
    return {word: mentions[word] for word in found}


def without_common_names(vectors: Vectors, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
    """Take out of the vectors what sets texts apart only because they mention such a name.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    texts, languages : sequences of str, length n_texts

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)
        Rows of unit length; the vectors as they are where there are fewer than fifty texts or no such name.
    """
    names = common_names(texts, languages) if len(texts) >= FEWEST_TEXTS else {}
    moved = vectors
    for rows in names.values():
        mentioned = np.zeros(len(texts), dtype=bool)
        mentioned[rows] = True
        if mentioned.all():
            continue
        direction = unit((moved[mentioned].mean(axis=0) - moved[~mentioned].mean(axis=0))[None])[0]
        moved = (moved - np.outer(moved @ direction, direction)).astype(np.float32)
    return unit(moved) if names else vectors
