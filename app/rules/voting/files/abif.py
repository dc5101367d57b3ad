"""The Aggregated Ballot Information Format (.abif): lines such as `27: A>B=C` or `27: A/5, B/3`.

Electorama, "ABIF" (electowiki.org/wiki/ABIF). Lines with # are comments, with { metadata; `=A:[a full name]` names A.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.rules.voting.files.vote_file import (
    SCALES,
    BadFile,
    VoteFile,
    mark,
    require_few_options,
    require_once,
    shown,
    whole,
)
from app.rules.voting.profile import MarkKind, Ranking, Vote

TIMES = re.compile(r"\s*(\d+)\s*[:*]\s*(.*)")
OPTION = re.compile(r'=\s*(?:"([^"]*)"|\[([^\]]*)\]|([^\s":\[\]]+))\s*:\s*(.*)')
MARKED = re.compile(
    r'\s*(?:"([^"]*)"|\[([^\]]*)\]|([^\s"\[\]>=,/:*{}#]+))\s*(?:/\s*([^\s>=,#]+)\s*)?(?:([>=,])|$|(?=#))'
)


@dataclass(frozen=True)
class Marked:
    """One option of a ballot: its key, what was written after a slash, and the sign that follows."""

    key: str
    value: str
    sign: str


def read(lines: Sequence[str], wanted: MarkKind) -> VoteFile:
    """Options are the keys, named ones first. Grades and scores are read where the rule counts them."""
    names: dict[str, str] = {}
    ballots: list[tuple[int, int, list[Marked]]] = []
    for line, text in enumerate(lines, start=1):
        text = text.strip()
        if not text or text[0] in "#{":
            continue
        if text.startswith("="):
            add_name(names, text, line)
            continue
        found = TIMES.fullmatch(text)
        times = whole(found[1], line, "the number of times a ballot was cast", least=1) if found else 1
        ballots.append((line, times, marked(found[2] if found else text, line)))
    for _line, _times, ballot in ballots:
        for each in ballot:
            names.setdefault(each.key, each.key)
    if not names:
        raise BadFile(0, "no options are named.")
    require_few_options(len(names), len(lines))
    place = {key: at for at, key in enumerate(names)}
    kind = wanted if wanted in SCALES else MarkKind.RANKING
    read_one = values_of if wanted in SCALES else tiers_of
    votes = [Vote(read_one(ballot, place, wanted, line), "", times) for line, times, ballot in ballots]
    return VoteFile(tuple(names), tuple(names.values()), kind, tuple(votes))


def add_name(names: dict[str, str], text: str, line: int) -> None:
    found = OPTION.fullmatch(text)
    if not found:
        raise BadFile(line, "a line of an option is =, its key, a colon and its name in square brackets.")
    key = found[1] or found[2] or found[3]
    if key in names:
        raise BadFile(line, f"{shown(key)} is named twice.")
    names[key] = found[4].strip().removeprefix("[").removesuffix("]").strip() or key


def marked(text: str, line: int) -> list[Marked]:
    ballot: list[Marked] = []
    at = 0
    while at < len(text) and not text[at:].lstrip().startswith("#"):
        found = MARKED.match(text, at)
        if not found:
            raise BadFile(line, f"this ballot cannot be read from {shown(text[at:].strip())} on.")
        ballot.append(Marked(found[1] or found[2] or found[3] or "", found[4] or "", found[5] or ""))
        at = found.end()
    if ballot and ballot[-1].sign:
        raise BadFile(line, f"nothing follows the last {ballot[-1].sign}.")
    require_once([each.key for each in ballot], line)
    return ballot


def tiers_of(ballot: Sequence[Marked], place: dict[str, int], wanted: MarkKind, line: int) -> Ranking:
    """Ranks by > and =; a list with commas is ranked by its values, or all equal where it has none."""
    if any(each.value for each in ballot) and all(each.sign in ("", ",") for each in ballot):
        tiers: dict[int, list[int]] = {}
        for option, value in values_of(ballot, place, wanted, line):
            tiers.setdefault(value, []).append(option)
        return tuple(tuple(sorted(tiers[value])) for value in sorted(tiers, reverse=True))
    ranks: list[list[int]] = [[]]
    for each in ballot:
        ranks[-1].append(place[each.key])
        if each.sign == ">":
            ranks.append([])
    return tuple(tuple(sorted(rank)) for rank in ranks if rank)


def values_of(
    ballot: Sequence[Marked], place: dict[str, int], wanted: MarkKind, line: int
) -> tuple[tuple[int, int], ...]:
    for each in ballot:
        if not each.value:
            raise BadFile(line, f"{shown(each.key)} has no value after a slash, which this rule counts.")
    return tuple(sorted((place[each.key], mark(each.value, wanted, line)) for each in ballot))
