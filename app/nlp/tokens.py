"""Words of a text in any language, with their places, so that a phrase can be quoted as it was written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from app.nlp.stopwords import STOP_CHARACTERS, stop_words
from app.nlp.unspaced import CHARACTERS, UNSPACED, pairs, runs

# Where no spaces are written each character is a token; `unspaced` finds the words among them.
TOKEN = re.compile(f"[{CHARACTERS}]|[^\\W_{CHARACTERS}](?:[^\\W_{CHARACTERS}]|['’](?=[^\\W\\d_]))*")
ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


# Words, not texts, are remembered: a large call has some ten thousand different ones and says them a million times.
WORDS_REMEMBERED = 200_000


class Token(NamedTuple):
    """One word as it stands in its text."""

    start: int
    end: int
    word: str


def tokens(text: str, language: str) -> list[Token]:
    """List the words of a text, folded to lower case and without French elisions or English possessives."""
    return [
        Token(found.start(), found.end(), folded(found.group(), language)) for found in TOKEN.finditer(text)
    ]


@lru_cache(maxsize=WORDS_REMEMBERED)
def folded(word: str, language: str) -> str:
    """Fold one word to the form in which it is counted."""
    word = word.casefold().replace("’", "'")
    if language.startswith("fr"):
        word = ELISION.sub("", word)
    return POSSESSIVE.sub("", word)


def is_stop(token: Token, language: str) -> bool:
    """Say whether a word carries no topic: a stop word, a number, or a single letter."""
    return is_stop_word(token.word, language)


@lru_cache(maxsize=WORDS_REMEMBERED)
def is_stop_word(word: str, language: str) -> bool:
    """The same of a folded word."""
    if UNSPACED.match(word):
        return word in STOP_CHARACTERS
    if len(word) < 2 or not any(letter.isalpha() for letter in word):
        return True
    stops = stop_words(language)
    return word in stops or word.split("'")[0] in stops


def terms(text: str, language: str) -> list[str]:
    """List what a text is about.

    Parameters
    ----------
    text : str
    language : str
        Whose stop words are left out; ISO 639-1.

    Returns
    -------
    list of str
        Words without stop words, pairs of such words that stand side by side, and where no spaces are written every
        two characters in a row between stop words.
    """
    return [*spaced_terms(text, language), *(pair for run in runs(text, language) for pair in pairs(run))]


def spaced_terms(text: str, language: str) -> list[str]:
    """The same without what is written without spaces, whose words only many texts together can tell."""
    found: list[str] = []
    before, end = "", 0
    for match in TOKEN.finditer(text):
        word = folded(match.group(), language)
        if is_stop_word(word, language) or UNSPACED.match(word):
            before = ""
            continue
        found.append(word)
        if before and text[end : match.start()].isspace():
            found.append(f"{before} {word}")
        before, end = word, match.end()
    return found
