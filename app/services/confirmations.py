"""What waits for a confirmed address: endorsements start to count, submissions become public."""

from sqlalchemy import text
from sqlmodel import Session

from app.models.person import Person
from app.services import submissions

COUNT_ENDORSEMENTS = text(
    "WITH counted AS (UPDATE endorsement SET counts = true "
    "WHERE person_id = :person AND NOT counts RETURNING submission_id) "
    "UPDATE submission SET endorsement_count = endorsement_count + 1 WHERE id IN (SELECT submission_id FROM counted) "
    "RETURNING number"
)


def release(session: Session, person: Person) -> list[int]:
    """Everything this person did before confirming takes effect now; answers the numbers of what they endorsed."""
    session.flush()
    endorsed = session.connection().execute(COUNT_ENDORSEMENTS, {"person": person.id}).scalars().all()
    submissions.release_confirmed(session, person)
    return list(endorsed)
