"""Scopes by name: where a seat can be, as a form, the command line and a page say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.errors import NotAcceptable
from app.i18n import _
from app.models.columns import now
from app.models.committee import Committee, all_committees
from app.models.organisation import Organisation, all_organisations, names_of
from app.models.person import Person, person_by_email
from app.models.seat import Seat, live_seats_of
from app.rules import names
from app.rules.words import N_, Role, ScopeKind, StakeholderGroup
from app.services import committees_seats, people
from app.services.accounts import canonical
from app.services.organisations import OrganisationUnknown
from app.services.people import FROM_NOW, ScopeUnknown, Term, give_seat, require_scope


class PersonUnknown(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no account with this address.")


def parse(scope: str) -> tuple[ScopeKind, UUID | None]:
    """Read "platform", "organisation:ID" or "committee:ID"."""
    kind, _colon, raw = scope.strip().partition(":")
    try:
        return ScopeKind(kind), UUID(raw) if raw else None
    except ValueError as problem:
        raise ScopeUnknown() from problem


def as_id(raw: str) -> UUID | None:
    """An id from an address, or none."""
    try:
        return UUID(raw)
    except ValueError:
        return None


def find(session: Session, scope: str) -> tuple[ScopeKind, UUID | None]:
    """As `parse`, and also by name: "organisation:Regional Agency"."""
    kind, _colon, name = scope.strip().partition(":")
    query = {
        "organisation": select(Organisation.id).where(Organisation.name_key == names.key(name)),
        "committee": select(Committee.id).where(Committee.name == name.strip()),
    }.get(kind)
    found = session.exec(query).first() if query is not None and name else None
    if found is not None:
        return ScopeKind(kind), found
    return parse(scope)


def organisation_by_name(session: Session, name: str) -> Organisation | None:
    """The one with this name, however it is spelled; none where nothing is typed."""
    if not name.strip():
        return None
    found = session.exec(select(Organisation).where(Organisation.name_key == names.key(name))).first()
    if found is None:
        raise OrganisationUnknown()
    return found


def seat(
    session: Session, person: Person, role: Role, scope_kind: ScopeKind, scope_id: UUID | None, *,
    group: StakeholderGroup | None = None, alternate_for: UUID | None = None, by: UUID | None = None,
    term: Term = FROM_NOW,
) -> Seat:  # fmt: skip
    """Seat a person anywhere; in a committee by the committee's own rules."""
    require_scope(session, role, scope_kind, scope_id)
    if scope_kind is ScopeKind.COMMITTEE and scope_id is not None:
        committee = session.get_one(Committee, scope_id)
        return committees_seats.seat_person(
            session, committee, person, role, group=group, alternate_for=alternate_for, by=by, term=term
        )
    return give_seat(session, person, role, scope_kind, scope_id, by=by, term=term)


@dataclass(frozen=True)
class LetIn:
    """What the command line did for a person, and the single-use link that opens the account."""

    person: Person
    link: str
    held: bool = False

    @property
    def is_suspended(self) -> bool:
        return self.person.suspended_at is not None

    @property
    def told(self) -> str:
        """The link alone where nothing else is to be said; everything else stands on lines above it."""
        lines = (
            ["The person holds this seat already. The link lets them choose a new password."]
            if self.held
            else []
        )
        if self.is_suspended:
            lines.append(
                f"The account is suspended: the link opens it only after comission users restore {self.person.email}"
            )
        return "\n".join([*lines, self.link])

    def as_facts(self) -> dict[str, str | bool]:
        return {
            "person": str(self.person.id),
            "link": self.link,
            "held": self.held,
            "suspended": self.is_suspended,
        }


def seat_by_address(
    session: Session,
    origin: str,
    email: str,
    name: str,
    role: Role,
    scope: str,
    group: StakeholderGroup | None,
) -> LetIn:
    """Seat somebody; whoever holds the seat already gets a fresh link, so that nobody stays locked out."""
    person, link = people.invite(session, origin, email=email, name=name)
    kind, scope_id = find(session, scope)
    if any(each.role is role and each.scope_id == scope_id for each in live_seats_of(session, person.id)):
        return LetIn(person, link, held=True)
    seat(session, person, role, kind, scope_id, group=group)
    return LetIn(person, link)


def let_in(session: Session, origin: str, email: str) -> LetIn:
    """A suspended account works again; a fresh link opens it whatever became of the password."""
    person = person_by_email(session, canonical(email))
    if person is None:
        raise PersonUnknown()
    people.restore(session, person)
    _person, link = people.invite(session, origin, email=email)
    return LetIn(person, link)


def choices(session: Session) -> list[tuple[str, str]]:
    """Every scope for a select: value and words."""
    return [
        ("platform", _("Whole platform")),
        *((f"organisation:{each.id}", each.name) for each in all_organisations(session)),
        *((f"committee:{each.id}", each.name) for each in all_committees(session)),
    ]


def named_seats(session: Session, seats: Iterable[Seat]) -> list[tuple[Seat, str]]:
    """Each seat with the name of its scope, in two statements."""
    seats = list(seats)
    ids = {seat.scope_id for seat in seats if seat.scope_id}
    query = select(Committee.id, Committee.name).where(col(Committee.id).in_(ids))
    known = {**names_of(session, ids), **dict(session.exec(query).all())} if ids else {}
    return [(seat, known.get(seat.scope_id, "") if seat.scope_id else _("Whole platform")) for seat in seats]


def member_seats(session: Session) -> list[tuple[str, str]]:
    """Seats that an alternate can stand in for."""
    query = (
        select(Seat, Person, Committee)
        .join(Person, col(Person.id) == Seat.person_id)
        .join(Committee, col(Committee.id) == Seat.scope_id)
        .where(Seat.role == Role.MEMBER, or_(col(Seat.ends_at).is_(None), col(Seat.ends_at) > now()))
        .order_by(Committee.name, Person.name)
    )
    return [
        (str(seat.id), f"{person.name} ({committee.name})") for seat, person, committee in session.exec(query)
    ]
