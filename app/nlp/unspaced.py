"""Words of scripts that are written without spaces, found as runs of characters that several texts share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from app.nlp.stopwords import STOP_CHARACTERS, stop_words

# Han, kana, Thai and Lao, Burmese, Khmer. Korean is written with spaces.
CHARACTERS = (
    r"\u3400-\u9fff\uf900-\ufaff\u3005\u30a0-\u30ff\u3040-\u309f\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
UNSPACED = re.compile(f"[{CHARACTERS}]")
RUN = re.compile(f"[{CHARACTERS}]+")
LONGEST = 8
SEVERAL = 2
# A run of characters that is nearly always part of the same longer one is a fragment of it; one that is a rare
# extension of a much more common word is that word with its neighbour.
FRAGMENT_SHARE = 0.7
EXTENSION_TIMES = 3.0


def runs(text: str, language: str) -> list[str]:
    """List the stretches of a text between which no word reaches: cut at spaces, signs, stop words and characters."""
    found: list[str] = []
    stretches = RUN.findall(text)
    stops = unspaced_stops(language) if stretches else ()
    for run in stretches:
        for stop in stops:
            run = run.replace(stop, " ")
        spaced = "".join(" " if character in STOP_CHARACTERS else character for character in run)
        found += [piece for piece in spaced.split() if len(piece) > 1]
    return found


@cache
def unspaced_stops(language: str) -> tuple[str, ...]:
    """Stop words of a language that are written without spaces, the longest first."""
    found = (one for one in stop_words(language) if UNSPACED.match(one))
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def words(documents: Sequence[Sequence[str]]) -> list[list[str]]:
    """Find the words in the runs of each document.

    Parameters
    ----------
    documents : sequence of sequences of str
        The `runs` of each text.

    Returns
    -------
    list of lists of str
        For each document the words it holds, each once, in alphabetical order. A word stands in at least two
        documents, is no fragment of a longer word and no rare extension of a shorter one.
    """
    counts, held = counted(documents)
    kept = {gram for gram in counts if is_word(gram, counts)}
    longer = Counter[str]()
    for gram, times in counts.items():
        for part in (gram[:-1], gram[1:]) if len(gram) > 2 else ():
            longer[part] = max(longer[part], times)
    kept = {gram for gram in kept if longer[gram] < FRAGMENT_SHARE * counts[gram]}
    return [sorted(grams & kept) for grams in held]


def is_word(gram: str, counts: Counter[str]) -> bool:
    parts = (gram[:-1], gram[1:]) if len(gram) > 2 else ()
    return all(counts[part] < EXTENSION_TIMES * counts[gram] for part in parts)


def counted(documents: Sequence[Sequence[str]]) -> tuple[Counter[str], list[set[str]]]:
    """Count in how many documents each sequence of characters stands, and list those each holds.

    A sequence is looked at only where both its halves stand in several documents: the rest cannot.
    """
    counts = Counter[str]()
    held: list[set[str]] = [set() for _ in documents]
    known: set[str] = set()
    for length in range(2, LONGEST + 1):
        here = [set(grams(document, length, known)) for document in documents]
        found = Counter(gram for each in here for gram in each)
        known = {gram for gram, times in found.items() if times >= SEVERAL}
        if not known:
            break
        counts.update({gram: found[gram] for gram in known})
        for mine, each in zip(held, here, strict=True):
            mine |= each & known
    return counts, held


def grams(document: Iterable[str], length: int, known: set[str]) -> Iterable[str]:
    for run in document:
        pieces = [run[at : at + length] for at in range(len(run) - length + 1)]
        yield from (piece for piece in pieces if length == 2 or (piece[:-1] in known and piece[1:] in known))


def pairs(run: str) -> list[str]:
    """Every two characters in a row: what one text alone can tell."""
    return [one + other for one, other in pairwise(run)]
