"""Rankings of PrefLib (.soc, .soi, .toc, .toi), with the headers of today and those before 2021.

N. Mattei and T. Walsh, "PrefLib: A Library for Preferences", ADT 2013. Ties stand in braces: 3: 1,{2,4},5
"""

import re
from collections.abc import Sequence

from app.rules.voting.files.vote_file import (
    BadFile,
    VoteFile,
    require_few_options,
    require_once,
    shown,
    whole,
)
from app.rules.voting.profile import MarkKind, Ranking, Vote

NAME = re.compile(r"#\s*ALTERNATIVE NAME\s+(\d{1,15})\s*:\s?(.*)", re.IGNORECASE)
SUMS = re.compile(r"\d+\s*,\s*\d+\s*,\s*\d+")
ORDER = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]+))\s*(?:,|$)")


def read(lines: Sequence[str], _wanted: MarkKind) -> VoteFile:
    """Options are the numbers of the alternatives."""
    begun = next((text for text in lines if text.strip()), "")
    names, rows = today(lines) if begun.lstrip().startswith("#") else before(lines)
    if not names:
        raise BadFile(0, "no alternatives are named.")
    require_few_options(len(names), len(lines))
    place = {option: at for at, option in enumerate(names)}
    votes = [
        Vote(order_of(order, place, line), "", whole(times.strip(), line, "a number of voters", least=1))
        for line, times, order in rows
    ]
    return VoteFile(tuple(names), tuple(names.values()), MarkKind.RANKING, tuple(votes))


Rows = list[tuple[int, str, str]]


def today(lines: Sequence[str]) -> tuple[dict[str, str], Rows]:
    """`# ALTERNATIVE NAME 1: …` and other lines with #, then `voters: order`."""
    names: dict[str, str] = {}
    rows: Rows = []
    for line, text in enumerate(lines, start=1):
        if found := NAME.match(text.strip()):
            add_name(names, found[1], found[2], line)
        elif text.strip() and not text.lstrip().startswith("#"):
            times, colon, order = text.partition(":")
            if not colon:
                raise BadFile(line, "a line of votes is a number of voters, a colon and an order.")
            rows.append((line, times, order))
    return names, rows


def before(lines: Sequence[str]) -> tuple[dict[str, str], Rows]:
    """How many alternatives; `1,name` for each; a line of three sums; then `voters,order`."""
    filled = [(line, text.strip()) for line, text in enumerate(lines, start=1) if text.strip()]
    many = whole(filled[0][1], filled[0][0], "a number of alternatives", least=1)
    require_few_options(many, filled[0][0])
    if len(filled) < many + 2:
        raise BadFile(filled[-1][0], f"the file ends before its {many} alternatives and its sums.")
    names: dict[str, str] = {}
    for line, text in filled[1 : many + 1]:
        number, comma, name = text.partition(",")
        if not comma:
            raise BadFile(line, "a line of an alternative is its number, a comma and its name.")
        add_name(names, number.strip(), name, line)
    line, sums = filled[many + 1]
    if not SUMS.fullmatch(sums):
        raise BadFile(line, "after the alternatives stand three sums: voters, votes and different orders.")
    rows: Rows = []
    for line, text in filled[many + 2 :]:
        times, _comma, order = text.partition(",")
        rows.append((line, times, order))
    return names, rows


def add_name(names: dict[str, str], number: str, name: str, line: int) -> None:
    option = str(whole(number, line, "the number of an alternative"))
    if option in names:
        raise BadFile(line, f"the alternative {option} is named twice.")
    names[option] = name.strip() or option


def order_of(order: str, place: dict[str, int], line: int) -> Ranking:
    tiers: list[tuple[int, ...]] = []
    at = 0
    order = order.strip()
    while at < len(order):
        found = ORDER.match(order, at)
        if not found:
            raise BadFile(line, f"this order cannot be read from {shown(order[at:])} on.")
        at = found.end()
        tier = [each.strip() for each in (found[1] if found[1] is not None else found[2]).split(",")]
        tier = [each for each in tier if each]
        for option in tier:
            if option not in place:
                raise BadFile(line, f"{shown(option)} is not the number of an alternative.")
        if tier:
            tiers.append(tuple(sorted(place[option] for option in tier)))
    require_once([option for tier in tiers for option in tier], line)
    return tuple(tiers)
