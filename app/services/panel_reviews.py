"""Reviews of applications: written as drafts, filed for good, blind to the others until all are in."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Forbidden
from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer
from app.models.panel import PanelReview, panel_review_of, panel_reviews_of, shut_out
from app.models.seat import Seat
from app.rules import hashing, phases, reviews, texts
from app.rules import panel as rules
from app.rules.phases import Act
from app.rules.replay_kinds import Noun
from app.rules.reviews import ReviewNotOpen
from app.rules.texts import Limits
from app.rules.words import N_, ApplicationState, ReviewState, SubjectKind
from app.services import events, notifications, offers
from app.services.reviews import OtherReviewWindow


class NotTheirsToReview(Forbidden):
    sentence: ClassVar[str] = N_(
        "Nobody reviews what they or their organisation submitted, or what they have an open interest in."
    )


@dataclass(frozen=True)
class Standing:
    """The reviews of one application at an instant.

    `counted` are filed and of people who may review it still; `waiting` are to come; `is_open` says that all in may be
    read: everybody is in, or the day is over.
    """

    asked: tuple[PanelReview, ...]
    counted: tuple[PanelReview, ...]
    waiting: tuple[PanelReview, ...]
    is_open: bool


NOBODY = Standing((), (), (), False)


def standing(
    session: Session, offer: Offer, listed: Collection[Application], at: datetime | None = None
) -> dict[UUID, Standing]:
    """The reviews of each of these applications, in a few statements however many there are."""
    at = at or now()
    asked: dict[UUID, list[PanelReview]] = {each.id: [] for each in listed}
    for review in panel_reviews_of(session, list(asked)):
        asked[review.application_id].append(review)
    seats = seats_by_id(session, {each.seat_id for rows in asked.values() for each in rows})
    people = {each.person_id for each in seats.values()}
    shut = shut_out(session, offer.panel_id, listed, people)
    found = {}
    for application in listed:
        rows = asked[application.id]
        barred = shut[application.id].from_reviewing
        able = [each for each in rows if seats[each.seat_id].person_id not in barred]
        waiting = [each for each in able if each.filed_at is None and seats[each.seat_id].is_live(at)]
        is_open = bool(rows) and reviews.is_opened(
            len(waiting), application.reviews_opened_at, application.reviews_due_at, at
        )
        counted = tuple(each for each in able if each.filed_at is not None)
        found[application.id] = Standing(tuple(rows), counted, tuple(waiting), is_open)
    return found


def seats_by_id(session: Session, seats: Collection[UUID]) -> dict[UUID, Seat]:
    query = select(Seat).where(col(Seat.id).in_(seats))
    return {each.id: each for each in session.exec(query)} if seats else {}


def tell(session: Session, call: Call, offer: Offer, seats: Collection[UUID], kind: str, origin: str) -> None:
    """Each person once, with a link to the workbench where their reviews wait."""
    if offer.panel_id is None:
        return
    people = {each.person_id for each in seats_by_id(session, seats).values()}
    notifications.tell(
        session,
        people,
        kind,
        SubjectKind.COMMITTEE,
        offer.panel_id,
        origin,
        title=call.title,
        page="/workbench",
    )


def kept(offer: Offer, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, field by field, cleaned so that it can be stored and shown again; right or not."""
    return {
        name: texts.clean(typed.get(name, "").replace("\0", "")[: 2 * most], Limits(0, most)).text[:most]
        for name, most in rules.fields_of(offer.criteria).items()
    }


def hold(session: Session, review: PanelReview, by: UUID) -> tuple[Application, Offer]:
    """Lock the application, then the review, for writing; asked again with them held: who, when, and whether at all."""
    application = session.get_one(Application, review.application_id)
    call = session.get_one(Call, application.call_id)
    session.refresh(call, with_for_update={"read": True})
    session.refresh(application, with_for_update=True)
    session.refresh(review, with_for_update=True)
    phases.require(Act.REVIEW_APPLICATIONS, call_phase(call), times_of(call))
    if review.filed_at is not None or application.state is not ApplicationState.IN_REVIEW:
        raise ReviewNotOpen(state=ReviewState.FILED if review.filed_at else ReviewState.LAPSED)
    offer = offers.offer_of(session, call)
    if by in shut_out(session, offer.panel_id, [application], [by])[application.id].from_reviewing:
        raise NotTheirsToReview()
    return application, offer


def keep(session: Session, review: PanelReview, typed: Mapping[str, str], seen: int, by: UUID) -> int:
    """Keep a draft, which is no act; answers its version. Words of another window are never written over unseen."""
    application = session.get_one(Application, review.application_id)
    offer = offers.offer_of(session, session.get_one(Call, application.call_id))
    answers = kept(offer, typed)
    if answers == {**dict.fromkeys(answers, ""), **review.answers}:
        return review.version
    hold(session, review, by)
    if seen != review.version:
        raise OtherReviewWindow()
    review.answers, review.updated_at = answers, now()
    review.version += 1
    session.flush()
    return review.version


def file(
    session: Session, review: PanelReview, typed: Mapping[str, str], seen: int, by: UUID, origin: str = ""
) -> None:
    """File a review for good. With the last one of an application they can be read, and those who wrote are told."""
    application, offer = hold(session, review, by)
    keep(session, review, typed, seen, by)
    if found := rules.problems(review.answers, offer.criteria):
        raise rules.ReviewLacks(found)
    review.salt = secrets.token_hex(16)
    review.words_hash = hashing.text_hash(hashing.canonical(review.answers).decode(), review.salt)
    review.state, review.filed_at = ReviewState.FILED, now()
    session.flush()
    events.record(
        session, "panel_review_filed", SubjectKind.APPLICATION, application.id, by=by, words=review.words_hash,
        states={Noun.PANEL_REVIEW: {ReviewState.FILED: [review.id]}},
    )  # fmt: skip
    after = standing(session, offer, [application])[application.id]
    if application.reviews_opened_at is None and not after.waiting:
        application.reviews_opened_at = min(review.filed_at, application.reviews_due_at or review.filed_at)
        call = session.get_one(Call, application.call_id)
        tell(session, call, offer, {each.seat_id for each in after.counted}, "panel_opened", origin)
    session.flush()


def mine(session: Session, application: Application, seats: Sequence[Seat]) -> PanelReview | None:
    """The review that the reader is asked for."""
    return panel_review_of(session, application.id, {each.id for each in seats})
