"""Ballots of STV programs (.blt): numbers of candidates and seats, those withdrawn, ballots, names.

I. D. Hill, B. A. Wichmann and D. R. Woodall, "Algorithm 123: Single Transferable Vote by Meek's Method", The Computer
Journal 30, 1987; with what later programs added: # comments, (ballot ids), 1=2 for equal ranks, - for a rank left out.
"""

import re
from collections.abc import Iterator, Sequence

from app.rules.voting.files.vote_file import (
    BadFile,
    VoteFile,
    require_few_options,
    require_once,
    shown,
    whole,
)
from app.rules.voting.profile import MarkKind, Ranking, Vote

NUMBER = re.compile(r"\d+")
BALLOT = re.compile(r"\d+(\s+(\d+(=\d+)*|-))*\s+0")
TOKEN = re.compile(r'"([^"]*)"|(\S+)')


def read(lines: Sequence[str], _wanted: MarkKind) -> VoteFile:
    """Options are the numbers of the candidates, without those withdrawn."""
    source = iter(enumerate(lines, start=1))
    many, seats = header(source)
    withdrawn: set[int] = set()
    votes: list[Vote[Ranking]] = []
    for line, tokens in ballots_of(source):
        if not votes and tokens[0].startswith("-"):
            withdrawn |= {candidate(each.removeprefix("-"), many, line) for each in tokens if each != "0"}
        else:
            times = whole(tokens[0], line, "the number of times a ballot was cast", least=1)
            votes.append(Vote(ranking(tokens[1:], many, line), "", times))
    names = names_of(source, many, len(lines))
    left = [number for number in range(1, many + 1) if number not in withdrawn]
    return VoteFile(
        tuple(str(number) for number in left),
        tuple(names[number - 1] for number in left),
        MarkKind.RANKING,
        without(votes, left),
        seats=seats,
    )


def header(source: Iterator[tuple[int, str]]) -> tuple[int, int]:
    for line, text in source:
        tokens = plain(text).split()
        if not tokens:
            continue
        if len(tokens) != 2:
            raise BadFile(line, "the first line holds the number of candidates and the number of seats.")
        many = whole(tokens[0], line, "a number of candidates", least=1)
        require_few_options(many, line)
        return many, whole(tokens[1], line, "a number of seats", least=1)
    raise BadFile(0, "the file is empty.")


def plain(text: str) -> str:
    """A line of numbers without its comment."""
    return text.partition("#")[0]


def ballots_of(source: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The tokens of each ballot, up to the lone 0 after the last; a ballot ends with 0, or with its line."""
    line = 0
    for line, text in source:
        ballot: list[str] = []
        tokens = re.sub(r"^\s*\([^)]*\)", "", plain(text)).split()
        for at, written in enumerate(tokens):
            if written != "0":
                ballot.append(written)
            elif ballot:
                yield line, ballot
                ballot = []
            elif NUMBER.fullmatch("".join(tokens[at + 1 : at + 2])):
                raise BadFile(line, "numbers follow a 0 that would end the ballots.")
            else:
                return
        if ballot:
            yield line, ballot
    raise BadFile(line, "the file ends before the line with a single 0 that ends the ballots.")


def ranking(tokens: Sequence[str], many: int, line: int) -> Ranking:
    tiers = tuple(
        tuple(sorted(candidate(each, many, line) for each in written.split("=")))
        for written in tokens
        if written != "-"
    )
    require_once([each for tier in tiers for each in tier], line)
    return tiers


def candidate(token: str, many: int, line: int) -> int:
    number = whole(token, line, f"the number of a candidate (1 to {many})", least=1)
    if number > many:
        raise BadFile(line, f"{number} is not the number of a candidate (1 to {many}).")
    return number


def names_of(source: Iterator[tuple[int, str]], many: int, last: int) -> list[str]:
    """A name for each candidate; a file that ends with its ballots is read too, and numbers stand for names.

    Councils write a party after the name, so the first of a line is the name, where there are lines enough.
    """
    lines = [found for line, text in source if (found := words_of(text, line))]
    names = (
        [found[0] for found in lines] if len(lines) >= many else [each for found in lines for each in found]
    )
    if names and len(names) < many:
        raise BadFile(last, f"there are {many} candidates, but only {len(names)} names.")
    return names[:many] or [str(number) for number in range(1, many + 1)]


def words_of(text: str, line: int) -> list[str]:
    """What stands in quotation marks on a line; all of it where nothing does."""
    if '"' not in text:
        bare = plain(text).strip()
        if BALLOT.fullmatch(bare):
            raise BadFile(line, "a ballot stands after the single 0 that ends the ballots.")
        return [bare] if bare else []
    if text.count('"') % 2:
        raise BadFile(line, f"a name has no closing quotation mark: {shown(text.strip())}.")
    return [quoted or bare for quoted, bare in TOKEN.findall(text)]


def without(votes: Sequence[Vote[Ranking]], left: Sequence[int]) -> tuple[Vote[Ranking], ...]:
    """The ballots as if those withdrawn had never stood, with candidates named by their place."""
    place = {number: at for at, number in enumerate(left)}
    kept = []
    for vote in votes:
        tiers = (tuple(place[number] for number in tier if number in place) for tier in vote.mark)
        kept.append(Vote(tuple(tier for tier in tiers if tier), "", vote.times))
    return tuple(kept)
