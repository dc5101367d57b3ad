"""Moderation of what is said about missions and decisions: by the rules of voices, appealed against, brought back."""

from typing import Any

from sqlmodel import Session

from app.conditions.asking import organisation_id_of
from app.errors import NotFound
from app.models.hidings import hidings, moderators_of
from app.models.moderation_lists import DISMISSED, NO_ACTION, ONLY_MODERATOR, RESTORED, UPHELD
from app.models.person import Person
from app.models.statement import Statement
from app.rules.moderation import Decider, HidingRule, decider, title_of
from app.rules.words import StatementKind, StatementState, SubjectKind
from app.services import events, spoken
from app.services.moderation import DecidedAlready, decide, resolve, statement_states
from app.services.moderation_deciders import AnotherDecides


def hide(
    session: Session, statement: Statement, by: Person, rule: HidingRule, reason: str, origin: str = ""
) -> None:
    """Hide it under one of the rules; its author is told and can appeal. An objection still waits for its answer."""
    hold(session, statement, by, StatementState.VISIBLE)
    statement.state, statement.rule = StatementState.HIDDEN, rule.value
    why = decide(session, SubjectKind.STATEMENT, statement.id, by, rule.value, reason)
    reports = resolve(session, statement.id, StatementKind.REPORT)
    record(session, "words_hidden", statement, by, rule=rule, states=statement_states(why, reports))
    tell_author(session, statement, "words_hidden", origin, rule=title_of(rule.value))


def restore(session: Session, statement: Statement, by: Person, reason: str, origin: str = "") -> None:
    """Undo the hiding; an open appeal is answered by it."""
    hold(session, statement, by, StatementState.HIDDEN)
    appeals = resolve(session, statement.id, StatementKind.APPEAL)
    statement.state, statement.rule = StatementState.VISIBLE, ""
    answered = appeals[0].id if appeals else None
    why = decide(session, SubjectKind.STATEMENT, statement.id, by, RESTORED, reason, answered)
    record(session, "words_restored", statement, by, states=statement_states(why, appeals))
    tell_author(session, statement, "words_restored", origin)


def decide_appeal(
    session: Session, statement: Statement, by: Person, *, upheld: bool, reason: str, origin: str = ""
) -> None:
    """Answer the appeal of its author; never by who hid it, if the agency has another moderator."""
    hold(session, statement, by, StatementState.HIDDEN)
    alone = note_of_decider(session, statement, by)
    appeals = resolve(session, statement.id, StatementKind.APPEAL, alone)
    if not appeals:
        raise NotFound()
    if upheld:
        statement.state, statement.rule = StatementState.VISIBLE, ""
    outcome = UPHELD if upheld else DISMISSED
    why = decide(session, SubjectKind.STATEMENT, statement.id, by, outcome, reason, appeals[0].id, alone)
    record(session, f"words_{outcome}", statement, by, states=statement_states(why, appeals))
    tell_author(session, statement, f"words_{outcome}", origin)


def keep_visible(session: Session, statement: Statement, by: Person, reason: str) -> None:
    """Look at the reports on it, and leave it where it is."""
    spoken.require_spoken(statement)
    reports = resolve(session, statement.id, StatementKind.REPORT)
    if not reports:
        raise DecidedAlready()
    why = decide(session, SubjectKind.STATEMENT, statement.id, by, NO_ACTION, reason)
    record(session, "reports_resolved", statement, by, states=statement_states(why, reports))


def hold(session: Session, statement: Statement, by: Person, state: StatementState) -> None:
    """Hold its row, as long as it is still in the state that the moderator saw; never one's own."""
    spoken.require_spoken(statement)
    session.refresh(statement, with_for_update=True)
    if statement.author_id == by.id:
        raise spoken.AnotherAnswers()
    if statement.state is not state:
        raise DecidedAlready()


def note_of_decider(session: Session, statement: Statement, by: Person) -> str:
    """Refuse whoever hid it while the agency has another moderator; the note on the decision where it has none."""
    agency, hiding = (
        organisation_id_of(session, statement),
        hidings(session, [statement.id]).get(statement.id),
    )
    people = moderators_of(session, agency) if agency else []
    others = any(each.id not in (by.id, statement.author_id) for each in people)
    found = decider(by.id, hiding.by_id if hiding else None, others)
    if found is Decider.ANOTHER:
        raise AnotherDecides()
    return ONLY_MODERATOR if found is Decider.ONLY else ""


def record(session: Session, kind: str, statement: Statement, by: Person, **facts: Any) -> None:
    events.record(
        session, kind, SubjectKind.STATEMENT, statement.id, by=by.id, **spoken.about(statement), **facts
    )


def tell_author(session: Session, statement: Statement, kind: str, origin: str, **facts: str) -> None:
    spoken.tell_author(session, spoken.title_of(session, statement), statement, kind, origin, **facts)
