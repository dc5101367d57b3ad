"""Moderation of voices: publishing what waits, hiding by a rule and with a reason, undoing that, deciding appeals.

Every decision leaves one public statement with its rule and its reason: the moderation log is the list of them.
Comments are moderated by the same rules in `moderation_comments`.
"""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_of, call_phase
from app.errors import Conflict, NotFound
from app.models.columns import now
from app.models.grouping import accepted_grouping
from app.models.moderation_lists import DISMISSED, NO_ACTION, RESTORED, UPHELD
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.moderation import HidingRule, returns_to, title_of
from app.rules.moves import MoveForbidden
from app.rules.submissions import require_move
from app.rules.words import N_, CallState, StatementKind, StatementState, SubjectKind, SubmissionState
from app.services import (
    answers,
    checking,
    clusters_counts,
    clusters_words,
    counts,
    events,
    groupings_place,
    moderation_deciders,
    notifications,
    statements,
    wordings,
)


class DecidedAlready(Conflict):
    sentence: ClassVar[str] = N_("Another moderator has decided this already.")


def publish(session: Session, submission: Submission, by: Person, origin: str = "") -> None:
    """Let a text that waits be public; its author is told."""
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
    tell_author(session, submission, "submission_published", origin)
    counts.forget(submission.call_id)


def hide(
    session: Session, submission: Submission, by: Person, rule: HidingRule, reason: str, origin: str
) -> None:
    """Hide a text under one of the rules; its author is told and can appeal."""
    session.refresh(submission, with_for_update=True)
    require_move(submission.state, SubmissionState.HIDDEN, reason=reason)
    before, submission.state = submission.state, SubmissionState.HIDDEN
    submission.hidden_rule, submission.hidden_reason, submission.hidden_at = rule.value, reason, now()
    submission.hidden_from = before
    said = decide(session, SubjectKind.SUBMISSION, submission.id, by, rule.value, reason)
    reports = resolve(session, submission.id, StatementKind.REPORT)
    wordings.take_names_back(session, submission.id)
    clusters_words.unquote(session, submission.id)
    clusters_counts.follow(session, submission.call_id, submission.id)
    events.record(
        session, "submission_hidden", SubjectKind.SUBMISSION, submission.id, by=by.id,
        call=submission.call_id, rule=rule, before=before, states=statement_states(said, reports),
    )  # fmt: skip
    tell_author(session, submission, "submission_hidden", origin, rule=title_of(rule.value))
    counts.forget(submission.call_id)


def restore(session: Session, submission: Submission, by: Person, reason: str, origin: str) -> None:
    """Undo a hiding, whoever decided it: the words are what they were before; an open appeal is answered by it."""
    session.refresh(submission, with_for_update=True)
    if submission.state is not SubmissionState.HIDDEN:
        raise DecidedAlready()
    appeals = resolve(session, submission.id, StatementKind.APPEAL)
    bring_back(session, submission, reason)
    answered = appeals[0].id if appeals else None
    why = decide(session, SubjectKind.SUBMISSION, submission.id, by, RESTORED, reason, answered)
    events.record(
        session, "submission_restored", SubjectKind.SUBMISSION, submission.id, by=by.id,
        call=submission.call_id, state=submission.state, states=statement_states(why, appeals),
    )  # fmt: skip
    tell_author(session, submission, told_kind("submission_restored", submission), origin)
    counts.forget(submission.call_id)


def decide_appeal(
    session: Session, submission: Submission, by: Person, *, upheld: bool, reason: str, origin: str
) -> None:
    """Answer an appeal: the words come back, or they stay hidden; either way with a reason."""
    session.refresh(submission, with_for_update=True)
    if submission.state is not SubmissionState.HIDDEN:
        raise DecidedAlready()
    alone = moderation_deciders.require(session, submission, submission.id, submission.author_id, by)
    appeals = resolve(session, submission.id, StatementKind.APPEAL, alone)
    if not appeals:
        raise NotFound()
    if upheld:
        bring_back(session, submission, reason)
    outcome = UPHELD if upheld else DISMISSED
    why = decide(session, SubjectKind.SUBMISSION, submission.id, by, outcome, reason, appeals[0].id, alone)
    events.record(
        session, outcome, SubjectKind.SUBMISSION, submission.id, by=by.id,
        call=submission.call_id, state=submission.state, states=statement_states(why, appeals),
    )  # fmt: skip
    tell_author(session, submission, told_kind(outcome, submission), origin)
    counts.forget(submission.call_id)


def bring_back(session: Session, submission: Submission, reason: str) -> None:
    """Make a hidden voice what it was before; the answer holds that its question was given meanwhile."""
    author = session.get(Person, submission.author_id) if submission.author_id else None
    confirmed = author is not None and author.email_confirmed_at is not None
    state = returns_to(submission.hidden_from, is_confirmed=confirmed)
    require_move(submission.state, state, reason=reason)
    if state is SubmissionState.GROUPED and accepted_grouping(session, submission.call_id) is not None:
        state = SubmissionState.VISIBLE  # and grouped again by the place it has now, if it has one
    submission.state = state
    submission.hidden_rule = submission.hidden_reason = ""
    submission.hidden_at = submission.hidden_from = None
    session.flush()
    groupings_place.place_new(session, [submission.id])
    clusters_counts.follow(session, submission.call_id, submission.id)
    if submission.state in (SubmissionState.VISIBLE, SubmissionState.GROUPED):
        take_answer(session, submission)


def take_answer(session: Session, submission: Submission) -> None:
    """What the agency answered while it was hidden was said to it as well."""
    call = call_of(session, submission)
    if call is None or call_phase(call) not in (CallState.ANSWERED, CallState.ARCHIVED):
        return
    given = answers.answer_to(session, submission, checking.cluster_of(session, submission.id))
    if given is None:
        return
    submission.state = SubmissionState(given.outcome)
    submission.outcome_reason, submission.outcome_at = given.text[:2000], call.answered_at or now()


def told_kind(kind: str, submission: Submission) -> str:
    """What the author is told: public again, or waiting again for their address."""
    return f"{kind}_waits" if submission.state is SubmissionState.SUBMITTED else kind


def tell_author(session: Session, submission: Submission, kind: str, origin: str, **facts: str) -> None:
    if submission.author_id is not None:
        notifications.tell(
            session, [submission.author_id], kind, SubjectKind.SUBMISSION, submission.id, origin, **facts
        )


def keep_visible(session: Session, submission: Submission, subject_id: UUID, by: Person, reason: str) -> None:
    """Look at the reports on a text or a comment, and leave it where it is."""
    kind = SubjectKind.SUBMISSION if subject_id == submission.id else SubjectKind.STATEMENT
    if kind is SubjectKind.STATEMENT:
        statements.others_comment(session, submission, subject_id, by)
    reports = resolve(session, subject_id, StatementKind.REPORT)
    if not reports:
        raise DecidedAlready()
    why = decide(session, kind, subject_id, by, NO_ACTION, reason)
    events.record(
        session, "reports_resolved", kind, subject_id, by=by.id,
        submission=submission.id, states=statement_states(why, reports),
    )  # fmt: skip


def decide(
    session: Session, kind: SubjectKind, subject_id: UUID, by: Person, rule: str, reason: str,
    answered: UUID | None = None, note: str = "",
) -> Statement:  # fmt: skip
    """Write the decision down where everyone can read it."""
    written = Statement(
        kind=StatementKind.REASON, subject_kind=kind, subject_id=subject_id, author_id=by.id,
        parent_id=answered, text=reason, rule=rule, outcome=note,
    )  # fmt: skip
    session.add(written)
    session.flush()
    return written


def resolve(session: Session, subject_id: UUID, kind: StatementKind, note: str = "") -> list[Statement]:
    """Close what was open about a subject; whoever comes second finds nothing open."""
    query = select(Statement).where(
        Statement.subject_id == subject_id, Statement.kind == kind, col(Statement.resolved_at).is_(None)
    )
    found = list(session.exec(query.with_for_update()))
    for each in found:
        each.resolved_at, each.state, each.outcome = now(), StatementState.RESOLVED, note
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
