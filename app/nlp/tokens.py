"""Words of a text in any language, with their places, so that a phrase can be quoted as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.nlp.stopwords import stop_words

# Han characters are written without spaces: each is a token, and two in a row are read as a word.
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff](?:[^\W_\u3400-\u9fff]|['’](?=[^\W\d_]))*")
HAN = re.compile(r"[\u3400-\u9fff]")
ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """One word as it stands in its text."""

    start: int
    end: int
    word: str


def tokens(text: str, language: str) -> list[Token]:
    """List the words of a text, folded to lower case and without French elisions or English possessives."""
    return [
        Token(found.start(), found.end(), folded(found.group(), language)) for found in TOKEN.finditer(text)
    ]


def folded(word: str, language: str) -> str:
    """Fold one word to the form in which it is counted."""
    word = word.casefold().replace("’", "'")
    if language.startswith("fr"):
        word = ELISION.sub("", word)
    return POSSESSIVE.sub("", word)


def is_stop(token: Token, language: str) -> bool:
    """Say whether a word carries no topic: a stop word, a number, or a single letter."""
    if HAN.match(token.word):
        return False
    if len(token.word) < 2 or not any(letter.isalpha() for letter in token.word):
        return True
    stops = stop_words(language)
    return token.word in stops or token.word.split("'")[0] in stops


def terms(text: str, language: str) -> list[str]:
    """List what a text is about: words without stop words, pairs of such words that stand side by side, and
    for Chinese every two characters in a row."""
    found: list[str] = []
    stops = stop_words(language) if language.startswith("zh") else frozenset()
    before: Token | None = None
    for token in tokens(text, language):
        if HAN.match(token.word):
            if before is not None and HAN.match(before.word) and before.end == token.start:
                pair = before.word + token.word
                found.extend([pair] if pair not in stops else [])
            before = token
            continue
        if is_stop(token, language):
            before = None
            continue
        found.append(token.word)
        if before is not None and not HAN.match(before.word) and text[before.end : token.start].isspace():
            found.append(f"{before.word} {token.word}")
        before = token
    return found
