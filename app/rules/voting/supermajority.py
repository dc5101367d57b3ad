"""Supermajority: one thing is adopted when a share well above half of those who decide are for it.

For waivers and changes of a charter: two thirds or three quarters of all who are for or against; abstentions are left
out, nobody has a casting vote, and no lot decides a tie. Source: Robert's Rules of Order Newly Revised, 12th edition,
section 44 (bases for determining a voting result: a vote of two thirds is two thirds of the votes cast).

    carried   for >= share * (for + against), and for > against
    tied      not carried, and for == against (also when everybody abstained)
    lost      not carried otherwise
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, ratio, require_named
from app.rules.voting.profile import MarkKind, Profile, groups_of
from app.rules.voting.ties import TieBreak
from app.rules.words import N_, Choice

NAME = "supermajority"
VERSION = 1
MARK = MarkKind.CHOICE


@dataclass(frozen=True)
class Settings:
    """`share` is "at least", from one half to all; a half still needs more for than against."""

    share: Fraction = Fraction(2, 3)

    def __post_init__(self) -> None:
        if not Fraction(1, 2) <= self.share <= 1:
            raise ValueError("a supermajority is a share from one half to all")

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION, "share": ratio(self.share)}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(Fraction(facts["share"]))


def count(settings: Settings, profile: Profile[Choice], _ties: TieBreak) -> Count:
    """Count the ballots on the one thing that `profile.options` names; ValueError for more than one, or none."""
    (thing,) = profile.options
    total = tally(profile)
    groups = [{"group": group, **tally(profile, group)} for group in groups_of(profile)]
    verdict = decide(settings.share, total["for"], total["against"])
    figures = {"total": total, "groups": groups, "verdict": verdict}
    return Count(
        (thing,) if verdict == "carried" else (),
        (thing,) if verdict == "tied" else (),
        figures,
        steps(settings.as_facts(), figures),
    )


def tally(profile: Profile[Choice], group: str | None = None) -> dict[str, int]:
    """How many said what, in one group or in all."""
    found = {choice.value: 0 for choice in Choice}
    for vote in profile.votes:
        if group in (None, vote.group):
            found[vote.mark.value] += vote.times
    return found


def decide(share: Fraction, in_favour: int, against: int) -> str:
    if in_favour > against and in_favour >= share * (in_favour + against):
        return "carried"
    return "tied" if in_favour == against else "lost"


VERDICTS = {
    "carried": N_("At least %(share)s of those who decide must be for. Reached: carried."),
    "lost": N_("At least %(share)s of those who decide must be for. Not reached: not carried."),
    "tied": N_("As many are for as against: a tie is not carried."),
}


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    total = figures["total"]
    return (
        phrase(
            N_("%(for)s for, %(against)s against; %(abstain)s abstained and are left out."),
            **total,
        ),
        phrase(VERDICTS[figures["verdict"]], share=settings["share"]),
    )
