"""Sentences of a group's texts that can stand alone: long enough to say something, short enough to quote, of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.nlp.passages import covered, is_personal, stems_of
from app.nlp.sentences import sentences
from app.nlp.tokens import is_stop, tokens
from app.nlp.unspaced import UNSPACED

SHORTEST, LONGEST = 15, 280
OF_ONE_TEXT = 6
READ_OF_ONE_TEXT = 40
KEYWORD_SHARE = 0.25
LEANING_COST = 0.2
# A sentence that begins so leans on the one before it.
LEANING = frozenset(
    {"and", "also", "but", "he", "it", "its", "or", "she", "so", "that", "then", "there", "these", "they"}
    | {"this", "those"}
    | {"además", "así", "ellas", "ellos", "entonces", "esas", "eso", "esos", "esta", "estas", "esto", "estos"}
    | {"pero", "y"}
    | {"aussi", "cela", "elle", "elles", "et", "il", "ils", "mais"}
    | {"aber", "das", "dies", "diese", "es", "sie", "und"}
)


class Quotation(NamedTuple):
    """A sentence of a text: its row, and where it stands there in characters."""

    row: int
    start: int
    end: int


class Told(NamedTuple):
    """A quotation, its words, a factor for how well it reads alone, and whether the vector of its text is its own."""

    quotation: Quotation
    text: str
    worth: float
    as_text: bool


def quotable(text: str, row: int, language: str, words: Sequence[str] = ()) -> list[Told]:
    """List the sentences of a text that can be quoted alone, best first.

    Parameters
    ----------
    text : str
    row : int
        Its number, kept in the result.
    language : str
    words : sequence of str
        Keywords of the group; a sentence that holds them reads better.

    Returns
    -------
    list of Told
        At most six of the first forty sentences; none of a text in which something may lead back to a person.
    """
    if is_personal(text):
        return []
    every = sentences(text)
    found = []
    for sentence in every[:READ_OF_ONE_TEXT]:
        said = tokens(sentence.text, language)
        unspaced = any(UNSPACED.match(token.word) for token in said)
        meant = sum(not is_stop(token, language) for token in said)
        shortest = SHORTEST // 2 if unspaced else SHORTEST
        if not shortest <= len(sentence.text) <= LONGEST or meant < 2 or len(said) < 3:
            continue
        worth = 1.0 + KEYWORD_SHARE * (
            covered(stems_of(sentence.text, language), words, language) if words else 0.0
        )
        worth -= LEANING_COST * (said[0].word in LEANING and len(every) > 1)
        found.append(
            Told(Quotation(row, sentence.start, sentence.end), sentence.text, worth, len(every) == 1)
        )
    return sorted(found, key=lambda one: (-round(one.worth, 6), one.quotation.start))[:OF_ONE_TEXT]
