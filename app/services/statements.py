"""Statements on a submission: comments, reports to the moderators, and appeals of authors."""

from hashlib import sha256
from typing import ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import call_of, times_of
from app.errors import Conflict, NotFound
from app.models.columns import now
from app.models.hidings import hidings
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.seat import live_seats_in
from app.models.statement import Statement
from app.models.submission import Submission
from app.permissions import NotYours
from app.rules import phases
from app.rules.deliberation import REPLIES_DEEP
from app.rules.phases import Act
from app.rules.words import N_, Role, ScopeKind, StatementKind, StatementState, SubjectKind, SubmissionState
from app.services import events, notifications


class AppealedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "You have appealed already. The moderators' answer will appear on this page."
    )


class NothingToAppeal(Conflict):
    sentence: ClassVar[str] = N_("This is not hidden, so there is nothing to appeal against.")


def comment(
    session: Session,
    submission: Submission,
    person: Person,
    words: str,
    form_key: str,
    parent_id: UUID | None,
) -> Statement:
    """Say something about a submission, or reply to a comment on it; replies go two levels deep."""
    require(session, submission, Act.COMMENT)
    if parent_id is not None:
        parent_id = place_for(session, of_submission(session, submission, parent_id))
    key = keyed("comment", str(person.id), form_key)
    if (known := with_key(session, key)) is not None:
        return known
    made = Statement(
        kind=StatementKind.COMMENT, subject_kind=SubjectKind.SUBMISSION, subject_id=submission.id,
        author_id=person.id, group=person.group, parent_id=parent_id, text=words, form_key=key,
    )  # fmt: skip
    if (first := add_once(session, made)) is not None:
        return first
    change_count(session, submission.id, 1)
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, words, person.id)
    events.record(
        session, "comment_added", SubjectKind.STATEMENT, made.id, by=person.id,
        submission=submission.id, text_hash=text_hash,
    )  # fmt: skip
    if submission.author_id and submission.author_id != person.id:
        notifications.tell(
            session, [submission.author_id], "comment_added", SubjectKind.SUBMISSION, submission.id
        )
    return made


def withdraw_comment(session: Session, submission: Submission, statement: Statement, by: UUID) -> None:
    """Its author takes a comment back: the words are erased, replies to it stay.

    Comments only: what a moderator, an agency or a member wrote for the record stands.
    """
    wanted = (StatementKind.COMMENT, submission.id, by)
    if (statement.kind, statement.subject_id, statement.author_id) != wanted:
        raise NotFound()
    session.refresh(statement, with_for_update=True)
    if statement.state is StatementState.WITHDRAWN:
        return
    counts = statement.state is StatementState.VISIBLE
    if counts:
        change_count(session, submission.id, -1)
    statement.state, statement.text = StatementState.WITHDRAWN, ""
    events.erase_texts(session, SubjectKind.STATEMENT, statement.id)
    closed = close_all(session, statement)
    events.record(
        session, "comment_withdrawn", SubjectKind.STATEMENT, statement.id, by=by,
        submission=submission.id, counts=counts,
        states={SubjectKind.STATEMENT: {StatementState.RESOLVED: [each.id for each in closed]}},
    )  # fmt: skip


def close_all(session: Session, statement: Statement) -> list[Statement]:
    """Of what is gone nothing waits for moderators; what its author wrote to them may quote it, and goes too."""
    about = select(Statement).where(
        Statement.subject_id == statement.id,
        col(Statement.kind).in_((StatementKind.REPORT, StatementKind.APPEAL)),
    )
    found = list(session.exec(about.with_for_update()))
    for each in found:
        if each.kind is StatementKind.APPEAL:
            each.text = ""
    waiting = [each for each in found if each.resolved_at is None]
    for each in waiting:
        each.resolved_at, each.state = now(), StatementState.RESOLVED
    return waiting


def report(
    session: Session, submission: Submission, person: Person, reason: str, statement_id: UUID | None = None
) -> Statement:
    """Ask the moderators to look at a submission or a comment; one report per person and version, hiding nothing."""
    require(session, submission, Act.REPORT)
    subject_kind, subject_id = SubjectKind.SUBMISSION, submission.id
    if statement_id is not None:
        subject_kind, subject_id = SubjectKind.STATEMENT, of_submission(session, submission, statement_id).id
    key = keyed("report", str(person.id), str(subject_id), str(submission.version))
    if (known := with_key(session, key)) is not None:
        return known
    made = Statement(
        kind=StatementKind.REPORT, subject_kind=subject_kind, subject_id=subject_id, author_id=person.id,
        text=reason, form_key=key,
    )  # fmt: skip
    if (first := add_once(session, made)) is not None:
        return first
    events.record(
        session, "report_made", subject_kind, subject_id, by=person.id,
        submission=submission.id, statement=made.id, statement_state=made.state,
    )  # fmt: skip
    return made


def appeal(session: Session, submission: Submission, person: Person, words: str) -> Statement:
    """The author asks that hiding be looked at again, once for each hiding."""
    require(session, submission, Act.APPEAL)
    session.refresh(submission, with_for_update=True)
    if submission.state is not SubmissionState.HIDDEN:
        raise NothingToAppeal()
    if appeal_of(session, submission) is not None:
        raise AppealedAlready()
    made = Statement(
        kind=StatementKind.APPEAL, subject_kind=SubjectKind.SUBMISSION, subject_id=submission.id,
        author_id=person.id, text=words,
    )  # fmt: skip
    session.add(made)
    session.flush()
    events.record(
        session, "appeal_made", SubjectKind.SUBMISSION, submission.id, by=person.id,
        call=submission.call_id, statement=made.id, statement_state=made.state,
    )  # fmt: skip
    notifications.tell(
        session, facilitators(session, submission), "appeal_made", SubjectKind.SUBMISSION, submission.id
    )
    return made


def appeal_comment(
    session: Session, submission: Submission, said: Statement, person: Person, words: str
) -> Statement:
    """The author of a comment asks that its hiding be looked at again, once for each hiding."""
    if (said.kind, said.subject_id, said.author_id) != (StatementKind.COMMENT, submission.id, person.id):
        raise NotFound()
    require(session, submission, Act.APPEAL)
    made = appeal_against(session, said, person, words, submission=submission.id)
    notifications.tell(
        session, facilitators(session, submission), "comment_appeal_made", SubjectKind.SUBMISSION,
        submission.id, comment=str(said.id),
    )  # fmt: skip
    return made


def appeal_against(session: Session, said: Statement, person: Person, words: str, **facts: UUID) -> Statement:
    """The appeal of an author against the hiding of what they said, wherever it stands."""
    session.refresh(said, with_for_update=True)
    if said.author_id != person.id:
        raise NotFound()
    if said.state is not StatementState.HIDDEN:
        raise NothingToAppeal()
    hiding = hidings(session, [said.id]).get(said.id)
    if hiding is not None and hiding.appeal is not None:
        raise AppealedAlready()
    made = Statement(
        kind=StatementKind.APPEAL, subject_kind=SubjectKind.STATEMENT, subject_id=said.id,
        author_id=person.id, text=words,
    )  # fmt: skip
    session.add(made)
    session.flush()
    events.record(
        session, "appeal_made", SubjectKind.STATEMENT, said.id, by=person.id,
        **facts, statement=made.id, statement_state=made.state,
    )  # fmt: skip
    return made


def appeal_of(session: Session, submission: Submission) -> Statement | None:
    """The appeal against the present hiding, if there is one."""
    query = select(Statement).where(
        Statement.subject_kind == SubjectKind.SUBMISSION,
        Statement.subject_id == submission.id,
        Statement.kind == StatementKind.APPEAL,
    )
    if submission.hidden_at is not None:
        query = query.where(col(Statement.created_at) >= submission.hidden_at)
    return session.exec(query.order_by(col(Statement.created_at).desc())).first()


def of_submission(session: Session, submission: Submission, statement_id: UUID) -> Statement:
    """A visible comment on this very submission."""
    found = session.get(Statement, statement_id)
    wanted = (StatementKind.COMMENT, submission.id, StatementState.VISIBLE)
    if found is None or (found.kind, found.subject_id, found.state) != wanted:
        raise NotFound()
    return found


def others_comment(session: Session, submission: Submission, statement_id: UUID, by: Person) -> Statement:
    """A comment to decide on: nobody decides on their own, neither to hide it nor to let it stand."""
    found = session.get(Statement, statement_id)
    if found is None or (found.kind, found.subject_id) != (StatementKind.COMMENT, submission.id):
        raise NotFound()
    if found.author_id == by.id:
        raise NotYours(sentence=N_("Nobody decides on what they or their organisation submitted."))
    return found


def place_for(session: Session, parent: Statement) -> UUID:
    """Where a reply stands: under what it answers, or beside it where that is as deep as it goes."""
    depth, above = 1, parent
    while above.parent_id is not None:
        above = session.get_one(Statement, above.parent_id)
        depth += 1
    return parent.id if depth <= REPLIES_DEEP or parent.parent_id is None else parent.parent_id


def add_once(session: Session, made: Statement) -> Statement | None:
    """Add a statement; the one that is there already when the same form arrived twice at once."""
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return with_key(session, made.form_key or "")
    return None


def require(session: Session, submission: Submission, act: Act) -> None:
    call = call_of(session, submission)
    assert call is not None
    phases.require_at(act, times_of(call), call.state, now())


def facilitators(session: Session, submission: Submission) -> list[UUID]:
    call = call_of(session, submission)
    organisation = session.get(Organisation, call.organisation_id) if call else None
    seats = live_seats_in(session, ScopeKind.ORGANISATION, organisation.id) if organisation else []
    return [seat.person_id for seat in seats if seat.role is Role.FACILITATOR]


def change_count(session: Session, submission_id: UUID, by: int) -> None:
    write = update(Submission).where(col(Submission.id) == submission_id)
    session.connection().execute(write.values(comment_count=col(Submission.comment_count) + by))


def keyed(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()


def with_key(session: Session, key: str) -> Statement | None:
    return session.exec(select(Statement).where(Statement.form_key == key)).first()
