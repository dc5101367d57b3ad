"""Whether a drafted sentence says only what the texts it cites say: by their words, their numbers and their meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from app.nlp.embedding import Embedder
from app.nlp.languages import LETTERS
from app.nlp.sentences import sentences
from app.nlp.stems import stem
from app.nlp.tokens import terms

LEAST_SIMILARITY = 0.5
LEAST_OVERLAP = 0.6
LONGEST = 400
NUMBER = re.compile(r"\d[\d.,]*")
# What no sentence about voices needs, and what a page, a letter or a table could be made to do something with.
FOREIGN = re.compile(r"https?:|www\.|[<>{}\[\]|`@\\]|\*\*|[\x00\ufffd]", re.IGNORECASE)
# What is addressed to a machine, not to the agency that asked.
ORDERS = re.compile(
    r"(ignore|disregard|forget)\b.{0,40}\b(above|previous|prior|earlier|instruction|rule|everything)"
    r"|\b(system|developer) ?(prompt|message|:)|\byou are (now|an?) \b.{0,30}\b(ai|assistant|model|bot)"
    r"|as an? (ai|language model)|\b(label|title|summari[sz]e|describe) (this|the|it|everything)\b.{0,30}\bas\b"
    r"|(ignora|olvida|omite)\b.{0,40}\b(anterior|instruccion|regla|arriba)|respond (only )?with|\bjailbreak",
    re.IGNORECASE | re.DOTALL,
)


class Flaw(StrEnum):
    """Why a drafted sentence is dropped."""

    UNCITED = auto()
    UNKNOWN_SOURCE = auto()
    TOO_LONG = auto()
    FOREIGN_SIGNS = auto()
    ORDERS = auto()
    OTHER_NUMBERS = auto()
    OTHER_WORDS = auto()
    OTHER_MEANING = auto()
    ONE_VOICE = auto()


@dataclass(frozen=True)
class Source:
    """One text that may be cited; `author` is any value that tells authors apart, and is only compared."""

    text: str
    author: object
    language: str = "en"


@dataclass(frozen=True)
class Support:
    """How well one cited text holds the claim: cosine (-1 to 1) and the share of its words (0 to 1)."""

    source: str
    similarity: float
    overlap: float


@dataclass(frozen=True)
class Held:
    """A claim that its sources hold, with those of the cited that do."""

    text: str
    supports: tuple[Support, ...]


def held(
    claim: str,
    cites: Sequence[str],
    sources: Mapping[str, Source],
    embedder: Embedder,
    *,
    least_authors: int = 1,
) -> Held | Flaw:
    """Keep a drafted sentence only if the texts it cites contain what it says.

    Parameters
    ----------
    claim : str
        What was drafted; where it is several sentences each of them must hold.
    cites : sequence of str
        Keys of sources.
    sources : mapping of str to Source
    embedder : Embedder
    least_authors : int
        By so many different authors the cited texts must be: one voice does not speak for a group.

    Returns
    -------
    Held or Flaw
        A cited text counts when some sentence of it is at least 0.5 similar to each sentence of the claim and shares
        a word with it; together they must hold 60 % of the claim's words, and every number in it.

    Notes
    -----
    This bounds what can be invented, it does not prove a claim: negations and small words pass. A person decides.
    """
    wanted = list(dict.fromkeys(cites))
    if flaw := form_flaw(claim, wanted, sources):
        return flaw
    known = set(NUMBER.findall(" ".join(sources[key].text for key in wanted)))
    if {number.rstrip(".,") for number in NUMBER.findall(claim)} - {each.rstrip(".,") for each in known}:
        return Flaw.OTHER_NUMBERS
    return supported(claim, wanted, sources, embedder, least_authors)


def form_flaw(claim: str, cites: Sequence[str], sources: Mapping[str, Source]) -> Flaw | None:
    if not LETTERS.search(claim) or len(claim) > LONGEST:
        return Flaw.TOO_LONG
    if FOREIGN.search(claim):
        return Flaw.FOREIGN_SIGNS
    if is_order(claim):
        return Flaw.ORDERS
    if not cites:
        return Flaw.UNCITED
    return Flaw.UNKNOWN_SOURCE if set(cites) - set(sources) else None


def is_order(text: str) -> bool:
    """Whether a text speaks to a machine: it is not sent to one, and nothing like it is kept from one."""
    return ORDERS.search(text) is not None


def supported(
    claim: str, cites: Sequence[str], sources: Mapping[str, Source], embedder: Embedder, least_authors: int
) -> Held | Flaw:
    pieces = [one.text for one in sentences(claim)] or [claim]
    parts = {key: [one.text for one in sentences(sources[key].text)] or [sources[key].text] for key in cites}
    texts = [*pieces, *(part for key in cites for part in parts[key])]
    vectors = embedder.embed(texts)
    found: list[Support] = []
    at = len(pieces)
    words = words_of(claim, sources[cites[0]].language)
    for key in cites:
        own = vectors[at : at + len(parts[key])]
        at += len(parts[key])
        nearest = (vectors[: len(pieces)] @ own.T).max(axis=1)
        shared = words & words_of(sources[key].text, sources[key].language)
        if float(nearest.min()) >= LEAST_SIMILARITY and shared:
            found.append(
                Support(key, round(float(nearest.min()), 3), round(len(shared) / max(1, len(words)), 3))
            )
    if not found:
        return Flaw.OTHER_MEANING
    covered = set().union(
        *(words_of(sources[one.source].text, sources[one.source].language) for one in found)
    )
    for piece in pieces:
        wanted = words_of(piece, sources[cites[0]].language)
        if len(wanted & covered) < LEAST_OVERLAP * len(wanted):
            return Flaw.OTHER_WORDS
    if len({sources[one.source].author for one in found}) < least_authors:
        return Flaw.ONE_VOICE
    return Held(claim, tuple(found))


def words_of(text: str, language: str) -> set[str]:
    """The words of a text that carry meaning, each folded to its stem."""
    return {stem(term, language) for term in terms(text, language) if " " not in term}
