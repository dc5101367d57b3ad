"""Who took part in what a mission came from and what was applied for under it, and is asked again at its reviews."""

from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.conditions.applying import TEAMS_OWN, UNSEALED
from app.conditions.asking import call_phase
from app.models.application import Application, Teammate
from app.models.columns import now
from app.models.course import CourseReview, Recall
from app.models.mission import Mission
from app.models.person import Person
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import SubjectKind
from app.services import missions, notifications


def ask_again(session: Session, mission: Mission, review: CourseReview, origin: str) -> int:
    people, at = took_part(session, mission), now()
    session.add_all(Recall(review_id=review.id, person_id=each, asked_at=at) for each in people)
    session.flush()
    notifications.tell(
        session, people, "recalled", SubjectKind.MISSION, mission.id, origin, title=mission.title,
        page=f"/course/{review.id}",
    )  # fmt: skip
    return len(people)


def took_part(session: Session, mission: Mission) -> list[UUID]:
    """Everyone with a public voice in the mission's question, or a hand in an application under it, and an address.

    What was drafted, withdrawn or is still sealed counts for nothing: nobody is asked about what nobody may know of.
    """
    voices = select(Submission.author_id).where(
        Submission.call_id == mission.call_id, col(Submission.state).in_(PUBLIC_STATES)
    )
    unsealed = [each.id for each in missions.calls_under(session, mission.id) if call_phase(each) in UNSEALED]
    teams = (
        select(Teammate.person_id)
        .join(Application, col(Application.id) == Teammate.application_id)
        .where(
            col(Application.call_id).in_(unsealed),
            col(Application.state).not_in(TEAMS_OWN),
            col(Teammate.joined_at).is_not(None),
        )
    )
    query = select(Person.id).where(
        or_(col(Person.id).in_(voices), col(Person.id).in_(teams)),
        col(Person.email).is_not(None),
        col(Person.suspended_at).is_(None),
    )
    return list(session.exec(query.order_by(col(Person.id))))
