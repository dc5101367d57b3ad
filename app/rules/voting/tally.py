"""One vote counted: who was present in each group, what the rule says of the ballots, and the state it makes.

The result, as it is stored, published and recounted byte for byte, is the canonical JSON of `as_facts`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from app.rules import hashing
from app.rules.voting import quorum
from app.rules.voting.outcome import Count
from app.rules.voting.profile import Vote
from app.rules.voting.quorum import Presence
from app.rules.voting.ties import Measure
from app.rules.words import DecisionState, StakeholderGroup

FORMAT = "comission-result/1"
WHOLE = "whole"


@dataclass(frozen=True)
class Terms:
    """What is frozen beside the rule: the quorum, the weights of groups, how ties end, who may see ballots.

    Quorum is "more than" its share of each group's seats. With `weights` every group of the ballots counted has the
    same say whatever its seats, times its weight; empty, each ballot counts the same. `lot` names the public value
    that a lot is drawn with, announced beforehand. `excused` are groups that had too few ballots in the same question's
    earlier vote: where they stay away again, that lowers their own voice only and no longer stops the others.
    `notice_hours` and `seconded_by`, the seat that seconded the question, say how it came to a ballot; both are told
    and not counted.
    """

    quorum: Fraction = Fraction(1, 2)
    required: tuple[StakeholderGroup, ...] = ()
    weights: Mapping[StakeholderGroup, int] = field(default_factory=dict)
    measure: Measure = Measure.NONE
    lot: str = ""
    secret: bool = False
    excused: tuple[StakeholderGroup, ...] = ()
    notice_hours: int = 0
    seconded_by: str = ""

    def as_facts(self) -> dict[str, Any]:
        return {
            **self.asked_before(),
            "quorum": f"{self.quorum.numerator}/{self.quorum.denominator}",
            "required": sorted(group.value for group in self.required),
            "weights": {
                group.value: self.weights[group] for group in StakeholderGroup if group in self.weights
            },
            "tie": {"measure": self.measure.value, "lot": self.lot},
            "secret": self.secret,
            "excused": sorted(group.value for group in self.excused),
        }

    def asked_before(self) -> dict[str, Any]:
        """How the question came to a ballot, which no count looks at; nothing where nothing was asked for."""
        if not self.notice_hours and not self.seconded_by:
            return {}
        return {"notice": {"hours": self.notice_hours, "seconded_by": self.seconded_by}}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Terms":
        asked = facts.get("notice", {})
        return cls(
            Fraction(facts["quorum"]),
            tuple(StakeholderGroup(group) for group in facts["required"]),
            {StakeholderGroup(group): weight for group, weight in facts["weights"].items()},
            Measure(facts["tie"]["measure"]),
            facts["tie"]["lot"],
            facts["secret"],
            tuple(StakeholderGroup(group) for group in facts["excused"]),
            asked.get("hours", 0),
            asked.get("seconded_by", ""),
        )


@dataclass(frozen=True)
class Outcome:
    """What a vote came to; `count` is there also where too few voted, and then decides nothing."""

    state: DecisionState
    rule: str
    presence: tuple[Presence, ...]
    set_aside: int
    count: Count

    @property
    def carried(self) -> bool:
        return self.state is DecisionState.CARRIED


def weighed(votes: Sequence[Vote[Any]], weights: Mapping[StakeholderGroup, int]) -> tuple[Vote[Any], ...]:
    """Votes multiplied by whole numbers so that each group has its weight, however many ballots it cast."""
    if not weights:
        return tuple(votes)
    ballots: dict[str, int] = {}
    for vote in votes:
        ballots[vote.group] = ballots.get(vote.group, 0) + vote.times
    whole = lcm(*ballots.values()) if ballots else 1
    each = {group: weights.get(StakeholderGroup(group), 1) * whole // many for group, many in ballots.items()}
    return tuple(Vote(vote.mark, vote.group, vote.times * each[vote.group]) for vote in votes)


def outcome(
    rule: str,
    present: Iterable[Presence],
    count: Count,
    set_aside: int = 0,
    excused: Collection[StakeholderGroup] = (),
    default: str | None = None,
) -> Outcome:
    """The state that a count makes of a vote: too few voted, tied where it matters, carried, or lost.

    Excused groups do not make it too few, unless nobody else was there. Where the default option wins, all is lost.
    """
    present = tuple(present)
    asked = [each for each in present if each.group not in excused] or present
    state = DecisionState.LOST
    if not all(each.quorate for each in asked):
        state = DecisionState.INQUORATE
    elif count.tied:
        state = DecisionState.TIED
    elif set(count.selected) - {default}:
        state = DecisionState.CARRIED
    return Outcome(state, rule, present, set_aside, count)


def as_facts(outcome: Outcome) -> dict[str, Any]:
    """The result as it is stored with the decision; nothing is selected where too few voted."""
    decides = outcome.state is not DecisionState.INQUORATE
    return {
        "format": FORMAT,
        "rule": outcome.rule,
        "state": outcome.state.value,
        "selected": list(outcome.count.selected) if decides else [],
        "tied": list(outcome.count.tied) if decides else [],
        "quorum": quorum.as_facts(outcome.presence),
        "set_aside": outcome.set_aside,
        "figures": written(outcome.count.figures),
    }


def written(value: Any) -> Any:
    """Figures as canonical JSON can hold them: a number that is not exact everywhere as an object with its digits.

    Weights multiply ballots by a common multiple, which for groups of several hundred has more than sixteen digits.
    """
    if isinstance(value, int) and abs(value) > hashing.SAFE_INTEGER:
        return {WHOLE: str(int(value))}
    if isinstance(value, Mapping):
        return {key: written(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(each) for each in value]
    return value


def read(result: Mapping[str, Any]) -> dict[str, Any]:
    """A stored result with every number of its figures as a number again."""
    return {**result, "figures": number(result["figures"])}


def number(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == {WHOLE} and isinstance(value[WHOLE], str):
            return int(value[WHOLE])
        return {key: number(each) for key, each in value.items()}
    return [number(each) for each in value] if isinstance(value, list) else value
