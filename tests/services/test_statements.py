"""Comments, reports and appeals."""

import pytest
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.notification import Notification
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.words import StatementKind, SubjectKind, SubmissionState
from app.services import conversations, statements
from app.services.conversations import Comment
from app.services.statements import AppealedAlready, NothingToAppeal
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person


def test_a_comment_is_counted_and_its_author_told(session: Session) -> None:
    author, bob = make_person(session, "Author"), make_person(session)
    voice = make_submission(session, None, author)

    statements.comment(session, voice, bob, "I agree.", "form-1", None)
    session.refresh(voice)

    assert voice.comment_count == 1
    assert [told.person_id for told in session.exec(select(Notification))] == [author.id]


def test_the_same_comment_sent_twice_is_one(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session)

    first = statements.comment(session, voice, bob, "I agree.", "form-1", None)
    second = statements.comment(session, voice, bob, "I agree.", "form-1", None)

    assert first.id == second.id


def talk(session: Session, voice: Submission) -> list[Comment]:
    return conversations.page(session, SubjectKind.SUBMISSION, voice.id).comments


def test_replies_go_two_levels_deep(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session)
    root = statements.comment(session, voice, bob, "I agree.", "1", None)
    reply = statements.comment(session, voice, bob, "Why?", "2", root.id)
    deeper = statements.comment(session, voice, bob, "Because.", "3", reply.id)

    beside = statements.comment(session, voice, bob, "I see.", "4", deeper.id)

    assert (deeper.parent_id, beside.parent_id) == (reply.id, reply.id)
    (shown,) = talk(session, voice)
    (answer,) = shown.replies
    assert [each.statement.text for each in answer.replies] == ["Because.", "I see."]


def test_a_reply_stays_on_its_own_submission(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    one, two = make_submission(session, call), make_submission(session, call, make_person(session, "Other"))
    elsewhere = statements.comment(session, one, bob, "I agree.", "1", None)

    with pytest.raises(NotFound):
        statements.comment(session, two, bob, "Lost.", "2", elsewhere.id)


def test_withdrawing_a_comment_erases_it_and_keeps_the_replies(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session)
    root = statements.comment(session, voice, bob, "I agree.", "1", None)
    statements.comment(session, voice, make_person(session, "Alice"), "Why?", "2", root.id)

    statements.withdraw_comment(session, voice, root, bob.id)

    (shown,) = talk(session, voice)
    assert shown.statement.text == ""
    assert [each.statement.text for each in shown.replies] == ["Why?"]


def test_nobody_withdraws_the_comment_of_another(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session)
    root = statements.comment(session, voice, bob, "I agree.", "1", None)

    with pytest.raises(NotFound):
        statements.withdraw_comment(session, voice, root, make_person(session, "Alice").id)


def test_a_hundred_reports_hide_nothing_and_one_person_reports_once(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session)

    for _ in range(3):
        statements.report(session, voice, bob, "I do not like it.")

    reports = session.exec(select(Statement).where(Statement.kind == StatementKind.REPORT)).all()
    assert len(reports) == 1
    assert voice.state is SubmissionState.VISIBLE


def test_an_author_appeals_once_and_facilitators_are_told(session: Session) -> None:
    agency, bob = make_organisation(session), make_person(session)
    carol = make_facilitator(session, agency)
    voice = make_submission(
        session, make_call(session, agency), bob, state=SubmissionState.HIDDEN, hidden_rule="insult"
    )

    statements.appeal(session, voice, bob, "It is criticism, not an insult.")

    assert [told.person_id for told in session.exec(select(Notification))] == [carol.id]
    with pytest.raises(AppealedAlready):
        statements.appeal(session, voice, bob, "Again.")


def test_there_is_no_appeal_against_what_is_public(session: Session) -> None:
    bob = make_person(session)

    with pytest.raises(NothingToAppeal):
        statements.appeal(session, make_submission(session, None, bob), bob, "Why?")
