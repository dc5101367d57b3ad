"""Seats: the only source of permission. A seat votes, not an account."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, or_
from sqlmodel import Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, maybe_to, maybe_word, now, to, word
from app.models.person import Person
from app.rules.words import Role, ScopeKind, StakeholderGroup


class Seat(SQLModel, table=True):
    """One person in one role in one scope, for a term; an alternate names the seat it stands in for."""

    __table_args__ = (
        CheckConstraint("(scope_kind = 'platform') = (scope_id IS NULL)", name="a_scope_is_named"),
        CheckConstraint("(role = 'alternate') = (alternate_for_id IS NOT NULL)", name="an_alternate_stands_for"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="a_term_ends_after_it_starts"),
        CheckConstraint(
            "role NOT IN ('member', 'chair', 'deputy', 'secretary') OR scope_kind = 'committee'",
            name="committee_roles_sit_in_committees",
        ),
        CheckConstraint("role <> 'member' OR \"group\" IS NOT NULL", name="a_member_sits_in_a_group"),
        Index("one_live_seat_per_role", "person_id", "role", "scope_kind", "scope_id", unique=True,
              postgresql_where="ends_at IS NULL", postgresql_nulls_not_distinct=True),
    )  # fmt: skip

    id: UUID = key()
    person_id: UUID = to("person.id", index=True)
    role: Role = word(Role)
    scope_kind: ScopeKind = word(ScopeKind)
    scope_id: UUID | None = None
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    alternate_for_id: UUID | None = maybe_to("seat.id")
    starts_at: datetime = created()
    ends_at: datetime | None = maybe_instant()

    def is_live(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def lasts_until(self, instant: datetime) -> bool:
        """Whether it is still held when something ends at this instant."""
        return self.ends_at is None or instant <= self.ends_at

    @property
    def last_day(self) -> datetime | None:
        """The last instant of the term, as a day people read it by: an end at midnight belongs to the day before."""
        return self.ends_at - timedelta(microseconds=1) if self.ends_at else None


def is_live(at: Any) -> tuple[ColumnElement[bool], ...]:
    """The condition of `Seat.is_live` in the database, for an instant or a bound parameter."""
    return col(Seat.starts_at) <= at, or_(col(Seat.ends_at).is_(None), col(Seat.ends_at) > at)


def live_seats_of(session: Session, person_id: UUID, at: datetime | None = None) -> list[Seat]:
    query = select(Seat).where(Seat.person_id == person_id, *is_live(at or now()))
    return list(session.exec(query))


def live_seats_by_person(session: Session, people: Sequence[UUID]) -> dict[UUID, list[Seat]]:
    """The live seats of each of these people, in one statement."""
    query = select(Seat).where(col(Seat.person_id).in_(people), *is_live(now()))
    found: dict[UUID, list[Seat]] = {person: [] for person in people}
    for seat in session.exec(query.order_by(col(Seat.starts_at), col(Seat.id))):
        found[seat.person_id].append(seat)
    return found


def live_seats_in(
    session: Session, scope_kind: ScopeKind, scope_id: UUID | None, at: datetime | None = None
) -> list[Seat]:
    """Everyone seated in one scope now, members first by group."""
    query = select(Seat).where(
        Seat.scope_kind == scope_kind,
        Seat.scope_id == scope_id if scope_id else col(Seat.scope_id).is_(None),
        *is_live(at or now()),
    )
    return list(session.exec(query.order_by(col(Seat.group), col(Seat.starts_at), col(Seat.id))))


def live_seats_in_each(
    session: Session, scope_kind: ScopeKind, scope_ids: Sequence[UUID]
) -> dict[UUID, list[Seat]]:
    """The same for several scopes, in one statement."""
    query = select(Seat).where(
        Seat.scope_kind == scope_kind, col(Seat.scope_id).in_(scope_ids), *is_live(now())
    )
    found: dict[UUID, list[Seat]] = {each: [] for each in scope_ids}
    for seat in session.exec(query.order_by(col(Seat.group), col(Seat.starts_at), col(Seat.id))):
        if seat.scope_id is not None:
            found[seat.scope_id].append(seat)
    return found


def seats_held(
    session: Session,
    scope_kind: ScopeKind,
    scope_id: UUID | None,
    since: datetime,
    until: datetime | None = None,
) -> list[Seat]:
    """Every seat in one scope whose term has an instant in common with this one; no `until` means for good."""
    query = select(Seat).where(
        Seat.scope_kind == scope_kind,
        Seat.scope_id == scope_id if scope_id else col(Seat.scope_id).is_(None),
        *overlapping(since, until),
    )
    return list(session.exec(query.order_by(col(Seat.group), col(Seat.starts_at), col(Seat.id))))


def overlapping(since: datetime, until: datetime | None) -> list[ColumnElement[bool]]:
    """The condition of a term that meets another; one that ended before it began meets none."""
    begun = or_(col(Seat.ends_at).is_(None), col(Seat.ends_at) > since)
    real = or_(col(Seat.ends_at).is_(None), col(Seat.ends_at) > col(Seat.starts_at))
    return [begun, real, *([col(Seat.starts_at) < until] if until else [])]


def seats_to_come(session: Session, person_id: UUID, at: datetime) -> list[Seat]:
    """Seats that are given and have not begun."""
    query = select(Seat).where(Seat.person_id == person_id, col(Seat.starts_at) > at, *overlapping(at, None))
    return list(session.exec(query.order_by(col(Seat.starts_at), col(Seat.id))))


def seat_names(session: Session, seats: set[UUID]) -> dict[UUID, str]:
    """Who holds each seat, by name."""
    query = select(Seat.id, Person.name).join(Person, col(Person.id) == Seat.person_id)
    return dict(session.exec(query.where(col(Seat.id).in_(seats))).all())
