"""What the page of an item's interests shows: what I said, what is told of others, and what I may resolve."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.committee import Interest, standing_interests
from app.models.decision import Decision, decisions_of_mission
from app.models.mission import Mission
from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import InterestEffect, InterestKind, Role, StakeholderGroup
from app.services import interests, interests_hold, interests_resolve
from app.services.interests_hold import Item


@dataclass(frozen=True)
class Told:
    """One interest as those seated read it; `raised_by` is empty where the seat declared it itself.

    `vote` is the vote on which it was declared, where that is not the item itself.
    """

    interest: Interest
    name: str
    role: Role
    group: StakeholderGroup | None
    raised_by: str
    is_mine: bool
    may_resolve: bool
    vote: Decision | None = None


@dataclass(frozen=True)
class Seated:
    seat_id: UUID
    name: str
    role: Role


@dataclass(frozen=True)
class Shown:
    """`said` is what I have said; None before I was asked. `others` are those I could raise something about."""

    said: list[Told] | None
    told: list[Told]
    others: list[Seated]

    @property
    def has_stepped_aside(self) -> bool:
        return any(each.interest.recuses() for each in self.said or [])

    @property
    def to_resolve(self) -> list[Told]:
        return [each for each in self.told if each.may_resolve]


def shown(session: Session, item: Item, person_id: UUID) -> Shown:
    """Everything of an item for one who sits in the committee; what was found unfounded, to those concerned only."""
    seats = interests_hold.seats_on(session, item)
    rows = standing_interests(session, [item.id])
    known = seats_named(session, {*(each.seat_id for each in rows), *raisers(rows), *(s.id for s in seats)})
    listed = [
        told(session, each, known, person_id) for each in rows if each.kind is not InterestKind.SUSPENDED
    ]
    own = [each for each in listed if each.is_mine and not each.raised_by]
    return Shown(
        own or None,
        [each for each in listed if each not in own and is_told(each, known, person_id)]
        + on_votes(session, item, person_id),
        others(seats, known, person_id),
    )


def on_votes(session: Session, item: Item, person_id: UUID) -> list[Told]:
    """What was declared on the votes about a mission, as their pages tell it; it is resolved there."""
    votes = decisions_of_mission(session, item.id) if isinstance(item, Mission) else []
    found = [
        (vote, each)
        for vote in {each.id: each for each in votes}.values()
        for each in interests.declared_on(session, vote)
        if each.interest.subject_id == vote.id
    ]
    rows = [each.interest for _vote, each in found]
    known = seats_named(session, {*(each.seat_id for each in rows), *raisers(rows)})
    return [
        replace(told(session, each.interest, known, person_id), may_resolve=False, vote=vote)
        for vote, each in found
    ]


def raisers(rows: list[Interest]) -> set[UUID]:
    return {each.raised_by_id for each in rows if each.raised_by_id}


def is_told(each: Told, known: dict[UUID, tuple[Seat, str]], person_id: UUID) -> bool:
    """That somebody has nothing to declare needs no line; an unfounded interest is nobody else's to read."""
    if each.interest.kind is InterestKind.NOTHING:
        return False
    if each.interest.effect is not InterestEffect.UNFOUNDED:
        return True
    raised_by = each.interest.raised_by_id
    return each.is_mine or (raised_by is not None and known[raised_by][0].person_id == person_id)


def others(seats: list[Seat], known: dict[UUID, tuple[Seat, str]], person_id: UUID) -> list[Seated]:
    """Every other person once, by their first seat."""
    found: dict[UUID, Seated] = {}
    for seat in seats:
        if seat.person_id != person_id:
            found.setdefault(seat.person_id, Seated(seat.id, known[seat.id][1], seat.role))
    return sorted(found.values(), key=lambda each: each.name)


def told(session: Session, interest: Interest, known: dict[UUID, tuple[Seat, str]], person_id: UUID) -> Told:
    seat, name = known[interest.seat_id]
    raised_by = known[interest.raised_by_id][1] if interest.raised_by_id else ""
    may_resolve = interest.is_open and person_id in interests_resolve.case_of(session, interest).resolvers()
    return Told(interest, name, seat.role, seat.group, raised_by, seat.person_id == person_id, may_resolve)


def seats_named(session: Session, seats: set[UUID]) -> dict[UUID, tuple[Seat, str]]:
    query = (
        select(Seat, Person.name)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(col(Seat.id).in_(seats))
    )
    return {seat.id: (seat, name) for seat, name in session.exec(query)}
