"""Applications: what an organisation and its team answer an innovation call with; sealed until the deadline."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Numeric, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import ApplicationState, Role


class Application(SQLModel, table=True):
    """One answer to one call. A table of its own, so that no list, search, grouping or export of voices meets it.

    `answers` maps a criterion's id to words; `budget` is a list of `{"what", "amount", "source"}` that adds up;
    `asked` is what the call shall pay, in its currency. `receipt` is the hash of what was submitted, and when.
    `findings` is what the rules on who may apply said at that instant. The panel's reviews are read once the last of
    them is in (`reviews_opened_at`), or from their day on.
    A trigger keeps what is selected within the budget of the call.
    """

    __table_args__ = (
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="a_submitted_application_says_when"),
        CheckConstraint("state = 'draft' OR receipt <> ''", name="a_submitted_application_has_a_receipt"),
        CheckConstraint("state = 'draft' OR organisation_id IS NOT NULL", name="an_organisation_applies"),
        CheckConstraint("state NOT IN ('ineligible', 'declined') OR outcome_reason <> ''",
                        name="declining_has_a_reason"),
        CheckConstraint("asked >= 0", name="asked_money_is_not_negative"),
        CheckConstraint("readiness BETWEEN 1 AND 9", name="an_application_has_nine_levels"),
        CheckConstraint("ends > starts", name="an_application_has_time"),
        Index("one_application_per_organisation", "call_id", "organisation_id", unique=True,
              postgresql_where="state NOT IN ('draft', 'withdrawn')"),
        Index("one_draft_per_person_and_call", "call_id", "created_by_id", unique=True,
              postgresql_where="state = 'draft'"),
        CheckConstraint("reserve_place >= 1 AND state = 'reserve' OR reserve_place IS NULL",
                        name="a_reserve_has_an_order"),
        Index("one_at_each_place_of_the_reserve", "call_id", "reserve_place", unique=True,
              postgresql_where="reserve_place IS NOT NULL"),
    )  # fmt: skip

    id: UUID = key()
    number: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), unique=True))
    call_id: UUID = to("call.id", index=True)
    organisation_id: UUID | None = maybe_to("organisation.id", index=True)
    state: ApplicationState = word(ApplicationState, default=ApplicationState.DRAFT)
    title: str = Field(default="", max_length=200)
    summary: str = Field(default="", max_length=4000)
    route: str = Field(default="", max_length=120)
    hypothesis: str = Field(default="", max_length=2000)
    readiness: int | None = None
    starts: date | None = None
    ends: date | None = None
    asked: Decimal | None = Field(default=None, sa_type=Numeric(20, 2), nullable=True)
    answers: dict[str, Any] = document(dict)
    budget: list[Any] = document(list)
    terms_id: UUID | None = maybe_to("offer_terms.id")
    terms_accepted_at: datetime | None = maybe_instant()
    receipt: str = Field(default="", max_length=64)
    outcome_reason: str = Field(default="", max_length=4000)
    outcome_at: datetime | None = maybe_instant()
    findings: dict[str, Any] = document(dict)
    reviews_due_at: datetime | None = maybe_instant()
    reviews_opened_at: datetime | None = maybe_instant()
    reserve_place: int | None = None
    submitted_at: datetime | None = maybe_instant()
    withdrawn_at: datetime | None = maybe_instant()
    version: int = 1
    created_at: datetime = created()
    updated_at: datetime | None = maybe_instant()
    created_by_id: UUID = to("person.id", index=True)


class Teammate(SQLModel, table=True):
    """Somebody who writes on an application, once they joined; its lead submits and withdraws it."""

    __table_args__ = (
        UniqueConstraint("application_id", "person_id", name="one_is_in_a_team_once"),
        CheckConstraint("role IN ('lead', 'member')", name="a_team_has_a_lead_and_members"),
        Index("a_team_has_one_lead", "application_id", unique=True, postgresql_where="role = 'lead'"),
    )

    id: UUID = key()
    application_id: UUID = to("application.id", on_delete="CASCADE")
    person_id: UUID = to("person.id", index=True)
    role: Role = word(Role, default=Role.MEMBER)
    created_at: datetime = created()
    joined_at: datetime | None = maybe_instant()


class ApplicationVersion(SQLModel, table=True):
    """The form as one person's window held it when it was saved, right or not: what a later saving started from.

    `window` is the open form whose words these are, none for words brought together from several.
    Of the version that was submitted `sent` holds the salt and all that its receipt covers.
    """

    __tablename__ = "application_version"
    __table_args__ = (
        UniqueConstraint("application_id", "number", name="versions_of_an_application_are_numbered"),
    )

    id: UUID = key()
    application_id: UUID = to("application.id", on_delete="CASCADE")
    number: int
    fields: dict[str, Any] = document(dict)
    by_id: UUID = to("person.id")
    window: str = Field(default="", max_length=32)
    sent: dict[str, Any] = document(dict)
    created_at: datetime = created()


def lead_of(session: Session, application_id: UUID) -> Teammate:
    query = select(Teammate).where(Teammate.application_id == application_id, Teammate.role == Role.LEAD)
    return session.exec(query).one()


def version_of(session: Session, application_id: UUID, number: int) -> ApplicationVersion | None:
    query = select(ApplicationVersion).where(
        ApplicationVersion.application_id == application_id, ApplicationVersion.number == number
    )
    return session.exec(query).first()


def last_of_window(session: Session, application_id: UUID, window: str) -> int:
    """The number under which this open form saved last; 0 where it did not yet."""
    query = select(ApplicationVersion.number).where(
        ApplicationVersion.application_id == application_id, ApplicationVersion.window == window
    )
    return session.exec(query.order_by(col(ApplicationVersion.number).desc()).limit(1)).first() or 0


def versions_of(session: Session, application_id: UUID, most: int) -> list[ApplicationVersion]:
    """The newest first."""
    query = select(ApplicationVersion).where(ApplicationVersion.application_id == application_id)
    return list(session.exec(query.order_by(col(ApplicationVersion.number).desc()).limit(most)))


def teammate_of(session: Session, application_id: UUID, person_id: UUID | None) -> Teammate | None:
    query = select(Teammate).where(Teammate.application_id == application_id, Teammate.person_id == person_id)
    return session.exec(query).first() if person_id else None


def teammates_of(session: Session, application_id: UUID) -> list[Teammate]:
    query = select(Teammate).where(Teammate.application_id == application_id)
    return list(session.exec(query.order_by(col(Teammate.created_at), col(Teammate.id))))


def applications_to(session: Session, call_id: UUID) -> list[Application]:
    """What was submitted to a call and not withdrawn, in the order in which it was begun; drafts are nobody's."""
    query = select(Application).where(
        Application.call_id == call_id,
        col(Application.state).not_in((ApplicationState.DRAFT, ApplicationState.WITHDRAWN)),
    )
    return list(session.exec(query.order_by(col(Application.number))))


def receipts_of(session: Session, keys: Collection[UUID]) -> dict[str, str]:
    """The receipts of what was submitted, by the ids of the applications."""
    query = select(Application.id, Application.receipt).where(col(Application.id).in_(keys))
    return {str(key): receipt for key, receipt in session.exec(query)}
