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


def shares_in_every_order(
    profile: Profile[Approval],
    purses: list[Fraction],
    costs: Sequence[int],
    done: frozenset[int] = frozenset(),
) -> set[tuple[frozenset[int], tuple[Fraction, ...]]]:
    """What can be bought, and what is left, when each of the options at the lowest price is taken in turn."""
    ballots = each_ballot(profile)
    offers: dict[int, Fraction] = {}
    for option, cost in enumerate(costs):
        supporters = [voter for voter, (_group, mark) in enumerate(ballots) if option in mark]
        pays = price(purses, supporters, cost) if cost and option not in done else None
        if pays is not None:
            offers[option] = pays
    if not offers:
        return {(done, tuple(purses))}
    lowest = min(pays / costs[option] for option, pays in offers.items())
    found = set()
    for option, pays in offers.items():
        if pays / costs[option] == lowest:
            left = [
                has - min(has, pays) if option in mark else has
                for has, (_group, mark) in zip(purses, ballots, strict=True)
            ]
            found |= shares_in_every_order(profile, left, costs, done | {option})
    return found


def earned_in_every_order(
    profile: Profile[Approval],
    rates: Sequence[Fraction],
    saved: Sequence[Fraction],
    costs: Sequence[int],
    most: int,
    budget: int | None,
    done: frozenset[int] = frozenset(),
) -> set[frozenset[int]]:
    """What Phragmén's method can choose when each of the options that are first to be paid is taken in turn."""
    ballots = each_ballot(profile)
    waits: dict[int, Fraction] = {}
    for option, cost in enumerate(costs):
        behind = [voter for voter, (_group, mark) in enumerate(ballots) if option in mark]
        if behind and option not in done and (budget is None or cost <= budget):
            missing = cost - sum(saved[voter] for voter in behind)
            waits[option] = missing / sum(rates[voter] for voter in behind)
    if not most or not waits:
        return {done}
    found = set()
    for option, wait in waits.items():
        if wait > min(waits.values()):
            continue
        if budget is not None and sum(costs[each] for each in done | {option}) > budget:
            found.add(done)
            continue
        left = [
            Fraction(0) if option in mark else has + wait * rate
            for has, rate, (_group, mark) in zip(saved, rates, ballots, strict=True)
        ]
        found |= earned_in_every_order(profile, rates, left, costs, most - 1, budget, done | {option})
    return found


def chosen_in_some_orders_only(found: set[frozenset[int]]) -> set[int]:
    return set(frozenset().union(*found) - frozenset.intersection(*found))
