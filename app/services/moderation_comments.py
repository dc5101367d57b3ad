"""Moderation of comments: hidden by a rule and with a reason as voices are, appealed against, brought back."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.errors import NotFound
from app.models.moderation_lists import DISMISSED, RESTORED, UPHELD
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.moderation import HidingRule, title_of
from app.rules.words import StatementKind, StatementState, SubjectKind
from app.services import events, moderation_deciders, notifications, statements
from app.services.moderation import DecidedAlready, decide, resolve, statement_states


def hide(
    session: Session,
    submission: Submission,
    statement_id: UUID,
    by: Person,
    rule: HidingRule,
    reason: str,
    origin: str,
) -> None:
    """Hide a comment under one of the rules; its author is told and can appeal."""
    said = held(session, submission, statement_id, by, StatementState.VISIBLE)
    said.state, said.rule = StatementState.HIDDEN, rule.value
    statements.change_count(session, submission.id, -1)
    why = decide(session, SubjectKind.STATEMENT, said.id, by, rule.value, reason)
    reports = resolve(session, said.id, StatementKind.REPORT)
    record(session, "comment_hidden", submission, said, by, rule=rule, states=statement_states(why, reports))
    tell_author(session, submission, said, "comment_hidden", origin, rule=title_of(rule.value))


def restore(
    session: Session, submission: Submission, statement_id: UUID, by: Person, reason: str, origin: str
) -> None:
    """Undo the hiding of a comment; an open appeal is answered by it."""
    said = held(session, submission, statement_id, by, StatementState.HIDDEN)
    appeals = resolve(session, said.id, StatementKind.APPEAL)
    bring_back(session, submission, said)
    answered = appeals[0].id if appeals else None
    why = decide(session, SubjectKind.STATEMENT, said.id, by, RESTORED, reason, answered)
    record(session, "comment_restored", submission, said, by, states=statement_states(why, appeals))
    tell_author(session, submission, said, "comment_restored", origin)


def decide_appeal(
    session: Session, submission: Submission, statement_id: UUID, by: Person, *, upheld: bool, reason: str,
    origin: str,
) -> None:  # fmt: skip
    """Answer the appeal of a comment's author; never by who hid it, if the agency has another moderator."""
    said = held(session, submission, statement_id, by, StatementState.HIDDEN)
    alone = moderation_deciders.require(session, submission, said.id, said.author_id, by)
    appeals = resolve(session, said.id, StatementKind.APPEAL, alone)
    if not appeals:
        raise NotFound()
    if upheld:
        bring_back(session, submission, said)
    outcome = UPHELD if upheld else DISMISSED
    why = decide(session, SubjectKind.STATEMENT, said.id, by, outcome, reason, appeals[0].id, alone)
    record(session, f"comment_{outcome}", submission, said, by, states=statement_states(why, appeals))
    tell_author(session, submission, said, f"comment_{outcome}", origin)


def held(
    session: Session, submission: Submission, statement_id: UUID, by: Person, state: StatementState
) -> Statement:
    """The comment with its row held, as long as it is still in the state that the moderator saw."""
    said = statements.others_comment(session, submission, statement_id, by)
    session.refresh(said, with_for_update=True)
    if said.state is not state:
        raise DecidedAlready()
    return said


def bring_back(session: Session, submission: Submission, said: Statement) -> None:
    said.state, said.rule = StatementState.VISIBLE, ""
    statements.change_count(session, submission.id, 1)


def record(
    session: Session, kind: str, submission: Submission, said: Statement, by: Person, **facts: Any
) -> None:
    events.record(session, kind, SubjectKind.STATEMENT, said.id, by=by.id, submission=submission.id, **facts)


def tell_author(
    session: Session, submission: Submission, said: Statement, kind: str, origin: str, **facts: str
) -> None:
    """Told of the voice's page, where the comment stands."""
    if said.author_id is not None:
        notifications.tell(
            session, [said.author_id], kind, SubjectKind.SUBMISSION, submission.id, origin,
            comment=str(said.id), **facts,
        )  # fmt: skip
