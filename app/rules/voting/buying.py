"""Equal shares with purses filled once: in each round the supporters of one option buy it at the lowest price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd, lcm

from app.rules.voting.profile import Approval, Profile
from app.rules.voting.supporters import Supporters
from app.rules.voting.ways import Way, connected


@dataclass(frozen=True)
class Purchase:
    """One round: the option bought, the most that a supporter paid, and how many ballots paid so much.

    `price` is that payment for each unit of usefulness. `tied` are the options at the same price, `open` those of
    them (with the one bought) whose supporters cannot pay for all of them, so that the order mattered.
    """

    option: int
    price: Fraction
    pays: Fraction
    supporters: int
    payers: int
    tied: tuple[int, ...] = ()
    open: tuple[int, ...] = ()


@dataclass(frozen=True)
class Offer:
    """What an option costs now: each of `payers` ballots pays `rest`/`payers` of the smallest unit."""

    price: Fraction
    rest: int
    payers: int


class Purses:
    """The money of every vote. Votes that have the same amount are of one kind, so a price is summed over kinds.

    Amounts are whole numbers of 1/`unit`; the unit is made smaller when a payment does not come out even.
    """

    def __init__(self, filled: Sequence[Fraction]) -> None:
        self.unit = lcm(*(amount.denominator for amount in set(filled))) if filled else 1
        kinds: dict[Fraction, int] = {}
        self.kinds = [kinds.setdefault(amount, len(kinds)) for amount in filled]
        self.amounts = {kind: int(amount * self.unit) for amount, kind in kinds.items()}
        self.next = len(kinds)

    def pay(self, supporters: Supporters, option: int, offer: Offer) -> None:
        """Each supporter pays its part of the offer, or all it has."""
        finer = offer.payers // gcd(offer.rest, offer.payers)
        if finer > 1:
            self.unit *= finer
            self.amounts = {kind: amount * finer for kind, amount in self.amounts.items()}
        payment = offer.rest * finer // offer.payers
        kind_of = {amount: kind for kind, amount in self.amounts.items()}
        became: dict[int, int] = {}
        kinds = self.kinds
        for place in supporters.of[option]:
            kind = kinds[place]
            if kind not in became:
                left = max(0, self.amounts[kind] - payment)
                became[kind] = self.kind_with(left, kind_of)
            kinds[place] = became[kind]
        living = set(kinds)
        self.amounts = {kind: amount for kind, amount in self.amounts.items() if kind in living}

    def kind_with(self, amount: int, kind_of: dict[int, int]) -> int:
        kind = kind_of.get(amount)
        if kind is None:
            kind = kind_of[amount] = self.next
            self.amounts[kind] = amount
            self.next += 1
        return kind

    def left(self) -> list[Fraction]:
        """What every vote still has for each of its ballots."""
        found = {kind: Fraction(amount, self.unit) for kind, amount in self.amounts.items()}
        return [found[kind] for kind in self.kinds]


class Market:
    """The options that may still be bought, each with the last price known; prices only rise."""

    def __init__(
        self, supporters: Supporters, filled: Sequence[Fraction], costs: Sequence[int], useful: Sequence[int]
    ) -> None:
        self.supporters, self.costs, self.useful = supporters, costs, useful
        self.purses = Purses(filled)
        self.offers: dict[int, Offer] = {}

    def offer(self, option: int) -> Offer | None:
        """The lowest payment at which the supporters can afford the option together; None where they cannot."""
        purses = self.purses
        behind = self.supporters.by_kind(option, purses.kinds)
        rest, heads = self.costs[option] * purses.unit, self.supporters.ballots[option]
        for amount, ballots in sorted((purses.amounts[kind], ballots) for kind, ballots in behind.items()):
            if amount * heads >= rest:
                return Offer(Fraction(rest, heads * purses.unit * self.useful[option]), rest, heads)
            rest -= amount * ballots
            heads -= ballots
        return None

    def run(self, options: Sequence[int], way: Way) -> list[Purchase]:
        """Buy until nobody can afford anything more."""
        bought: list[Purchase] = []
        queue = [(Fraction(0), option) for option in options if self.supporters.ballots[option]]
        heapify(queue)
        while level := self.cheapest(queue):
            bought.append(self.round(level, way))
            price = bought[-1].price
            for other in level:
                if other != bought[-1].option:
                    heappush(queue, (price, other))
        return bought

    def round(self, level: Sequence[int], way: Way) -> Purchase:
        """Buy the first of the options at this price, or the one that the way takes where their order matters."""
        first, unit = way.first(level), self.purses.unit
        opened = connected(first, self.clashes(level)) if len(level) > 1 else []
        option = way.taken(first, [other for other in opened if other != first])
        offer = self.offers[option]
        self.purses.pay(self.supporters, option, offer)
        return Purchase(
            option,
            offer.price,
            Fraction(offer.rest, offer.payers * unit),
            self.supporters.ballots[option],
            offer.payers,
            tuple(sorted(level)) if len(level) > 1 else (),
            tuple(opened),
        )

    def clashes(self, level: Sequence[int]) -> set[frozenset[int]]:
        """Options of one price that somebody approves together and cannot all pay: one bought makes others dearer."""
        fine = lcm(*(self.offers[option].payers for option in level))
        approved: dict[int, list[int]] = {}
        owed: dict[int, int] = {}
        for option in level:
            offer = self.offers[option]
            pays = offer.rest * (fine // offer.payers)
            for place in self.supporters.of[option]:
                approved.setdefault(place, []).append(option)
                owed[place] = owed.get(place, 0) + pays
        amounts, kinds = self.purses.amounts, self.purses.kinds
        return {
            frozenset(found)
            for place, found in approved.items()
            if len(found) > 1 and 0 < amounts[kinds[place]] * fine < owed[place]
        }

    def cheapest(self, queue: list[tuple[Fraction, int]]) -> list[int]:
        """Take the options at the lowest price out of the queue; an old price is asked anew before it is believed."""
        found: list[int] = []
        best: Fraction | None = None
        dearer: list[tuple[Fraction, int]] = []
        while queue and (best is None or queue[0][0] <= best):
            _known, option = heappop(queue)
            offer = self.offer(option)
            if offer is None:
                continue
            self.offers[option] = offer
            if best is None or offer.price < best:
                dearer += [(best, other) for other in found if best is not None]
                best, found = offer.price, [option]
            elif offer.price == best:
                found.append(option)
            else:
                dearer.append((offer.price, option))
        for entry in dearer:
            heappush(queue, entry)
        return found


def filled(profile: Profile[Approval], purses: Mapping[str, Fraction]) -> list[Fraction]:
    return [purses[vote.group] for vote in profile.votes]
