"""Reminders of reviews that are still to come: by those who hold an office, or by themselves before the day."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.assignment import Assignment, assignments_on
from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import Review, ReviewRound
from app.models.seat import Seat
from app.rules import assigning
from app.rules.replay_kinds import GIVEN, Noun
from app.rules.words import N_, SubjectKind
from app.services import assignments, events, missions, notifications


class RemindedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "Everybody whose review is still to come was reminded within the last day. Nobody is reminded more often."
    )


def remind(
    session: Session, committee: Committee, by: UUID, origin: str = "", only: Collection[UUID] = (),
    mission_id: UUID | None = None,
) -> int:  # fmt: skip
    """Remind whoever owes a review, of one item or of all; each person once a day of each item at most."""
    session.refresh(committee, with_for_update=True)
    owed = [
        (asked, review)
        for asked, review in assignments.still_owed(session, committee)
        if (not only or review.seat_id in only) and mission_id in (None, asked.mission_id)
    ]
    rows = [assigned(session, committee, asked, review, by) for asked, review in owed]
    due = [each for each in rows if assigning.may_remind(each.reminded_at, now())]
    if not due:
        raise RemindedAlready()
    tell(session, committee, due, rows, by, origin)
    return len(due)


def remind_due(session: Session, origin: str = "") -> int:
    """Remind by itself everybody whose review is due within two days; answers how many were."""
    at, told = now(), 0
    rounds = select(ReviewRound.committee_id).where(
        col(ReviewRound.concluded_at).is_(None),
        col(ReviewRound.due_at) > at,
        col(ReviewRound.due_at) <= at + assigning.AHEAD,
    )
    query = select(Committee).where(col(Committee.id).in_(rounds)).order_by(col(Committee.id))
    for committee in session.exec(query.with_for_update()).all():
        told += remind_one(session, committee, at, origin)
    return told


def remind_one(session: Session, committee: Committee, at: datetime, origin: str) -> int:
    rows = [
        assigned(session, committee, asked, review, asked.created_by_id)
        for asked, review in assignments.still_owed(session, committee)
        if asked.due_at is not None and asked.created_by_id is not None and asked.opens_at <= at
    ]
    due = [each for each in rows if assigning.is_reminded_by_itself(each.due, each.reminded_at, at)]
    if due:
        tell(session, committee, due, rows, None, origin)
    return len(due)


def assigned(
    session: Session, committee: Committee, asked: ReviewRound, review: Review, by: UUID | None
) -> Assignment:
    """The assignment behind a review; one that was asked for on the page of its mission gets its own here."""
    known = {each.seat_id: each for each in assignments_on(session, [asked.mission_id])}
    found = known.get(review.seat_id)
    assert asked.due_at is not None
    if found is None:
        assert by is not None
        found = Assignment(
            committee_id=committee.id, mission_id=asked.mission_id, seat_id=review.seat_id, due=asked.due_at,
            assigned_by_id=by, assigned_at=asked.opens_at,
        )  # fmt: skip
    found.due = asked.due_at  # Reviewers may have been given more time.
    return found


def tell(
    session: Session, committee: Committee, due: list[Assignment], rows: list[Assignment], by: UUID | None, origin: str
) -> None:  # fmt: skip
    """One event for the act, one notification for each person and item."""
    at = now()
    for each in due:
        each.reminded_at = at
    new = [each for each in due if each not in session]
    session.add_all(due)
    session.flush()
    kept = [each for each in rows if each not in due and each in session]
    session.add_all(kept)
    events.record(
        session, "reviewers_reminded", SubjectKind.COMMITTEE, committee.id, by=by, number=len(due),
        states={Noun.ASSIGNMENT: {GIVEN: [each.id for each in new]}},
    )  # fmt: skip
    people = dict(
        session.exec(select(Seat.id, Seat.person_id).where(col(Seat.id).in_([e.seat_id for e in due]))).all()
    )
    for each in due:
        mission = session.get_one(Mission, each.mission_id)
        there = each.due.astimezone(ZoneInfo(missions.zone_of(session, mission)))
        notifications.tell(
            session, [people[each.seat_id]], "review_reminder", SubjectKind.MISSION, mission.id, origin,
            title=mission.title, day=there.date().isoformat(), page="/reviews",
        )  # fmt: skip
