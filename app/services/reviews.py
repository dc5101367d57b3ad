"""Reviews: each seat that is asked keeps a draft and files it, blind to the others until all are in."""

import secrets
from collections.abc import Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, select

from app.errors import Conflict
from app.models.columns import now
from app.models.mission import Mission
from app.models.person import Person
from app.models.review import Review, ReviewRound
from app.models.review_rounds import is_own, stepped_aside, waited_for
from app.models.seat import Seat
from app.rules import hashing, texts
from app.rules import reviews as rules
from app.rules.reviews import QUOTE, ReviewIncomplete, ReviewNotOpen
from app.rules.texts import Limits
from app.rules.words import (
    N_,
    Criterion,
    ReviewKind,
    ReviewState,
    SubjectKind,
)
from app.services import events, notifications, reviews_check


class OtherReviewWindow(Conflict):
    """Two windows of one review: whoever comes second keeps what they typed and sees what the other one holds."""

    sentence: ClassVar[str] = N_(
        "Another window has saved other words of this review. What you typed here is still below; what the other "
        "window saved stands beside it. Saving once more keeps what you see here."
    )


def kept(kind: ReviewKind, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, field by field, cleaned so that it can be stored and shown again; right or not."""
    told = {
        name: texts.clean(typed.get(name, "")[: 2 * most], Limits(0, most)).text[:most]
        for name, most in rules.fields_of(kind).items()
    }
    for criterion in Criterion if kind is ReviewKind.CRITERIA else ():
        # A whole clause, taken from the list beside the quotation, counts where nothing was typed.
        picked = texts.clean(typed.get(f"{criterion}_clause", ""), texts.CLAUSE).text
        told[f"{criterion}_{QUOTE}"] = told[f"{criterion}_{QUOTE}"] or picked[: rules.LENGTHS[QUOTE]].strip()
    return told


def hold(session: Session, asked: ReviewRound) -> None:
    """Lock the round: filing, conclusion and what is asked of more seats happen one after the other."""
    session.refresh(asked, with_for_update=True)
    if asked.concluded_at is not None:
        raise ReviewNotOpen(state=ReviewState.CONCLUDED)


def open_for_writing(session: Session, review: Review) -> ReviewRound:
    """The round of a review, with the review held; refused when nothing is written in it now."""
    session.refresh(review, with_for_update=True)
    asked = session.get_one(ReviewRound, review.round_id)
    state = rules.phase(review.state, asked.opens_at, now())
    if state is not ReviewState.OPEN or asked.concluded_at is not None:
        raise ReviewNotOpen(state=state)
    return asked


def keep(session: Session, review: Review, typed: Mapping[str, str], seen: int) -> int:
    """Keep a draft, which is no act; answers its version. Words of another window are never written over unseen.

    What stands there already needs no keeping: a saving that was under way when the review was filed comes late.
    """
    answers = kept(review.kind, typed)
    if answers == {**dict.fromkeys(answers, ""), **review.answers}:
        return review.version
    open_for_writing(session, review)
    if seen != review.version:
        raise OtherReviewWindow()
    review.answers, review.updated_at = answers, now()
    review.version += 1
    session.flush()
    return review.version


def file(
    session: Session, review: Review, typed: Mapping[str, str], seen: int, by: UUID, origin: str = ""
) -> None:
    """File a review. The last one of a round opens it, and those who reviewed are told."""
    asked = session.get_one(ReviewRound, review.round_id)
    hold(session, asked)
    open_for_writing(session, review)
    mission = session.get_one(Mission, asked.mission_id)
    require_fit(session, review, mission, by)
    keep(session, review, typed, seen)
    found = rules.problems(
        review.kind, review.answers, checked(session, review, mission, review.answers, origin)
    )
    if found:
        raise ReviewIncomplete(found)
    rules.require_move(ReviewState.OPEN, ReviewState.FILED)
    review.salt = secrets.token_hex(16)
    review.words_hash = hashing.text_hash(hashing.canonical(review.answers).decode(), review.salt)
    review.state, review.filed_at = ReviewState.FILED, now()
    session.flush()
    events.record(
        session, "review_filed", SubjectKind.MISSION, mission.id, by=by, round=asked.id, review=review.id,
        review_state=review.state, words=review.words_hash,
    )  # fmt: skip
    if asked.opened_at is None and not waited_for(session, asked, review.filed_at):
        asked.opened_at = min(review.filed_at, asked.due_at or review.filed_at)
        everyone = session.exec(select(Review).where(Review.round_id == asked.id)).all()
        tell(session, mission, everyone, "review_opened", origin)
    session.flush()


def checked(
    session: Session, review: Review, mission: Mission, answers: Mapping[str, str], origin: str
) -> rules.Checked:
    """Only the criteria are argued with quotations and links."""
    if review.kind is not ReviewKind.CRITERIA:
        return rules.Checked()
    return reviews_check.checked(session, mission, answers, origin)


class NotTheirs(Conflict):
    sentence: ClassVar[str] = N_("Nobody reviews what they or their organisation brought into a mission.")


def require_fit(session: Session, review: Review, mission: Mission, by: UUID) -> None:
    """Asked again with the round held: a seat that stepped aside meanwhile, or whose own it is, files nothing."""
    person = session.get_one(Person, by)
    if review.seat_id in stepped_aside(session, mission.id) or is_own(session, mission, person):
        raise NotTheirs()


def tell(session: Session, mission: Mission, made: Sequence[Review], kind: str, origin: str) -> None:
    """Each person once, with a link to the page where their reviews wait; never what anybody wrote."""
    seats = [session.get_one(Seat, each.seat_id) for each in made]
    notifications.tell(
        session, [seat.person_id for seat in seats], kind, SubjectKind.MISSION, mission.id, origin,
        title=mission.title, page="/reviews",
    )  # fmt: skip
