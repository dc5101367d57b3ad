"""Submissions: what people said. The words of a withdrawn one are erased, its place is kept."""

from datetime import datetime
from random import getrandbits
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from app.models.columns import created, key, maybe_instant, maybe_to, maybe_word, to, word
from app.rules.words import StakeholderGroup, SubmissionKind, SubmissionState

PUBLIC_SQL = "state IN ('visible', 'grouped', 'taken_up', 'not_taken_up')"


def shuffled() -> int:
    """A random place in the "random" order; each visitor starts reading at another point of it."""
    return getrandbits(31)


class Submission(SQLModel, table=True):
    """One text by one author in one call; a draft may belong to a visitor who has not signed in yet."""

    __table_args__ = (
        UniqueConstraint("call_id", "source_key", name="a_source_row_is_imported_once"),
        UniqueConstraint("author_id", "form_key", name="one_form_one_submission"),
        CheckConstraint("state = 'draft' OR author_id IS NOT NULL", name="a_submission_has_an_author"),
        CheckConstraint("author_id IS NOT NULL OR visitor_hash IS NOT NULL", name="a_draft_has_a_keeper"),
        CheckConstraint(
            "state <> 'withdrawn' OR (text = '' AND title = '')", name="withdrawn_words_are_erased"
        ),
        CheckConstraint("state <> 'hidden' OR hidden_rule <> ''", name="hiding_names_its_rule"),
        CheckConstraint("endorsement_count >= 0 AND comment_count >= 0", name="counts_are_not_negative"),
        Index("submission_newest", "call_id", "number", postgresql_where=PUBLIC_SQL),
        Index("submission_supported", "call_id", "support", "number", postgresql_where=PUBLIC_SQL),
        Index("submission_shuffled", "call_id", "shuffle", "number", postgresql_where=PUBLIC_SQL),
        Index("submission_queue", "call_id", "number", postgresql_where="state = 'submitted'"),
        Index("submission_search", "search", postgresql_using="gin"),
        Index("submission_author", "author_id", "number"),
        Index("submission_visitor", "visitor_hash", postgresql_where="visitor_hash IS NOT NULL"),
        Index("one_draft_per_person", "call_id", "author_id", unique=True,
              postgresql_where="state = 'draft' AND author_id IS NOT NULL"),
        Index("one_draft_per_visitor", "call_id", "visitor_hash", unique=True,
              postgresql_where="state = 'draft' AND author_id IS NULL"),
    )  # fmt: skip

    id: UUID = key()
    number: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), unique=True))
    call_id: UUID = to("call.id", index=True)
    author_id: UUID | None = maybe_to("person.id")
    visitor_hash: str | None = Field(default=None, max_length=64)
    kind: SubmissionKind = word(SubmissionKind, default=SubmissionKind.IDEA)
    state: SubmissionState = word(SubmissionState, default=SubmissionState.DRAFT)
    title: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=20_000)
    language: str = Field(default="", max_length=8)
    place: str = Field(default="", max_length=120)
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    organisation_id: UUID | None = maybe_to("organisation.id")
    created_at: datetime = created()
    submitted_at: datetime | None = maybe_instant()
    updated_at: datetime | None = maybe_instant()  # by its author; never by an answer or a withdrawal
    version: int = 1
    endorsement_count: int = 0
    comment_count: int = 0
    imported_agrees: int = 0
    imported_disagrees: int = 0
    support: int | None = Field(
        default=None,
        sa_column=Column(Integer, Computed("endorsement_count + imported_agrees", persisted=True)),
    )
    source_key: str | None = Field(default=None, max_length=200)
    form_key: str | None = Field(default=None, max_length=64)
    shuffle: int = Field(default_factory=shuffled)
    hidden_rule: str = Field(default="", max_length=40)
    hidden_reason: str = Field(default="", max_length=1000)
    hidden_at: datetime | None = maybe_instant()
    hidden_from: SubmissionState | None = maybe_word(SubmissionState, check="hidden_from_a_state")
    outcome_reason: str = Field(default="", max_length=2000)
    outcome_at: datetime | None = maybe_instant()
    withdrawn_at: datetime | None = maybe_instant()
    search: Any = Field(default=None, sa_column=Column(TSVECTOR, nullable=True))
