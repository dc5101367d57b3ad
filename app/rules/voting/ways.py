"""The ways in which open lots can fall: whether an order that only the list decides makes any difference in the end.

A level choice whose order mattered, and that neither the second measure nor a drawn lot decides, is an open lot. The
count is made again for other ways in which they can fall; options chosen in some and not in all are tied.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from app.rules.voting.profile import Profile
from app.rules.voting.ties import TieBreak

MOST_COUNTS = 100  # of the ways,
MOST_WORK = 20_000  # and of different ballots in all these counts but the first


class Way:
    """One way: which option is taken at the first open lots; at those after them the order of the list decides."""

    def __init__(self, ties: TieBreak, planned: Sequence[int] = ()) -> None:
        self.ties, self.planned = ties, planned
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

    def branches(self) -> Iterator[tuple[int, ...]]:
        """Every way that differs from this one at one lot after its plan, the last lot first."""
        for at in range(len(self.lots) - 1, len(self.planned) - 1, -1):
            tier, taken = self.lots[at]
            before = tuple(option for _tier, option in self.lots[:at])
            yield from ((*before, option) for option in tier if option != taken)


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
        way = Way(first.ties, waiting.popleft())
        found.append(set(again(way)))
        waiting.extend(way.branches())
    unproved: set[int] = {option for tier, _taken in first.lots for option in tier} if waiting else set()
    some, all_of_them = found[0].union(*found), found[0].intersection(*found)
    return (some - all_of_them) | unproved
