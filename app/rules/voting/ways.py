"""The ways in which open lots can fall: whether an order that only the list decides makes any difference in the end.

A level choice whose order mattered, and that neither the second measure nor a drawn lot decides, is an open lot. The
count is made again for other ways in which they can fall; options chosen in some and not in all are tied.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from app.rules.voting.profile import Approval, Profile
from app.rules.voting.ties import TieBreak

MOST_COUNTS = 100  # of the ways,
MOST_WORK = 20_000  # and of different ballots in all these counts but the first


def connected(first: int, clashes: Collection[Collection[int]]) -> list[int]:
    """The first with the options that clash with it, or with one that does, and so on; empty where none does."""
    found, waiting = {first}, list(clashes)
    while touched := [clash for clash in waiting if not found.isdisjoint(clash)]:
        waiting = [clash for clash in waiting if found.isdisjoint(clash)]
        found.update(*touched)
    return sorted(found) if len(found) > 1 else []


def twins(profile: Profile[Approval]) -> list[int]:
    """For each option the first that the same ballots approve and that costs the same: nothing tells them apart."""
    behind: list[list[int]] = [[] for _option in profile.options]
    for place, vote in enumerate(profile.votes):
        for option in vote.mark:
            behind[option].append(place)
    costs = profile.costs or (1,) * len(behind)
    first: dict[tuple[int, tuple[int, ...]], int] = {}
    return [
        first.setdefault((cost, tuple(each)), option)
        for option, (cost, each) in enumerate(zip(costs, behind, strict=True))
    ]


class Way:
    """One way: which option is taken at the first open lots; at those after them the order of the list decides.

    Of `twins` only the first left is ever tried: in whatever way another is chosen, it could have been the first.
    """

    def __init__(self, ties: TieBreak, twins: Sequence[int], planned: Sequence[int] = ()) -> None:
        self.ties, self.twins, self.planned = ties, twins, planned
        self.lots: list[tuple[tuple[int, ...], int]] = []

    def first(self, level: Collection[int]) -> int:
        return self.ties.in_order(level)[0]

    def taken(self, option: int, others: Sequence[int]) -> int:
        """The option to take instead of `option`, where its order with the others makes a difference."""
        tier = self.ties.open_at([option, *others], 1)
        if not tier:
            return option
        at = len(self.lots)
        taken = self.planned[at] if at < len(self.planned) else option
        self.lots.append((tier, taken))
        return taken

    def branches(self) -> Iterator["Way"]:
        """Every way that differs from this one at one lot after its plan, the last lot first."""
        for at in range(len(self.lots) - 1, len(self.planned) - 1, -1):
            tier, taken = self.lots[at]
            before = tuple(option for _tier, option in self.lots[:at])
            tried = {self.twins[taken]}
            for option in tier:
                if self.twins[option] not in tried:
                    tried.add(self.twins[option])
                    yield Way(self.ties, self.twins, (*before, option))

    def halved(self, selected: Collection[int]) -> set[int]:
        """The options that have a twin which fared differently: only a lot can tell which of them it is."""
        if self.ties.value is not None:
            return set()
        chosen = {self.twins[option] for option in selected}
        left = {twin for option, twin in enumerate(self.twins) if option not in selected}
        return {option for option, twin in enumerate(self.twins) if twin in chosen & left}


def most_counts(profile: Profile[Any]) -> int:
    different = len({(vote.mark, vote.group) for vote in profile.votes})
    return min(MOST_COUNTS, 1 + MOST_WORK // max(1, different))


def tied(
    first: Way, selected: Collection[int], again: Callable[[Way], Collection[int]], most: int
) -> set[int]:
    """The options chosen in some ways and not in all; and, where some were not counted, the first count's open lots."""
    found: list[set[int]] = [set(selected)]
    waiting = deque(first.branches())
    while waiting and len(found) < most:
        way = waiting.popleft()
        found.append(set(again(way)))
        waiting.extend(way.branches())
    unproved: set[int] = {option for tier, _taken in first.lots for option in tier} if waiting else set()
    some, all_of_them = found[0].union(*found), found[0].intersection(*found)
    return (some - all_of_them) | unproved.union(*map(first.halved, found))
