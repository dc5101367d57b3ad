"""The one who asks: a signed-in person with their live seats, or a visitor."""

from dataclasses import dataclass
from uuid import UUID

from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import Role, ScopeKind


@dataclass(frozen=True)
class Viewer:
    """`visitor_hash` keeps the drafts of someone who has not signed in; it identifies nobody."""

    person: Person | None = None
    seats: tuple[Seat, ...] = ()
    session_id: UUID | None = None
    visitor_hash: str = ""
    address_hash: str = ""

    @property
    def id(self) -> UUID | None:
        return self.person.id if self.person else None

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @property
    def is_signed_in(self) -> bool:
        return self.person is not None

    @property
    def is_confirmed(self) -> bool:
        return self.person is not None and self.person.email_confirmed_at is not None

    def holds(self, role: Role, scope_kind: ScopeKind, scope_id: UUID | None = None) -> bool:
        return any(
            s.role is role and s.scope_kind is scope_kind and s.scope_id == scope_id for s in self.seats
        )

    def holds_anywhere(self, *roles: Role) -> bool:
        return any(seat.role in roles for seat in self.seats)

    def scopes(self, role: Role, scope_kind: ScopeKind) -> list[UUID]:
        return [
            s.scope_id for s in self.seats if s.role is role and s.scope_kind is scope_kind and s.scope_id
        ]

    def seats_in(self, committee_id: UUID) -> list[Seat]:
        return [s for s in self.seats if s.scope_kind is ScopeKind.COMMITTEE and s.scope_id == committee_id]


VISITOR = Viewer()
