"""The quorum of any rule: in each group more than a share of the seats that may vote must have cast a ballot.

A recused seat counts nowhere. A group left without seats, and without an alternate, cannot be quorate. An abstention
is a ballot. Source: statutes of the Forest Stewardship Council (FSC A.C.), quorum of each chamber.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase
from app.rules.voting.electorate import ElectorSeat, Voter
from app.rules.words import N_, StakeholderGroup


@dataclass(frozen=True)
class Presence:
    """One group: `seats` may vote, `recused` left the count, `needed` ballots make the quorum, `cast` came."""

    group: StakeholderGroup
    seats: int
    recused: int
    needed: int
    cast: int

    @property
    def quorate(self) -> bool:
        return self.cast >= self.needed


def more_than(quorum: Fraction, seats: int) -> int:
    """The smallest number of ballots above the quorum's share: at least one, even of no seats."""
    return int(quorum * seats) + 1


def presence(
    quorum: Fraction,
    required: Iterable[StakeholderGroup],
    electorate: Sequence[ElectorSeat],
    allowed: Sequence[Voter],
    voted: Collection[Any],
) -> tuple[Presence, ...]:
    """Each group of the electorate, and each required one; `voted` are the ids of the seats with a counted ballot."""
    present = {seat.group for seat in electorate} | set(required)
    return tuple(
        of_group(quorum, group, electorate, allowed, voted) for group in StakeholderGroup if group in present
    )


def of_group(
    quorum: Fraction,
    group: StakeholderGroup,
    electorate: Sequence[ElectorSeat],
    allowed: Sequence[Voter],
    voted: Collection[Any],
) -> Presence:
    frozen = sum(1 for seat in electorate if seat.group is group)
    voting = [voter.seat_id for voter in allowed if voter.group is group]
    cast = sum(1 for seat in voting if seat in voted)
    return Presence(group, len(voting), frozen - len(voting), more_than(quorum, len(voting)), cast)


def as_facts(groups: Iterable[Presence]) -> list[dict[str, Any]]:
    return [
        {
            "group": each.group.value,
            "seats": each.seats,
            "recused": each.recused,
            "needed": each.needed,
            "cast": each.cast,
        }
        for each in groups
    ]


def from_facts(rows: Iterable[Mapping[str, Any]]) -> tuple[Presence, ...]:
    return tuple(
        Presence(StakeholderGroup(row["group"]), row["seats"], row["recused"], row["needed"], row["cast"])
        for row in rows
    )


def step(each: Presence) -> Phrase:
    """Whether enough seats of the group voted."""
    facts = {
        "group": each.group,
        "seats": each.seats,
        "cast": each.cast,
        "needed": each.needed,
        "recused": each.recused,
    }
    if not each.seats:
        words = N_(
            "%(group)s: no seat is left to vote (stepped aside: %(recused)s), so there is no decision."
        )
    elif each.seats == 1:
        words = (
            N_("%(group)s: its one seat voted. That is enough.")
            if each.quorate
            else N_("%(group)s: its one seat did not vote. That is too few.")
        )
    elif each.quorate:
        words = N_(
            "%(group)s: %(cast)s of %(seats)s seats voted; at least %(needed)s had to. That is enough."
        )
    else:
        words = N_(
            "%(group)s: %(cast)s of %(seats)s seats voted; at least %(needed)s had to. That is too few."
        )
    return Phrase(words, facts)
