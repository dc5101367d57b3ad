"""Who may vote on one decision: seats frozen at notice, and what recusals and absences afterwards change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from app.errors import Refusal
from app.rules.words import N_, StakeholderGroup


@dataclass(frozen=True)
class ElectorSeat:
    """A voting seat with its named alternate, if it has one; the alternate speaks for the same group."""

    seat_id: UUID
    person_id: UUID
    group: StakeholderGroup
    alternate_seat_id: UUID | None = None
    alternate_person_id: UUID | None = None


@dataclass(frozen=True)
class Voter:
    """Who casts the ballot of a seat: the seat itself, or the alternate that stepped in for it.

    `for_absence` says that the alternate votes because the member is away, and not for an interest.
    """

    seat_id: UUID
    person_id: UUID
    group: StakeholderGroup
    stands_for: UUID
    for_absence: bool = False

    @property
    def is_alternate(self) -> bool:
        return self.seat_id != self.stands_for


class SeatedTwice(Refusal):
    """One person, one ballot: two seats in one electorate would count a person twice."""

    sentence: ClassVar[str] = N_(
        "One person holds two voting seats in this committee. End one of them first."
    )


class NobodyVotes(Refusal):
    sentence: ClassVar[str] = N_("The committee has no voting seats yet, so nobody could vote.")


def freeze(seats: Iterable[ElectorSeat]) -> tuple[ElectorSeat, ...]:
    """The electorate as it is written into the notice, in an order that depends on nothing else."""
    frozen = tuple(sorted(seats, key=lambda seat: (seat.group.value, seat.seat_id.int)))
    if not frozen:
        raise NobodyVotes()
    if len({seat.person_id for seat in frozen}) < len(frozen):
        raise SeatedTwice()
    return frozen


def voters(
    electorate: Sequence[ElectorSeat], recused: Collection[UUID] = (), absent: Collection[UUID] = ()
) -> tuple[Voter, ...]:
    """Who votes after the recusals, given as seat ids; a recused alternate is named by its own seat.

    An alternate steps in for a recused seat. Without one, the seat leaves the quorum base. No person
    votes twice: an alternate who holds a voting seat, or has stepped in already, cannot step in again.
    `absent` are the seats whose ballot is with the alternate because the member is away. Where that alternate cannot
    vote, the ballot stays with the seat, which is in the quorum base either way: an absence is no recusal.
    """
    gone = set(recused)
    voting: dict[UUID, Voter] = {}
    # A recused person does not come back through another seat's alternate chair.
    barred = {seat.person_id for seat in electorate}
    for seat in electorate:
        alternate, person, is_gone = seat.alternate_seat_id, seat.alternate_person_id, seat.seat_id in gone
        steps_in = is_gone or seat.seat_id in absent
        if steps_in and alternate and person and alternate not in gone and person not in barred:
            barred.add(person)
            voting[seat.seat_id] = Voter(alternate, person, seat.group, seat.seat_id, for_absence=not is_gone)
        elif not is_gone:
            voting[seat.seat_id] = Voter(seat.seat_id, seat.person_id, seat.group, seat.seat_id)
    return tuple(voting[seat.seat_id] for seat in electorate if seat.seat_id in voting)


def voter_of(
    electorate: Sequence[ElectorSeat],
    recused: Collection[UUID],
    person_id: UUID,
    absent: Collection[UUID] = (),
) -> Voter | None:
    """The ballot this person may cast, if any."""
    return next((each for each in voters(electorate, recused, absent) if each.person_id == person_id), None)


def as_facts(electorate: Sequence[ElectorSeat]) -> list[dict[str, str | None]]:
    """The electorate as it is stored with the decision, hashed and published."""
    return [
        {name: None if value is None else str(value) for name, value in asdict(seat).items()}
        for seat in electorate
    ]


def from_facts(rows: Iterable[Mapping[str, Any]]) -> tuple[ElectorSeat, ...]:
    return tuple(
        ElectorSeat(
            seat_id=UUID(row["seat_id"]),
            person_id=UUID(row["person_id"]),
            group=StakeholderGroup(row["group"]),
            alternate_seat_id=UUID(row["alternate_seat_id"]) if row.get("alternate_seat_id") else None,
            alternate_person_id=UUID(row["alternate_person_id"]) if row.get("alternate_person_id") else None,
        )
        for row in rows
    )
