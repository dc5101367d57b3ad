"""Words as the search keeps and reads them: folded, without accents, and Chinese or Japanese as pairs of signs."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST_QUERY = 200
LONGEST_WORD = 60
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")
BREAKS = re.compile(r"[^\w\s]|_")
TOKENS = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
# PostgreSQL's own stemmers; a language without one is searched by whole words.
CONFIGURATIONS = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
ALWAYS = ("english", "spanish", "simple")


@dataclass(frozen=True)
class Query:
    """What must be found and what must not; both in the syntax of `websearch_to_tsquery`."""

    wanted: str
    unwanted: str = ""


def configuration(language: str) -> str:
    return CONFIGURATIONS.get(language, "simple")


def configurations(languages: tuple[str, ...] = ()) -> list[str]:
    """In which languages a query is read: the two of the platform, whole words, and those asked for."""
    return list(dict.fromkeys((*ALWAYS, *(configuration(each) for each in languages))))


def folded(text: str) -> str:
    """Lower case, no accents, no signs; a run of Chinese or Japanese becomes its signs and their pairs."""
    return spaced(BREAKS.sub(" ", bare(text)), singles=True)


def bare(text: str) -> str:
    # A Korean syllable and a Japanese voicing mark come apart too, so they are put together again.
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize(
        "NFC", "".join(c for c in apart if not unicodedata.combining(c) or is_voicing(c))
    )


def is_voicing(character: str) -> bool:
    return character in "\u3099\u309a"


def spaced(text: str, *, singles: bool) -> str:
    """Signs without spaces between them: every pair, and for a kept text every sign too."""

    def pairs(run: re.Match[str]) -> str:
        signs = run.group()
        found = [signs[at : at + 2] for at in range(len(signs) - 1)] or [signs]
        return f" {' '.join([*found, *(signs if singles and len(signs) > 1 else '')])} "

    words = CJK.sub(pairs, text).split()
    return " ".join(word for word in words if len(word) <= LONGEST_WORD)


def read(typed: str) -> Query:
    """Take apart what was typed: words, "exact phrases", and -words that must not be there; never an error."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, phrase, word in TOKENS.findall(typed[:LONGEST_QUERY]):
        text = spaced(BREAKS.sub(" ", bare(phrase or word)), singles=False)
        if not text:
            continue
        said = f'"{text}"' if phrase else text
        (unwanted if minus else wanted).append(said)
    return Query(" ".join(wanted), " or ".join(unwanted))
