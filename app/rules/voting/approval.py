"""Approval: everyone approves as many options as they like; those with most approvals, or with enough, are chosen.

A quick way to a shortlist. An option must be approved by `share` of all ballots, and by `group_share` of the ballots
of each group that cast any; one that nobody approves is never chosen. Source: S. J. Brams and P. C. Fishburn,
"Approval Voting", American Political Science Review 72, 1978, 831-847.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, Option, ratio, require_named
from app.rules.voting.profile import Approval, MarkKind, Profile, groups_of
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "approval"
VERSION = 1
MARK = MarkKind.APPROVAL


@dataclass(frozen=True)
class Settings:
    """`seats` options are chosen at most; None chooses all that reach the shares, which are "at least"."""

    seats: int | None = None
    share: Fraction = Fraction(1, 2)
    group_share: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.seats is not None and self.seats < 1:
            raise ValueError("at least one option is chosen")
        if not (0 <= self.share <= 1 and 0 <= self.group_share <= 1):
            raise ValueError("a share lies between nothing and all")

    def as_facts(self) -> dict[str, Any]:
        return {
            "name": NAME,
            "version": VERSION,
            "seats": self.seats,
            "share": ratio(self.share),
            "group_share": ratio(self.group_share),
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["seats"], Fraction(facts["share"]), Fraction(facts["group_share"]))


def count(settings: Settings, profile: Profile[Approval], ties: TieBreak) -> Count:
    """Count approvals in all and by group, keep the options that reach the shares, and take the most approved."""
    groups = [approvals(profile, group) for group in groups_of(profile)]
    total = approvals(profile)
    reached = [
        at
        for at in range(len(profile.options))
        if reaches(settings.share, total, at)
        and all(reaches(settings.group_share, group, at) for group in groups)
        and total["approvals"][at]
    ]
    tiers: dict[int, list[int]] = {}
    for at in sorted(reached, key=lambda at: (-total["approvals"][at], at)):
        tiers.setdefault(total["approvals"][at], []).append(at)
    wanted = len(reached) if settings.seats is None else settings.seats
    taken, tied = ties.take(tiers.values(), wanted)
    figures = {
        "options": list(profile.options),
        "ballots": total["ballots"],
        "approvals": total["approvals"],
        "groups": groups,
        "reached": [profile.options[at] for at in reached],
    }
    return Count(
        tuple(profile.options[at] for at in taken),
        tuple(profile.options[at] for at in tied),
        figures,
        steps(settings.as_facts(), figures),
    )


def approvals(profile: Profile[Approval], group: str | None = None) -> dict[str, Any]:
    """Ballots, and approvals of each option in the order of the list; in one group, which is then named, or in all."""
    ballots, found = 0, [0] * len(profile.options)
    for vote in profile.votes:
        if group in (None, vote.group):
            ballots += vote.times
            for at in vote.mark:
                found[at] += vote.times
    counted = {"ballots": ballots, "approvals": found}
    return counted if group is None else {"group": group, **counted}


def reaches(share: Fraction, counted: Mapping[str, Any], at: int) -> bool:
    return bool(counted["approvals"][at] * share.denominator >= share.numerator * counted["ballots"])


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """Each option, most approved first, with its approvals and whether they are enough."""
    reached, ballots = set(figures["reached"]), figures["ballots"]
    rows = sorted(zip(figures["options"], figures["approvals"], strict=True), key=lambda row: -row[1])
    told = [phrase(N_("%(ballots)s ballots were cast."), ballots=ballots)]
    for option, found in rows:
        words = (
            N_("%(option)s: approved on %(approvals)s of %(ballots)s ballots. Enough.")
            if option in reached
            else N_("%(option)s: approved on %(approvals)s of %(ballots)s ballots. Not enough.")
        )
        told.append(phrase(words, option=Option(option), approvals=found, ballots=ballots))
    if Fraction(settings["share"]):
        told.append(phrase(N_("Enough is at least %(share)s of all ballots."), share=settings["share"]))
    if Fraction(settings["group_share"]):
        words = N_("Enough is also at least %(share)s of the ballots of each group.")
        told.append(phrase(words, share=settings["group_share"]))
    return tuple(told)
