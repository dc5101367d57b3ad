"""What a round of reviews waits for, when it may be read, and whose a mission is: asked of the rows at an instant."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.committee import interests_in, stepped_aside_with
from app.models.decision import decisions_on
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.person import Person
from app.models.project import Project
from app.models.review import Review, ReviewRound
from app.models.seat import Seat
from app.models.submission import Submission
from app.rules import reviews
from app.rules.words import LinkKind, ReviewState, SubjectKind


def may_read(session: Session, review: Review, mine: Collection[UUID], at: datetime) -> bool:
    """One's own at any time; another's when it is filed and its round is open. A draft is nobody else's."""
    if review.seat_id in mine:
        return True
    return review.filed_at is not None and is_opened(
        session, session.get_one(ReviewRound, review.round_id), at
    )


def is_opened(session: Session, asked: ReviewRound, at: datetime | None = None) -> bool:
    """Whether the reviews of a round may be read, at this instant."""
    at = at or now()
    if asked.concluded_at is not None or reviews.is_opened(1, asked.opened_at, asked.due_at, at):
        return True
    return not waited_for(session, asked, at)


def waited_for(session: Session, asked: ReviewRound, at: datetime) -> list[Review]:
    """The reviews that are still to come, of seats that are held and have not stepped aside."""
    query = (
        select(Review)
        .join(Seat, col(Seat.id) == Review.seat_id)
        .where(
            Review.round_id == asked.id,
            col(Review.filed_at).is_(None),
            Review.state != ReviewState.LAPSED,
            or_(col(Seat.ends_at).is_(None), col(Seat.ends_at) > at),
            col(Seat.id).not_in(stepped_aside(session, asked.mission_id)),
        )
    )
    return list(session.exec(query))


def stepped_aside(session: Session, mission_id: UUID) -> set[UUID]:
    """Seats of those who stand aside now from a mission before a committee, or from any decision about it."""
    subjects = [mission_id, *(each.id for each in decisions_on(session, mission_id))]
    return stepped_aside_with(session, [each for each in interests_in(session, *subjects) if each.recuses()])


def is_own(session: Session, mission: Mission, person: Person) -> bool:
    """Whether a person, or their organisation, brought what this mission is made of.

    It is theirs as the agency that asks, as its owner, as the lead of one of its routes, and as the author of a voice
    that a clause or a route comes from.
    """
    leads = select(Project.lead_organisation_id).where(Project.mission_id == mission.id)
    organisations = {mission.organisation_id, mission.owner_organisation_id, *session.exec(leads)}
    if person.organisation_id is not None and person.organisation_id in organisations:
        return True
    mine = col(Submission.author_id) == person.id
    if person.organisation_id is not None:
        mine = mine | (col(Submission.organisation_id) == person.organisation_id)
    query = select(Submission.id).where(col(Submission.id).in_(behind(mission.id)), mine)
    return session.exec(query.limit(1)).first() is not None


def behind(mission_id: UUID) -> Any:
    """The submissions that a clause or a route of a mission comes from."""
    parts = select(Clause.id).where(Clause.mission_id == mission_id)
    routes = select(Project.id).where(Project.mission_id == mission_id)
    return select(Link.to_id).where(
        Link.kind == LinkKind.DERIVES_FROM,
        Link.to_kind == SubjectKind.SUBMISSION,
        or_(col(Link.from_id).in_(parts), col(Link.from_id).in_(routes)),
    )
