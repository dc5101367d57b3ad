"""Scopes by name: where a seat can be, as a form, the command line and a page say it."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from app.i18n import _
from app.models.committee import Committee, all_committees
from app.models.organisation import Organisation, all_organisations
from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import Role, ScopeKind
from app.services.people import ScopeUnknown


def parse(scope: str) -> tuple[ScopeKind, UUID | None]:
    """Read "platform", "organisation:ID" or "committee:ID"."""
    kind, _colon, raw = scope.strip().partition(":")
    try:
        return ScopeKind(kind), UUID(raw) if raw else None
    except ValueError as problem:
        raise ScopeUnknown() from problem


def find(session: Session, scope: str) -> tuple[ScopeKind, UUID | None]:
    """As `parse`, and also by name: "organisation:Regional Agency"."""
    kind, _colon, name = scope.strip().partition(":")
    query = {
        "organisation": select(Organisation.id).where(Organisation.name == name.strip()),
        "committee": select(Committee.id).where(Committee.name == name.strip()),
    }.get(kind)
    found = session.exec(query).first() if query is not None and name else None
    if found is not None:
        return ScopeKind(kind), found
    return parse(scope)


def choices(session: Session) -> list[tuple[str, str]]:
    """Every scope for a select: value and words."""
    return [
        ("platform", _("Whole platform")),
        *((f"organisation:{each.id}", each.name) for each in all_organisations(session)),
        *((f"committee:{each.id}", each.name) for each in all_committees(session)),
    ]


def named_seats(session: Session, seats: Iterable[Seat]) -> list[tuple[Seat, str]]:
    """Each seat with the name of its scope."""
    names = dict(choices(session))
    return [
        (seat, names.get(f"{seat.scope_kind}:{seat.scope_id}" if seat.scope_id else "platform", ""))
        for seat in seats
    ]


def member_seats(session: Session) -> list[tuple[str, str]]:
    """Seats that an alternate can stand in for."""
    query = (
        select(Seat, Person, Committee)
        .join(Person, col(Person.id) == Seat.person_id)
        .join(Committee, col(Committee.id) == Seat.scope_id)
        .where(Seat.role == Role.MEMBER, col(Seat.ends_at).is_(None))
        .order_by(Committee.name, Person.name)
    )
    return [
        (str(seat.id), f"{person.name} ({committee.name})") for seat, person, committee in session.exec(query)
    ]
