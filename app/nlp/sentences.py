"""Sentences of a text in any script, with their places, so that each can be quoted as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


def words_of(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


# Where a sentence may end: after signs of any script, with the quotation marks and brackets that close behind them.
LAST = r"[\"'”’»›)\]」』】]*+"
FULL_STOPS = "。！？｡︕︖"  # no space follows these
OTHERS = "।॥۔؟።፧։។៕⸮‼⁇⁈⁉‽…"
# A run of signs is looked at from its beginning only, or a thousand dots would be read a thousand times.
SIGNS = rf"(?<![.!?{OTHERS}])[.!?{OTHERS}]++"
END = re.compile(
    rf"[{FULL_STOPS}]++{LAST}\s*+|{SIGNS}{LAST}(?=\s|$|[¿¡])\s*+|[{OTHERS}]{LAST}\s*+|[\n\r\u2028\u2029]\s*+"
)
# What stands before a stop that ends no sentence: titles, "for example", months, units. Folded, without the stop.
SHORTENED = words_of(
    """
    mr mrs ms dr prof st rev sgt lt hon univ dept apt ave blvd vs eg ie cf approx e.g i.e u.s u.k u.n ph.d
    sr sra srta srs dra ud uds dña lic arq profa gral cnel av avda pdte dpto p.ej ee.uu izq dcha
    sras exmo exma p.ex mme mlle c.-à-d hr fr z.b d.h u.a bzw evtl ggf inkl vgl sog
    """
)
# These do so before a number only.
BEFORE_NUMBERS = words_of(
    """
    no nos nr núm nº fig figs art arts vol vols ch sec p pp pág págs cap al tel ca aprox abs str
    jan feb mar apr may jun jul aug sep sept oct nov dec ene abr ago dic
    """
)
ONE_LETTER = re.compile(r"(?:^|[\s(\[“\"'¿¡.])[^\W\d_]$")
LAST_WORD = re.compile(r"[^\s(\[“\"'¿¡«]+$")
NUMBERED = re.compile(r"(?:^|\n)\s*(?:\d{1,3}|[a-z])$", re.IGNORECASE)
BULLET = re.compile(r"\s*(?:[-–—*•·▪◦]|\d{1,3}[.)](?=\s)|[a-z]\)(?=\s))\s*", re.IGNORECASE)
LOOKED_BACK = 30


class Sentence(NamedTuple):
    """A sentence as it stands in its text: from character `start` to before `end`."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """Split a text where its sentences end.

    Parameters
    ----------
    text : str
        In any language. Each line is a sentence of its own at least; the sign of a list at its beginning is left out.

    Returns
    -------
    list of Sentence
        In order, not overlapping, without the space around them; what holds no letter or digit is left out. The text
        from `start` to `end` is the sentence, character for character.

    Notes
    -----
    A full stop ends no sentence after an abbreviation, one letter, or the number of a point in a list, nor before a
    small letter, nor inside a number or an address. In scripts that write no spaces the sign alone ends it. Spanish
    may open the next sentence without a space (…?¿…).

    References
    ----------
    Unicode Standard Annex 29, "Unicode Text Segmentation", section 5: sentence boundaries.
    """
    found: list[Sentence] = []
    for start, end in spans(text):
        bullet = BULLET.match(text, start, end)
        first = bullet.end() if bullet and bullet.end() < end else start
        said = text[first:end]
        first += len(said) - len(said.lstrip())
        said = said.strip()
        if any(letter.isalnum() for letter in said):
            found.append(Sentence(first, first + len(said), said))
    return found


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between ends of sentences."""
    start = 0
    for sign in END.finditer(text):
        if is_end(text, start, sign):
            yield start, sign.end()
            start = sign.end()
    if start < len(text):
        yield start, len(text)


def is_end(text: str, start: int, sign: re.Match[str]) -> bool:
    """Say whether a sign that may end a sentence does."""
    said = sign.group().strip()
    if not said or said[0] not in ".…" or "\n" in sign.group():
        return True
    following = text[sign.end() : sign.end() + 1]
    if following.islower():
        return False
    if said != ".":
        return True
    before = text[max(start, sign.start() - LOOKED_BACK) : sign.start()]
    if sign.start() - start < LOOKED_BACK and NUMBERED.search(before):
        return False
    if not following:
        return True
    if ONE_LETTER.search(before):
        # "plan B. We": one letter is an initial more often than it ends a sentence.
        return False
    last = LAST_WORD.search(before)
    word = last.group().casefold() if last else ""
    return word not in SHORTENED and not (word in BEFORE_NUMBERS and following.isdigit())
