"""Who owns a mission: a named organisation, or the seat of a person who answers for it."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.mission import Mission
from app.models.organisation import Organisation, all_organisations
from app.models.person import Person
from app.models.seat import Seat, is_live
from app.rules.words import Role, ScopeKind
from app.services import missions

OWNING = (Role.STEWARD, Role.LEAD)


@dataclass(frozen=True)
class Owner:
    """As the editor and the page name it; `key` says whether it is an organisation or a seat."""

    key: str
    name: str


def choices(session: Session, mission: Mission) -> list[Owner]:
    """Every organisation, and the stewards and leads of the agency that asks."""
    found = [Owner(f"organisation:{each.id}", each.name) for each in all_organisations(session)]
    query = (
        select(Seat, Person)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(
            col(Seat.role).in_(OWNING),
            Seat.scope_kind == ScopeKind.ORGANISATION,
            Seat.scope_id == mission.organisation_id,
            *is_live(now()),
        )
        .order_by(col(Person.name))
    )
    return found + [Owner(f"seat:{seat.id}", person.name) for seat, person in session.exec(query)]


def put(session: Session, mission: Mission, key: str) -> bool:
    """Set the owner if it is one that can be chosen; "" takes it away. Answers whether it changed."""
    known = {each.key for each in choices(session, mission)}
    if key == (missions.owner_plain(mission) or "") or (key and key not in known):
        return False
    kind, _colon, raw = key.partition(":")
    mission.owner_organisation_id = UUID(raw) if kind == "organisation" else None
    mission.owner_seat_id = UUID(raw) if kind == "seat" else None
    return True


def shown(session: Session, mission: Mission) -> str:
    """The name of the owner as everyone reads it; empty while there is none."""
    if mission.owner_organisation_id is not None:
        return session.get_one(Organisation, mission.owner_organisation_id).name
    if mission.owner_seat_id is not None:
        return session.get_one(Person, session.get_one(Seat, mission.owner_seat_id).person_id).name
    return ""
