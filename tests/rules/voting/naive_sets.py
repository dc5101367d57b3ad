"""Equal shares and Phragmén's method written down a second time, slowly: every ballot by itself, every price anew."""

from collections.abc import Sequence
from fractions import Fraction

from app.rules.voting.profile import Approval, Profile, Vote

Ballots = list[tuple[str, set[int]]]


def profile_of(
    ballots: Sequence[str], options: str, costs: tuple[int, ...] = (), groups: Sequence[str] = ()
) -> Profile[Approval]:
    """Each ballot is a word of the letters it approves; options are letters too."""
    voting = [
        Vote(tuple(sorted(options.index(letter) for letter in ballot)), group)
        for ballot, group in zip(ballots, groups or [""] * len(ballots), strict=True)
    ]
    return Profile(tuple(options), tuple(voting), costs)


def each_ballot(profile: Profile[Approval]) -> Ballots:
    return [(vote.group, set(vote.mark)) for vote in profile.votes for _time in range(vote.times)]


def endowments(ballots: Ballots, total: int, weights: dict[str, Fraction] | None) -> list[Fraction]:
    groups = [group for group, _mark in ballots]
    if weights is None:
        return [Fraction(total, len(ballots)) for _ballot in ballots]
    whole = sum(weights.get(group, Fraction(1)) for group in set(groups))
    return [total * weights.get(group, Fraction(1)) / whole / groups.count(group) for group in groups]


def price(purses: list[Fraction], supporters: list[int], cost: int) -> Fraction | None:
    """The least payment p such that the sum of min(purse, p) over the supporters is the cost."""
    rest, rich = Fraction(cost), sorted(supporters, key=lambda voter: purses[voter])
    while rich:
        if rest / len(rich) <= purses[rich[0]]:
            return rest / len(rich)
        rest -= purses[rich.pop(0)]
    return None


def shares(
    profile: Profile[Approval], purses: list[Fraction], costs: Sequence[int], within: Sequence[int]
) -> list[int]:
    """What is bought from these purses, which are emptied; the first of the list where prices are equal."""
    ballots = each_ballot(profile)
    bought: list[int] = []
    while True:
        offers = []
        for option in within:
            if option in bought or not costs[option]:
                continue
            supporters = [voter for voter, (_group, mark) in enumerate(ballots) if option in mark]
            pays = price(purses, supporters, costs[option])
            if pays is not None:
                offers.append((pays / costs[option], option, pays, supporters))
        if not offers:
            return bought
        _price, option, pays, supporters = min(offers)
        for voter in supporters:
            purses[voter] -= min(purses[voter], pays)
        bought.append(option)


def earning(
    profile: Profile[Approval],
    rates: list[Fraction],
    saved: list[Fraction],
    costs: Sequence[int],
    within: Sequence[int],
    most: int,
    budget: int | None,
) -> list[int]:
    """Phragmén's method, told as money that is moved on from one purchase to the next."""
    ballots = each_ballot(profile)
    bought: list[int] = []
    spent = 0
    while len(bought) < most:
        waits = []
        for option in within:
            supporters = [voter for voter, (_group, mark) in enumerate(ballots) if option in mark]
            if option not in bought and supporters:
                missing = costs[option] - sum(saved[voter] for voter in supporters)
                waits.append((missing / sum(rates[voter] for voter in supporters), option, supporters))
        if not waits:
            break
        wait, option, supporters = min(waits)
        if budget is not None and spent + costs[option] > budget:
            break
        spent += costs[option]
        saved[:] = [
            Fraction(0) if voter in supporters else has + wait * rates[voter]
            for voter, has in enumerate(saved)
        ]
        bought.append(option)
    return bought


def equal_shares_seats(
    profile: Profile[Approval], seats: int, weights: dict[str, Fraction] | None = None
) -> list[int]:
    options = range(len(profile.options))
    costs = [1] * len(options)
    rates = endowments(each_ballot(profile), seats, weights)
    purses = list(rates)
    bought = shares(profile, purses, costs, options)
    rest = [option for option in options if option not in bought]
    return bought + earning(profile, rates, purses, costs, rest, seats - len(bought), None)


def equal_shares_budget(
    profile: Profile[Approval], budget: int, step: int, weights: dict[str, Fraction] | None = None
) -> tuple[list[int], int]:
    ballots = each_ballot(profile)
    approved = set().union(*(mark for _group, mark in ballots))
    within = [option for option in sorted(approved) if profile.costs[option] <= budget]

    def once(added: int) -> list[int]:
        purses = endowments(ballots, budget + added * len(ballots), weights)
        return shares(profile, purses, profile.costs, within)

    best, added = once(0), 0
    while step and len(best) < sum(profile.costs[option] > 0 for option in within):
        more = once(added + step)
        if sum(profile.costs[option] for option in more) > budget:
            break
        best, added = more, added + step
    return [option for option in within if not profile.costs[option]] + best, added


def phragmen(
    profile: Profile[Approval], seats: int, budget: int, weights: dict[str, Fraction] | None = None
) -> list[int]:
    rates = endowments(each_ballot(profile), seats or budget, weights)
    costs = profile.costs if budget else [1] * len(profile.options)
    within = [option for option, cost in enumerate(costs) if cost <= (budget or cost)]
    saved = [Fraction(0)] * len(rates)
    return earning(profile, rates, saved, costs, within, seats or len(within), budget or None)
