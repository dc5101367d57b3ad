"""Reviews: what each seat makes of a mission, asked in rounds and blind to the others until all are in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, instant, key, maybe_instant, maybe_to, maybe_word, to, word
from app.rules.words import ReviewKind, ReviewState, ReviewVerdict


class ReviewRound(SQLModel, table=True):
    """One asking of a committee about a mission; who is asked are its `Review` rows.

    `opened_at` is when the last of them came in; where some are missing, the round opens at `due_at`. A review that
    was waived is a round without reviews, concluded as it is made. `discussions` holds the note on each criterion
    where grades lay far apart; `changes` what has to change, and `answer` what became of it.
    """

    __table_args__ = (
        UniqueConstraint("mission_id", "number", name="rounds_are_numbered"),
        CheckConstraint("due_at > opens_at", name="a_round_has_time"),
        CheckConstraint("(verdict IS NULL) = (concluded_at IS NULL)", name="a_verdict_concludes"),
        CheckConstraint("verdict IS NULL OR reason <> ''", name="a_verdict_has_a_reason"),
        Index("one_live_round_per_mission", "mission_id", unique=True,
              postgresql_where="concluded_at IS NULL"),
    )  # fmt: skip

    id: UUID = key()
    committee_id: UUID = to("committee.id", index=True)
    mission_id: UUID = to("mission.id", index=True)
    number: int
    mission_version: int
    snapshot: str = Field(default="", max_length=64)
    opens_at: datetime = created()
    due_at: datetime | None = maybe_instant()
    opened_at: datetime | None = maybe_instant()
    discussions: dict[str, Any] = document(dict)
    verdict: ReviewVerdict | None = maybe_word(ReviewVerdict)
    reason: str = Field(default="", max_length=10_000)
    changes: list[Any] = document(list)
    concluded_at: datetime | None = maybe_instant()
    concluded_by_id: UUID | None = maybe_to("person.id")
    answer: str = Field(default="", max_length=10_000)
    acted_at: datetime | None = maybe_instant()
    created_at: datetime = created()
    created_by_id: UUID | None = maybe_to("person.id")


class Review(SQLModel, table=True):
    """One seat's review of one kind in one round: scheduled, written as a draft, filed.

    Once filed it changes only by a revision that keeps what stood before as an `EarlierReview`: a trigger sees to it.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "seat_id", "kind", name="one_review_per_seat_and_kind"),
        CheckConstraint(
            "(state IN ('filed', 'concluded', 'acted')) = (filed_at IS NOT NULL)",
            name="a_filed_review_says_when",
        ),
        CheckConstraint("filed_at IS NULL OR words_hash <> ''", name="a_filed_review_is_hashed"),
    )

    id: UUID = key()
    round_id: UUID = to("reviewround.id", index=True)
    seat_id: UUID = to("seat.id", index=True)
    kind: ReviewKind = word(ReviewKind, default=ReviewKind.CRITERIA)
    state: ReviewState = word(ReviewState, default=ReviewState.SCHEDULED)
    answers: dict[str, Any] = document(dict)
    version: int = 1
    salt: str = Field(default="", max_length=64)
    words_hash: str = Field(default="", max_length=64)
    created_at: datetime = created()
    updated_at: datetime | None = maybe_instant()
    filed_at: datetime | None = maybe_instant()


class EarlierReview(SQLModel, table=True):
    """What a review said when it was filed, before its reviewer revised it; only ever added to.

    `reason` is there where others had read it: once the round was open.
    """

    __table_args__ = (
        CheckConstraint("replaced_at >= filed_at", name="a_review_is_filed_before_it_is_replaced"),
    )

    review_id: UUID = to("review.id", primary_key=True)
    number: int = Field(primary_key=True)
    answers: dict[str, Any] = document(dict)
    salt: str = Field(max_length=64)
    words_hash: str = Field(max_length=64)
    filed_at: datetime = instant()
    reason: str = Field(default="", max_length=2000)
    replaced_at: datetime = instant()


def rounds_of(session: Session, mission_id: UUID) -> list[ReviewRound]:
    """The rounds of a mission, the latest first."""
    query = select(ReviewRound).where(ReviewRound.mission_id == mission_id)
    return list(session.exec(query.order_by(col(ReviewRound.number).desc())))


def latest_rounds(session: Session, mission_ids: Collection[UUID]) -> dict[UUID, ReviewRound]:
    """The latest round of each of these missions, in one statement."""
    query = select(ReviewRound).where(col(ReviewRound.mission_id).in_(mission_ids))
    return {each.mission_id: each for each in session.exec(query.order_by(col(ReviewRound.number)))}


def live_round(session: Session, mission_id: UUID) -> ReviewRound | None:
    """The round that is not concluded, of which there is one at most."""
    query = select(ReviewRound).where(
        ReviewRound.mission_id == mission_id, col(ReviewRound.concluded_at).is_(None)
    )
    return session.exec(query).first()


def reviews_of(session: Session, round_id: UUID) -> list[Review]:
    query = select(Review).where(Review.round_id == round_id)
    return list(session.exec(query.order_by(col(Review.kind), col(Review.created_at), col(Review.id))))


def still_to_file(session: Session, review: Review) -> tuple[list[Review], int]:
    """What this seat has not filed of the same round, and how many it was asked for."""
    own = [each for each in reviews_of(session, review.round_id) if each.seat_id == review.seat_id]
    return [each for each in own if each.filed_at is None], len(own)
