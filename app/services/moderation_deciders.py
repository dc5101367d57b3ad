"""Who decides on an appeal: whoever hid the words leaves it to another moderator, if the agency has one."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.conditions.asking import call_of
from app.errors import Forbidden
from app.models.call import Call
from app.models.hidings import hidings, may_decide, moderators_of
from app.models.moderation_lists import ONLY_MODERATOR, Waiting
from app.models.person import Person
from app.models.submission import Submission
from app.rules.moderation import Decider, decider
from app.rules.words import N_
from app.viewer import Viewer


class AnotherDecides(Forbidden):
    sentence: ClassVar[str] = N_(
        "You hid this yourself: another moderator of your agency decides on the appeal."
    )


def require(
    session: Session, submission: Submission, subject_id: UUID, author_id: UUID | None, by: Person
) -> str:
    """Refuse whoever hid it while there is another; the note on the decision where there is none."""
    call = call_of(session, submission)
    hiding = hidings(session, [subject_id]).get(subject_id)
    people = moderators_of(session, call.organisation_id) if call else []
    found = decider_among(people, submission, author_id, hiding.by_id if hiding else None, by.id)
    if found is Decider.ANOTHER:
        raise AnotherDecides()
    return ONLY_MODERATOR if found is Decider.ONLY else ""


def of_page(session: Session, call: Call, viewer: Viewer, items: Sequence[Waiting]) -> dict[UUID, Decider]:
    """For each appeal of a page whether this viewer decides on it, in one statement."""
    appealed = [item for item in items if item.appeal is not None]
    people = moderators_of(session, call.organisation_id) if appealed else []
    return {
        item.subject.id: decider_among(
            people,
            item.submission,
            item.subject.author_id,
            item.hiding.by_id if item.hiding else None,
            viewer.id,
        )
        for item in appealed
    }


def decider_among(
    people: Sequence[Person], submission: Submission, author_id: UUID | None, hidden_by: UUID | None, by: UUID | None
) -> Decider:  # fmt: skip
    others = any(each.id != by and may_decide(each, submission, author_id) for each in people)
    return decider(by, hidden_by, others)
