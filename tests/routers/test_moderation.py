"""Moderation through the pages: the queue, the acts, the appeal, and a log that tells no secrets."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.models.call import Call
from app.models.person import Person
from app.models.submission import Submission
from app.rules.words import SubmissionState
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person

SECRET = "A canary that is hidden"
HIDING = {"rule": "insult", "reason": "It insults a neighbour."}


@pytest.fixture
def case(db: Session) -> tuple[Call, Submission, Person, Person]:
    agency, bob = make_organisation(db), make_person(db)
    carol, call = make_facilitator(db, agency), make_call(db, agency)
    voice = make_submission(db, call, bob, text=SECRET)
    db.commit()
    return call, voice, bob, carol


Case = tuple[Call, Submission, Person, Person]


def test_hiding_appealing_and_upholding(app: FastAPI, db: Session, case: Case) -> None:
    call, voice, bob, carol = case
    with Browser(app) as moderator, Browser(app) as author, Browser(app) as stranger:
        moderator.sign_in(db, carol)
        author.sign_in(db, bob)
        assert "Hide this submission" in moderator.get(f"/submissions/{voice.id}").text

        moderator.fill_in(f"/submissions/{voice.id}/hiding", HIDING)
        assert SECRET not in stranger.get(f"/submissions/{voice.id}").text
        page = author.get(f"/submissions/{voice.id}").text
        assert SECRET in page
        assert "It insults a neighbour." in page

        author.fill_in(f"/submissions/{voice.id}/appeal", {"appeal": "It names an institution."})
        queue = moderator.get(f"/calls/{call.id}/moderation?list=appealed").text
        assert "It names an institution." in queue
        moderator.fill_in(
            f"/submissions/{voice.id}/appeal/decision", {"outcome": "uphold", "reason": "So it does."}
        )

        assert SECRET in stranger.get(f"/submissions/{voice.id}").text
        log = stranger.get("/moderation-log").text
        assert "Appeal upheld: public again" in log
        assert "It insults a neighbour." in log
        assert SECRET not in log
        assert bob.name not in log


def test_reports_are_read_and_closed(app: FastAPI, db: Session, case: Case) -> None:
    call, voice, _bob, carol = case
    dave = make_person(db, "Dave")
    with Browser(app) as moderator, Browser(app) as reader:
        reader.sign_in(db, dave)
        moderator.sign_in(db, carol)

        reader.fill_in(f"/submissions/{voice.id}/report", {"reason": "I do not like birds."})
        assert SECRET in reader.get(f"/submissions/{voice.id}").text
        assert "I do not like birds." in moderator.get(f"/calls/{call.id}/moderation").text
        moderator.fill_in(f"/submissions/{voice.id}/reports/resolution", {"reason": "Birds are welcome."})

        assert "Nothing waits here" in moderator.get(f"/calls/{call.id}/moderation?list=reported").text
        assert "Reported, left visible" in reader.get("/moderation-log").text


def test_publishing_from_the_queue(visitor: Browser, db: Session, case: Case) -> None:
    call, voice, _bob, carol = case
    voice.state = SubmissionState.SUBMITTED
    visitor.sign_in(db, carol)
    assert SECRET in visitor.get(f"/calls/{call.id}/moderation").text

    done = visitor.fill_in(f"/submissions/{voice.id}/publication", headers={"HX-Request": "true"})

    assert f'id="waiting-{voice.id}"' in done.text
    db.expire_all()
    assert db.get_one(Submission, voice.id).state is SubmissionState.VISIBLE


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"rule": "dislike", "reason": "No."}, "Choose the rule", id="no such rule"),
        pytest.param(
            {"rule": "rejected_in_source", "reason": "No."}, "Choose the rule", id="the import's own rule"
        ),
        pytest.param({"rule": "insult", "reason": ""}, "Please write something", id="no reason"),
    ],
)
def test_nothing_is_hidden_without_rule_and_reason(
    visitor: Browser, db: Session, case: Case, fields: dict[str, str], sentence: str
) -> None:
    _call, voice, _bob, carol = case
    visitor.sign_in(db, carol)

    answer = visitor.fill_in(f"/submissions/{voice.id}/hiding", fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    db.expire_all()
    assert db.get_one(Submission, voice.id).state is SubmissionState.VISIBLE


def test_facilitators_of_another_agency_and_citizens_moderate_nothing(
    app: FastAPI, db: Session, case: Case
) -> None:
    call, voice, bob, _carol = case
    stranger = make_facilitator(db, make_organisation(db, "Another agency"), "Olga")
    for person in (stranger, bob):
        with Browser(app) as browser:
            browser.sign_in(db, person)

            assert browser.get(f"/calls/{call.id}/moderation").status_code == 403
            for path in ("publication", "hiding", "reports/resolution", "appeal/decision"):
                answer = browser.fill_in(f"/submissions/{voice.id}/{path}", {**HIDING, "outcome": "uphold"})
                assert answer.status_code == 403
    db.expire_all()
    assert db.get_one(Submission, voice.id).state is SubmissionState.VISIBLE


def test_nobody_moderates_their_own(visitor: Browser, db: Session, case: Case) -> None:
    call, _voice, _bob, carol = case
    own = make_submission(db, call, carol, state=SubmissionState.SUBMITTED)
    visitor.sign_in(db, carol)

    assert visitor.fill_in(f"/submissions/{own.id}/publication").status_code == 403
    assert "another facilitator decides" in visitor.get(f"/calls/{call.id}/moderation").text
