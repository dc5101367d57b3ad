"""Group majority: something is adopted when every required group, and two thirds overall, are in favour.

The rule of chambers in the statutes of the Forest Stewardship Council (FSC A.C.): a simple majority in each chamber,
two thirds of the votes cast overall, abstentions left out. Here a chamber is a stakeholder group.

    carried   in each required group for > against, and overall for >= 2/3 of (for + against)
    tied      not carried, and overall for == against (also when everybody abstained); a tie is not carried
    lost      not carried otherwise

Variant for committees with tiny groups, frozen at notice like the rest: `enough` of the required groups in favour are
enough, but none whose for / (for + against) is below `floor`. With `weights` the overall share is the weighted mean of
the groups' shares for / (for + against), of those groups in which anybody voted for or against; without, each ballot
weighs the same. The quorum is counted apart (quorum.py). Whole numbers and fractions only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase
from app.rules.voting import explain
from app.rules.voting.outcome import Count, ratio
from app.rules.voting.profile import MarkKind, Profile, Vote
from app.rules.voting.ties import TieBreak
from app.rules.words import Choice, StakeholderGroup

NAME = "group_majority"
VERSION = 2
MARK = MarkKind.CHOICE


@dataclass(frozen=True)
class Settings:
    """Frozen at notice. `overall` is "at least" its share; `enough` None means every required group."""

    required: tuple[StakeholderGroup, ...] = tuple(StakeholderGroup)
    overall: Fraction = Fraction(2, 3)
    enough: int | None = None
    floor: Fraction = Fraction(1, 3)
    weights: Mapping[StakeholderGroup, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.required or len(set(self.required)) < len(self.required):
            raise ValueError("name each required group once, and at least one")
        if not (0 < self.overall <= 1 and 0 <= self.floor <= 1):
            raise ValueError("the overall majority is a share from above 0 to 1, the floor one from 0 to 1")
        if self.enough is not None and not 1 <= self.enough <= len(self.required):
            raise ValueError("enough groups are at least one, and at most all that are required")
        if any(weight < 1 for weight in self.weights.values()):
            raise ValueError("a group weighs at least one")

    def as_facts(self) -> dict[str, Any]:
        """The rule as it is stored with the decision, hashed and published."""
        return {
            "name": NAME,
            "version": VERSION,
            "required": sorted(group.value for group in self.required),
            "overall": ratio(self.overall),
            "enough": self.enough,
            "floor": ratio(self.floor),
            "weights": {
                group.value: self.weights[group] for group in StakeholderGroup if group in self.weights
            },
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        """Reads version 1 too, which had no variant and no weights."""
        if facts.get("name") != NAME or facts.get("version") not in (1, VERSION):
            raise ValueError("these are not the settings of this rule")
        return cls(
            tuple(StakeholderGroup(group) for group in facts["required"]),
            Fraction(facts["overall"]),
            facts.get("enough"),
            Fraction(facts.get("floor", "1/3")),
            {StakeholderGroup(group): weight for group, weight in facts.get("weights", {}).items()},
        )


@dataclass(frozen=True)
class Tally:
    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def decided(self) -> int:
        return self.in_favour + self.against

    @property
    def favours(self) -> bool:
        return self.in_favour > self.against

    @property
    def share(self) -> Fraction:
        """Of those who voted for or against; nothing where nobody did."""
        return Fraction(self.in_favour, self.decided) if self.decided else Fraction(0)

    def as_facts(self) -> dict[str, int]:
        return {"for": self.in_favour, "against": self.against, "abstain": self.abstained}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Tally":
        return cls(facts["for"], facts["against"], facts["abstain"])


def tally(votes: Sequence[Vote[Choice]]) -> Tally:
    times = dict.fromkeys(Choice, 0)
    for vote in votes:
        times[vote.mark] += vote.times
    return Tally(times[Choice.FOR], times[Choice.AGAINST], times[Choice.ABSTAIN])


def count(settings: Settings, profile: Profile[Choice], ties: TieBreak) -> Count:
    """Count the ballots on the one thing that `profile.options` names; `selected` holds it when it is carried.

    `tied` names it when it is tied, which is not carried, and no lot decides it. ValueError for more than one option.
    """
    (thing,) = profile.options
    total = tally(profile.votes)
    named = {vote.group for vote in profile.votes} | {group.value for group in settings.required}
    groups = {
        group: tally([vote for vote in profile.votes if vote.group == group.value])
        for group in StakeholderGroup
        if group.value in named
    }
    overall = overall_share(settings, groups, total)
    verdict = decide(settings, groups, total, overall)
    figures = {
        "groups": [
            {"group": group.value, "required": group in settings.required, **groups[group].as_facts()}
            for group in groups
        ],
        "total": total.as_facts(),
        "share": ratio(overall),
        "verdict": verdict,
    }
    chosen, tied = (thing,) if verdict == "carried" else (), (thing,) if verdict == "tied" else ()
    return Count(chosen, tied, figures, steps(settings.as_facts(), figures))


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """The count in words, from the stored settings and figures."""
    return tuple(explain.steps(settings, figures))


def overall_share(settings: Settings, groups: Mapping[StakeholderGroup, Tally], total: Tally) -> Fraction:
    """The share in favour of all who voted for or against: by ballots, or by groups where they have weights."""
    if not settings.weights:
        return total.share
    weights = {group: settings.weights.get(group, 1) for group, each in groups.items() if each.decided}
    if not weights:
        return Fraction(0)
    return sum((weights[group] * groups[group].share for group in weights), Fraction(0)) / sum(
        weights.values()
    )


def decide(
    settings: Settings, groups: Mapping[StakeholderGroup, Tally], total: Tally, overall: Fraction
) -> str:
    """The rule itself: carried, tied or lost."""
    asked = [groups[group] for group in settings.required]
    needed = len(asked) if settings.enough is None else settings.enough
    favours = sum(1 for each in asked if each.favours) >= needed
    if settings.enough is not None:
        favours = favours and all(each.share >= settings.floor for each in asked if each.decided)
    if favours and total.decided and overall >= settings.overall:
        return "carried"
    return "tied" if total.in_favour == total.against else "lost"
