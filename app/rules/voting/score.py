"""Score: reviewers give points; the highest middle score leads, and a wide spread calls for a talk, not an average.

The median of an option is the middle score, half the sum of the two middle ones for an even number; whoever gave no
score says nothing about it. Equal medians are told apart by the mean, which never decides alone. Where the highest and
the lowest score lie more than `spread` points apart the option is marked: it must be discussed before anybody relies
on the result. Source: how research councils handle split reviews; on the median against a single voter's pull,
F. Galton, "One vote, one value", Nature 75, 1907, 414.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, Option, ratio, require_named
from app.rules.voting.profile import HIGHEST_SCORE, LOWEST_SCORE, MarkKind, Marks, Profile, groups_of
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "score"
VERSION = 1
MARK = MarkKind.SCORES

Scores = list[int]  # how often each score was given, lowest first


@dataclass(frozen=True)
class Settings:
    """The best `seats` options are chosen of those with `least` scores and a median of `floor` or more."""

    seats: int = 1
    spread: int = 2
    least: int = 1
    floor: int = LOWEST_SCORE

    def __post_init__(self) -> None:
        if self.seats < 1 or self.least < 1:
            raise ValueError("at least one option is chosen, by at least one score")
        if not (0 <= self.spread <= HIGHEST_SCORE and LOWEST_SCORE <= self.floor <= HIGHEST_SCORE):
            raise ValueError("the spread and the floor lie within the scale")

    def as_facts(self) -> dict[str, Any]:
        return {
            "name": NAME,
            "version": VERSION,
            "seats": self.seats,
            "spread": self.spread,
            "least": self.least,
            "floor": self.floor,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["seats"], facts["spread"], facts["least"], facts["floor"])


def count(settings: Settings, profile: Profile[Marks], ties: TieBreak) -> Count:
    """Order the options that were scored by median, then by mean; mark those on which the scores lie apart."""
    options, table = profile.options, scores(profile)
    rows = [told(each) for each in table]
    tiers: dict[tuple[Fraction, Fraction], list[int]] = {}
    for at, each in enumerate(table):
        if sum(each):
            tiers.setdefault((median(each), mean(each)), []).append(at)
    levels = [tiers[key] for key in sorted(tiers, reverse=True)]
    good = [
        [at for at in level if sum(table[at]) >= settings.least and median(table[at]) >= settings.floor]
        for level in levels
    ]
    taken, tied = ties.take(good, settings.seats)
    figures = {
        "options": list(options),
        "ballots": profile.ballots,
        "scores": table,
        "rows": rows,
        "groups": [{"group": group, "scores": scores(profile, group)} for group in groups_of(profile)],
        "order": [options[at] for level in levels for at in ties.in_order(level)],
        "discuss": [
            option
            for option, row in zip(options, rows, strict=True)
            if (row["spread"] or 0) > settings.spread
        ],
    }
    return Count(
        tuple(options[at] for at in taken),
        tuple(options[at] for at in tied),
        figures,
        steps(settings.as_facts(), figures),
    )


def scores(profile: Profile[Marks], group: str | None = None) -> list[Scores]:
    """How often each option was given each score, in one group or in all."""
    found = [[0] * (HIGHEST_SCORE + 1) for _ in profile.options]
    for vote in profile.votes:
        if group in (None, vote.group):
            for at, score in vote.mark:
                found[at][score] += vote.times
    return found


def told(given: Scores) -> dict[str, Any]:
    """One option's figures; without a score there are none."""
    if not sum(given):
        return {"scored": 0, "median": None, "mean": None, "lowest": None, "highest": None, "spread": None}
    there = [score for score, times in enumerate(given) if times]
    return {
        "scored": sum(given),
        "median": ratio(median(given)),
        "mean": ratio(mean(given)),
        "lowest": there[0],
        "highest": there[-1],
        "spread": there[-1] - there[0],
    }


def median(given: Sequence[int]) -> Fraction:
    many = sum(given)
    return Fraction(nth(given, (many - 1) // 2) + nth(given, many // 2), 2)


def nth(given: Sequence[int], place: int) -> int:
    """The score at this place of all scores in ascending order, the first being 0."""
    for score, times in enumerate(given):
        place -= times
        if place < 0:
            return score
    raise ValueError("there are not so many scores")


def mean(given: Sequence[int]) -> Fraction:
    return Fraction(sum(score * times for score, times in enumerate(given)), sum(given))


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """Each option's figures, best first, then what must be discussed."""
    rows = dict(zip(figures["options"], figures["rows"], strict=True))
    told = [
        phrase(
            N_(
                "%(option)s: middle score %(median)s of %(scored)s scores from %(lowest)s to %(highest)s; their mean "
                "is %(mean)s."
            ),
            option=Option(option),
            **{
                name: in_words(rows[option][name])
                for name in ("median", "scored", "lowest", "highest", "mean")
            },
        )
        for option in figures["order"]
    ]
    told += [
        phrase(N_("%(option)s: nobody scored it."), option=Option(option))
        for option in figures["options"]
        if not rows[option]["scored"]
    ]
    told += [
        phrase(
            N_(
                "%(option)s: the scores lie %(spread)s points apart, more than %(most)s. It must be discussed before "
                "anybody relies on its score."
            ),
            option=Option(option),
            spread=rows[option]["spread"],
            most=settings["spread"],
        )
        for option in figures["discuss"]
    ]
    return tuple(told)


def in_words(figure: Any) -> Any:
    """A whole fraction as a plain number."""
    return int(figure[:-2]) if isinstance(figure, str) and figure.endswith("/1") else figure
