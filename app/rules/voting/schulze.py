"""Schulze's rule with a default option: whoever beats every other directly, or by a stronger chain of victories, wins.

The steps of the Debian constitution (version 1.9, appendix A.5, "Vote counting"), which uses Schulze's rule:

    1. An option that fewer than `quorum` ballots prefer to the default option ("none of these") is dropped.
    2. So is one that does not beat the default by `majority`: V(A, D) >= majority * V(D, A) and V(A, D) > V(D, A).
    3. Among the rest A beats B when more ballots prefer A to B than B to A. A victory is the stronger the more ballots
       are for it; of two with equally many, the one with fewer against it.
    4. A chain is as strong as its weakest victory. A wins when no B has a stronger chain to A than A has to B.

Without a default option nothing is dropped. Several winners are told apart by the second measure, then by the lot.
Sources: https://www.debian.org/devel/constitution; M. Schulze, "A new monotonic, clone-independent, reversal symmetric,
and Condorcet-consistent single-winner election method", Social Choice and Welfare 36, 2011, 267-303 (strength by
winning votes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, Option, ratio, require_named
from app.rules.voting.pairwise import Table, pairwise
from app.rules.voting.profile import MarkKind, Profile, Ranking
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "schulze"
VERSION = 1
MARK = MarkKind.RANKING


@dataclass(frozen=True)
class Settings:
    """`default` is the id of the option that means "none of these"; None where the ballot has none."""

    default: str | None = None
    majority: Fraction = Fraction(1)
    quorum: int = 0

    def __post_init__(self) -> None:
        if self.majority < 1 or self.quorum < 0:
            raise ValueError("a majority is at least one to one, a quorum at least nothing")
        if self.default is None and (self.majority > 1 or self.quorum):
            raise ValueError("a quorum and a majority are over a default option, and there is none")

    def as_facts(self) -> dict[str, Any]:
        return {
            "name": NAME,
            "version": VERSION,
            "default": self.default,
            "majority": ratio(self.majority),
            "quorum": self.quorum,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["default"], Fraction(facts["majority"]), facts["quorum"])


def usual_quorum(electors: int) -> int:
    """Debian's quorum of a general resolution: at least 3 * (1/2) * sqrt(electors) votes over the default."""
    return (isqrt(9 * electors - 1) + 2) // 2 if electors else 0


def count(settings: Settings, profile: Profile[Ranking], ties: TieBreak) -> Count:
    """Drop, compare, and find the winner; ValueError for a default that is not on the ballot."""
    options, ballots, table = profile.options, profile.ballots, pairwise(profile)
    dropped = drop(settings, options, table)
    gone = {each["option"] for each in dropped}
    left = [at for at, option in enumerate(options) if option not in gone]
    paths = strongest_paths([[strength(table, one, other, ballots) for other in left] for one in left])
    winners = [left[place] for place in undefeated(paths)] if ballots else []
    taken, tied = ties.take([winners], 1)
    figures = {
        "options": list(options),
        "ballots": ballots,
        "pairwise": table,
        "dropped": dropped,
        "remaining": [options[at] for at in left],
        "paths": [[weakest(path, ballots) for path in row] for row in paths],
        "winners": [options[at] for at in winners],
    }
    return Count(
        tuple(options[at] for at in taken),
        tuple(options[at] for at in tied),
        figures,
        steps(settings.as_facts(), figures),
    )


def drop(settings: Settings, options: Sequence[str], table: Table) -> list[dict[str, Any]]:
    """The options that fall before any comparison, with the ballots that prefer each to the default and against."""
    if settings.default is None:
        return []
    default = options.index(settings.default)
    dropped = []
    for at, option in enumerate(options):
        over, under = table[at][default], table[default][at]
        if at == default:
            continue
        if over < settings.quorum:
            dropped.append({"option": option, "over": over, "under": under, "why": "quorum"})
        elif over <= under or over < settings.majority * under:
            dropped.append({"option": option, "over": over, "under": under, "why": "majority"})
    return dropped


def strength(table: Table, one: int, other: int, ballots: int) -> int:
    """A victory as one number that grows with the votes for it, and then with fewer against it; 0 for none."""
    over, under = table[one][other], table[other][one]
    return over * (ballots + 1) + ballots - under if over > under else 0


def weakest(path: int, ballots: int) -> list[int] | None:
    """The votes for and against the weakest victory of the strongest chain; None without a chain."""
    over, fewer = divmod(path, ballots + 1)
    return [over, ballots - fewer] if path else None


def strongest_paths(victories: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strength of the strongest chain from each option to each other (R. W. Floyd, 1962; S. Warshall, 1962)."""
    paths = [list(row) for row in victories]
    for middle in range(len(paths)):
        onward = list(paths[middle])
        for start, row in enumerate(paths):
            upto = row[middle]
            if upto and start != middle:
                paths[start] = [
                    min(further, upto) if further > known < upto else known
                    for known, further in zip(row, onward, strict=True)
                ]
    for at in range(len(paths)):
        paths[at][at] = 0
    return paths


def undefeated(paths: Sequence[Sequence[int]]) -> list[int]:
    many = range(len(paths))
    return [one for one in many if all(paths[one][other] >= paths[other][one] for other in many)]


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """What was dropped, then each winner against all others that remain."""
    told = [told_dropped(settings, each) for each in figures["dropped"]]
    if settings["default"] is not None and not figures["dropped"]:
        told.append(
            phrase(
                N_("Every option is preferred to %(default)s by enough ballots."),
                default=Option(settings["default"]),
            )
        )
    for winner in figures["winners"]:
        told += [told_contest(figures, winner, other) for other in figures["remaining"] if other != winner]
    if len(figures["winners"]) > 1:
        told.append(
            phrase(
                N_("The rule cannot tell these apart: %(options)s."),
                options=tuple(map(Option, figures["winners"])),
            )
        )
    elif figures["winners"]:
        told.append(phrase(N_("%(option)s wins."), option=Option(figures["winners"][0])))
    return tuple(told)


def told_dropped(settings: Mapping[str, Any], each: Mapping[str, Any]) -> Phrase:
    facts: dict[str, object] = {
        "option": Option(each["option"]),
        "default": Option(settings["default"]),
        "over": each["over"],
        "under": each["under"],
    }
    if each["why"] == "quorum":
        return Phrase(
            N_(
                "%(option)s is dropped: %(over)s ballots prefer it to %(default)s; at least %(needed)s had to."
            ),
            facts | {"needed": settings["quorum"]},
        )
    words = N_("%(option)s is dropped: %(over)s ballots prefer it to %(default)s, and %(under)s the reverse.")
    if each["over"] > each["under"]:
        words = N_(
            "%(option)s is dropped: %(over)s ballots prefer it to %(default)s, and %(under)s the reverse; "
            "the majority asked for is %(majority)s."
        )
    return Phrase(words, facts | {"majority": settings["majority"]})


def told_contest(figures: Mapping[str, Any], winner: str, other: str) -> Phrase:
    """One against one: directly, or by chains, or neither."""
    place = {option: at for at, option in enumerate(figures["options"])}
    inner = {option: at for at, option in enumerate(figures["remaining"])}
    over = figures["pairwise"][place[winner]][place[other]]
    under = figures["pairwise"][place[other]][place[winner]]
    path, back = (figures["paths"][inner[a]][inner[b]] for a, b in ((winner, other), (other, winner)))
    if path is None:
        words = N_("Neither of %(option)s and %(other)s beats the other: %(over)s to %(under)s ballots.")
    elif back is None and path == [over, under]:
        words = N_("%(over)s ballots prefer %(option)s to %(other)s, and %(under)s the reverse.")
    elif back is None:
        words = N_(
            "%(option)s beats %(other)s by a chain of victories, the weakest by %(chain)s; there is no chain back. "
            "Directly it is %(over)s to %(under)s."
        )
    else:
        words = N_(
            "The strongest chain of victories from %(option)s to %(other)s holds by %(chain)s, the one back by "
            "%(back)s. Directly it is %(over)s to %(under)s."
        )
    return phrase(
        words,
        option=Option(winner),
        other=Option(other),
        over=over,
        under=under,
        chain=told_votes(path),
        back=told_votes(back),
    )


def told_votes(path: Sequence[int] | None) -> Phrase | str:
    """The votes for and against the weakest victory of a chain."""
    return phrase(N_("%(over)s to %(under)s"), over=path[0], under=path[1]) if path else ""
