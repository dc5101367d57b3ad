"""Revising a filed review: unseen until the round opens, then in the open with a reason; nothing filed is lost."""

import secrets
from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import NotAcceptable
from app.models.columns import now
from app.models.mission import Mission
from app.models.review import EarlierReview, Review, ReviewRound
from app.models.review_rounds import is_opened
from app.rules import hashing, texts
from app.rules import reviews as rules
from app.rules.reviews import ReviewIncomplete, ReviewNotOpen
from app.rules.texts import Limits
from app.rules.words import N_, ReviewState, SubjectKind
from app.services import events, reviews
from app.services.reviews import OtherReviewWindow

REASON = Limits(3, 2000)


class RevisionNeedsReason(NotAcceptable):
    """Others have read it: what moved somebody to judge otherwise is part of the discussion."""

    sentence: ClassVar[str] = N_(
        "The reviews are open: say in a sentence why you judge otherwise now. It stands beside what you filed before."
    )


def may_revise(session: Session, review: Review) -> bool:
    """Filed, and its round not concluded."""
    asked = session.get_one(ReviewRound, review.round_id)
    return review.state is ReviewState.FILED and asked.concluded_at is None


def earlier(session: Session, review: Review) -> list[EarlierReview]:
    """What was filed before, the first filing first."""
    query = select(EarlierReview).where(EarlierReview.review_id == review.id)
    return list(session.exec(query.order_by(col(EarlierReview.number))))


def revise(
    session: Session,
    review: Review,
    typed: Mapping[str, str],
    seen: int,
    by: UUID,
    reason: str = "",
    origin: str = "",
) -> None:
    """File a review anew. What stood before is kept, in the same transaction, or the database refuses the change."""
    asked = session.get_one(ReviewRound, review.round_id)
    reviews.hold(session, asked)
    session.refresh(review, with_for_update=True)
    if review.state is not ReviewState.FILED or review.filed_at is None:
        raise ReviewNotOpen(state=review.state)
    mission = session.get_one(Mission, asked.mission_id)
    reviews.require_fit(session, review, mission, by)
    answers = reviews.kept(review.kind, typed)
    if answers == review.answers:
        return
    if seen != review.version:
        raise OtherReviewWindow()
    require_whole(session, review, mission, answers, origin)
    reason = texts.clean(reason[: 2 * REASON.maximum], Limits(0, REASON.maximum)).text[: REASON.maximum]
    is_open = is_opened(session, asked)
    if is_open and len(reason) < REASON.minimum:
        raise RevisionNeedsReason()
    keep_earlier(session, review, reason if is_open else "")
    review.answers, review.version = answers, review.version + 1
    review.salt = secrets.token_hex(16)
    review.words_hash = hashing.text_hash(hashing.canonical(answers).decode(), review.salt)
    review.filed_at = review.updated_at = now()
    session.flush()
    events.record(
        session, "review_revised", SubjectKind.MISSION, mission.id, by=by, round=asked.id, review=review.id,
        words=review.words_hash,
    )  # fmt: skip


def require_whole(
    session: Session, review: Review, mission: Mission, answers: Mapping[str, str], origin: str
) -> None:
    """A revision lacks nothing that a filed review must have."""
    checked = reviews.checked(session, review, mission, answers, origin)
    if found := rules.problems(review.kind, answers, checked):
        raise ReviewIncomplete(found)


def keep_earlier(session: Session, review: Review, reason: str) -> None:
    assert review.filed_at is not None
    session.add(
        EarlierReview(
            review_id=review.id, number=len(earlier(session, review)) + 1, answers=review.answers, salt=review.salt,
            words_hash=review.words_hash, filed_at=review.filed_at, reason=reason, replaced_at=now(),
        )
    )  # fmt: skip
    session.flush()
