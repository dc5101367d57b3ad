"""People and seats as staff manage them: inviting, seating, unseating, suspending."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable
from app.i18n import _
from app.models.columns import now
from app.models.committee import Committee
from app.models.organisation import Organisation
from app.models.person import Person, person_by_email
from app.models.seat import Seat
from app.rules.words import N_, LinkPurpose, Role, ScopeKind, StakeholderGroup, SubjectKind
from app.services import events, links, mail, sign_ins
from app.services.accounts import canonical

COMMITTEE_ROLES = frozenset({Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.MEMBER, Role.ALTERNATE})


class SeatTaken(Conflict):
    sentence: ClassVar[str] = N_("This person holds this seat already.")


class ScopeUnknown(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no such organisation or committee.")


class RoleElsewhere(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "This role does not belong there: administrators sit on the platform, facilitators in an organisation, "
        "chairs, secretaries, members and alternates in a committee."
    )


class LastAdministrator(Conflict):
    sentence: ClassVar[str] = N_("This is the last administrator. Seat another one first.")


def invite(
    session: Session, origin: str, *, email: str, name: str = "", by: UUID | None = None
) -> tuple[Person, str]:
    """Find or make the account of an address and answer the single-use link that opens it."""
    address = canonical(email)
    person = person_by_email(session, address)
    if person is None:
        person = Person(email=address, name=name or address.split("@")[0][:100])
        session.add(person)
        session.flush()
        events.record(session, "person_invited", SubjectKind.PERSON, person.id, by=by)
    return person, f"{origin}/link/{links.issue(session, LinkPurpose.INVITE, person)}"


def mail_invitation(session: Session, person: Person, link: str) -> None:
    mail.queue(
        session,
        person.email or "",
        _("You are invited to CoMission"),
        _(
            "You have been given a seat. Open this link within seven days to choose your password:\n%(link)s",
            link=link,
        ),
    )


def give_seat(
    session: Session, person: Person, role: Role, scope_kind: ScopeKind, scope_id: UUID | None, *,
    group: StakeholderGroup | None = None, alternate_for: UUID | None = None, by: UUID | None = None,
) -> Seat:  # fmt: skip
    """Seat a person; what they may do changes with their next request."""
    require_scope(session, role, scope_kind, scope_id)
    seat = Seat(
        person_id=person.id,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        group=group,
        alternate_for_id=alternate_for,
    )
    try:
        with session.begin_nested():
            session.add(seat)
            session.flush()
    except IntegrityError as problem:
        raise SeatTaken() from problem
    events.record(
        session, "seat_given", SubjectKind.SEAT, seat.id, by=by,
        person=person.id, role=role, scope_kind=scope_kind, scope=scope_id, group=group, alternate_for=alternate_for,
    )  # fmt: skip
    return seat


def require_scope(session: Session, role: Role, scope_kind: ScopeKind, scope_id: UUID | None) -> None:
    expected = ScopeKind.COMMITTEE if role in COMMITTEE_ROLES else None
    expected = ScopeKind.PLATFORM if role is Role.ADMIN else expected
    expected = ScopeKind.ORGANISATION if role is Role.FACILITATOR else expected
    if expected is not None and scope_kind is not expected:
        raise RoleElsewhere()
    kinds: dict[ScopeKind, type[Organisation] | type[Committee]] = {
        ScopeKind.ORGANISATION: Organisation,
        ScopeKind.COMMITTEE: Committee,
    }
    if scope_kind is ScopeKind.PLATFORM:
        if scope_id is not None:
            raise ScopeUnknown()
    elif scope_id is None or session.get(kinds[scope_kind], scope_id) is None:
        raise ScopeUnknown()


def end_seat(session: Session, seat: Seat, by: UUID | None = None) -> None:
    """A seat ends; its person is signed out everywhere, so that no old page acts for it."""
    session.refresh(seat, with_for_update=True)
    if seat.ends_at is not None:
        return
    if seat.role is Role.ADMIN and count_admins(session) <= 1:
        raise LastAdministrator()
    seat.ends_at = now()
    sign_ins.end_all(session, seat.person_id)
    events.record(
        session, "seat_ended", SubjectKind.SEAT, seat.id, by=by, person=seat.person_id, role=seat.role
    )


def count_admins(session: Session) -> int:
    query = select(Seat).where(Seat.role == Role.ADMIN, col(Seat.ends_at).is_(None)).with_for_update()
    return len(session.exec(query).all())


def suspend(session: Session, person: Person, by: UUID) -> None:
    person.suspended_at = now()
    session.add(person)
    sign_ins.end_all(session, person.id)
    events.record(session, "person_suspended", SubjectKind.PERSON, person.id, by=by)


def restore(session: Session, person: Person, by: UUID) -> None:
    person.suspended_at = None
    session.add(person)
    events.record(session, "person_restored", SubjectKind.PERSON, person.id, by=by)


def add_organisation(
    session: Session, *, name: str, group: StakeholderGroup, place: str = "", by: UUID | None = None
) -> Organisation:
    organisation = Organisation(name=name, group=group, place=place)
    try:
        with session.begin_nested():
            session.add(organisation)
            session.flush()
    except IntegrityError as problem:
        raise NameTaken() from problem
    events.record(
        session, "organisation_added", SubjectKind.ORGANISATION, organisation.id, by=by, group=group
    )
    return organisation


class NameTaken(Conflict):
    sentence: ClassVar[str] = N_("There is one with this name already.")
