"""Forms of one word counted as one: the stem of a word in each language that has a stemmer."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import snowballstemmer

from app.nlp.tokens import WORDS_REMEMBERED
from app.nlp.unspaced import UNSPACED

# Scripts without spaces are not inflected at the end of words, and a stemmer would do nothing there.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip


def stem(term: str, language: str) -> str:
    """Fold a term to what its forms have in common.

    Parameters
    ----------
    term : str
        One word or several with single spaces between them, in lower case.
    language : str
        ISO 639-1 code, with or without a region; in one without a stemmer the term stays as it is.

    Returns
    -------
    str
        Not a word to show: it is often cut short.

    References
    ----------
    M. F. Porter, "Snowball: A language for stemming algorithms", 2001.
    """
    code = language.split("-")[0].split("_")[0].lower()
    if code not in STEMMERS:
        return term
    return " ".join(stem_of_word(word, code) for word in term.split(" "))


@lru_cache(maxsize=WORDS_REMEMBERED)
def stem_of_word(word: str, code: str) -> str:
    found = word if UNSPACED.match(word) else str(stemmer(code).stemWord(word))
    return found or word


@cache
def stemmer(code: str) -> Any:
    return snowballstemmer.stemmer(STEMMERS[code])
