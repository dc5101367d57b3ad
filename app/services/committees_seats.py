"""Seats in a committee: given to a person for a term, each alternate to one member; a vote that runs keeps its own."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.committee import Committee
from app.models.person import Person
from app.models.seat import Seat, seats_held
from app.rules import composition
from app.rules.words import N_, Role, ScopeKind, StakeholderGroup
from app.services import people
from app.services.committees import OFFICES
from app.services.people import FROM_NOW, Term

VOTING = (Role.MEMBER, Role.ALTERNATE)


class GroupNeeded(NotAcceptable):
    sentence: ClassVar[str] = N_("A member sits for a group of this committee's composition: choose which.")


class GroupFull(Conflict):
    sentence: ClassVar[str] = N_("%(group)s: all %(most)s seats are taken.")


class PrincipalNeeded(NotAcceptable):
    sentence: ClassVar[str] = N_("An alternate stands in for one member of this committee: choose whom.")


class AlternateNamed(Conflict):
    sentence: ClassVar[str] = N_("This member has an alternate already. End that seat first.")


class OfficeTaken(Conflict):
    sentence: ClassVar[str] = N_("This office is taken. End that seat first.")


class SeatedHere(Conflict):
    """One person, one ballot: nobody votes for themselves and stands in for another."""

    sentence: ClassVar[str] = N_("This person is a member or an alternate here already.")


def seat_by_address(
    session: Session, committee: Committee, origin: str, *, email: str, role: Role,
    group: StakeholderGroup | None, alternate_for: UUID | None, by: UUID, term: Term = FROM_NOW,
) -> Seat:  # fmt: skip
    """Seat the person with this address; someone new here is invited to choose a password."""
    session.refresh(committee, with_for_update=True)
    person, link = people.invite(session, origin, email=email, by=by)
    given = seat_person(
        session, committee, person, role, group=group, alternate_for=alternate_for, by=by, term=term
    )
    if person.password_hash is None or person.email_confirmed_at is None:
        people.mail_invitation(session, person, link)
    return given


def seat_person(
    session: Session, committee: Committee, person: Person, role: Role, *,
    group: StakeholderGroup | None = None, alternate_for: UUID | None = None, by: UUID | None = None,
    term: Term = FROM_NOW,
) -> Seat:  # fmt: skip
    """Seat a person where there is room throughout the term; an alternate's is never longer than the member's."""
    session.refresh(committee, with_for_update=True)
    others = seats_held(session, ScopeKind.COMMITTEE, committee.id, term.starts_at or now(), term.ends_at)
    if role is Role.MEMBER:
        require_room(committee, others, group)
    elif role is Role.ALTERNATE:
        member = principal(others, alternate_for)
        group, term = member.group, within(term, member)
    elif role in OFFICES:
        group = None
        if any(seat.role is role for seat in others):
            raise OfficeTaken()
    if role in VOTING and any(seat.person_id == person.id and seat.role in VOTING for seat in others):
        raise SeatedHere()
    return people.give_seat(
        session, person, role, ScopeKind.COMMITTEE, committee.id, group=group,
        alternate_for=alternate_for if role is Role.ALTERNATE else None, by=by, term=term,
    )  # fmt: skip


def within(term: Term, member: Seat) -> Term:
    """The part of a term in which the member sits too."""
    starts = max(term.starts_at, member.starts_at) if term.starts_at else None
    if starts is None and member.starts_at > now():
        starts = member.starts_at
    ends = min((each for each in (term.ends_at, member.ends_at) if each), default=None)
    return Term(starts, ends)


def require_room(committee: Committee, seats: list[Seat], group: StakeholderGroup | None) -> None:
    bounds = composition.from_facts(committee.composition)
    if group is None or group not in bounds:
        raise GroupNeeded()
    taken = sum(1 for seat in seats if seat.role is Role.MEMBER and seat.group is group)
    if taken >= bounds[group].most:
        raise GroupFull(group=group, most=bounds[group].most)


def principal(seats: list[Seat], alternate_for: UUID | None) -> Seat:
    found = next((seat for seat in seats if seat.id == alternate_for and seat.role is Role.MEMBER), None)
    if found is None:
        raise PrincipalNeeded()
    if any(seat.alternate_for_id == found.id for seat in seats):
        raise AlternateNamed()
    return found


def seat_of(session: Session, committee: Committee, seat_id: UUID) -> Seat:
    """A seat of this committee that is not over."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.scope_id != committee.id or (seat.ends_at is not None and seat.ends_at <= now()):
        raise NotFound()
    return seat


def end(
    session: Session, committee: Committee, seat_id: UUID, by: UUID, at: datetime | None = None
) -> list[Seat]:
    """End a seat of this committee, and with a member's its alternate's."""
    return people.end_seat(session, seat_of(session, committee, seat_id), by, at)
