"""Consent: something passes unless an argued objection stands; then the proposal is improved and asked again.

For routine changes. Whoever has no objection consents; abstaining is not offered. An objection says how the proposal
would harm the aim, and whether it is argued is judged by the others before the count: only those that stand are
ballots with an objection here. After `max_rounds` rounds of integrating objections, one that still stands hands the
question to the group majority. Sources: G. Endenburg, "Sociocracy: the organization of decision-making", 1998;
Sociocracy 3.0, "Consent Decision-Making" and "Resolve Objections", https://patterns.sociocracy30.org.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, require_named
from app.rules.voting.profile import Consent, MarkKind, Profile, groups_of
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "consent"
VERSION = 1
MARK = MarkKind.CONSENT


@dataclass(frozen=True)
class Settings:
    """`integrated` rounds of improving the proposal went before this ballot, of `max_rounds` at most."""

    max_rounds: int = 2
    integrated: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.integrated <= self.max_rounds:
            raise ValueError("no more rounds are behind this ballot than there are at all")

    def as_facts(self) -> dict[str, Any]:
        return {
            "name": NAME,
            "version": VERSION,
            "max_rounds": self.max_rounds,
            "integrated": self.integrated,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["max_rounds"], facts["integrated"])


def count(settings: Settings, profile: Profile[Consent], _ties: TieBreak) -> Count:
    """Count the ballots on the one thing that `profile.options` names; ValueError for more than one, or none."""
    (thing,) = profile.options
    total = tally(profile)
    verdict = decide(settings, total)
    figures = {
        "total": total,
        "groups": [{"group": group, **tally(profile, group)} for group in groups_of(profile)],
        "integrated": settings.integrated,
        "max_rounds": settings.max_rounds,
        "verdict": verdict,
    }
    return Count((thing,) if verdict == "carried" else (), (), figures, steps(settings.as_facts(), figures))


def tally(profile: Profile[Consent], group: str | None = None) -> dict[str, int]:
    """How many consent and how many object, in one group or in all."""
    found = {each.value: 0 for each in Consent}
    for vote in profile.votes:
        if group in (None, vote.group):
            found[vote.mark.value] += vote.times
    return found


def decide(settings: Settings, total: Mapping[str, int]) -> str:
    """Carried, nobody asked it, another round, or on to the group majority."""
    if not total["object"]:
        return "carried" if total["consent"] else "nobody"
    return "integrate" if settings.integrated < settings.max_rounds else "group_majority"


VERDICTS = {
    "carried": N_("No objection stands: carried."),
    "nobody": N_("Nobody took part: not carried."),
    "integrate": N_(
        "An objection stands: not carried. The proposal is improved with it and asked again; rounds so far: "
        "%(integrated)s of %(max_rounds)s."
    ),
    "group_majority": N_(
        "An objection still stands after %(max_rounds)s rounds: not carried by consent. The group majority decides."
    ),
}


def steps(_settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    return (
        phrase(N_("%(consent)s consent, %(object)s object."), **figures["total"]),
        phrase(
            VERDICTS[figures["verdict"]],
            integrated=figures["integrated"],
            max_rounds=figures["max_rounds"],
        ),
    )
