"""Phragmén's method: every ballot earns money evenly, and an option is bought as soon as its supporters can pay it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import lcm

from app.rules.voting.supporters import Supporters
from app.rules.voting.ways import Way, connected


@dataclass(frozen=True)
class Earned:
    """One round: the option bought and when; `tied` are those level with it, `open` those whose order mattered.

    Time is 1 when everything to be given out has been earned once. `affordable` is False for the option that would
    have overspent the budget, with which the count ends.
    """

    option: int
    at: Fraction
    supporters: int
    tied: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    affordable: bool = True


class Clock:
    """Since when each vote has been saving. Votes that earn alike since the same instant are of one kind.

    `rates` are whole numbers over `fine`: what a ballot earns in one unit of time. Instants are whole numbers of
    1/`unit` of time; a vote that begins with money began to save before the count.
    """

    def __init__(self, rates: Sequence[Fraction], saved: Sequence[Fraction] | None = None) -> None:
        starts = [Fraction(0)] * len(rates)
        if saved is not None:
            starts = [-has / rate for has, rate in zip(saved, rates, strict=True)]
        self.fine = lcm(*(rate.denominator for rate in set(rates))) if rates else 1
        self.unit = lcm(*(start.denominator for start in set(starts))) if starts else 1
        known: dict[tuple[Fraction, Fraction], int] = {}
        self.kinds = [known.setdefault(each, len(known)) for each in zip(rates, starts, strict=True)]
        self.rate = {kind: int(rate * self.fine) for (rate, _start), kind in known.items()}
        self.since = {kind: int(start * self.unit) for (_rate, start), kind in known.items()}
        self.next = len(known)

    def begin_anew(self, votes: Sequence[int], at: Fraction) -> None:
        """These votes spend all they have at this instant."""
        finer = lcm(self.unit, at.denominator) // self.unit
        if finer > 1:
            self.unit *= finer
            self.since = {kind: since * finer for kind, since in self.since.items()}
        instant = int(at * self.unit)
        became: dict[int, int] = {}
        by_rate: dict[int, int] = {}
        kinds = self.kinds
        for place in votes:
            kind = kinds[place]
            if kind not in became:
                rate = self.rate[kind]
                if rate not in by_rate:
                    by_rate[rate] = self.next
                    self.rate[self.next], self.since[self.next] = rate, instant
                    self.next += 1
                became[kind] = by_rate[rate]
            kinds[place] = became[kind]
        living = set(kinds)
        self.since = {kind: since for kind, since in self.since.items() if kind in living}


class Savings:
    """The options that may still be bought, each with the last known instant; instants only grow later."""

    def __init__(self, supporters: Supporters, clock: Clock, costs: Sequence[int]) -> None:
        self.supporters, self.clock, self.costs = supporters, clock, costs

    def instant(self, option: int) -> Fraction:
        """When the supporters will have saved what the option costs."""
        clock = self.clock
        rates = since = 0
        for kind, ballots in self.supporters.by_kind(option, clock.kinds).items():
            earning = ballots * clock.rate[kind]
            rates += earning
            since += earning * clock.since[kind]
        return Fraction(self.costs[option] * clock.fine * clock.unit + since, rates * clock.unit)

    def run(self, options: Sequence[int], way: Way, most: int, budget: int | None) -> list[Earned]:
        """Buy at most `most` options; with a budget, stop at the first choice that would overspend it."""
        bought: list[Earned] = []
        left = budget
        queue = [(self.instant(option), option) for option in options if self.supporters.ballots[option]]
        heapify(queue)
        while queue and len(bought) < most:
            at, level = self.soonest(queue)
            bought.append(self.round(at, level, way, most - len(bought), left))
            if not bought[-1].affordable:
                break
            left = None if left is None else left - self.costs[bought[-1].option]
            for other in level:
                if other != bought[-1].option:
                    heappush(queue, (at, other))
        return bought

    def round(self, at: Fraction, level: Sequence[int], way: Way, seats: int, left: int | None) -> Earned:
        """Buy the first of the options at this instant, or the one that the way takes where their order matters."""
        first = way.first(level)
        opened = self.opened(first, at, level, seats, left) if len(level) > 1 else []
        option = way.taken(first, [other for other in opened if other != first])
        affordable = left is None or self.costs[option] <= left
        if affordable:
            self.clock.begin_anew(self.supporters.of[option], at)
        return Earned(
            option,
            at,
            self.supporters.ballots[option],
            tuple(sorted(level)) if len(level) > 1 else (),
            tuple(opened),
            affordable,
        )

    def opened(
        self, first: int, at: Fraction, level: Sequence[int], seats: int, left: int | None
    ) -> list[int]:
        """The options whose order matters: all where not all can be taken; else the first with those it puts off."""
        if len(level) > seats or (left is not None and sum(self.costs[option] for option in level) > left):
            return sorted(level)
        approved: dict[int, list[int]] = {}
        for option in level:
            for place in self.supporters.of[option]:
                approved.setdefault(place, []).append(option)
        since, kinds = self.clock.since, self.clock.kinds
        return connected(
            first,
            {
                frozenset(found)
                for place, found in approved.items()
                if len(found) > 1 and since[kinds[place]] < at * self.clock.unit
            },
        )

    def soonest(self, queue: list[tuple[Fraction, int]]) -> tuple[Fraction, list[int]]:
        """Take the options that are bought next out of the queue, with when."""
        at, option = self.next_of(queue)
        found = [option]
        while queue and queue[0][0] <= at:
            _known, other = heappop(queue)
            now = self.instant(other)
            if now == at:
                found.append(other)
            else:
                heappush(queue, (now, other))
        return at, found

    def next_of(self, queue: list[tuple[Fraction, int]]) -> tuple[Fraction, int]:
        """The option whose instant, asked anew, is still not after the last known one of any other."""
        while True:
            _known, option = heappop(queue)
            at = self.instant(option)
            if not queue or at <= queue[0][0]:
                return at, option
            heappush(queue, (at, option))
