"""Portfolios side by side: the same votes under the same budget by every rule, what differs, and for whom.

No rule is shown alone. The first, greedy, is what most places do today; every other row says which options it adds and
drops against it. For whom: how many ballots of each stakeholder group have how many of their approved options chosen,
how many have none, and what the chosen options they approve cost.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.rules.voting import equal_shares, greedy, greedy_no_skip, phragmen
from app.rules.voting.outcome import Count
from app.rules.voting.profile import Approval, Profile
from app.rules.voting.purses import Weights, ballots_of_groups
from app.rules.voting.ties import TieBreak

RULES = (greedy.NAME, greedy_no_skip.NAME, equal_shares.NAME, phragmen.NAME)
ADDING = (greedy.NAME, greedy_no_skip.NAME)
# Told before each rule, and after each round of adding: which rule, the round, and what its options cost.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Asked:
    """What all rules are asked alike; `step` and `fill` are for equal shares, groups for all that hand out money."""

    budget: int
    by_group: bool = False
    weights: Weights = ()
    step: int = 1
    fill: bool = False


@dataclass(frozen=True)
class Reach:
    """What the ballots of one group get of a portfolio.

    `counts[k]` ballots have exactly k of the options they approve chosen; `money` is the sum, over the ballots, of what
    those options cost.
    """

    group: str
    ballots: int
    counts: tuple[int, ...]
    money: int

    @property
    def nothing(self) -> int:
        return self.counts[0]

    @property
    def each(self) -> Fraction:
        """How many chosen options a ballot of the group approves, in the mean."""
        return Fraction(sum(number * ballots for number, ballots in enumerate(self.counts)), self.ballots)


@dataclass(frozen=True)
class Portfolio:
    """One rule's choice: `added` and `dropped` are in comparison with the first rule's."""

    rule: str
    count: Count
    spent: int
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    reach: tuple[Reach, ...]

    @property
    def all(self) -> Reach:
        """All groups together."""
        counts: Counter[int] = Counter()
        for each in self.reach:
            counts.update(dict(enumerate(each.counts)))
        most = max((number for number in counts if counts[number]), default=0)
        return Reach(
            "",
            sum(each.ballots for each in self.reach),
            tuple(counts[number] for number in range(most + 1)),
            sum(each.money for each in self.reach),
        )


def side_by_side(
    asked: Asked,
    profile: Profile[Approval],
    ties: TieBreak,
    tell: Tell = lambda _rule, _round, _cost: None,
    weighed: Profile[Approval] | None = None,
    known: Mapping[str, Count] | None = None,
) -> tuple[Portfolio, ...]:
    """Every rule on the same votes, the first to compare with first.

    `weighed` are the votes multiplied by the weights of groups, for the rules that only add them up. `known` are counts
    of rules that were made before: of these only what they chose is asked.
    """
    counts: dict[str, Count] = {**(known or {})}
    for rule in RULES:
        tell(rule, 0, 0)
        votes = weighed if weighed is not None and rule in ADDING else profile
        if rule not in counts:
            counts[rule] = counted(rule, asked, votes, ties, tell)
    first = counts[RULES[0]].selected
    return tuple(portfolio(rule, counts[rule], first, profile) for rule in RULES)


def counted(rule: str, asked: Asked, profile: Profile[Approval], ties: TieBreak, tell: Tell) -> Count:
    if rule == greedy.NAME:
        return greedy.count(greedy.Settings(asked.budget), profile, ties)
    if rule == greedy_no_skip.NAME:
        return greedy_no_skip.count(greedy_no_skip.Settings(asked.budget), profile, ties)
    if rule == phragmen.NAME:
        means = phragmen.Settings(budget=asked.budget, by_group=asked.by_group, weights=asked.weights)
        return phragmen.count(means, profile, ties)
    shares = equal_shares.Settings(
        budget=asked.budget, by_group=asked.by_group, weights=asked.weights, step=asked.step, fill=asked.fill
    )
    return equal_shares.count(shares, profile, ties, lambda number, cost: tell(rule, number, cost))


def portfolio(rule: str, count: Count, first: Sequence[str], profile: Profile[Approval]) -> Portfolio:
    chosen, compared = set(count.selected), set(first)
    cost = dict(zip(profile.options, profile.costs or (1,) * len(profile.options), strict=True))
    return Portfolio(
        rule,
        count,
        sum(cost[option] for option in count.selected),
        tuple(option for option in profile.options if option in chosen - compared),
        tuple(option for option in profile.options if option in compared - chosen),
        reach_of(count.selected, profile),
    )


def reach_of(selected: Sequence[str], profile: Profile[Approval]) -> tuple[Reach, ...]:
    """What each group's ballots get, groups in the order of their names."""
    place = {option: at for at, option in enumerate(profile.options)}
    chosen = {place[option] for option in selected}
    costs = profile.costs or (1,) * len(profile.options)
    counts: dict[str, Counter[int]] = {group: Counter() for group in ballots_of_groups(profile)}
    money: Counter[str] = Counter()
    for vote in profile.votes:
        got = [option for option in vote.mark if option in chosen]
        counts[vote.group][len(got)] += vote.times
        money[vote.group] += vote.times * sum(costs[option] for option in got)
    return tuple(
        Reach(
            group,
            found.total(),
            tuple(found[number] for number in range(max(found) + 1)),
            money[group],
        )
        for group, found in counts.items()
    )
