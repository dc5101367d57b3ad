#!/usr/bin/env python3
"""Check and count a decision of CoMission again, from its transparency pack and nothing else.

    python recount.py                   beside the files of an unzipped pack: says the same as for the zip file
    python recount.py PACK.zip          says in words what was checked; exit code 1 where something does not fit
    python recount.py --json PACK.zip   prints the result as counted here, as canonical JSON

One file, for Python 3.11 and later. It needs no other package; with `cryptography` it checks signatures too. It was
written from docs/recount.md and docs/counting.md and shares no line with the application that it checks.
"""

import base64
import csv
import hashlib
import hmac
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import lcm
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # Everything else can be checked without it.
    InvalidSignature = Ed25519PublicKey = None  # type: ignore[assignment,misc]

GROUPS = ("public", "private", "third", "academia", "citizens")
FIRST_FORMAT = "comission-decision/1"
LARGEST = 50_000_000  # bytes of one unpacked file; no pack comes near, a bomb does


class Wrong(Exception):
    """Something does not fit; the words say what."""


# --- How things are written -----------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """RFC 8785 for text, whole numbers, true, false, null, lists and objects."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).encode()
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise Wrong("a whole number is too large to be written in one way")
        return str(value).encode()
    if isinstance(value, (list, tuple)):
        return b"[" + b",".join(canonical(each) for each in value) + b"]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        parts = [canonical(name) + b":" + canonical(value[name]) for name in names]
        return b"{" + b",".join(parts) + b"}"
    raise Wrong(f"a {type(value).__name__} stands where none can be")


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def read_json(name: str, raw: bytes) -> Any:
    """One value in its one form; anything else was changed or made by something else."""
    try:
        value = json.loads(raw)
        same = canonical(value) == raw
    except (ValueError, RecursionError) as problem:
        raise Wrong(f"{name} cannot be read") from problem
    if not same:
        raise Wrong(f"{name} is not written as it must be")
    return value


def ratio(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


# --- What every count starts from -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vote:
    """So many equal ballots of one group; options are numbers, by their place in the list."""

    mark: Any
    group: str
    times: int


@dataclass(frozen=True)
class Ties:
    options: tuple[str, ...]
    costs: tuple[int, ...]  # empty where the lower cost is not the second measure
    decision: str
    value: str | None

    def ticket(self, option: int) -> str:
        return hashlib.sha256(f"{self.decision}|{self.value}|{self.options[option]}".encode()).hexdigest()

    def tiers(self, options: Iterable[int]) -> list[list[int]]:
        listed = sorted(options)
        if not self.costs:
            return [listed] if listed else []
        return [
            [each for each in listed if self.costs[each] == cost]
            for cost in sorted({self.costs[each] for each in listed})
        ]

    def order(self, options: Iterable[int]) -> list[int]:
        found: list[int] = []
        for tier in self.tiers(options):
            found += tier if self.value is None else sorted(tier, key=self.ticket)
        return found

    def open(self, options: Sequence[int], wanted: int) -> list[int]:
        if self.value is not None or wanted == 0 or wanted == len(options):
            return []
        for tier in self.tiers(options):
            if wanted < len(tier):
                return tier if wanted > 0 else []
            wanted -= len(tier)
        return []

    def take(self, levels: Iterable[Sequence[int]], wanted: int | None) -> tuple[list[int], list[int]]:
        """Options chosen from levels, and those that are tied."""
        taken: list[int] = []
        for level in levels:
            left = len(level) if wanted is None else wanted - len(taken)
            if len(level) < left or wanted is None:
                taken += self.order(level)
                continue
            return taken + self.order(level)[:left], sorted(self.open(level, left))
        return taken, []


@dataclass(frozen=True)
class Profile:
    options: tuple[str, ...]
    votes: tuple[Vote, ...]
    costs: tuple[int, ...]  # empty where options cost nothing
    ties: Ties

    @property
    def ballots(self) -> int:
        return sum(vote.times for vote in self.votes)

    @property
    def groups(self) -> list[str]:
        """Groups with a ballot, without the empty name, by code point."""
        return sorted({vote.group for vote in self.votes} - {""})

    def of(self, group: str) -> tuple[Vote, ...]:
        return tuple(vote for vote in self.votes if vote.group == group)

    def ids(self, options: Iterable[int]) -> list[str]:
        return [self.options[each] for each in options]


@dataclass(frozen=True)
class Count:
    selected: list[str]
    tied: list[str]
    figures: dict[str, Any]


RULES: dict[str, tuple[str, Callable[[Mapping[str, Any], Profile], Count]]] = {}


def rule(name: str, kind: str) -> Callable[[Any], Any]:
    def add(count: Any) -> Any:
        RULES[name] = (kind, count)
        return count

    return add


# --- Marks ----------------------------------------------------------------------------------------------------------


def read_mark(kind: str, mark: Any, options: Sequence[str]) -> Any:
    """A mark with its options as numbers, if it is of this kind and in its one form."""
    try:
        found, written = MARKS[kind](mark, {option: place for place, option in enumerate(options)}, options)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Wrong("a ballot cannot be counted by this rule") from problem
    if canonical(written) != canonical(mark):
        raise Wrong("a mark is not written as it must be")
    return found


def read_choice(mark: Any, _place: Any, _options: Any) -> tuple[Any, Any]:
    if mark["choice"] not in ("for", "against", "abstain"):
        raise ValueError
    return mark["choice"], {"choice": mark["choice"]}


def read_consent(mark: Any, _place: Any, _options: Any) -> tuple[Any, Any]:
    if mark["consent"] not in ("consent", "object"):
        raise ValueError
    return mark["consent"], {"consent": mark["consent"]}


def read_approval(mark: Any, place: Mapping[str, int], options: Sequence[str]) -> tuple[Any, Any]:
    found = sorted(place[each] for each in once(mark["approved"]))
    return tuple(found), {"approved": [options[each] for each in found]}


def read_ranking(mark: Any, place: Mapping[str, int], options: Sequence[str]) -> tuple[Any, Any]:
    once([each for tier in mark["ranking"] for each in tier])
    tiers = tuple(tuple(sorted(place[each] for each in tier)) for tier in mark["ranking"] if tier)
    return tiers, {"ranking": [[options[each] for each in tier] for tier in tiers]}


def once(found: list[str]) -> list[str]:
    if len(set(found)) < len(found):
        raise ValueError
    return found


def read_marks(name: str, most: int) -> Callable[[Any, Mapping[str, int], Sequence[str]], tuple[Any, Any]]:
    def read(mark: Any, place: Mapping[str, int], _options: Sequence[str]) -> tuple[Any, Any]:
        given = mark[name]
        if any(type(value) is not int or not 0 <= value <= most for value in given.values()):
            raise ValueError
        return tuple(sorted((place[option], value) for option, value in given.items())), {name: given}

    return read


MARKS: dict[str, Callable[..., tuple[Any, Any]]] = {
    "choice": read_choice,
    "consent": read_consent,
    "approval": read_approval,
    "ranking": read_ranking,
    "grades": read_marks("grades", 5),
    "scores": read_marks("scores", 10),
}


# --- Rules that ask for or against one thing ------------------------------------------------------------------------


def tally(votes: Iterable[Vote]) -> dict[str, int]:
    found = {"for": 0, "against": 0, "abstain": 0}
    for vote in votes:
        found[vote.mark] += vote.times
    return found


def share_for(found: Mapping[str, int]) -> Fraction:
    decided = found["for"] + found["against"]
    return Fraction(found["for"], decided) if decided else Fraction(0)


def answered(profile: Profile, verdict: str, figures: dict[str, Any]) -> Count:
    (thing,) = profile.options
    return Count([thing] if verdict == "carried" else [], [thing] if verdict == "tied" else [], figures)


@rule("group_majority", "choice")
def group_majority(settings: Mapping[str, Any], profile: Profile) -> Count:
    required, weights = settings["required"], settings.get("weights", {})
    asked = [group for group in GROUPS if group in required or profile.of(group)]
    each = {group: tally(profile.of(group)) for group in asked}
    total = tally(profile.votes)
    share = share_for(total)
    if weights:
        heard = [group for group in asked if each[group]["for"] + each[group]["against"]]
        weight = sum(weights.get(group, 1) for group in heard)
        summed = sum((weights.get(group, 1) * share_for(each[group]) for group in heard), Fraction(0))
        share = summed / weight if heard else Fraction(0)
    enough = settings.get("enough")
    in_favour = [group for group in required if each[group]["for"] > each[group]["against"]]
    agree = len(in_favour) >= (len(required) if enough is None else enough)
    if enough is not None:
        floor = Fraction(settings["floor"])
        decided = [group for group in required if each[group]["for"] + each[group]["against"]]
        agree = agree and all(share_for(each[group]) >= floor for group in decided)
    verdict = "tied" if total["for"] == total["against"] else "lost"
    if agree and total["for"] + total["against"] and share >= Fraction(settings["overall"]):
        verdict = "carried"
    lines = [{"group": group, "required": group in required, **each[group]} for group in asked]
    return answered(
        profile, verdict, {"groups": lines, "total": total, "share": ratio(share), "verdict": verdict}
    )


@rule("supermajority", "choice")
def supermajority(settings: Mapping[str, Any], profile: Profile) -> Count:
    total = tally(profile.votes)
    decided = total["for"] + total["against"]
    verdict = "tied" if total["for"] == total["against"] else "lost"
    if total["for"] > total["against"] and total["for"] >= Fraction(settings["share"]) * decided:
        verdict = "carried"
    lines: list[dict[str, Any]] = [{"group": group, **tally(profile.of(group))} for group in profile.groups]
    return answered(profile, verdict, {"total": total, "groups": lines, "verdict": verdict})


# --- Approval and majority judgment ---------------------------------------------------------------------------------


def approvals(votes: Iterable[Vote], options: int) -> list[int]:
    found = [0] * options
    for vote in votes:
        for option in vote.mark:
            found[option] += vote.times
    return found


@rule("approval", "approval")
def approval(settings: Mapping[str, Any], profile: Profile) -> Count:
    every = approvals(profile.votes, len(profile.options))
    lines: list[dict[str, Any]] = [
        {
            "group": group,
            "ballots": sum(vote.times for vote in profile.of(group)),
            "approvals": approvals(profile.of(group), len(profile.options)),
        }
        for group in profile.groups
    ]
    share, group_share = Fraction(settings["share"]), Fraction(settings["group_share"])
    reached = [
        option
        for option, many in enumerate(every)
        if many >= 1
        and many >= share * profile.ballots
        and all(line["approvals"][option] >= group_share * line["ballots"] for line in lines)
    ]
    levels = by_level(reached, lambda option: -every[option])
    taken, tied = profile.ties.take(levels, settings["seats"])
    figures = {
        "options": list(profile.options),
        "ballots": profile.ballots,
        "approvals": every,
        "groups": lines,
        "reached": profile.ids(reached),
    }
    return Count(profile.ids(taken), profile.ids(tied), figures)


def by_level(options: Iterable[int], key: Callable[[int], Any]) -> list[list[int]]:
    """Options with the same key together, lowest key first, each level in list order."""
    found: dict[Any, list[int]] = {}
    for option in sorted(options):
        found.setdefault(key(option), []).append(option)
    return [found[each] for each in sorted(found)]


def graded(votes: Iterable[Vote], options: int) -> list[list[int]]:
    """For each option how many ballots give it each grade; who leaves it out gives the lowest."""
    found = [[0] * 6 for _ in range(options)]
    for vote in votes:
        given = dict(vote.mark)
        for option in range(options):
            found[option][given.get(option, 0)] += vote.times
    return found


def grade_at(grades: Sequence[int], place: int) -> int:
    """The grade at this place, where all ballots stand in a row from the lowest grade to the highest."""
    for grade, times in enumerate(grades):
        if place < times:
            return grade
        place -= times
    raise Wrong("a grade is asked for that nobody gave")


def place_taken(ballots: int, turn: int) -> int:
    """Which place is the (lower) middle after so many were taken: away from the first, to both sides in turn."""
    step = (turn + 1) // 2
    goes_down = (turn % 2 == 1) == (ballots % 2 == 1)
    return (ballots - 1) // 2 + (-step if goes_down else step)


def turn_of(ballots: int, place: int) -> int:
    """When this place is taken."""
    away = place - (ballots - 1) // 2
    at_once = (away < 0) == (ballots % 2 == 1)
    return 2 * abs(away) - (1 if at_once and away else 0)


def majority_values(all_grades: Sequence[Sequence[int]], ballots: int) -> tuple[list[int], list[list[int]]]:
    """Turns at which some option's grade may become another, and each option's grades at them.

    Between them nothing changes, so that ballots that count as many thousands need no more time.
    """
    turns = {turn for turn in (0, 1, 2) if turn < ballots}
    for grades in all_grades:
        below = 0
        for times in grades:
            below += times
            turns |= {turn_of(ballots, place) for place in (below - 1, below) if 0 <= place < ballots}
    listed = sorted(turns)
    return listed, [
        [grade_at(grades, place_taken(ballots, turn)) for turn in listed] for grades in all_grades
    ]


@rule("majority_judgment", "grades")
def majority_judgment(settings: Mapping[str, Any], profile: Profile) -> Count:
    grades = graded(profile.votes, len(profile.options))
    turns, values = majority_values(grades, profile.ballots)
    medians = [value[0] if value else 0 for value in values]
    levels = by_level(range(len(grades)), lambda option: tuple(-grade for grade in values[option]))
    kept = [
        [option for option in level if profile.ballots and medians[option] >= settings["floor"]]
        for level in levels
    ]
    taken, tied = profile.ties.take([level for level in kept if level], settings["seats"])
    order = [option for level in levels for option in profile.ties.order(level)]
    figures = {
        "options": list(profile.options),
        "ballots": profile.ballots,
        "grades": grades,
        "medians": medians,
        "groups": [
            {
                "group": group,
                "ballots": sum(vote.times for vote in profile.of(group)),
                "grades": graded(profile.of(group), len(profile.options)),
            }
            for group in profile.groups
        ],
        "order": profile.ids(order),
        "apart": list(apart(profile, order, medians, turns, values)) if profile.ballots else [],
    }
    return Count(profile.ids(taken), profile.ids(tied), figures)


def apart(
    profile: Profile,
    order: Sequence[int],
    medians: Sequence[int],
    turns: Sequence[int],
    values: Sequence[Sequence[int]],
) -> Iterator[dict[str, Any]]:
    for higher, lower in pairwise(order):
        if medians[higher] != medians[lower]:
            continue
        named = {"higher": profile.options[higher], "lower": profile.options[lower]}
        pairs = list(zip(values[higher], values[lower], strict=True))
        place = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
        removed = None if place is None else turns[place]
        yield {**named, "removed": removed, "grades": [] if place is None else list(pairs[place])}


# --- Rules that compare options in pairs ----------------------------------------------------------------------------


def preferences(profile: Profile) -> list[list[int]]:
    """V(a, b): how many ballots rank a above b."""
    many = len(profile.options)
    table = [[0] * many for _ in range(many)]
    for vote in profile.votes:
        tier = {option: place for place, tier in enumerate(vote.mark) for option in tier}
        for one in tier:
            for other in range(many):
                if one != other and tier[one] < tier.get(other, many + 1):
                    table[one][other] += vote.times
    return table


Strength = tuple[int, int]  # more votes for is stronger, then fewer against (kept negative here)


def strength(table: Sequence[Sequence[int]], one: int, other: int) -> Strength | None:
    return (table[one][other], -table[other][one]) if table[one][other] > table[other][one] else None


@rule("schulze", "ranking")
def schulze(settings: Mapping[str, Any], profile: Profile) -> Count:
    table, everyone = preferences(profile), range(len(profile.options))
    dropped, remaining = [], list(everyone)
    if settings["default"] is not None:
        default = profile.options.index(settings["default"])
        majority = Fraction(settings["majority"])
        for option in everyone:
            over, under = table[option][default], table[default][option]
            why = "quorum" if over < settings["quorum"] else ""
            if not why and (over <= under or over < majority * under):
                why = "majority"
            if option != default and why:
                remaining.remove(option)
                dropped.append({"option": profile.options[option], "over": over, "under": under, "why": why})
    paths = chains(table, remaining)
    winners = [
        one
        for one in remaining
        if profile.ballots and not any(stronger(paths[other, one], paths[one, other]) for other in remaining)
    ]
    taken, tied = profile.ties.take([winners] if winners else [], 1)
    figures = {
        "options": list(profile.options),
        "ballots": profile.ballots,
        "pairwise": table,
        "dropped": dropped,
        "remaining": profile.ids(remaining),
        "paths": [[told(paths[one, other]) for other in remaining] for one in remaining],
        "winners": profile.ids(winners),
    }
    return Count(profile.ids(taken), profile.ids(tied), figures)


def stronger(one: Strength | None, other: Strength | None) -> bool:
    return one is not None and (other is None or one > other)


def told(path: Strength | None) -> list[int] | None:
    return None if path is None else [path[0], -path[1]]


def chains(
    table: Sequence[Sequence[int]], remaining: Sequence[int]
) -> dict[tuple[int, int], Strength | None]:
    """The strongest chain between each two; a chain is as strong as its weakest victory."""
    paths = {
        (one, other): strength(table, one, other) if one != other else None
        for one in remaining
        for other in remaining
    }
    for between in remaining:
        for one in remaining:
            for other in remaining:
                first, second = paths[one, between], paths[between, other]
                if len({one, other, between}) == 3 and first is not None and second is not None:
                    weakest = min(first, second)
                    if stronger(weakest, paths[one, other]):
                        paths[one, other] = weakest
    return paths


@rule("ranked_pairs", "ranking")
def ranked_pairs(_settings: Mapping[str, Any], profile: Profile) -> Count:
    table = preferences(profile)
    order = profile.ties.order(range(len(profile.options)))
    locked, skipped, winner = locking(table, order)
    winners = [winner] if profile.ballots else []
    if profile.ballots and profile.ties.value is None:
        orders = [moved(profile.ties, order, each, step) for each in order for step in (1, -1)]
        winners = sorted({locking(table, each)[2] for each in orders})
    figures = {
        "options": list(profile.options),
        "ballots": profile.ballots,
        "pairwise": table,
        "locked": [victory(profile, table, *pair) for pair in locked],
        "skipped": [victory(profile, table, *pair) for pair in skipped],
        "winners": profile.ids(winners),
    }
    selected = [profile.options[winner]] if profile.ballots else []
    return Count(selected, profile.ids(winners) if len(winners) > 1 else [], figures)


def victory(profile: Profile, table: Sequence[Sequence[int]], one: int, other: int) -> list[Any]:
    return [profile.options[one], profile.options[other], table[one][other], table[other][one]]


def moved(ties: Ties, order: Sequence[int], option: int, step: int) -> list[int]:
    """The tiers by the second measure, one option at the front of its own, the others as listed or backwards."""
    found = []
    for tier in ties.tiers(order):
        found += [option] if option in tier else []
        found += sorted((each for each in tier if each != option), reverse=step < 0)
    return found


Pair = tuple[int, int]


def locking(table: Sequence[Sequence[int]], order: Sequence[int]) -> tuple[list[Pair], list[Pair], int]:
    place = {option: at for at, option in enumerate(order)}
    victories = [(one, other) for one in order for other in order if strength(table, one, other)]
    victories.sort(key=lambda pair: (
        -table[pair[0]][pair[1]], table[pair[1]][pair[0]], -place[pair[1]], place[pair[0]]
    ))  # fmt: skip
    below: dict[int, set[int]] = {option: set() for option in order}  # whom locked victories lead to
    locked, skipped = [], []
    for one, other in victories:
        if one in below[other]:
            skipped.append((one, other))
            continue
        locked.append((one, other))
        gained = below[other] | {other}
        for each in order:
            if each == one or one in below[each]:
                below[each] |= gained
    beaten = {other for _one, other in locked}
    return locked, skipped, next(option for option in order if option not in beaten)


# --- Score and consent ----------------------------------------------------------------------------------------------


def scored(votes: Iterable[Vote], options: int) -> list[list[int]]:
    found = [[0] * 11 for _ in range(options)]
    for vote in votes:
        for option, value in vote.mark:
            found[option][value] += vote.times
    return found


def score_row(times: Sequence[int]) -> dict[str, Any]:
    many, given = sum(times), [value for value, each in enumerate(times) if each]
    if not many:
        names = ("median", "mean", "lowest", "highest", "spread")
        return {"scored": 0, **dict.fromkeys(names)}
    median = Fraction(grade_at(times, (many - 1) // 2) + grade_at(times, many // 2), 2)
    total = sum(value * each for value, each in enumerate(times))
    return {
        "scored": many, "median": ratio(median), "mean": ratio(Fraction(total, many)), "lowest": given[0],
        "highest": given[-1], "spread": given[-1] - given[0],
    }  # fmt: skip


@rule("score", "scores")
def score(settings: Mapping[str, Any], profile: Profile) -> Count:
    scores = scored(profile.votes, len(profile.options))
    rows = [score_row(times) for times in scores]
    given = [option for option, row in enumerate(rows) if row["scored"]]
    levels = by_level(
        given, lambda option: (-Fraction(rows[option]["median"]), -Fraction(rows[option]["mean"]))
    )
    kept = [
        [
            option
            for option in level
            if rows[option]["scored"] >= settings["least"]
            and Fraction(rows[option]["median"]) >= settings["floor"]
        ]
        for level in levels
    ]
    taken, tied = profile.ties.take([level for level in kept if level], settings["seats"])
    figures = {
        "options": list(profile.options),
        "ballots": profile.ballots,
        "scores": scores,
        "rows": rows,
        "groups": [
            {"group": group, "scores": scored(profile.of(group), len(profile.options))}
            for group in profile.groups
        ],
        "order": profile.ids(option for level in levels for option in profile.ties.order(level)),
        "discuss": profile.ids(option for option in given if rows[option]["spread"] > settings["spread"]),
    }
    return Count(profile.ids(taken), profile.ids(tied), figures)


@rule("consent", "consent")
def consent(settings: Mapping[str, Any], profile: Profile) -> Count:
    def said(votes: Iterable[Vote]) -> dict[str, int]:
        found = {"consent": 0, "object": 0}
        for vote in votes:
            found[vote.mark] += vote.times
        return found

    total = said(profile.votes)
    verdict = "carried" if profile.ballots else "nobody"
    if total["object"]:
        verdict = "integrate" if settings["integrated"] < settings["max_rounds"] else "group_majority"
    lines = [{"group": group, **said(profile.of(group))} for group in profile.groups]
    figures = {
        "total": total, "groups": lines, "integrated": settings["integrated"], "max_rounds": settings["max_rounds"],
        "verdict": verdict,
    }  # fmt: skip
    return Count(list(profile.options) if verdict == "carried" else [], [], figures)


# --- Single transferable vote ---------------------------------------------------------------------------------------

UNITS = 100_000  # of one vote
MOST_WAYS, MOST_LISTS = 100, 200_000


@dataclass
class Paper:
    """Equal ballots: they lie with the option at `place` of their choices, or are exhausted at its end."""

    choices: tuple[int, ...]
    times: int
    value: int = UNITS
    place: int = 0

    @property
    def lies_with(self) -> int | None:
        return self.choices[self.place] if self.place < len(self.choices) else None


class Transfers:
    """One count. `way` says how its first open lots fall; `opened` notes each open lot and what was taken."""

    def __init__(self, profile: Profile, seats: int, way: Sequence[int]) -> None:
        self.profile, self.seats, self.way = profile, seats, way
        read = [(choices_of(vote.mark), vote.times) for vote in profile.votes]
        self.set_aside = sum(times for choices, times in read if not choices)
        self.valid = sum(times for choices, times in read if choices)
        self.papers = [Paper(choices, times) for choices, times in read if choices]
        self.quota = self.valid // (seats + 1) + 1
        self.continuing = list(range(len(profile.options)))
        self.chosen: list[int] = []
        self.waiting: list[int] = []
        self.done: set[int] = set()  # chosen, and their surplus transferred: they keep the quota
        self.stages: list[dict[str, Any]] = []
        self.history: list[list[int]] = []
        self.lost = 0
        self.opened: list[tuple[list[int], int]] = []
        if self.valid:
            self.run()

    def run(self) -> None:
        self.end_stage("first", None, None, None)
        while len(self.chosen) < self.seats and self.continuing:
            now = self.history[-1]
            if self.waiting:
                most = max(now[option] for option in self.waiting)
                equal = [option for option in self.waiting if now[option] == most]
                option, tie = self.decide(sorted(equal), first=True)
                surplus = self.give_surplus(option, now[option])
                self.end_stage("surplus", option, surplus, tie)
            else:
                fewest = min(now[option] for option in self.continuing)
                equal = [option for option in self.continuing if now[option] == fewest]
                option, tie = self.decide(sorted(equal), first=False)
                self.continuing.remove(option)
                self.pass_on(option)
                self.end_stage("exclusion", option, None, tie)

    def give_surplus(self, option: int, votes: int) -> int:
        surplus = votes - self.quota * UNITS
        given = 0
        for paper in self.papers:
            if paper.lies_with == option:
                paper.value = surplus * paper.value // votes
                given += paper.value * paper.times
        self.lost += surplus - given
        self.waiting.remove(option)
        self.done.add(option)
        self.pass_on(option)
        return surplus

    def pass_on(self, option: int) -> None:
        for paper in self.papers:
            if paper.lies_with == option:
                paper.place += 1
                while paper.lies_with is not None and paper.lies_with not in self.continuing:
                    paper.place += 1

    def votes(self) -> list[int]:
        found = [0] * len(self.profile.options)
        for option in self.done:
            found[option] = self.quota * UNITS
        for paper in self.papers:
            if paper.lies_with is not None:
                found[paper.lies_with] += paper.value * paper.times
        return found

    def end_stage(
        self, kind: str, option: int | None, surplus: int | None, tie: dict[str, Any] | None
    ) -> None:
        now = self.votes()
        self.history.append(now)
        elected = self.in_turn([each for each in self.continuing if now[each] >= self.quota * UNITS])
        self.choose(elected)
        self.waiting += [each for each in elected if now[each] > self.quota * UNITS]
        filled = []
        if len(self.continuing) <= self.seats - len(self.chosen):
            filled = self.in_turn(self.continuing)
            self.choose(filled)
        self.stages.append({
            "kind": kind, "option": None if option is None else self.profile.options[option], "surplus": surplus,
            "tie": tie, "votes": now,
            "exhausted": sum(each.value * each.times for each in self.papers if each.lies_with is None),
            "lost": self.lost, "elected": self.profile.ids(elected), "filled": self.profile.ids(filled),
        })  # fmt: skip

    def choose(self, options: Sequence[int]) -> None:
        self.chosen += options
        self.continuing = [each for each in self.continuing if each not in options]

    def in_turn(self, options: Sequence[int]) -> list[int]:
        order = self.profile.ties.order(range(len(self.profile.options)))
        back = self.history[::-1]
        return sorted(options, key=lambda each: ([-stage[each] for stage in back], order.index(each)))

    def decide(self, equal: list[int], first: bool) -> tuple[int, dict[str, Any] | None]:
        """The one of these equal options that goes first, or last, and how that was decided."""
        if len(equal) == 1:
            return equal[0], None
        kept, by = equal, "stages"
        for stage in self.history[::-1]:
            best = (max if first else min)(stage[each] for each in kept)
            kept = [each for each in kept if stage[each] == best]
        if len(kept) > 1:
            tiers = self.profile.ties.tiers(kept)
            kept, by = tiers[0 if first else -1], "cost"
        if len(kept) > 1:
            option = self.draw(kept, equal, first)
            return option, self.tie(equal, "list" if self.profile.ties.value is None else "lot")
        return kept[0], self.tie(equal, by)

    def draw(self, kept: list[int], equal: list[int], first: bool) -> int:
        taken = self.profile.ties.order(kept)[0 if first else -1]
        now = self.history[-1]
        with_votes = [each for each in self.continuing if now[each]]
        matters = first or now[equal[0]] or len(with_votes) < self.seats - len(self.chosen)
        if self.profile.ties.value is None and matters:
            if len(self.opened) < len(self.way):
                taken = self.way[len(self.opened)]
            self.opened.append((sorted(kept), taken))
        return taken

    def tie(self, equal: list[int], by: str) -> dict[str, Any]:
        return {"options": self.profile.ids(equal), "by": by}


def choices_of(mark: Sequence[Sequence[int]]) -> tuple[int, ...]:
    found: list[int] = []
    for tier in mark:
        if len(tier) > 1:
            break
        found += tier
    return tuple(found)


def single_transferable(settings: Mapping[str, Any], profile: Profile) -> Count:
    seats = settings.get("seats", 1)
    count = Transfers(profile, seats, [])
    figures = {
        "options": list(profile.options), "seats": seats, "valid": count.valid, "set_aside": count.set_aside,
        "quota": count.quota, "stages": count.stages,
    }  # fmt: skip
    return Count(profile.ids(count.chosen), profile.ids(tied_ways(profile, seats, count)), figures)


def tied_ways(profile: Profile, seats: int, first: Transfers) -> list[int]:
    """Options chosen in some of the ways in which open lots can fall, and not in all."""
    queue: list[list[int]] = [[]]
    outcomes: list[set[int]] = []
    lists = len({paper.choices for paper in first.papers})
    most = min(MOST_WAYS, 1 + MOST_LISTS // lists) if lists else 1
    while queue and len(outcomes) < most:
        way = queue.pop(0)
        count = Transfers(profile, seats, way) if way else first
        outcomes.append(set(count.chosen))
        taken = [each for _tier, each in count.opened]
        for place in reversed(range(len(way), len(count.opened))):
            queue += [[*taken[:place], each] for each in count.opened[place][0] if each != taken[place]]
    tied = {option for option in set().union(*outcomes) if not all(option in each for each in outcomes)}
    met = [set(tier) for tier, _taken in first.opened if queue and tied & set(tier)]
    return sorted(tied.union(*met))


rule("stv", "ranking")(single_transferable)
rule("irv", "ranking")(single_transferable)


# --- Sets and portfolios --------------------------------------------------------------------------------------------


@dataclass
class Purse:
    """Equal ballots of one group: each of them holds the same money at any time."""

    approved: frozenset[int]
    times: int
    part: Fraction
    money: Fraction = Fraction(0)
    spent_at: Fraction = Fraction(0)


@dataclass
class Rounds:
    """What was chosen, and the rows that tell of it; `tied` are options that only a lot could tell apart."""

    chosen: list[int] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    tied: set[int] = field(default_factory=set)


def purses(settings: Mapping[str, Any], profile: Profile, total: Fraction) -> list[Purse]:
    ballots: dict[str, int] = {}
    for vote in profile.votes:
        ballots[vote.group] = ballots.get(vote.group, 0) + vote.times
    part = part_of(settings, ballots, total)
    return [Purse(frozenset(vote.mark), vote.times, part[vote.group]) for vote in profile.votes]


def part_of(settings: Mapping[str, Any], ballots: Mapping[str, int], total: Fraction) -> dict[str, Fraction]:
    if not settings["by_group"]:
        return {group: total / sum(ballots.values()) for group in ballots}
    weights = {group: Fraction(settings["weights"].get(group, 1)) for group in ballots}
    whole = sum(weights.values(), Fraction(0))
    return {group: total * weights[group] / whole / many for group, many in ballots.items()}


def costs_of(settings: Mapping[str, Any], profile: Profile) -> list[int]:
    if settings.get("seats") or not profile.costs:
        return [1] * len(profile.options)
    return list(profile.costs)


def can_pay(cost: int, payers: Sequence[Purse]) -> Fraction | None:
    """The payment p with which the payers together come to the cost, or None where they cannot."""
    if sum((each.money * each.times for each in payers), Fraction(0)) < cost:
        return None
    left, many = Fraction(cost), sum(each.times for each in payers)
    for each in sorted(payers, key=lambda purse: purse.money):
        if each.money * many >= left:
            return left / many
        left -= each.money * each.times
        many -= each.times
    raise Wrong("an option that can be paid cannot be paid")


def prices(
    costs: Sequence[int], held: Sequence[Purse], options: Iterable[int]
) -> dict[int, tuple[Fraction, Fraction]]:
    """Price and payment of each option that can be afforded."""
    found = {}
    for option in options:
        pays = can_pay(costs[option], [each for each in held if option in each.approved])
        if pays is not None:
            found[option] = (pays / costs[option], pays)
    return found


class Lots:
    """The open lots of one count of a set: what could be taken at each, and what was, by the way that is planned."""

    def __init__(self, ties: Ties, twins: Sequence[int], way: Sequence[int] = ()) -> None:
        self.ties, self.twins, self.way = ties, twins, tuple(way)
        self.met: list[tuple[list[int], int]] = []

    def take(self, first: int, shut: Sequence[int]) -> int:
        """The first, or what the way says, where its order with others is open."""
        tiers = self.ties.tiers(shut or [first])
        if self.ties.value is not None or len(tiers[0]) < 2:
            return first
        taken = self.way[len(self.met)] if len(self.met) < len(self.way) else first
        self.met.append((tiers[0], taken))
        return taken

    def following(self) -> Iterable[tuple[int, ...]]:
        for place in reversed(range(len(self.way), len(self.met))):
            before = tuple(taken for _tier, taken in self.met[:place])
            tier, taken = self.met[place]
            for which, option in enumerate(tier):
                others = {self.twins[taken], *(self.twins[each] for each in tier[:which])}
                if self.twins[option] not in others:
                    yield (*before, option)


def twins_in(profile: Profile) -> list[int]:
    """For each option the first with the same supporters and the same cost."""
    costs = profile.costs or [1] * len(profile.options)
    like = [
        (costs[option], [place for place, vote in enumerate(profile.votes) if option in vote.mark])
        for option in range(len(profile.options))
    ]
    return [like.index(each) for each in like]


def set_ways(
    profile: Profile, count: Callable[[Lots], Sequence[Rounds]]
) -> tuple[Sequence[Rounds], set[int]]:
    """The first count, and the options that other ways of its open lots choose or do not choose."""
    twins = twins_in(profile)
    lots = Lots(profile.ties, twins)
    first = count(lots)
    chosen = [{option for each in first for option in each.chosen}]
    different = len({(vote.group, vote.mark) for vote in profile.votes})
    most, queue = min(100, 1 + 20_000 // max(1, different)), list(lots.following())
    while queue and len(chosen) < most:
        other = Lots(profile.ties, twins, queue.pop(0))
        chosen.append({option for each in count(other) for option in each.chosen})
        queue += other.following()
    tied = chosen[0].union(*chosen) - chosen[0].intersection(*chosen)
    if profile.ties.value is None:
        for each in chosen:
            torn = {twins[option] for option in each} & {
                twins[option] for option in range(len(twins)) if option not in each
            }
            tied |= {option for option in range(len(twins)) if twins[option] in torn}
    return first, tied | ({option for tier, _taken in lots.met for option in tier} if queue else set())


def buy(
    profile: Profile, costs: Sequence[int], held: Sequence[Purse], options: Iterable[int], lots: Lots
) -> Rounds:
    """Options that cost something and have supporters, bought from purses as they are."""
    rounds, left = Rounds(), set(options)
    now = prices(costs, held, left)
    while now:
        lowest = min(price for price, _pays in now.values())
        level = sorted(option for option, (price, _pays) in now.items() if price == lowest)
        first, before = profile.ties.order(level)[0], [each.money for each in held]
        payments = {option: pays for option, (_price, pays) in now.items()}
        shut = joined(first, short_of(held, level, payments))
        taken = lots.take(first, shut)
        pays = payments[taken]
        for each in held:
            if taken in each.approved:
                each.money -= min(each.money, pays)
        left.discard(taken)
        behind = [(each, money) for each, money in zip(held, before, strict=True) if taken in each.approved]
        rounds.chosen.append(taken)
        rounds.rows.append({
            "stage": "shares", "option": profile.options[taken], "price": ratio(lowest), "pays": ratio(pays),
            "supporters": sum(each.times for each, _money in behind),
            "payers": sum(each.times for each, money in behind if money >= pays),
            "tied": profile.ids(level) if len(level) > 1 else [], "open": profile.ids(shut),
        })  # fmt: skip
        now = prices(costs, held, left)
    return rounds


def short_of(held: Sequence[Purse], level: Iterable[int], payments: Mapping[int, Fraction]) -> list[set[int]]:
    """What each purse approves of the level and cannot pay in full, where it holds anything."""
    found = [(each.money, set(level) & set(each.approved)) for each in held]
    return [
        both
        for money, both in found
        if len(both) > 1 and 0 < money < sum(payments[option] for option in both)
    ]


def joined(first: int, clashes: Iterable[set[int]]) -> list[int]:
    """The first with all that clash with it, or with one of these, and so on; nothing where that is the first alone."""
    found, before, clashes = {first}, set[int](), list(clashes)
    while found != before:
        before = set(found)
        for clash in clashes:
            if clash & found:
                found |= clash
    return sorted(found) if len(found) > 1 else []


def earn(
    profile: Profile,
    costs: Sequence[int],
    held: Sequence[Purse],
    options: Iterable[int],
    seats: int,
    budget: int,
    lots: Lots,
) -> Rounds:
    """Phragmén's method: everyone earns over time and spends all when an option of theirs is taken.

    `seats` are still to be taken, where there is no budget.
    """
    rounds, left = Rounds(), set(options)
    for each in held:
        each.spent_at = -each.money / each.part
    while left and (budget or len(rounds.chosen) < seats):
        at = {option: instant(costs[option], held, option) for option in left}
        earliest = min(at.values())
        level = sorted(option for option in left if at[option] == earliest)
        first = profile.ties.order(level)[0]
        rest = budget - sum(costs[option] for option in rounds.chosen)
        fits = (
            sum(costs[option] for option in level) <= rest
            if budget
            else len(level) + len(rounds.chosen) <= seats
        )
        saving = [set(level) & set(each.approved) for each in held if each.spent_at < earliest]
        shut = joined(first, [both for both in saving if len(both) > 1])
        if not fits and len(level) > 1:
            shut = level
        taken = lots.take(first, shut)
        stops = bool(budget) and costs[taken] > rest
        if not stops:
            for each in held:
                if taken in each.approved:
                    each.spent_at = earliest
        left.discard(taken)
        rounds.chosen += [] if stops else [taken]
        rounds.rows.append({
            "stage": "earned", "option": profile.options[taken], "at": ratio(earliest),
            "supporters": sum(each.times for each in held if taken in each.approved), "chosen": not stops,
            "tied": profile.ids(level) if len(level) > 1 else [],
            "open": profile.ids(shut),
        })  # fmt: skip
        if stops:
            break
    return rounds


def instant(cost: int, held: Sequence[Purse], option: int) -> Fraction:
    supporters = [each for each in held if option in each.approved]
    rate = sum((each.part * each.times for each in supporters), Fraction(0))
    before = sum((each.part * each.times * each.spent_at for each in supporters), Fraction(0))
    return (cost + before) / rate


def go_through(
    profile: Profile, costs: Sequence[int], options: Iterable[int], left: int, skip: bool
) -> Rounds:
    """Most approved first."""
    rounds, votes = Rounds(), approvals(profile.votes, len(profile.options))
    levels = by_level(options, lambda option: (-votes[option], costs[option]))
    ended = False
    for level in levels:
        taken = []
        for option in profile.ties.order(level):
            if ended:
                break
            fits = costs[option] <= left
            rounds.rows.append({
                "option": profile.options[option], "votes": votes[option], "cost": costs[option], "left": left,
                "taken": fits,
            })  # fmt: skip
            if fits:
                taken.append(option)
                left -= costs[option]
            ended = not fits and not skip
        rounds.chosen += taken
        if taken and len(taken) < len(level) and profile.ties.value is None:
            tier = next(tier for tier in profile.ties.tiers(level) if taken[-1] in tier)
            if any(option not in taken for option in tier):
                rounds.tied |= set(tier)
    return rounds


def set_figures(
    profile: Profile,
    settings: Mapping[str, Any],
    total: Fraction,
    costs: Sequence[int],
    rounds: Sequence[Rounds],
) -> dict[str, Any]:
    ballots: dict[str, int] = {}
    for vote in profile.votes:
        ballots[vote.group] = ballots.get(vote.group, 0) + vote.times
    part = part_of(settings, ballots, total) if ballots else {}
    return {
        "ballots": profile.ballots,
        "options": list(profile.options),
        "approvals": approvals(profile.votes, len(profile.options)),
        "voices": [
            {"group": group, "ballots": ballots[group], "each": ratio(part[group])}
            for group in sorted(ballots)
        ],
        "rounds": [row for each in rounds for row in each.rows],
        "spent": sum(costs[option] for each in rounds for option in each.chosen),
    }


@rule("equal_shares", "approval")
def equal_shares(settings: Mapping[str, Any], profile: Profile) -> Count:
    return shares_of_seats(settings, profile) if settings["seats"] else shares_of_budget(settings, profile)


def supported(profile: Profile) -> list[int]:
    votes = approvals(profile.votes, len(profile.options))
    return [option for option in range(len(profile.options)) if votes[option]]


def shares_of_seats(settings: Mapping[str, Any], profile: Profile) -> Count:
    costs, seats = costs_of(settings, profile), settings["seats"]

    def count(lots: Lots) -> Sequence[Rounds]:
        held = filled(settings, profile, Fraction(seats))
        bought = buy(profile, costs, held, supported(profile), lots)
        left = [option for option in supported(profile) if option not in bought.chosen]
        return [bought, earn(profile, costs, held, left, seats - len(bought.chosen), 0, lots)]

    return set_count(profile, settings, Fraction(seats), costs, count, 0)


def filled(settings: Mapping[str, Any], profile: Profile, total: Fraction) -> list[Purse]:
    held = purses(settings, profile, total)
    for each in held:
        each.money = each.part
    return held


def set_count(
    profile: Profile, settings: Mapping[str, Any], total: Fraction, costs: Sequence[int],
    count: Callable[[Lots], Sequence[Rounds]], added: int | None,
) -> Count:  # fmt: skip
    rounds, tied = set_ways(profile, count)
    figures = set_figures(profile, settings, total, costs, rounds)
    if added is not None:
        figures["added"] = added
    chosen = [option for each in rounds for option in each.chosen]
    tied = tied.union(*(each.tied for each in rounds))
    return Count(profile.ids(chosen), profile.ids(sorted(tied)), figures)


def shares_of_budget(settings: Mapping[str, Any], profile: Profile) -> Count:
    costs, budget, step = costs_of(settings, profile), settings["budget"], settings["step"]
    wanted = [option for option in supported(profile) if costs[option] <= budget]
    buyable = [option for option in wanted if costs[option]]

    def once_with(added: int, lots: Lots) -> Rounds:
        held = filled(settings, profile, Fraction(budget + added * profile.ballots))
        return buy(profile, costs, held, buyable, lots)

    added, bought = 0, once_with(0, Lots(profile.ties, ()))
    while step and profile.ballots and len(bought.chosen) < len(buyable):
        more = once_with(added + step, Lots(profile.ties, ()))
        if sum(costs[option] for option in more.chosen) > budget:
            break
        added, bought = added + step, more

    def count(lots: Lots) -> Sequence[Rounds]:
        free = Rounds([option for option in wanted if costs[option] == 0])
        free.rows = [{"stage": "free", "option": profile.options[option]} for option in free.chosen]
        rounds = [free, once_with(added, lots)]
        if settings["fill"]:
            chosen = [option for each in rounds for option in each.chosen]
            left = [option for option in wanted if option not in chosen]
            spent = sum(costs[option] for option in chosen)
            rest = go_through(profile, costs, left, budget - spent, skip=True)
            rest.rows = [{"stage": "fill", **row} for row in rest.rows]
            rounds.append(rest)
        return rounds

    return set_count(profile, settings, Fraction(budget + added * profile.ballots), costs, count, added)


@rule("phragmen", "approval")
def phragmen(settings: Mapping[str, Any], profile: Profile) -> Count:
    costs, seats, budget = costs_of(settings, profile), settings["seats"], settings["budget"]
    total = seats or budget
    options = [option for option in supported(profile) if costs[option] <= total]

    def count(lots: Lots) -> Sequence[Rounds]:
        held = purses(settings, profile, Fraction(total))
        return [earn(profile, costs, held, options, seats, budget, lots)]

    return set_count(profile, settings, Fraction(total), costs, count, None)


def most_approved_first(skip: bool) -> Callable[[Mapping[str, Any], Profile], Count]:
    def count(settings: Mapping[str, Any], profile: Profile) -> Count:
        costs = costs_of(settings, profile)
        gone = go_through(profile, costs, supported(profile), settings["budget"], skip)
        figures = {
            "ballots": profile.ballots,
            "options": list(profile.options),
            "approvals": approvals(profile.votes, len(profile.options)),
            "rounds": gone.rows,
            "spent": sum(costs[option] for option in gone.chosen),
        }
        return Count(profile.ids(gone.chosen), profile.ids(sorted(gone.tied)), figures)

    return count


rule("greedy", "approval")(most_approved_first(skip=True))
rule("greedy_no_skip", "approval")(most_approved_first(skip=False))


# --- The pack -------------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """What came of a pack: the result as counted here, what was found right, and what does not fit."""

    result: bytes = b""
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.wrong


@dataclass(frozen=True)
class Case:
    """A decision read from its pack."""

    frozen: Mapping[str, Any]
    count: Mapping[str, Any]
    ballots: Sequence[Mapping[str, Any]]

    @property
    def is_first_format(self) -> bool:
        return bool(self.frozen["format"] == FIRST_FORMAT)

    @property
    def rule(self) -> Mapping[str, Any]:
        return self.frozen["rule"]  # type: ignore[no-any-return]

    @property
    def terms(self) -> Mapping[str, Any]:
        if not self.is_first_format:
            return self.frozen["terms"]  # type: ignore[no-any-return]
        return {
            "quorum": self.rule["quorum"], "required": self.rule["required"], "weights": {},
            "tie": {"measure": "none", "lot": ""}, "secret": False,
        }  # fmt: skip

    @property
    def is_secret(self) -> bool:
        return bool(self.terms["secret"])

    @property
    def is_too_few(self) -> bool:
        """Whether nobody could hide among so few secret ballots: then none is counted or published."""
        return self.is_secret and len(self.count["voted"]) < LEAST_IN_SECRET

    @property
    def options(self) -> tuple[str, ...]:
        return ("adopt",) if self.is_first_format else tuple(each["id"] for each in self.frozen["options"])

    @property
    def costs(self) -> tuple[int, ...]:
        found = [each.get("cost") for each in self.frozen["options"]]
        return () if self.is_first_format or None in found else tuple(found)

    @property
    def kind(self) -> str:
        if self.rule["name"] not in RULES:
            raise Wrong(f"the rule {self.rule['name']} is not known to this program")
        return RULES[self.rule["name"]][0]

    def mark(self, ballot: Mapping[str, Any]) -> Any:
        return {"choice": ballot["choice"]} if self.is_first_format else ballot["mark"]

    @property
    def excused(self) -> frozenset[str]:
        """Groups that had too few ballots when the same was asked before."""
        return frozenset(self.terms.get("excused", []))

    @property
    def voters(self) -> dict[str, str]:
        """The seats that may vote, each with its group."""
        recused, stood_in = set(self.count["recused"]), self.count["stood_in"]
        away = recused | set(self.count["absent"])
        found, alternates = {}, {}
        for each in self.frozen["electorate"]:
            alternates[each["seat"]] = each["alternate"]
            if each["seat"] in away and (standing := stood_in.get(each["seat"])) is not None:
                found[standing] = each["group"]
            elif each["seat"] not in recused:
                found[each["seat"]] = each["group"]
        fits = all(
            seat in away and alternates.get(seat) == other is not None and other not in recused
            for seat, other in stood_in.items()
        )
        if not fits or len(set(stood_in.values())) < len(stood_in):
            raise Wrong("somebody stood in who could not")
        return found


def checked_count(case: Case, lot: str | None) -> dict[str, Any]:
    """The result, from the ballots and what was frozen alone, with the value of the lot if one was drawn."""
    votes, voted, set_aside = counted_votes(case)
    present = presence(case, voted)
    measured = case.terms["tie"]["measure"] == "lower_cost"
    ties = Ties(
        case.options, case.costs if measured else (), case.frozen["decision"], case.count["lot_value"]
    )
    profile = Profile(case.options, weighed(votes, case.terms["weights"]), case.costs, ties)
    count = Count([], [], {})
    if not case.count["withheld"] and not case.is_too_few:
        count = RULES[case.rule["name"]][1](heard(case, present), profile)
    default = case.rule.get("default")
    state = "carried" if any(each != default for each in count.selected) else "lost"
    if count.tied:
        state = "tied"
    asked = [each for each in present if each["group"] not in case.excused] or present
    if case.is_too_few or not all(each["cast"] >= each["needed"] for each in asked):
        state, count = "inquorate", Count([], [], count.figures)
    return {
        "format": "comission-result/1", "rule": case.rule["name"], "state": state, "selected": count.selected,
        "tied": count.tied, "quorum": present, "set_aside": set_aside,
        "figures": with_digits(count.figures),
    }  # fmt: skip


def with_digits(value: Any) -> Any:
    """Whole numbers that are not exact everywhere, as an object that holds their digits."""
    if isinstance(value, dict):
        return {name: with_digits(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_digits(each) for each in value]
    is_long = isinstance(value, int) and abs(value) > 2**53 - 1
    return {"whole": str(value)} if is_long else value


def heard(case: Case, present: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The settings of the rule; a group majority does not ask excused groups that stayed away."""
    if case.rule["name"] != "group_majority":
        return case.rule
    away = {
        each["group"] for each in present if each["group"] in case.excused and each["cast"] < each["needed"]
    }
    left = [group for group in case.rule["required"] if group not in away]
    if not left or not away:
        return case.rule
    enough = case.rule.get("enough")
    return {**case.rule, "required": left, "enough": enough if enough is None else min(enough, len(left))}


def counted_votes(case: Case) -> tuple[list[Vote], set[str], int]:
    """The votes that count, the seats that have a ballot, and how many of those may not vote."""
    kind = case.kind
    if case.is_secret:
        read = [
            Vote(read_mark(kind, case.mark(each), case.options), each["group"], 1) for each in case.ballots
        ]
        return merged(read), set(case.count["voted"]), 0
    latest: dict[str, Mapping[str, Any]] = {}
    for each in sorted(case.ballots, key=lambda ballot: ballot["version"]):
        latest[each["seat"]] = each
    voters = case.voters
    read = [
        Vote(read_mark(kind, case.mark(each), case.options), voters[seat], 1)
        for seat, each in latest.items()
        if seat in voters
    ]
    return merged(read), set(latest), len(latest) - len(read)


def merged(votes: Iterable[Vote]) -> list[Vote]:
    times: dict[tuple[str, Any], int] = {}
    for vote in votes:
        times[vote.group, vote.mark] = times.get((vote.group, vote.mark), 0) + vote.times
    return [Vote(mark, group, many) for (group, mark), many in times.items()]


def weighed(votes: Sequence[Vote], weights: Mapping[str, int]) -> tuple[Vote, ...]:
    if not weights:
        return tuple(votes)
    ballots: dict[str, int] = {}
    for vote in votes:
        ballots[vote.group] = ballots.get(vote.group, 0) + vote.times
    whole = lcm(*ballots.values()) if ballots else 1
    return tuple(
        Vote(vote.mark, vote.group, vote.times * weights.get(vote.group, 1) * whole // ballots[vote.group])
        for vote in votes
    )


def presence(case: Case, voted: set[str]) -> list[dict[str, Any]]:
    voters, quorum = case.voters, Fraction(case.terms["quorum"])
    listed = [each["group"] for each in case.frozen["electorate"]]
    found = []
    for group in GROUPS:
        if group not in listed and group not in case.terms["required"]:
            continue
        seats = [seat for seat, speaks_for in voters.items() if speaks_for == group]
        found.append({
            "group": group, "seats": len(seats), "recused": listed.count(group) - len(seats),
            "needed": int(quorum * len(seats)) + 1, "cast": len([seat for seat in seats if seat in voted]),
        })  # fmt: skip
    return found


# --- What must fit together -----------------------------------------------------------------------------------------

UNLISTED = ("words", "receipt")  # of a ballot: shown, and not committed to


def check_files(files: Mapping[str, bytes], report: Report) -> None:
    manifest = read_json("manifest.json", files["manifest.json"])
    found = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items() if name != "manifest.json"}
    if manifest != found:
        names = sorted(name for name in {*manifest, *found} if manifest.get(name) != found.get(name))
        raise Wrong(f"these files are not what the manifest says: {', '.join(names)}")
    report.right.append(f"All {len(found)} files are there as the manifest names them.")


LEAST_IN_SECRET = 5
COUNT_NAMES = {
    "format", "decision", "frozen_hash", "ballots_hash", "outcome", "closed_at", "recused", "absent", "stood_in",
    "voted", "lot_value", "withheld",
}  # fmt: skip


def check_count(case: Case) -> None:
    """What is known since the count names what it must, and only seats of the list."""
    count = case.count
    if (
        set(count) != COUNT_NAMES
        or count["format"] != "comission-pack/1"
        or type(count["withheld"]) is not bool
    ):
        raise Wrong("count.json does not hold what it must")
    seats = {each["seat"] for each in case.frozen["electorate"]}
    known = seats | {each["alternate"] for each in case.frozen["electorate"] if each["alternate"]}
    if not set(count["absent"]) <= seats or not set(count["voted"]) <= known:
        raise Wrong("somebody is named who is not on the list of voters")
    for name in ("recused", "absent", "voted"):
        if count[name] != sorted(set(count[name])):
            raise Wrong(f"{name} is not in order")
    if set(count["absent"]) - set(count["stood_in"]):
        raise Wrong("a seat is called absent whose ballot stayed with it")
    if count["withheld"] != case.is_too_few and not (count["withheld"] and case.is_secret):
        raise Wrong("only a secret vote withholds groups, and one of very few ballots withholds all")


def check_frozen(case: Case, raw: bytes, report: Report) -> None:
    if hashlib.sha256(raw).hexdigest() != case.count["frozen_hash"]:
        raise Wrong("what was fixed at the announcement does not have its hash")
    if case.frozen["decision"] != case.count["decision"]:
        raise Wrong("the files are of different decisions")
    report.right.append(f"What the announcement fixed has the hash {case.count['frozen_hash']}.")


def check_ballots(case: Case, receipts: bytes, report: Report) -> None:
    committed = [{name: each[name] for name in each if name not in UNLISTED} for each in case.ballots]
    listed = sorted(committed, key=canonical)
    if digest({"ballots": listed, "decision": case.count["decision"]}) != case.count["ballots_hash"]:
        raise Wrong("the ballots do not have the hash that the log commits to")
    codes = [each["receipt"] for each in case.ballots]
    if codes != [receipt(case, each) for each in case.ballots]:
        raise Wrong("a receipt is not that of its ballot")
    if codes != sorted(set(codes)):
        raise Wrong("the ballots are not in the order of their receipts, or one stands there twice")
    lines = [each["receipt"].encode() + b" " + canonical(case.mark(each)) + b"\n" for each in case.ballots]
    if b"".join(lines) != receipts:
        raise Wrong("the list of receipts is not that of the ballots")
    for each in case.ballots:
        read_mark(case.kind, case.mark(each), case.options)
    check_secret(case) if case.is_secret else check_open(case)
    report.right.append(
        f"{len(codes)} ballots have the hash {case.count['ballots_hash']}, and each its receipt."
    )


def receipt(case: Case, ballot: Mapping[str, Any]) -> str:
    names: tuple[str, ...] = ("ballot", "seat", "version", "mark", "criterion")
    if case.is_secret:
        names = ("ballot", "mark", "nonce")
    if case.is_first_format:
        names = ("ballot", "seat", "version", "choice")
    facts = {"decision": case.count["decision"], **{name: ballot[name] for name in names}}
    if case.is_secret:
        facts["frozen"] = case.count["frozen_hash"]
    return digest(facts)[:24]


def check_open(case: Case) -> None:
    known = {each["seat"] for each in case.frozen["electorate"]}
    known |= {each["alternate"] for each in case.frozen["electorate"] if each["alternate"]}
    versions: dict[str, list[int]] = {}
    for each in case.ballots:
        words = each["words"].encode()
        said = hmac.new(each["ballot"].encode(), words, hashlib.sha256).hexdigest() if words else ""
        if each["reason"] != said:
            raise Wrong("the reason of a ballot is not the one that was given with it")
        versions.setdefault(each["seat"], []).append(each["version"])
    if not set(versions) <= known:
        raise Wrong("a ballot comes from outside the list of voters")
    if any(sorted(found) != list(range(1, len(found) + 1)) for found in versions.values()):
        raise Wrong("a version of a ballot is missing, or there twice")


def check_secret(case: Case) -> None:
    voted = case.count["voted"]
    published = 0 if case.is_too_few else len(voted)
    if len(set(voted)) < len(voted) or published != len(case.ballots):
        raise Wrong("there are not as many ballots as seats that voted")
    if not set(voted) <= set(case.voters):
        raise Wrong("a seat voted that could not")


def check_result(case: Case, stored: bytes, report: Report) -> None:
    report.result = canonical(checked_count(case, case.count["lot_value"]))
    if case.is_too_few:
        report.notes.append("Fewer than five voted in secret: no ballot is counted or published.")
    if case.count["withheld"] and not case.is_too_few:
        check_withheld(case, report, json.loads(stored))
    elif report.result != stored:
        raise Wrong("the result is not what the ballots come to by the rule")
    else:
        report.right.append("Counted again, the ballots come to the very same result, byte for byte.")
    if json.loads(stored)["state"] != case.count["outcome"]:
        raise Wrong("the outcome is not that of the result")


def check_texts(case: Case, texts: Sequence[Mapping[str, Any]], report: Report) -> None:
    """The texts that the options name by their hashes, as long as no word was taken back."""
    fixed = (
        {} if case.is_first_format else {each["id"]: each.get("snapshot") for each in case.frozen["options"]}
    )
    compared = 0
    for text in texts:
        wanted = fixed.get(text["mission"]) or fixed.get("adopt")
        if any(part.get("is_taken_back") for part in (*text["clauses"], *text["routes"])):
            report.notes.append(
                "Words of a text were taken back since, so it cannot be compared with its hash."
            )
        elif wanted and digest(text) != wanted:
            raise Wrong("a text is not the one that was put to the vote")
        else:
            compared += bool(wanted)
    if compared:
        report.right.append(f"Texts that are those which were put to the vote: {compared}.")


def check_vote_files(case: Case, files: Mapping[str, bytes]) -> None:
    """The counted ballots as they were written for other programs; they may stand there in any order."""
    votes = [
        Vote(vote.mark, "" if case.count["withheld"] else vote.group, vote.times)
        for vote in counted_votes(case)[0]
    ]
    for name, found in (("csv", in_table(case)), ("blt", in_blt), ("pb", in_pb(case))):
        if f"vote.{name}" in files:
            text = files[f"vote.{name}"].decode()
            held = sorted(map(repr, merged(found(text))))
            if held != sorted(map(repr, merged(without_groups(votes) if name == "blt" else votes))):
                raise Wrong(f"vote.{name} does not hold the ballots that are counted")


def without_groups(votes: Iterable[Vote]) -> list[Vote]:
    return [Vote(vote.mark, "", vote.times) for vote in votes]


def in_table(case: Case) -> Callable[[str], list[Vote]]:
    """How many, the group, and a choice or what stands in the column of each option."""

    def read(text: str) -> list[Vote]:
        _names, *rows = csv.reader(text.split("\n")[:-1])
        return [Vote(of_cells(case.kind, cells), group, int(times)) for times, group, *cells in rows]

    return read


def of_cells(kind: str, cells: Sequence[str]) -> Any:
    if kind in ("choice", "consent"):
        return cells[0]
    filled = tuple((option, int(cell)) for option, cell in enumerate(cells) if cell)
    if kind == "approval":
        return tuple(option for option, _one in filled)
    if kind != "ranking":
        return filled
    ranks = sorted({rank for _option, rank in filled})
    return tuple(tuple(option for option, its in filled if its == rank) for rank in ranks)


def in_blt(text: str) -> list[Vote]:
    """Lines of how often, the tiers by the numbers of options, and a 0; a single 0 ends them."""
    lines = text.split("\n")
    found = []
    for line in lines[1 : lines.index("0")]:
        times, *tiers = line.split()[:-1]
        found.append(
            Vote(tuple(tuple(int(each) - 1 for each in tier.split("=")) for tier in tiers), "", int(times))
        )
    return found


def in_pb(case: Case) -> Callable[[str], list[Vote]]:
    """After the line VOTES and that of the names: a number, the approved ids, the group."""

    def read(text: str) -> list[Vote]:
        rows = [row for row in csv.reader(text.split("\n"), delimiter=";") if row]
        place = {option: at for at, option in enumerate(case.options)}
        return [
            Vote(tuple(sorted(place[each] for each in approved.split(",") if each)), group, 1)
            for _number, approved, group in rows[rows.index(["VOTES"]) + 2 :]
        ]

    return read


def check_withheld(case: Case, report: Report, stored: Mapping[str, Any]) -> None:
    """What can be said where groups are withheld: who was present, and that nothing of the count is told."""
    own = json.loads(report.result)
    if own["quorum"] != stored["quorum"] or stored["figures"] != {} or stored["set_aside"] != 0:
        raise Wrong("the result does not fit what is known")
    if (own["state"] == "inquorate") != (stored["state"] == "inquorate"):
        raise Wrong("the result does not fit what is known")
    open_part = "the count by the rule"
    if case.rule["name"] == "group_majority" and not case.terms["weights"] and stored["state"] != "inquorate":
        open_part = check_overall(case, report, stored["state"])
    if open_part:
        report.notes.append(
            f"Not counted again: {open_part}. It needs the group of each ballot, and these are withheld because a "
            "group's line would tell how somebody voted; the two seats that signed the result vouch for it."
        )


def check_overall(case: Case, report: Report, state: str) -> str:
    """The part of a group majority that needs no groups; answers what is left that does, or nothing."""
    total = tally(counted_votes(case)[0])
    is_level = total["for"] == total["against"]
    is_enough = total["for"] + total["against"] > 0 and share_for(total) >= Fraction(case.rule["overall"])
    if state not in ({"carried"} if is_enough else set()) | {"tied" if is_level else "lost"}:
        raise Wrong("the result does not fit all ballots together")
    said = ", ".join(f"{many} {choice}" for choice, many in total.items())
    report.right.append(f"All ballots together were counted again ({said}), and the result fits them.")
    return "whether each group agreed" if is_enough else ""


def check_log(case: Case, events: Sequence[Mapping[str, Any]], report: Report) -> None:
    kinds: dict[str, Mapping[str, Any]] = {}
    for place, event in enumerate(events):
        check_link(event, events[place - 1] if place else None)
        if "kind" in event:
            kinds[event["kind"]] = event["facts"]
    if "decision_noticed" in kinds and kinds["decision_noticed"]["frozen"] != case.count["frozen_hash"]:
        raise Wrong("the log tells of another announcement")
    counted = kinds.get("decision_counted")
    if counted is None:
        report.notes.append("The count is not in the log of this pack yet: it is sealed within seconds.")
        return
    for name in ("recused", "absent"):
        if counted.get(name, "") != ", ".join(case.count[name]):
            raise Wrong("the log names other seats that stepped aside or were away")
    outcome = case.count["outcome"] if case.count["lot_value"] is None else "tied"
    if counted["ballots_hash"] != case.count["ballots_hash"] or counted["outcome"] != outcome:
        raise Wrong("the log tells of another count")
    report.right.append("The public log commits to this announcement and to these ballots.")


def check_link(event: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    if digest({"event": event["digest"], "previous": event["previous_hash"]}) != event["hash"]:
        raise Wrong(f"event {event['seq']} of the log is not linked to the one before it")
    if before is None:
        return
    if before["seq"] >= event["seq"]:
        raise Wrong("the events are not in the order of the log")
    if event["seq"] == before["seq"] + 1 and event["previous_hash"] != before["hash"]:
        raise Wrong(f"event {event['seq']} of the log does not follow the one before it")


# --- Signatures -----------------------------------------------------------------------------------------------------

Key = tuple[str, bytes, bytes]  # name, id, the 32 bytes


def read_key(text: str) -> Key:
    name, identity, key = text.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    own = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != b"\x01" or len(raw) != 33 or identity != own.hex():
        raise ValueError(text)
    return name, own, raw[1:]


def read_note(text: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    body, gap, lines = text.rpartition("\n\n")
    found = []
    for line in lines.removesuffix("\n").split("\n"):
        dash, name, value = line.split(" ")
        raw = base64.b64decode(value, validate=True)
        if dash != "—" or len(raw) != 68:
            raise ValueError(line)
        found.append((name, raw[:4], raw[4:]))
    if not gap or not body or not lines.endswith("\n"):
        raise ValueError("no note")
    return body + "\n", found


def is_signed(text: str, signatures: Iterable[tuple[str, bytes, bytes]], key: Key) -> bool:
    for name, identity, signature in signatures:
        if (name, identity) == key[:2]:
            try:
                Ed25519PublicKey.from_public_bytes(key[2]).verify(signature, text.encode())
            except InvalidSignature:
                return False
            return True
    return False


def keys_of(text: str) -> list[Key]:
    """Every key of the list, each signed by itself."""
    found: list[Key] = []
    for part in text.split("\ncomission-key/1\n") if text else []:
        note = part if part.startswith("comission-key/1\n") else "comission-key/1\n" + part
        body, signatures = read_note(note if note.endswith("\n") else note + "\n")
        facts = dict(line.split(" ", 1) for line in body.split("\n")[1:-1])
        key = read_key(facts["key"])
        before = "+".join([found[-1][0], found[-1][1].hex(), encoded(found[-1])]) if found else "none"
        if (
            facts["after"] != before
            or facts["number"] != str(len(found) + 1)
            or not is_signed(body, signatures, key)
        ):
            raise Wrong("the list of the platform's keys does not hold together")
        found.append(key)
    return found


def encoded(key: Key) -> str:
    return base64.b64encode(b"\x01" + key[2]).decode()


def expected_lines(case: Case, purpose: str, files: Mapping[str, bytes], result: bytes) -> list[str]:
    """What a note of the platform must say, with this result."""
    if purpose == "log":
        return log_lines(case, files["log.json"])
    lines = ["comission-signature/1", purpose, f"decision {case.count['decision']}"]
    lines += [f"frozen {case.count['frozen_hash']}", f"noticed {case.frozen['noticed_at']}"]
    if purpose == "notice":
        return lines
    lines += [f"outcome {json.loads(result)['state']}", f"ballots {case.count['ballots_hash']}"]
    lines += [f"result {hashlib.sha256(result).hexdigest()}", f"closed {case.count['closed_at']}"]
    if purpose == "certification":
        closing = read_json("closing.json", files["closing.json"])
        lines.append(f"reasons {digest(closing['reasons'])}")
        lines += [f"signer {each['seat']} {each['group']}" for each in closing["signers"]]
        lines.append(f"certified {closing['certified_at']}")
    return lines


def log_lines(case: Case, events: bytes) -> list[str]:
    """Which events the log holds: one that was left out, even the last one, is missed here."""
    hashes = [event["hash"] for event in json.loads(events)]
    told = [f"decision {case.frozen['decision']}", f"events {len(hashes)}", f"hashes {digest(hashes)}"]
    return ["comission-signature/1", "log", *told]


def results_signed(case: Case, purpose: str, files: Mapping[str, bytes]) -> list[bytes]:
    """The result as it stands; a count may have been signed while it was still tied, before a lot was drawn."""
    found = [files["result.json"]]
    if purpose == "count" and case.count["lot_value"] is not None and not case.count["withheld"]:
        found.append(canonical(checked_count(case, None)))
    return found


def check_signatures(case: Case, files: Mapping[str, bytes], report: Report) -> None:
    if Ed25519PublicKey is None:
        report.notes.append("Signatures were not checked: the Python package cryptography is not installed.")
    keys = keys_of(files["signatures/keys.txt"].decode()) if Ed25519PublicKey is not None else []
    signed = []
    if "signatures/count.txt" in files and "signatures/log.txt" not in files:
        raise Wrong("the count is signed, and what the log holds of this decision is not")
    for purpose in ("notice", "count", "certification", "log", "checkpoint"):
        name = f"signatures/{purpose}.txt"
        if name not in files:
            report.notes.append(f"There is no signature for this yet: {purpose}.")
            continue
        body, signatures = read_note(files[name].decode())
        expected = [
            expected_lines(case, purpose, files, result) for result in results_signed(case, purpose, files)
        ]
        if purpose != "checkpoint" and body.split("\n")[:-1] not in expected:
            raise Wrong(f"what was signed ({purpose}) says something else")
        if Ed25519PublicKey is not None and not any(is_signed(body, signatures, key) for key in keys):
            raise Wrong(f"the signature ({purpose}) is not that of the platform")
        signed.append(purpose)
    if signed and keys:
        report.right.append(f"Signed by the platform: {', '.join(signed)}.")
        newest = "+".join([keys[-1][0], keys[-1][1].hex(), encoded(keys[-1])])
        report.notes.append(f"Compare this key with the one the platform publishes at /events/keys: {newest}")


# --- All of it ------------------------------------------------------------------------------------------------------


def recount(files: Mapping[str, bytes]) -> Report:
    """Check everything that can be checked in a pack. What follows after something wrong is checked all the same."""
    report = Report()
    try:
        frozen, count, ballots, events = (
            read_json(name, files[name]) for name in ("frozen.json", "count.json", "ballots.json", "log.json")
        )
        case = Case(frozen, count, ballots)
        texts, *_others = (
            read_json(name, files[name]) for name in ("texts.json", "closing.json", "result.json")
        )
        checks: list[Callable[[], None]] = [
            lambda: check_files(files, report),
            lambda: check_count(case),
            lambda: check_frozen(case, files["frozen.json"], report),
            lambda: check_ballots(case, files["receipts.txt"], report),
            lambda: check_result(case, files["result.json"], report),
            lambda: check_texts(case, texts, report),
            lambda: check_vote_files(case, files),
            lambda: check_log(case, events, report),
            lambda: check_signatures(case, files, report),
        ]
    except (Wrong, KeyError) as problem:
        report.wrong.append(said(problem))
        return report
    for check in checks:
        try:
            check()
        except (
            Wrong,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
            ZeroDivisionError,
            csv.Error,
        ) as problem:
            report.wrong.append(said(problem))
    return report


def said(problem: Exception) -> str:
    if isinstance(problem, Wrong):
        return str(problem)
    if isinstance(problem, KeyError):
        return f"something is missing: {problem.args[0]}"
    return f"something is not as it must be ({type(problem).__name__})"


def read_pack(path: Path) -> dict[str, bytes]:
    """The files of a zip file or of a folder."""
    if path.is_dir():
        return {
            each.relative_to(path).as_posix(): each.read_bytes() for each in path.rglob("*") if each.is_file()
        }
    with zipfile.ZipFile(path) as archive:
        listed = archive.infolist()
        if any(each.file_size > LARGEST for each in listed):
            raise Wrong("a file of the pack is too large")
        if len({each.filename for each in listed}) < len(listed):
            raise Wrong("a file stands in the pack twice")
        return {each.filename: archive.read(each) for each in listed}


def stated(files: Mapping[str, bytes]) -> str:
    """The result as the pack states it in words, on the last line of its steps; what was counted is in figures."""
    lines = files.get("steps.txt", b"").decode(errors="replace").splitlines()
    last = lines[-1].partition(". ")[2] if lines else ""
    return "".join(each if each.isprintable() else " " for each in last)


def main(arguments: Sequence[str]) -> int:
    paths = [each for each in arguments if not each.startswith("--")]
    here = Path(__file__).resolve().parent
    if not paths and (here / "manifest.json").is_file():
        paths = [str(here)]
    if len(paths) != 1 or not set(arguments) <= {*paths, "--json"}:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        files = read_pack(Path(paths[0]))
        report = recount(files)
    except (OSError, zipfile.BadZipFile, Wrong) as problem:
        print(f"The pack cannot be read: {problem}", file=sys.stderr)
        return 2
    if "--json" in arguments:
        sys.stdout.buffer.write(report.result)
        return 0 if report.holds else 1
    for mark, lines in (("right", report.right), ("note ", report.notes), ("WRONG", report.wrong)):
        for line in lines:
            print(f"{mark}  {line}")
    if report.holds and (sentence := stated(files)):
        print(f"The result: {sentence}")
    print(
        "Everything fits together."
        if report.holds
        else "Something does not fit together: do not trust this pack."
    )
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
