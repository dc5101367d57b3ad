"""A question waits for its seconder: what the pages say of it, and the one press."""

from fastapi import FastAPI
from sqlmodel import Session

from app.rules.words import DecisionState
from tests.client import Browser
from tests.services.chamber import make_chamber


def test_the_page_says_who_may_second_and_the_vote_is_announced_after(app: FastAPI, db: Session) -> None:
    chamber = make_chamber(db)
    chamber.committee.notice_hours, chamber.committee.needs_seconder = 48, True
    decision, page = chamber.put(), ""
    db.commit()
    page = f"/decisions/{decision.id}"
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        opened = browser.open(page)
        assert "Somebody of another stakeholder group who seconds it" in opened.text
        assert chamber.members["citizens 1"].name in opened.text
        assert "48 hours between the announcement and the first ballot" in opened.text
        too_early = browser.hand_in(opened.form("/notice"), {"opens_at": "2020-01-01T09:00"}, status=409)
        assert "Nobody of another stakeholder group has seconded this question yet." in too_early.text
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["citizens 1"])
        told = browser.hand_in(browser.open(page).form("/seconding"))
        assert "You have seconded this question." in told.text
        assert not [form for form in told.forms if form.action.endswith("/notice")]
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        opened = browser.open(page)
        assert "Seconded by" in opened.text
        early = browser.hand_in(opened.form("/notice"), {"opens_at": "2020-01-01T09:00"}, status=422)
        assert "This committee wants 48 hours" in early.text
        announced = browser.hand_in(browser.open(page).form("/notice"))
        assert "The vote is announced." in announced.text
        assert chamber.members["citizens 1"].name in announced.text
    db.refresh(decision)
    assert decision.state is DecisionState.NOTICED


def test_only_seats_that_may_reach_the_press(app: FastAPI, db: Session) -> None:
    chamber = make_chamber(db)
    chamber.committee.needs_seconder = True
    decision = chamber.put()
    db.commit()
    for person, status in ((chamber.chair, 403), (chamber.scene.carol, 404)):
        with Browser(app) as browser:
            browser.sign_in(db, person)
            assert browser.fill_in(f"/decisions/{decision.id}/seconding", {}).status_code == status
