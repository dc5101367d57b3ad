"""Committees: what each is for, which groups sit in it, and whether it is constituted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.columns import now
from app.models.committee import Committee
from app.models.person import Person
from app.models.seat import Seat, live_seats_in, live_seats_in_each, seats_held
from app.rules import composition, notice
from app.rules.composition import Composition, GroupStanding
from app.rules.phrases import Phrase
from app.rules.words import N_, Role, ScopeKind, SubjectKind
from app.services import events

OFFICES = (Role.CHAIR, Role.DEPUTY, Role.SECRETARY)


class NameTaken(Conflict):
    sentence: ClassVar[str] = N_("There is a committee with this name already.")


class CommitteeChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "A colleague changed this committee while you were working. What you typed is still below, with what is "
        "saved beside it: bring them together, and save again."
    )


@dataclass(frozen=True)
class CommitteeText:
    """What the editor holds."""

    organisation_id: UUID
    name: str
    purpose: str
    composition: Composition
    notice_hours: int = notice.USUAL_HOURS
    needs_seconder: bool = True


@dataclass(frozen=True)
class Member:
    """A voting seat, its person's name, and the live alternate that may stand in for it.

    Who is shut out has a suspended account.
    """

    seat: Seat
    name: str
    alternate: Seat | None = None
    alternate_name: str = ""
    is_shut_out: bool = False
    alternate_is_shut_out: bool = False


@dataclass(frozen=True)
class Office:
    """A chair, deputy or secretary; or any seat with the name of its holder."""

    seat: Seat
    name: str


@dataclass(frozen=True)
class Bench:
    """Who sits in a committee now, by group, and what its composition still asks for."""

    standings: list[GroupStanding]
    members: list[Member]
    offices: list[Office] = field(default_factory=list)

    @property
    def gaps(self) -> list[Phrase]:
        return composition.gaps(self.standings)

    @property
    def is_constituted(self) -> bool:
        return composition.is_complete(self.standings)

    def of_group(self, group: str) -> list[Member]:
        return [each for each in self.members if each.seat.group == group]


def create(session: Session, text: CommitteeText, by: UUID) -> Committee:
    composition.require_possible(text.composition)
    committee = Committee(organisation_id=text.organisation_id, name=text.name)
    write(committee, text)
    keep(session, committee)
    record(session, "committee_created", committee, by)
    return committee


def edit(session: Session, committee: Committee, text: CommitteeText, by: UUID) -> Committee:
    """Change anything of it; a vote already noticed keeps the rule and the notice it was noticed with."""
    session.refresh(committee, with_for_update=True)
    composition.require_possible(text.composition)
    write(committee, text)
    keep(session, committee)
    record(session, "committee_edited", committee, by)
    return committee


def write(committee: Committee, text: CommitteeText) -> None:
    committee.name, committee.purpose = text.name, text.purpose
    committee.composition = composition.as_facts(text.composition)
    committee.notice_hours, committee.needs_seconder = text.notice_hours, text.needs_seconder


def keep(session: Session, committee: Committee) -> None:
    try:
        with session.begin_nested():
            session.add(committee)
            session.flush()
    except IntegrityError as problem:
        raise NameTaken() from problem


def record(session: Session, kind: str, committee: Committee, by: UUID) -> None:
    facts = {"organisation": committee.organisation_id, "composition": committee.composition}
    events.record(session, kind, SubjectKind.COMMITTEE, committee.id, by=by, **facts)


@dataclass(frozen=True)
class Holder:
    """Who holds a seat, and whether the account is suspended."""

    name: str = ""
    is_shut_out: bool = False


def bench(session: Session, committee: Committee) -> Bench:
    """Everyone seated now, with names, in two statements."""
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id)
    return seated(committee, seats, holders_of(session, seats))


def benches(session: Session, found: Sequence[Committee]) -> dict[UUID, Bench]:
    """The benches of several committees, in the same two statements."""
    seats = live_seats_in_each(session, ScopeKind.COMMITTEE, [each.id for each in found])
    holders = holders_of(session, [seat for among in seats.values() for seat in among])
    return {each.id: seated(each, seats[each.id], holders) for each in found}


def seated(committee: Committee, seats: list[Seat], holders: dict[UUID, Holder]) -> Bench:
    alternates = {seat.alternate_for_id: seat for seat in reversed(seats) if seat.role is Role.ALTERNATE}
    members = [member(seat, alternates.get(seat.id), holders) for seat in seats if seat.role is Role.MEMBER]
    offices = [
        Office(seat, holders[seat.person_id].name) for role in OFFICES for seat in seats if seat.role is role
    ]
    return Bench(standings(committee, seats), members, offices)


def member(seat: Seat, alternate: Seat | None, holders: dict[UUID, Holder]) -> Member:
    own, other = holders[seat.person_id], holders[alternate.person_id] if alternate else Holder()
    return Member(seat, own.name, alternate, other.name, own.is_shut_out, other.is_shut_out)


def holders_of(session: Session, seats: list[Seat]) -> dict[UUID, Holder]:
    query = select(Person).where(col(Person.id).in_({seat.person_id for seat in seats}))
    return {each.id: Holder(each.name, each.suspended_at is not None) for each in session.exec(query)}


def to_come(session: Session, committee: Committee) -> list[Office]:
    """Seats that are given and have not begun, the first to begin first."""
    at = now()
    seats = [
        each for each in seats_held(session, ScopeKind.COMMITTEE, committee.id, at) if each.starts_at > at
    ]
    holders = holders_of(session, seats)
    return [
        Office(each, holders[each.person_id].name) for each in sorted(seats, key=lambda each: each.starts_at)
    ]


def standings(committee: Committee, seats: list[Seat]) -> list[GroupStanding]:
    seated = Counter(seat.group for seat in seats if seat.role is Role.MEMBER and seat.group)
    return composition.standing(composition.from_facts(committee.composition), seated)
