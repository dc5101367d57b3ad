"""Endorsements: one per person and submission, which the primary key decides; counted once the address is confirmed."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from app.conditions.asking import times_of
from app.errors import NotFound, Refusal
from app.models.call import Call
from app.models.columns import now
from app.models.endorsement import Endorsement
from app.models.person import Person
from app.models.submission import Submission
from app.models.submission_lists import IS_PUBLIC
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import N_, SubjectKind
from app.services import events


class OwnVoice(Refusal):
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_("This is your own submission: you stand behind it already.")


def endorse(session: Session, submission: Submission, person: Person) -> bool:
    """Stand behind a submission; doing it twice, or from two windows at once, is doing it once."""
    require_open(session, submission)
    if submission.author_id == person.id:
        raise OwnVoice()
    counts = person.email_confirmed_at is not None
    row = {"submission_id": submission.id, "person_id": person.id, "counts": counts, "created_at": now()}
    # No target named: whatever unique constraint there is decides, here the primary key.
    write = insert(Endorsement).values(**row).on_conflict_do_nothing()
    is_new = session.connection().execute(write.returning(col(Endorsement.person_id))).first() is not None
    if is_new:
        change_count(session, submission, int(counts))
        events.record(
            session, "endorsement_given", SubjectKind.SUBMISSION, submission.id, by=person.id, counts=counts
        )
    return is_new


def take_back(session: Session, submission: Submission, person: Person) -> bool:
    """Stand behind it no longer; taking back what was never given changes nothing."""
    require_open(session, submission)
    gone = delete(Endorsement).where(
        col(Endorsement.submission_id) == submission.id, col(Endorsement.person_id) == person.id
    )
    counted = session.connection().execute(gone.returning(col(Endorsement.counts))).scalars().all()
    if counted:
        change_count(session, submission, -sum(counted))
        events.record(
            session,
            "endorsement_taken_back",
            SubjectKind.SUBMISSION,
            submission.id,
            by=person.id,
            counts=counted[0],
        )
    return bool(counted)


def require_open(session: Session, submission: Submission) -> None:
    call = session.get_one(Call, submission.call_id)
    phases.require_at(Act.ENDORSE, times_of(call), call.state, now())


def change_count(session: Session, submission: Submission, by: int) -> None:
    """One statement, so that many at once are each counted; hidden or withdrawn meanwhile, it is not found."""
    counted = (
        update(Submission)
        .where(col(Submission.id) == submission.id, IS_PUBLIC)
        .values(endorsement_count=col(Submission.endorsement_count) + by)
        .returning(col(Submission.endorsement_count), col(Submission.support))
        .execution_options(synchronize_session=False)
    )
    now_counted = session.connection().execute(counted).first()
    if now_counted is None:
        raise NotFound()
    for name, value in now_counted._mapping.items():
        set_committed_value(submission, name, value)


def is_endorsed(session: Session, submission_id: UUID, person_id: UUID | None) -> bool:
    return bool(person_id and session.get(Endorsement, (submission_id, person_id)))


def endorsed_among(session: Session, submission_ids: list[UUID], person_id: UUID | None) -> set[UUID]:
    """Which of these the person endorses, in one statement for a whole list."""
    if person_id is None or not submission_ids:
        return set()
    query = select(Endorsement.submission_id).where(
        Endorsement.person_id == person_id, col(Endorsement.submission_id).in_(submission_ids)
    )
    return set(session.exec(query))
