"""Reminders of applications that wait for somebody's review: by themselves, in the last days before it is due."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer
from app.models.panel import PanelReview, shut_out
from app.models.seat import Seat, is_live
from app.rules import assigning
from app.rules.words import ApplicationState, CallState, SubjectKind
from app.services import events, notifications

Row = tuple[PanelReview, Application, UUID]
MOST = 1_000


def remind_due(session: Session, origin: str = "") -> int:
    """Remind everybody whose reviews are due within two days, once a day; answers how many people were."""
    at, told = now(), 0
    soon = (col(Application.reviews_due_at) > at, col(Application.reviews_due_at) <= at + assigning.AHEAD)
    waiting = select(Application.call_id).where(*soon, Application.state == ApplicationState.IN_REVIEW)
    query = (
        select(Call, Offer)
        .join(Offer, col(Offer.call_id) == Call.id)
        .where(Call.state == CallState.REVIEW, col(Offer.panel_id).is_not(None), col(Call.id).in_(waiting))
        .order_by(col(Call.id))
        .with_for_update(of=Call, read=True)
    )
    for call, offer in session.exec(query).all():
        told += remind(session, call, offer, at, origin)
    return told


def remind(session: Session, call: Call, offer: Offer, at: datetime, origin: str) -> int:
    """One letter for each person, whatever the number of applications; one event for all of them."""
    rows = [each for each in still_owed(session, call, offer, at) if is_due(each, at)]
    if not rows or offer.panel_id is None:
        return 0
    days: dict[UUID, datetime] = {}
    for review, application, person in rows:
        review.reminded_at = at
        assert application.reviews_due_at is not None
        days[person] = min(days.get(person, application.reviews_due_at), application.reviews_due_at)
    session.flush()
    events.record(
        session, "panel_reminded", SubjectKind.COMMITTEE, offer.panel_id, number=len(days), call=call.id
    )
    for person, due in sorted(days.items()):
        day = due.astimezone(ZoneInfo(call.timezone)).date().isoformat()
        notifications.tell(
            session, [person], "panel_review_reminder", SubjectKind.COMMITTEE, offer.panel_id, origin,
            title=call.title, day=day, page="/workbench",
        )  # fmt: skip
    return len(days)


def is_due(row: Row, at: datetime) -> bool:
    review, application, _person = row
    due = application.reviews_due_at
    return due is not None and assigning.is_reminded_by_itself(due, review.reminded_at, at)


def still_owed(session: Session, call: Call, offer: Offer, at: datetime) -> list[Row]:
    """Reviews that were asked for and are not in, of those who may still write them; locked until they are told."""
    query = (
        select(PanelReview, Application, Seat.person_id)
        .join(Application, col(Application.id) == PanelReview.application_id)
        .join(Seat, col(Seat.id) == PanelReview.seat_id)
        .where(
            Application.call_id == call.id, Application.state == ApplicationState.IN_REVIEW,
            col(PanelReview.filed_at).is_(None), *is_live(at),
        )
        .order_by(col(PanelReview.id))
        .limit(MOST)
        .with_for_update(of=PanelReview, skip_locked=True)
    )  # fmt: skip
    found = list(session.exec(query).all())
    applications = {each.id: each for _review, each, _person in found}
    shut = shut_out(
        session, offer.panel_id, list(applications.values()), {person for _review, _each, person in found}
    )
    return [row for row in found if row[2] not in shut[row[1].id].from_reviewing]
