"""Two texts compared word by word, and two people's changes to one text brought together without losing a word.

Matching is difflib's (Ratcliff and Obershelp, "Pattern matching: the gestalt approach", Dr. Dobb's Journal, July 1988);
bringing three texts together is diff3 (Khanna, Kunal and Pierce, "A formal investigation of diff3", FSTTCS 2007).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum, auto

# A word with what is inside it, a run of spaces, or one other sign; scripts without spaces go sign by sign.
TOKEN = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+"
    r"(?:['’\-.,][^\W_]+)*|."
)
SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?\n]+\s*|$)")
# Beyond so many pairs of different words that might match, sentences are compared, so that no text can hold a process.
MOST_PAIRS = 400_000


class Part(StrEnum):
    """What became of a stretch of words from the first text to the second."""

    SAME = auto()
    GONE = auto()
    NEW = auto()


@dataclass(frozen=True)
class Stretch:
    part: Part
    text: str


@dataclass(frozen=True)
class Stand:
    """A stretch of three texts: where `mine` and `theirs` differ and both differ from `base`, people choose."""

    base: str
    mine: str
    theirs: str

    @property
    def clashes(self) -> bool:
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def agreed(self) -> str:
        """The words of whoever changed them; where both did, theirs and then mine, so that none are lost."""
        if self.clashes:
            gap = "" if not self.theirs or not self.mine or self.theirs[-1:].isspace() else " "
            return f"{self.theirs}{gap}{self.mine}"
        return self.theirs if self.mine == self.base else self.mine


@dataclass(frozen=True)
class Merged:
    stands: tuple[Stand, ...]

    @property
    def clashes(self) -> bool:
        return any(each.clashes for each in self.stands)

    @property
    def text(self) -> str:
        return "".join(each.agreed for each in self.stands)


def tokens(text: str) -> list[str]:
    """Words, spaces and signs; joined again they are the text."""
    return TOKEN.findall(text)


def sentences(text: str) -> list[str]:
    return [each for each in SENTENCE.findall(text) if each]


def units(*texts: str) -> list[list[str]]:
    """The pieces that are compared: words, or sentences where words repeat so much that comparing would take long."""
    told = [tokens(each) for each in texts]
    pairs = max((pairs_of(told[0], each) for each in told[1:]), default=0)
    return told if pairs <= MOST_PAIRS else [sentences(each) for each in texts]


def pairs_of(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pairs of equal words there are, spaces left out: what the matching has to look at."""
    counts: dict[str, int] = {}
    for each in other:
        counts[each] = counts.get(each, 0) + 1
    return sum(counts.get(each, 0) for each in one if not each.isspace())


def matcher(one: Sequence[str], other: Sequence[str]) -> "SequenceMatcher[str]":
    """Spaces never hold two texts together: they only go along with the words beside them."""
    return SequenceMatcher(lambda each: each.isspace(), one, other, autojunk=False)


def diff(old: str, new: str) -> list[Stretch]:
    """How one text becomes another: what is gone stands before what is new in its place."""
    before, after = units(old, new)
    found: list[Stretch] = []
    for act, a, b, c, d in matcher(before, after).get_opcodes():
        if act == "equal":
            found.append(Stretch(Part.SAME, "".join(before[a:b])))
            continue
        found += [
            Stretch(part, "".join(words))
            for part, words in ((Part.GONE, before[a:b]), (Part.NEW, after[c:d]))
            if words
        ]
    return joined(found)


def joined(found: Sequence[Stretch]) -> list[Stretch]:
    """Words replaced on both sides of a lone space read as one change, not as two."""
    shown: list[Stretch] = []
    for place, each in enumerate(found):
        is_gap = each.part is Part.SAME and each.text.isspace() and 0 < place < len(found) - 1
        if is_gap and found[place - 1].part is Part.NEW and found[place + 1].part is Part.GONE:
            shown += [Stretch(Part.GONE, each.text), Stretch(Part.NEW, each.text)]
        else:
            shown.append(each)
    return list(together(shown))


def together(found: Sequence[Stretch]) -> Iterator[Stretch]:
    """Within one change everything gone comes first, and then everything new."""
    change: dict[Part, str] = {Part.GONE: "", Part.NEW: ""}
    for each in (*found, Stretch(Part.SAME, "")):
        if each.part is not Part.SAME:
            change[each.part] += each.text
            continue
        yield from (Stretch(part, words) for part, words in change.items() if words)
        change = {Part.GONE: "", Part.NEW: ""}
        if each.text:
            yield each


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Both people's changes to one text; a stretch that both changed differently is left for a person."""
    first, second, third = units(base, mine, theirs)
    stands: list[Stand] = []
    at, in_mine, in_theirs = 0, 0, 0
    for start, here, there, length in agreed_blocks(first, second, third):
        if (start, here, there) != (at, in_mine, in_theirs):
            stands.append(
                Stand(
                    "".join(first[at:start]), "".join(second[in_mine:here]), "".join(third[in_theirs:there])
                )
            )
        if length:
            kept = "".join(first[start : start + length])
            stands.append(Stand(kept, kept, kept))
        at, in_mine, in_theirs = start + length, here + length, there + length
    return Merged(tuple(stands))


def agreed_blocks(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of the base that stand in both other texts, in order; the last one is empty, at the ends."""
    ours = matcher(base, mine).get_matching_blocks()
    others = matcher(base, theirs).get_matching_blocks()
    one, other = 0, 0
    while one < len(ours) and other < len(others):
        (a, in_mine, size), (b, in_theirs, length) = ours[one], others[other]
        start, end = max(a, b), min(a + size, b + length)
        if start < end:
            yield start, in_mine + start - a, in_theirs + start - b, end - start
        if a + size < b + length:
            one += 1
        else:
            other += 1
    yield len(base), len(mine), len(theirs), 0


def keeps_words(new: str, old: str, least: int = 6) -> bool:
    """Whether a text still holds somebody's words: so many in a row, or all of a shorter text.

    Whoever takes words back takes them back from every text that goes on using them.
    """
    words, said = ([each.casefold() for each in tokens(text) if each[0].isalnum()] for text in (new, old))
    wanted = min(least, len(said))
    if not wanted:
        return False
    runs = {tuple(said[place : place + wanted]) for place in range(len(said) - wanted + 1)}
    return any(tuple(words[place : place + wanted]) in runs for place in range(len(words) - wanted + 1))
