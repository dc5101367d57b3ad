"""What is given out and to whom: seats or money, shared alike by ballots or by stakeholder groups."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.voting.outcome import ratio
from app.rules.voting.profile import Approval, Profile

Weights = tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class Means:
    """`seats` options are chosen, or options that cost at most `budget` together (in the unit of the profile's costs).

    Every ballot gets the same part of it. With `by_group` every stakeholder group that cast a ballot gets the same
    part, or one in proportion to `weights` (1 where a group is not named), and its ballots share that alike: so
    twenty firms do not outbuy four associations.
    """

    seats: int = 0
    budget: int = 0
    by_group: bool = False
    weights: Weights = ()

    def __post_init__(self) -> None:
        if min(self.seats, self.budget) < 0 or bool(self.seats) is bool(self.budget):
            raise ValueError("give a number of seats or a budget, and not both")
        if any(weight <= 0 for _group, weight in self.weights):
            raise ValueError("the weight of a group is more than nothing")

    @property
    def total(self) -> int:
        return self.seats or self.budget

    def costs(self, profile: Profile[Any]) -> tuple[int, ...]:
        """One for each seat; else what each option costs, or one where the profile has no costs."""
        if self.seats or not profile.costs:
            return (1,) * len(profile.options)
        return profile.costs

    def as_facts(self) -> dict[str, Any]:
        return {
            "seats": self.seats,
            "budget": self.budget,
            "by_group": self.by_group,
            "weights": {group: ratio(weight) for group, weight in self.weights},
        }


def read_weights(facts: Mapping[str, str]) -> Weights:
    return tuple(sorted((group, Fraction(weight)) for group, weight in facts.items()))


def purses(means: Means, profile: Profile[Approval], total: int) -> dict[str, Fraction]:
    """What one ballot of each group gets of `total`, over the groups that cast a ballot."""
    ballots = ballots_of_groups(profile)
    if not means.by_group:
        return {group: Fraction(total, profile.ballots) for group in ballots}
    named = dict(means.weights)
    weights = {group: named.get(group, Fraction(1)) for group in ballots}
    whole = sum(weights.values())
    return {group: total * weights[group] / whole / ballots[group] for group in ballots}


def ballots_of_groups(profile: Profile[Any]) -> dict[str, int]:
    """How many ballots each group cast, groups in the order of their names."""
    ballots: Counter[str] = Counter()
    for vote in profile.votes:
        ballots[vote.group] += vote.times
    return dict(sorted(ballots.items()))


def rounded(amount: Fraction, places: int = 4) -> str:
    """A fraction as people read it: a decimal number, half rounded up, without idle noughts."""
    scale = 10**places
    units = (2 * amount.numerator * scale + amount.denominator) // (2 * amount.denominator)
    whole, part = divmod(units, scale)
    return f"{whole}.{part:0{places}}".rstrip("0").rstrip(".")
