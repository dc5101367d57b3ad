"""Moderators cannot rewrite their own record, decide on their own words, or tell of what is still a draft."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.call import Call
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.words import CallState, StatementKind
from app.services import counts, home, statements
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person

HIDING = {"rule": "insult", "reason": "It insults a neighbour."}
Case = tuple[Call, Submission, Person]


@pytest.fixture
def case(db: Session) -> Case:
    agency = make_organisation(db)
    carol, call = make_facilitator(db, agency), make_call(db, agency)
    voice = make_submission(db, call)
    db.commit()
    return call, voice, carol


def test_what_the_log_says_is_not_taken_back_as_if_it_were_a_comment(
    app: FastAPI, db: Session, case: Case
) -> None:
    _call, voice, carol = case
    with Browser(app) as moderator:
        moderator.sign_in(db, carol)
        moderator.fill_in(f"/submissions/{voice.id}/hiding", HIDING)
        reason = db.exec(select(Statement).where(Statement.kind == StatementKind.REASON)).one()

        answer = moderator.fill_in(f"/submissions/{voice.id}/comments/{reason.id}/withdrawal")

        assert answer.status_code == 404
        assert HIDING["reason"] in moderator.get("/moderation-log").text


def test_nobody_closes_the_reports_on_their_own_comment(app: FastAPI, db: Session, case: Case) -> None:
    _call, voice, carol = case
    said = statements.comment(db, voice, carol, "You are all fools.", "key", None)
    statements.report(db, voice, make_person(db, "Dave"), "An insult.", said.id)
    with Browser(app) as moderator:
        moderator.sign_in(db, carol)

        answer = moderator.fill_in(
            f"/submissions/{voice.id}/reports/resolution", {"reason": "Fine by me.", "comment": str(said.id)}
        )

    assert answer.status_code == 403


def test_the_log_is_silent_about_a_question_that_is_still_a_draft(
    app: FastAPI, db: Session, case: Case
) -> None:
    call, voice, carol = case
    call.state, call.title = CallState.DRAFT, "A secret plan"
    db.add(call)
    with Browser(app) as moderator:
        moderator.sign_in(db, carol)
        moderator.fill_in(f"/submissions/{voice.id}/hiding", HIDING)
    with Browser(app) as stranger:
        log, home = stranger.get("/moderation-log").text, stranger.get("/").text

    assert "A secret plan" not in log
    assert HIDING["reason"] not in log
    assert "A secret plan" not in home


def test_the_front_page_counts_nothing_of_a_draft(session: Session) -> None:
    call = make_call(session, state=CallState.DRAFT)
    before = home.totals(session).voices
    make_submission(session, call)
    counts.forget(call.id)
    counts._kept.clear()

    assert home.totals(session).voices == before


def test_the_log_of_acts_does_not_tell_how_often_a_text_was_reported(
    app: FastAPI, db: Session, case: Case
) -> None:
    _call, voice, _carol = case
    address = f"/events?kind=submission&subject={voice.id}"
    with Browser(app) as stranger:
        before = stranger.get(address).text.count("<tr")
        statements.report(db, voice, make_person(db, "Dave"), "An insult.")
        db.commit()

        assert stranger.get(address).text.count("<tr") == before
