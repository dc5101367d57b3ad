"""Submissions: sending one, changing it while the call is open, withdrawing it.

A text is public the moment it is sent: moderation follows publication. Only while its author's address is not
confirmed does it wait as `submitted`, until the author confirms it or a moderator publishes it.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.conditions.asking import times_of
from app.errors import Conflict
from app.models.call import Call
from app.models.columns import now
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission, shuffled
from app.models.text_version import TextVersion
from app.nlp import languages
from app.rules import phases, texts
from app.rules.moves import MoveForbidden
from app.rules.phases import Act
from app.rules.submissions import EDITABLE, require_move
from app.rules.words import N_, StatementKind, SubjectKind, SubmissionState
from app.services import (
    clusters_counts,
    clusters_words,
    counts,
    drafts,
    embeddings,
    events,
    groupings_place,
    search,
    topics,
    wordings,
)
from app.services.drafts import Said
from app.viewer import Viewer

SUBJECT = SubjectKind.SUBMISSION
TOO_SHORT_TO_TELL = 10
LONGEST_HEARD = 2_000
NO_LANGUAGE = "zxx"  # what ISO 639 calls signs that are no language


class ChangedMeanwhile(Conflict):
    """Never last-write-wins: whoever comes second sees both texts."""

    sentence: ClassVar[str] = N_(
        "This text was changed in another window. Both versions are below: nothing is lost."
    )


def submit(
    session: Session, call: Call, person: Person, said: Said, form_key: str, draft: int | None = None
) -> Submission:
    """Send a text; the same form sent twice is one submission, which the database decides.

    Only the draft of the version that this form knew goes, if it knew one: another window may hold other words.
    """
    at = now()
    phases.require_at(Act.SUBMIT, times_of(call), call.state, at)
    row = row_of(call, person, said, form_key, at)
    # No target named: whatever unique constraint there is decides, here the one on author and form.
    write = insert(Submission).values(**row).on_conflict_do_nothing().returning(Submission)
    if (made := session.scalars(write).first()) is None:
        return sent_by(session, person.id, form_key)
    text_hash = events.keep_text(session, SUBJECT, row["id"], 1, words(said.title, said.text), person.id)
    events.record(
        session, "submission_submitted", SUBJECT, row["id"], by=person.id,
        call=call.id, state=row["state"], text_hash=text_hash,
    )  # fmt: skip
    drafts.discard(session, call.id, Viewer(person=person), draft, said)
    counts.forget(call.id)
    return made


def row_of(call: Call, person: Person, said: Said, form_key: str, at: datetime) -> dict[str, Any]:
    """Every column of the new row; its vector is made later by the loop that finds rows without one."""
    language = said.language or language_of(said, call)
    is_confirmed = person.email_confirmed_at is not None
    return {
        "id": uuid4(),
        "call_id": call.id,
        "author_id": person.id,
        "organisation_id": said.voice_of(person),
        "kind": said.kind,
        "state": SubmissionState.VISIBLE if is_confirmed else SubmissionState.SUBMITTED,
        "title": said.title,
        "text": said.text,
        "language": language,
        "place": said.place,
        "group": said.group,
        "created_at": at,
        "submitted_at": at,
        "form_key": form_key,
        "shuffle": shuffled(),
        "search": search.document(said.title, said.text, language),
    }


def says(submission: Submission, said: Said) -> bool:
    """Whether these are its words: a form may come again with others, from a page gone back to."""
    return (submission.title, submission.text) == (said.title, said.text)


def sent_by(session: Session, author_id: UUID, form_key: str) -> Submission:
    query = select(Submission).where(Submission.author_id == author_id, Submission.form_key == form_key)
    return session.exec(query).one()


def language_of(said: Said, call: Call) -> str:
    """The language the text is in, whatever it is; those of the call decide where it is too short to tell."""
    code, _confidence = languages.detect(f"{said.title}\n{said.text}", likely=call.languages)
    return "" if code in (languages.UNKNOWN, NO_LANGUAGE) else code


def language_so_far(call: Call, said: Said) -> str:
    """The language of a text that is still being typed; empty while it is too short to tell."""
    typed = Said(texts.clean(said.text, texts.DRAFT).text[:LONGEST_HEARD], title=said.title[:200])
    return language_of(typed, call) if len(typed.text.strip()) >= TOO_SHORT_TO_TELL else ""


def words(title: str, text: str) -> str:
    """What a version keeps: the title, where there is one, on a line of its own."""
    return f"{title}\n\n{text}" if title else text


def edit(session: Session, submission: Submission, said: Said, version: int, by: Person) -> Submission:
    """A new version of the words; the vector of the old ones is forgotten, so that it is made anew."""
    call = session.get_one(Call, submission.call_id)
    phases.require_at(Act.SUBMIT, times_of(call), call.state, now())
    session.refresh(submission, with_for_update=True)
    if submission.state not in EDITABLE:
        raise MoveForbidden(before=submission.state, after=submission.state)
    if submission.version != version:
        raise ChangedMeanwhile()
    language = said.language or language_of(said, call)
    same_words = (submission.title, submission.text) == (said.title, said.text)
    submission.kind, submission.group, submission.place = said.kind, said.group, said.place
    submission.organisation_id = said.voice_of(by, submission.organisation_id)
    submission.title, submission.text, submission.language = said.title, said.text, language
    submission.search = search.document(said.title, said.text, language)
    submission.version, submission.updated_at = version + 1, now()
    text_hash = None
    if not same_words:
        number = len(events.versions(session, SUBJECT, submission.id)) + 1
        text_hash = events.keep_text(
            session, SUBJECT, submission.id, number, words(said.title, said.text), by.id
        )
        embeddings.forget(session, submission.id)
        wordings.forget(session, submission.id)
        clusters_words.unquote(session, submission.id)
    session.flush()
    events.record(
        session, "submission_edited", SUBJECT, submission.id, by=by.id, call=call.id, text_hash=text_hash
    )
    return submission


def withdraw(session: Session, submission: Submission, by: UUID) -> None:
    """Its author takes it back: every word of it is erased, its place and its counts stay."""
    session.refresh(submission, with_for_update=True)
    require_move(submission.state, SubmissionState.WITHDRAWN)
    before, submission.state = submission.state, SubmissionState.WITHDRAWN
    submission.title = submission.text = submission.place = submission.outcome_reason = ""
    submission.search, submission.withdrawn_at = None, now()
    submission.version += 1
    events.erase_texts(session, SUBJECT, submission.id)
    erase_own_words(session, submission)
    embeddings.forget(session, submission.id)
    topics.forget(session, [submission.id])
    wordings.forget(session, submission.id)
    clusters_words.unquote(session, submission.id)
    clusters_counts.follow(session, submission.call_id, submission.id)
    events.record(
        session, "submission_withdrawn", SUBJECT, submission.id, by=by, call=submission.call_id, before=before
    )
    counts.forget(submission.call_id)


def erase_own_words(session: Session, submission: Submission) -> None:
    """What the author wrote about it to moderators and facilitators may quote it, and goes too."""
    about = (StatementKind.APPEAL, StatementKind.CHECKING)
    session.connection().execute(
        update(Statement)
        .where(
            col(Statement.subject_id) == submission.id,
            col(Statement.author_id) == submission.author_id,
            col(Statement.kind).in_(about),
        )
        .values(text="")
    )


def release_confirmed(session: Session, person: Person) -> int:
    """The author confirmed their address: what waited for that is public now."""
    query = select(Submission).where(
        Submission.author_id == person.id, Submission.state == SubmissionState.SUBMITTED
    )
    waiting = session.exec(query.with_for_update()).all()
    for submission in waiting:
        require_move(submission.state, SubmissionState.VISIBLE)
        submission.state = SubmissionState.VISIBLE
        events.record(
            session, "submission_published", SUBJECT, submission.id, by=person.id, call=submission.call_id
        )
        counts.forget(submission.call_id)
    session.flush()
    groupings_place.place_new(session, [submission.id for submission in waiting])
    return len(waiting)


def versions_of(session: Session, submission: Submission) -> list[TextVersion]:
    """Every version of its words, the newest first."""
    return events.versions(session, SUBJECT, submission.id)[::-1]
