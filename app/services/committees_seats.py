"""Seats in a committee: given to a person by address, each alternate to one member; a noticed vote keeps its own."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.committee import Committee
from app.models.seat import Seat, live_seats_in
from app.rules import composition
from app.rules.words import N_, Role, ScopeKind, StakeholderGroup
from app.services import people
from app.services.committees import OFFICES


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
    group: StakeholderGroup | None, alternate_for: UUID | None, by: UUID,
) -> Seat:  # fmt: skip
    """Seat the person with this address; someone new here is invited to choose a password."""
    session.refresh(committee, with_for_update=True)
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id)
    if role is Role.MEMBER:
        require_room(committee, seats, group)
    elif role is Role.ALTERNATE:
        group = principal(seats, alternate_for).group
    elif role in OFFICES:
        group = None
        if any(seat.role is role for seat in seats):
            raise OfficeTaken()
    person, link = people.invite(session, origin, email=email, by=by)
    if role in (Role.MEMBER, Role.ALTERNATE) and any(
        seat.person_id == person.id and seat.role in (Role.MEMBER, Role.ALTERNATE) for seat in seats
    ):
        raise SeatedHere()
    given = people.give_seat(
        session, person, role, ScopeKind.COMMITTEE, committee.id,
        group=group, alternate_for=alternate_for if role is Role.ALTERNATE else None, by=by,
    )  # fmt: skip
    if person.password_hash is None or person.email_confirmed_at is None:
        people.mail_invitation(session, person, link)
    return given


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


def end(session: Session, committee: Committee, seat_id: UUID, by: UUID) -> None:
    """End a seat of this committee, and with a member's its alternate's."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.scope_id != committee.id or not seat.is_live(now()):
        raise NotFound()
    for each in live_seats_in(session, ScopeKind.COMMITTEE, committee.id):
        if each.alternate_for_id == seat.id:
            people.end_seat(session, each, by=by)
    people.end_seat(session, seat, by=by)
