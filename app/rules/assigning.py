"""Who reviews what: a proposal that spreads the work as evenly as it can be, and gives nobody what they may not have.

References
----------
N. J. A. Harvey, R. E. Ladner, L. Lovász, T. Tamir, "Semi-matchings for bipartite graphs and load balancing",
Journal of Algorithms 59 (2006): where no path leads from a busy reviewer to one with two less, no other assignment of
the same size is more even, by the busiest reviewer or by the sum of squares.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.rules.words import StakeholderGroup

MOST_EACH = 10
AHEAD = timedelta(days=2)  # from when on the platform reminds by itself
AGAIN = timedelta(days=1)  # nobody is reminded of one item more often


@dataclass(frozen=True)
class Item:
    """What is to be reviewed; `barred` may not, `has` were asked already."""

    id: UUID
    barred: frozenset[UUID] = frozenset()
    has: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Reviewer:
    """A seat that can be asked; `load` is how many reviews it still owes."""

    id: UUID
    group: StakeholderGroup | None = None
    load: int = 0


@dataclass(frozen=True)
class Proposal:
    """New reviewers of each item, and how many are wanting because nobody else may review it."""

    chosen: dict[UUID, frozenset[UUID]]
    wanting: dict[UUID, int] = field(default_factory=dict)


def propose(items: Sequence[Item], reviewers: Sequence[Reviewer], wanted: int) -> Proposal:
    """So many reviewers for each item, those asked already counted; the same question always has the same answer.

    Work is even first; among equally busy reviewers, groups that an item does not have yet come first.
    """
    able = {item.id: able_to(item, reviewers) for item in items}
    loads = Counter({each.id: each.load for each in reviewers})
    groups = {each.id: each.group for each in reviewers}
    chosen: dict[UUID, set[UUID]] = {item.id: set() for item in items}
    for item in sorted(items, key=lambda each: (len(able[each.id]), each.id.int)):
        for _ in range(min(max(wanted - len(item.has), 0), len(able[item.id]))):
            taken = Counter(groups.get(each) for each in chosen[item.id] | item.has)
            free = able[item.id] - chosen[item.id]
            best = min(free, key=lambda each: (loads[each], taken[groups[each]], each.int))
            chosen[item.id].add(best)
            loads[best] += 1
    even_out(chosen, able, loads)
    wanting = {
        item.id: missing for item in items if (missing := wanted - len(item.has) - len(chosen[item.id])) > 0
    }
    return Proposal({item: frozenset(seats) for item, seats in chosen.items()}, wanting)


def able_to(item: Item, reviewers: Sequence[Reviewer]) -> set[UUID]:
    return {each.id for each in reviewers} - item.barred - item.has


def even_out(chosen: dict[UUID, set[UUID]], able: dict[UUID, set[UUID]], loads: Counter[UUID]) -> None:
    """Hand items on along paths that end at somebody with at least two less to do, until there is none."""
    busy = sorted(loads, key=lambda each: (-loads[each], each.int))
    place = 0
    while place < len(busy):
        path = path_down(busy[place], chosen, able, loads)
        if path is None:
            place += 1
            continue
        for giver, item, taker in path:
            chosen[item].discard(giver)
            chosen[item].add(taker)
        loads[path[0][0]] -= 1
        loads[path[-1][2]] += 1
        busy, place = sorted(loads, key=lambda each: (-loads[each], each.int)), 0


Step = tuple[UUID, UUID, UUID]  # who gives which item to whom


def path_down(
    start: UUID, chosen: dict[UUID, set[UUID]], able: dict[UUID, set[UUID]], loads: Counter[UUID]
) -> list[Step] | None:
    """The shortest way, in a fixed order, from one reviewer to another who has at least two less."""
    came: dict[UUID, Step] = {}
    waiting, seen = [start], {start}
    while waiting:
        giver = waiting.pop(0)
        for item in sorted(
            (each for each, seats in chosen.items() if giver in seats), key=lambda each: each.int
        ):
            for taker in sorted(able[item] - chosen[item] - seen, key=lambda each: each.int):
                came[taker] = (giver, item, taker)
                seen.add(taker)
                waiting.append(taker)
                if loads[taker] <= loads[start] - 2:
                    return traced(taker, start, came)
    return None


def traced(end: UUID, start: UUID, came: dict[UUID, Step]) -> list[Step]:
    steps: list[Step] = []
    while end != start:
        steps.append(came[end])
        end = came[end][0]
    return steps[::-1]


def may_remind(reminded_at: datetime | None, at: datetime) -> bool:
    """Once a day at most, of one item."""
    return reminded_at is None or at - reminded_at >= AGAIN


def is_reminded_by_itself(due: datetime, reminded_at: datetime | None, at: datetime) -> bool:
    """In the last two days before the review is due, and not after."""
    return due - AHEAD <= at < due and may_remind(reminded_at, at)
