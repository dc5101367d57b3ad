"""Committees: stakeholder groups with seats; what their seats declare on an item; the order of their agenda."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, instant, key, maybe_instant, maybe_to, now, to, word
from app.models.seat import Seat
from app.rules.notice import MOST_HOURS, USUAL_HOURS
from app.rules.words import CommitteeState, InterestEffect, InterestKind, SubjectKind


class Committee(SQLModel, table=True):
    """`composition` maps each stakeholder group to its minimum and maximum of seats, and its weight.

    Before a vote, `notice_hours` pass at least, and where it `needs_seconder` another group agrees that it be asked.

    `state` is what the log was last told, and since when that held; what holds now is computed when read.
    """

    __table_args__ = (
        CheckConstraint(f"notice_hours BETWEEN 0 AND {MOST_HOURS}", name="a_notice_is_no_longer_than_this"),
    )

    id: UUID = key()
    organisation_id: UUID = to("organisation.id", index=True)
    name: str = Field(max_length=200, unique=True)
    purpose: str = Field(default="", max_length=2000)
    composition: dict[str, Any] = document(dict)
    notice_hours: int = USUAL_HOURS
    needs_seconder: bool = True
    state: CommitteeState = word(CommitteeState, default=CommitteeState.FORMING)
    state_since: datetime | None = maybe_instant()
    created_at: datetime = created()


class Interest(SQLModel, table=True):
    """What a seat says ties it to an item, or another seat says of it: disclosed, or the seat steps aside.

    Nothing is overwritten: whoever says something else later supersedes what they said before. `effect_at` is
    the instant from which the present effect holds.
    """

    __table_args__ = (
        CheckConstraint("resolved_by_id <> seat_id", name="nobody_resolves_their_own_interest"),
        CheckConstraint("raised_by_id <> seat_id", name="one_raises_an_interest_of_others"),
        CheckConstraint("kind <> 'nothing' OR effect = 'disclose'", name="nothing_to_declare_has_no_effect"),
        Index("nothing_is_declared_once", "seat_id", "subject_kind", "subject_id", unique=True,
              postgresql_where="kind = 'nothing' AND superseded_at IS NULL"),
    )  # fmt: skip

    id: UUID = key()
    seat_id: UUID = to("seat.id", index=True)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID = Field(index=True)
    kind: InterestKind = word(InterestKind)
    text: str = Field(default="", max_length=1000)
    effect: InterestEffect = word(InterestEffect, default=InterestEffect.DISCLOSE)
    declared_at: datetime = created()
    effect_at: datetime = instant(default_factory=now)
    superseded_at: datetime | None = maybe_instant()
    raised_by_id: UUID | None = maybe_to("seat.id")
    resolved_by_id: UUID | None = maybe_to("seat.id")
    resolved_at: datetime | None = maybe_instant()
    resolution: str = Field(default="", max_length=1000)

    def __init__(self, **given: Any) -> None:
        """An effect holds from the declaration on, unless somebody resolved it later."""
        if "declared_at" in given:
            given.setdefault("effect_at", given["declared_at"])
        super().__init__(**given)

    def recuses(self, until: datetime | None = None) -> bool:
        """Whether the seat has stepped aside by it; `until` is the instant at which a vote closed."""
        if self.effect is not InterestEffect.RECUSE:
            return False
        if until is None:
            return self.superseded_at is None
        return self.effect_at <= until and (self.superseded_at is None or self.superseded_at > until)

    @property
    def is_open(self) -> bool:
        """Whether the chair has still to say what comes of it."""
        return (
            self.effect is InterestEffect.DISCLOSE
            and self.kind is not InterestKind.NOTHING
            and self.resolved_at is None
            and self.superseded_at is None
        )


class AgendaPlace(SQLModel, table=True):
    """Where an item stands on a committee's agenda; items without a place come after those that have one."""

    committee_id: UUID = to("committee.id", on_delete="CASCADE", primary_key=True)
    mission_id: UUID = to("mission.id", on_delete="CASCADE", primary_key=True)
    position: int


def all_committees(session: Session) -> list[Committee]:
    return list(session.exec(select(Committee).order_by(col(Committee.name))))


def committees_of(session: Session, organisation_id: UUID) -> list[Committee]:
    query = select(Committee).where(Committee.organisation_id == organisation_id)
    return list(session.exec(query.order_by(col(Committee.name))))


def interests_in(session: Session, *subjects: UUID) -> list[Interest]:
    """Everything said of these items, superseded or not, the oldest first."""
    query = select(Interest).where(col(Interest.subject_id).in_(subjects))
    return list(session.exec(query.order_by(col(Interest.declared_at), col(Interest.id))))


def standing_interests(session: Session, subjects: Collection[UUID]) -> list[Interest]:
    """What holds of these items today."""
    return [each for each in interests_in(session, *subjects) if each.superseded_at is None]


def stepped_aside_with(session: Session, found: Collection[Interest]) -> set[UUID]:
    """The seats of those who stepped aside by these interests: a person does, with every seat in that committee.

    Also with an office beside the vote, and with the seat of a later term.
    """
    seats = {each.seat_id for each in found}
    if not seats:
        return seats
    one, other = aliased(Seat), aliased(Seat)
    same = (col(other.person_id) == one.person_id) & (col(other.scope_kind) == one.scope_kind)
    query = select(other.id).join(one, same & (other.scope_id == one.scope_id)).where(col(one.id).in_(seats))
    return seats | set(session.exec(query))


def said_by(session: Session, person_id: UUID, subjects: Collection[UUID]) -> set[UUID]:
    """Those of these items of which a person has said, with any of their seats, whether something ties them to it."""
    query = (
        select(Interest.subject_id)
        .join(Seat, col(Seat.id) == Interest.seat_id)
        .where(
            Seat.person_id == person_id,
            col(Interest.subject_id).in_(subjects),
            Interest.kind != InterestKind.SUSPENDED,
            col(Interest.raised_by_id).is_(None),
            col(Interest.superseded_at).is_(None),
        )
    )
    return set(session.exec(query))
