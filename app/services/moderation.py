"""Moderation: publishing what waits, hiding by a rule and with a reason, looking at reports, deciding appeals.

Every decision leaves one public statement with its rule and its reason: the moderation log is the list of them.
"""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict, NotFound
from app.models.columns import now
from app.models.moderation_lists import DISMISSED, NO_ACTION, UPHELD
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.permissions import NotYours
from app.rules.moderation import HidingRule, title_of
from app.rules.moves import MoveForbidden
from app.rules.submissions import require_move
from app.rules.words import N_, StatementKind, StatementState, SubjectKind, SubmissionState
from app.services import clusters_words, counts, events, groupings_place, notifications, statements


class DecidedAlready(Conflict):
    sentence: ClassVar[str] = N_("Another moderator has decided this already.")


def publish(session: Session, submission: Submission, by: Person) -> None:
    """Let a text that waits be public."""
    session.refresh(submission, with_for_update=True)
    require_move(submission.state, SubmissionState.VISIBLE, reason="read by a moderator")
    if submission.state is not SubmissionState.SUBMITTED:
        raise MoveForbidden(before=submission.state, after=SubmissionState.VISIBLE)
    submission.state = SubmissionState.VISIBLE
    events.record(
        session,
        "submission_published",
        SubjectKind.SUBMISSION,
        submission.id,
        by=by.id,
        call=submission.call_id,
    )
    groupings_place.place_new(session, [submission.id])
    counts.forget(submission.call_id)


def hide(
    session: Session, submission: Submission, by: Person, rule: HidingRule, reason: str, origin: str
) -> None:
    """Hide a text under one of the rules; its author is told and can appeal."""
    session.refresh(submission, with_for_update=True)
    require_move(submission.state, SubmissionState.HIDDEN, reason=reason)
    before, submission.state = submission.state, SubmissionState.HIDDEN
    submission.hidden_rule, submission.hidden_reason, submission.hidden_at = rule.value, reason, now()
    said = decide(session, SubjectKind.SUBMISSION, submission.id, by, rule.value, reason)
    reports = resolve(session, submission.id, StatementKind.REPORT)
    clusters_words.unquote(session, submission.id)
    events.record(
        session, "submission_hidden", SubjectKind.SUBMISSION, submission.id, by=by.id,
        call=submission.call_id, rule=rule, before=before, states=statement_states(said, reports),
    )  # fmt: skip
    if submission.author_id is not None:
        notifications.tell(
            session, [submission.author_id], "submission_hidden", SubjectKind.SUBMISSION, submission.id,
            origin, rule=title_of(rule.value),
        )  # fmt: skip
    counts.forget(submission.call_id)


def hide_comment(
    session: Session, submission: Submission, statement_id: UUID, by: Person, rule: HidingRule, reason: str
) -> None:
    """Hide a comment under one of the rules."""
    said = others_comment(session, submission, statement_id, by)
    session.refresh(said, with_for_update=True)
    if said.state is not StatementState.VISIBLE:
        raise DecidedAlready()
    said.state, said.rule = StatementState.HIDDEN, rule.value
    statements.change_count(session, submission.id, -1)
    why = decide(session, SubjectKind.STATEMENT, said.id, by, rule.value, reason)
    reports = resolve(session, said.id, StatementKind.REPORT)
    events.record(
        session,
        "comment_hidden",
        SubjectKind.STATEMENT,
        said.id,
        by=by.id,
        submission=submission.id,
        rule=rule,
        states=statement_states(why, reports),
    )


def others_comment(session: Session, submission: Submission, statement_id: UUID, by: Person) -> Statement:
    """A comment to decide on: nobody decides on their own, neither to hide it nor to let it stand."""
    said = statements.of_submission(session, submission, statement_id)
    if said.author_id == by.id:
        raise NotYours(sentence=N_("Nobody decides on what they or their organisation submitted."))
    return said


def keep_visible(session: Session, submission: Submission, subject_id: UUID, by: Person, reason: str) -> None:
    """Look at the reports on a text or a comment, and leave it where it is."""
    kind = SubjectKind.SUBMISSION if subject_id == submission.id else SubjectKind.STATEMENT
    if kind is SubjectKind.STATEMENT:
        others_comment(session, submission, subject_id, by)
    reports = resolve(session, subject_id, StatementKind.REPORT)
    if not reports:
        raise DecidedAlready()
    why = decide(session, kind, subject_id, by, NO_ACTION, reason)
    events.record(
        session, "reports_resolved", kind, subject_id, by=by.id,
        submission=submission.id, states=statement_states(why, reports),
    )  # fmt: skip


def decide_appeal(
    session: Session, submission: Submission, by: Person, *, upheld: bool, reason: str, origin: str
) -> None:
    """Answer an appeal: the words come back, or they stay hidden; either way with a reason."""
    session.refresh(submission, with_for_update=True)
    if submission.state is not SubmissionState.HIDDEN:
        raise DecidedAlready()
    appeals = resolve(session, submission.id, StatementKind.APPEAL)
    if not appeals:
        raise NotFound()
    if upheld:
        require_move(submission.state, SubmissionState.VISIBLE, reason=reason)
        submission.state = SubmissionState.VISIBLE
        submission.hidden_rule = submission.hidden_reason = ""
        submission.hidden_at = None
        groupings_place.place_new(session, [submission.id])
    outcome = UPHELD if upheld else DISMISSED
    why = decide(session, SubjectKind.SUBMISSION, submission.id, by, outcome, reason, appeals[0].id)
    events.record(
        session, outcome, SubjectKind.SUBMISSION, submission.id, by=by.id,
        call=submission.call_id, state=submission.state, states=statement_states(why, appeals),
    )  # fmt: skip
    if submission.author_id is not None:
        notifications.tell(
            session, [submission.author_id], outcome, SubjectKind.SUBMISSION, submission.id, origin
        )
    counts.forget(submission.call_id)


def decide(
    session: Session, kind: SubjectKind, subject_id: UUID, by: Person, rule: str, reason: str,
    answers: UUID | None = None,
) -> Statement:  # fmt: skip
    """Write the decision down where everyone can read it."""
    written = Statement(
        kind=StatementKind.REASON, subject_kind=kind, subject_id=subject_id, author_id=by.id,
        parent_id=answers, text=reason, rule=rule,
    )  # fmt: skip
    session.add(written)
    session.flush()
    return written


def resolve(session: Session, subject_id: UUID, kind: StatementKind) -> list[Statement]:
    """Close what was open about a subject; whoever comes second finds nothing open."""
    query = select(Statement).where(
        Statement.subject_id == subject_id, Statement.kind == kind, col(Statement.resolved_at).is_(None)
    )
    found = list(session.exec(query.with_for_update()))
    for each in found:
        each.resolved_at, each.state = now(), StatementState.RESOLVED
    return found


def statement_states(reason: Statement, resolved: list[Statement]) -> dict[str, dict[str, list[UUID]]]:
    """What a decision makes of statements, for its event: its own reason stands, what it answers is closed."""
    return {
        SubjectKind.STATEMENT: {reason.state: [reason.id], StatementState.RESOLVED: [s.id for s in resolved]}
    }


def answer_to(session: Session, appeal: Statement) -> Statement | None:
    """The reason given for the outcome of an appeal."""
    return session.exec(
        select(Statement).where(Statement.parent_id == appeal.id, Statement.kind == StatementKind.REASON)
    ).first()
