"""What a panel makes of applications: each seat's review, what was decided on the way, and notes of interviews."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.application import Application, Teammate
from app.models.columns import created, document, key, maybe_instant, to, word
from app.models.committee import Interest
from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import ApplicationState, InterestEffect, ReviewState


class PanelReview(SQLModel, table=True):
    """One seat of the panel asked to review one application: scheduled, written as a draft, filed and then kept.

    A trigger lets only seats of the call's panel review, nobody on what they or their organisation submitted, and
    nobody of whom an interest in it is open or who stepped aside.
    """

    __tablename__ = "panel_review"
    __table_args__ = (
        UniqueConstraint("application_id", "seat_id", name="a_seat_reviews_an_application_once"),
        CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name="a_filed_panel_review_says_when"),
        CheckConstraint("filed_at IS NULL OR words_hash <> ''", name="a_filed_panel_review_is_hashed"),
    )

    id: UUID = key()
    application_id: UUID = to("application.id", index=True)
    seat_id: UUID = to("seat.id", index=True)
    state: ReviewState = word(ReviewState, check="panelreviewstate", default=ReviewState.SCHEDULED)
    answers: dict[str, Any] = document(dict)
    version: int = 1
    salt: str = Field(default="", max_length=64)
    words_hash: str = Field(default="", max_length=64)
    asked_by_id: UUID = to("person.id")
    created_at: datetime = created()
    updated_at: datetime | None = maybe_instant()
    reminded_at: datetime | None = maybe_instant()
    filed_at: datetime | None = maybe_instant()


class Judgement(SQLModel, table=True):
    """One step of an application that people decided, with the reason they gave; only ever added to."""

    __table_args__ = (
        CheckConstraint("after IN ('in_review') OR reason <> ''", name="a_judgement_has_a_reason"),
        Index("judgements_of_an_application", "application_id", "at"),
    )

    id: UUID = key()
    application_id: UUID = to("application.id")
    before: ApplicationState = word(ApplicationState, check="judgementbefore")
    after: ApplicationState = word(ApplicationState, check="judgementafter")
    reason: str = Field(default="", max_length=4000)
    salt: str = Field(default="", max_length=64)
    by_id: UUID = to("person.id")
    at: datetime = created()


class InterviewNote(SQLModel, table=True):
    """What was said in an interview with applicants: on which day, with whom; only ever added to."""

    __tablename__ = "interview_note"
    __table_args__ = (
        CheckConstraint("present <> '' AND text <> ''", name="a_note_says_who_and_what"),
        Index("notes_of_an_application", "application_id", "created_at"),
    )

    id: UUID = key()
    application_id: UUID = to("application.id")
    held_on: date
    present: str = Field(max_length=500)
    text: str = Field(max_length=8000)
    salt: str = Field(max_length=64)
    words_hash: str = Field(max_length=64)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


@dataclass(frozen=True)
class Shut:
    """The people who are kept from one application: `own` is theirs or their organisation's, `aside` stepped aside,
    `unresolved` have declared, or were said to have, an interest that the chair has still to resolve."""

    own: frozenset[UUID] = frozenset()
    aside: frozenset[UUID] = frozenset()
    unresolved: frozenset[UUID] = frozenset()

    @property
    def from_reading(self) -> frozenset[UUID]:
        return self.own | self.aside

    @property
    def from_reviewing(self) -> frozenset[UUID]:
        return self.own | self.aside | self.unresolved


def shut_out(
    session: Session, panel_id: UUID | None, applications: Collection[Application], people: Collection[UUID]
) -> dict[UUID, Shut]:
    """For each application those of these people who are kept from it; in three statements however many there are."""
    ids = [each.id for each in applications]
    own: dict[UUID, set[UUID]] = {each: set() for each in ids}
    teams = select(Teammate.application_id, Teammate.person_id).where(
        col(Teammate.application_id).in_(ids), col(Teammate.person_id).in_(people)
    )
    for application_id, person_id in session.exec(teams) if ids and people else ():
        own[application_id].add(person_id)
    employers = select(Person.id, Person.organisation_id).where(
        col(Person.id).in_(people), col(Person.organisation_id).is_not(None)
    )
    for person_id, organisation_id in session.exec(employers) if ids and people else ():
        for each in applications:
            if each.organisation_id == organisation_id:
                own[each.id].add(person_id)
    aside, unresolved = interested(session, panel_id, ids)
    return {
        each: Shut(frozenset(own[each]), frozenset(aside.get(each, ())), frozenset(unresolved.get(each, ())))
        for each in ids
    }


def interested(
    session: Session, panel_id: UUID | None, ids: Collection[UUID]
) -> tuple[dict[UUID, set[UUID]], dict[UUID, set[UUID]]]:
    """By application: the people of a panel who stepped aside, and those with an interest nobody resolved yet."""
    query = (
        select(Interest, Seat.person_id)
        .join(Seat, col(Seat.id) == Interest.seat_id)
        .where(
            col(Interest.subject_id).in_(ids),
            Seat.scope_id == panel_id,
            col(Interest.superseded_at).is_(None),
            Interest.effect != InterestEffect.UNFOUNDED,
        )
    )
    aside: dict[UUID, set[UUID]] = {}
    unresolved: dict[UUID, set[UUID]] = {}
    for interest, person_id in session.exec(query) if ids and panel_id else ():
        if interest.recuses():
            aside.setdefault(interest.subject_id, set()).add(person_id)
        elif interest.is_open:
            unresolved.setdefault(interest.subject_id, set()).add(person_id)
    return aside, unresolved


def panel_reviews_of(session: Session, application_ids: Collection[UUID]) -> list[PanelReview]:
    """Every review that was asked for of these applications, in the order of asking."""
    query = select(PanelReview).where(col(PanelReview.application_id).in_(application_ids))
    found = session.exec(query.order_by(col(PanelReview.created_at), col(PanelReview.id)))
    return list(found) if application_ids else []


def panel_review_of(session: Session, application_id: UUID, seats: Collection[UUID]) -> PanelReview | None:
    """The review that one of these seats is asked for, if any."""
    query = select(PanelReview).where(
        PanelReview.application_id == application_id, col(PanelReview.seat_id).in_(seats)
    )
    return session.exec(query.order_by(col(PanelReview.created_at)).limit(1)).first() if seats else None


def judgements_of(session: Session, application_id: UUID) -> list[Judgement]:
    query = select(Judgement).where(Judgement.application_id == application_id)
    return list(session.exec(query.order_by(col(Judgement.at), col(Judgement.id))))


def notes_of(session: Session, application_id: UUID) -> list[InterviewNote]:
    """In the order in which they were written down."""
    query = select(InterviewNote).where(InterviewNote.application_id == application_id)
    return list(session.exec(query.order_by(col(InterviewNote.created_at), col(InterviewNote.id))))
