"""Majority judgment: every option is graded, and the one with the highest middle grade wins.

Six grades, 0 the lowest; an option that a ballot does not grade has the lowest grade there. The majority grade is the
middle one, the lower of two for an even number: a majority says at least so much. Options with the same majority grade
are told apart by taking one middle grade from each again and again, until the middle ones differ. Source: M. Balinski
and R. Laraki, "A theory of measuring, electing, and ranking", PNAS 104, 2007, 8720-8725; the same, "Majority
Judgment", MIT Press 2010.

All options have the same number of grades, so the grades that come out in turn (the option's majority value) are:
from the middle of the sorted grades outwards, one lower, one higher. They are compared where anything changes for any
option, never one by one: a hundred thousand ballots cost no more than ten.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, Grade, Option, require_named
from app.rules.voting.profile import HIGHEST_GRADE, LOWEST_GRADE, MarkKind, Marks, Profile, groups_of
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "majority_judgment"
VERSION = 1
MARK = MarkKind.GRADES

Grades = list[int]  # how often each grade was given, lowest first


@dataclass(frozen=True)
class Settings:
    """The best `seats` options are chosen, of those whose majority grade is `floor` or more."""

    seats: int = 1
    floor: int = LOWEST_GRADE

    def __post_init__(self) -> None:
        if self.seats < 1:
            raise ValueError("at least one option is chosen")
        if not LOWEST_GRADE <= self.floor <= HIGHEST_GRADE:
            raise ValueError("the floor is a grade")

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION, "seats": self.seats, "floor": self.floor}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["seats"], facts["floor"])


def count(settings: Settings, profile: Profile[Marks], ties: TieBreak) -> Count:
    """Order all options by their majority values; where nobody voted, nothing is chosen."""
    options, ballots = profile.options, profile.ballots
    grades = merit(profile)
    places, values = majority_values(grades, ballots)
    tiers: dict[tuple[int, ...], list[int]] = {}
    for at in sorted(range(len(options)), key=lambda at: (values[at], -at), reverse=True):
        tiers.setdefault(values[at], []).append(at)
    medians = [majority_grade(each, ballots) for each in grades]
    good = [[at for at in tier if ballots and medians[at] >= settings.floor] for tier in tiers.values()]
    taken, tied = ties.take(good, settings.seats)
    order = [at for tier in tiers.values() for at in ties.in_order(tier)]
    figures = {
        "options": list(options),
        "ballots": ballots,
        "grades": grades,
        "medians": medians,
        "groups": [
            {"group": group, "ballots": ballots_of(profile, group), "grades": merit(profile, group)}
            for group in groups_of(profile)
        ],
        "order": [options[at] for at in order],
        "apart": [
            {"higher": options[one], "lower": options[other], **apart(values[one], values[other], places)}
            for one, other in pairwise(order)
            if ballots and medians[one] == medians[other]
        ],
    }
    return Count(
        tuple(options[at] for at in taken),
        tuple(options[at] for at in tied),
        figures,
        steps(settings.as_facts(), figures),
    )


def ballots_of(profile: Profile[Marks], group: str) -> int:
    return sum(vote.times for vote in profile.votes if vote.group == group)


def merit(profile: Profile[Marks], group: str | None = None) -> list[Grades]:
    """How often each option was given each grade, in one group or in all."""
    found = [[0] * (HIGHEST_GRADE + 1) for _ in profile.options]
    ballots = 0
    for vote in profile.votes:
        if group in (None, vote.group):
            times = vote.times
            ballots += times
            for at, grade in vote.mark:
                found[at][grade] += times
    for grades in found:
        grades[LOWEST_GRADE] += ballots - sum(grades)
    return found


def majority_grade(grades: Grades, ballots: int) -> int:
    """The middle grade, the lower of two; the lowest where nobody voted."""
    return bisect_right(list(accumulate(grades)), (ballots - 1) // 2) if ballots else LOWEST_GRADE


def majority_values(grades: Sequence[Grades], ballots: int) -> tuple[list[int], list[tuple[int, ...]]]:
    """The majority value of each option at those places where that of any option changes, and these places.

    Place p is the grade that is the middle one after p were taken. Half of the sorted grades lie below the middle and
    half above it; the halves are read outwards in pairs, the lower grade first.
    """
    half, odd = divmod(ballots, 2)
    upto = [list(accumulate(each)) for each in grades]
    starts = {0} if half else set()
    for bounds in upto:
        starts |= {half - bound for bound in bounds} | {bound - half - odd for bound in bounds}
    pairs = sorted(start for start in starts if 0 <= start < half)
    places = [0] * odd + [odd + 2 * start + side for start in pairs for side in (0, 1)]
    indexes = [half] * odd + [index for start in pairs for index in (half - 1 - start, half + odd + start)]
    return places, [tuple(bisect_right(bounds, index) for index in indexes) for bounds in upto]


def apart(one: Sequence[int], other: Sequence[int], places: Sequence[int]) -> dict[str, Any]:
    """How many grades were taken from each until the middle ones differ, and what these are; all where none do."""
    for place, higher, lower in zip(places, one, other, strict=True):
        if higher != lower:
            return {"removed": place, "grades": [higher, lower]}
    return {"removed": None, "grades": []}


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """Each option with its majority grade, best first, and how those with the same one were told apart."""
    place = {option: at for at, option in enumerate(figures["options"])}
    told = [phrase(N_("%(ballots)s ballots grade the options."), ballots=figures["ballots"])]
    for option in figures["order"]:
        median = figures["medians"][place[option]]
        told.append(
            phrase(
                N_(
                    "%(option)s: %(atleast)s of %(ballots)s ballots grade it %(grade)s or better, a majority."
                ),
                option=Option(option),
                grade=Grade(median),
                atleast=sum(figures["grades"][place[option]][median:]),
                ballots=figures["ballots"],
            )
            if figures["ballots"]
            else phrase(N_("%(option)s: nobody graded it."), option=Option(option))
        )
    told += [told_apart(each) for each in figures["apart"]]
    if settings["floor"] > LOWEST_GRADE:
        told.append(
            phrase(
                N_("Only options whose middle grade is %(grade)s or better are chosen."),
                grade=Grade(settings["floor"]),
            )
        )
    return tuple(told)


def told_apart(each: Mapping[str, Any]) -> Phrase:
    facts: dict[str, object] = {"higher": Option(each["higher"]), "lower": Option(each["lower"])}
    if each["removed"] is None:
        return Phrase(
            N_("%(higher)s and %(lower)s were given the same grades: the rule cannot tell them apart."), facts
        )
    facts |= {
        "removed": each["removed"],
        "one": Grade(each["grades"][0]),
        "other": Grade(each["grades"][1]),
    }
    return Phrase(
        N_(
            "%(higher)s and %(lower)s have the same middle grade. After %(removed)s middle grades are taken from "
            "each, the middle one of %(higher)s is %(one)s and that of %(lower)s is %(other)s."
        ),
        facts,
    )
