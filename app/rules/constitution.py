"""Since when a committee is constituted or suspended: read off its compositions and the terms of its seats."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rules import composition
from app.rules.composition import Composition, GroupStanding
from app.rules.phrases import Phrase
from app.rules.words import CommitteeState, StakeholderGroup

S = CommitteeState


@dataclass(frozen=True)
class Composed:
    """What the composition asks from an instant on, until the next of its kind."""

    at: datetime
    composition: Composition


@dataclass(frozen=True)
class Held:
    """The term of one voting seat; without an end it is held for good."""

    group: StakeholderGroup
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Stage:
    """A committee from an instant on: its state, and who was seated when it began."""

    since: datetime
    state: CommitteeState
    standings: list[GroupStanding]

    @property
    def gaps(self) -> list[Phrase]:
        return composition.gaps(self.standings)

    @property
    def missing(self) -> dict[str, int]:
        """How many seats each group lacks; less than nothing where it has too many."""
        return {
            each.group.value: (each.bounds.least if each.seated < each.bounds.least else each.bounds.most)
            - each.seated
            for each in self.standings
            if each.gap is not None
        }


def stages(composed: Sequence[Composed], seats: Iterable[Held], until: datetime) -> list[Stage]:
    """Every change of state from the first composition until an instant, the first one first; never empty.

    A committee that was constituted once and is no more is suspended; one that never was is forming.
    Raises ValueError where there is no composition.
    """
    if not composed:
        raise ValueError("a committee has had a composition since it was founded")
    ordered = sorted(composed, key=lambda each: each.at)
    steps = sorted(steps_of(seats, ordered[0].at, until), key=lambda step: step[0])
    instants = sorted({ordered[0].at, *(at for at, *_ in steps), *(c.at for c in ordered if c.at <= until)})
    seated: Counter[StakeholderGroup] = Counter()
    found: list[Stage] = []
    place, asked = 0, ordered[0].composition
    for at in instants:
        while place < len(steps) and steps[place][0] <= at:
            seated[steps[place][1]] += steps[place][2]
            place += 1
        asked = next(each.composition for each in reversed(ordered) if each.at <= at)
        standings = composition.standing(asked, +seated)
        state = state_of(standings, found)
        if not found or found[-1].state is not state:
            found.append(Stage(at, state, standings))
    return found


def steps_of(
    seats: Iterable[Held], first: datetime, until: datetime
) -> list[tuple[datetime, StakeholderGroup, int]]:
    """One more or one less of a group, at each instant where a term begins or ends."""
    steps = []
    for seat in seats:
        if seat.ends_at is not None and seat.ends_at <= max(seat.starts_at, first):
            continue
        steps.append((max(seat.starts_at, first), seat.group, 1))
        if seat.ends_at is not None:
            steps.append((seat.ends_at, seat.group, -1))
    return [step for step in steps if step[0] <= until]


def state_of(standings: list[GroupStanding], before: Sequence[Stage]) -> CommitteeState:
    if composition.is_complete(standings):
        return S.CONSTITUTED
    return S.SUSPENDED if any(each.state is S.CONSTITUTED for each in before) else S.FORMING
