"""Whether people agree: what votes say surely, not by chance, and how broad the support of a group is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from math import sqrt

FEWEST_VOTES = 10
MOST_AGREE = 0.6
MANY_DISAGREE = 1 / 3
# A group is broad when so many stakeholder groups, or all that were heard, have two people behind it or more.
BROAD, TWO = 3, 2
Z = 1.96


class Verdict(StrEnum):
    """What the votes on some voices say."""

    UNASKED = auto()
    UNCLEAR = auto()
    AGREED = auto()
    DIVIDED = auto()
    OPPOSED = auto()


def surely(part: int, whole: int) -> float:
    """The lower end of the 95 % interval of a share (Wilson 1927): what holds even if chance was kind to it."""
    if not whole:
        return 0.0
    share = part / whole
    spread = Z * sqrt(share * (1 - share) / whole + Z**2 / (4 * whole**2))
    return max(0.0, (share + Z**2 / (2 * whole) - spread) / (1 + Z**2 / whole))


def verdict(agrees: int, disagrees: int) -> Verdict:
    """Most agree or most disagree when surely six in ten do; opinions divide when surely a third stand on each side."""
    votes = agrees + disagrees
    if votes < FEWEST_VOTES:
        return Verdict.UNCLEAR if votes else Verdict.UNASKED
    for_it, against = surely(agrees, votes), surely(disagrees, votes)
    if for_it >= MOST_AGREE:
        return Verdict.AGREED
    if against >= MOST_AGREE:
        return Verdict.OPPOSED
    return Verdict.DIVIDED if min(for_it, against) >= MANY_DISAGREE else Verdict.UNCLEAR


@dataclass(frozen=True)
class Side:
    """Voices of one stakeholder group, place or language: how many, by whom, and how people voted on them."""

    name: str
    voices: int = 0
    people: int = 0
    endorsers: int = 0
    agrees: int = 0
    disagrees: int = 0

    @property
    def votes(self) -> int:
        return self.agrees + self.disagrees

    @property
    def agreed(self) -> float:
        """The share of votes that agreed, 0 to 1."""
        return self.agrees / self.votes if self.votes else 0.0

    @property
    def verdict(self) -> Verdict:
        return verdict(self.agrees, self.disagrees)

    @property
    def stands_behind(self) -> bool:
        return self.people + self.endorsers > 0


@dataclass(frozen=True)
class Division:
    """Whose voices people agreed with, and with whose they did not; empty where votes tell no difference."""

    agreed: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.agreed and self.contested)


def division(sides: Sequence[Side]) -> Division:
    """People agree with some of the sides, and others divide or oppose them."""
    agreed = tuple(side.name for side in sides if side.verdict is Verdict.AGREED)
    contested = tuple(side.name for side in sides if side.verdict in (Verdict.DIVIDED, Verdict.OPPOSED))
    return Division(agreed, contested)


@dataclass(frozen=True)
class Breadth:
    """How many people of each stakeholder group speak or endorse in a group, and how many groups were heard at all."""

    people: Mapping[str, int]
    heard: int = 0

    @property
    def groups(self) -> int:
        """Stakeholder groups with two people or more behind it."""
        return sum(count >= TWO for count in self.people.values())

    @property
    def is_broad(self) -> bool:
        return self.groups >= TWO and self.groups >= min(BROAD, self.heard)

    @property
    def rank(self) -> tuple[int, int, int]:
        """What a list by breadth is ordered by, broadest first when sorted ascending."""
        return (-self.groups, -len(self.people), -sum(self.people.values()))
