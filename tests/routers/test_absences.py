"""Absences through the pages: announcing one, the alternate's ballot, and coming back."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.absence import Absence
from app.models.columns import now
from app.models.person import Person
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber

NAME = "academia 1"
SOON = (now() + timedelta(days=2)).date().isoformat()


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    made.members["alternate"] = made.add_alternate(NAME)
    made.notice(opens_in=-1)
    db.commit()
    return made


def at(chamber: Chamber) -> str:
    return f"/committees/{chamber.committee.id}/absences"


def page_of(app: FastAPI, db: Session, person: Person, path: str) -> str:
    with Browser(app) as browser:
        browser.sign_in(db, person)
        return browser.get(path).text


def test_a_member_goes_away_and_the_ballot_is_with_the_alternate_until_they_are_back(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    assert chamber.decision
    vote, seat = f"/decisions/{chamber.decision.id}", chamber.seats[NAME]
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members[NAME])
        told = browser.fill_in(at(chamber), {"seat_id": str(seat.id), "last_day": SOON})
        assert "The absence is recorded and public." in told.text
        assert "You are recorded as away." in browser.get(vote).text
        assert "You vote as the alternate of a member who is away" in page_of(
            app, db, chamber.members["alternate"], vote
        )
        absence = db.exec(select(Absence)).one()
        back = browser.fill_in(f"{at(chamber)}/{absence.id}/return")
        assert "The absence is over." in back.text
        assert 'value="for"' in browser.get(vote).text
    assert 'value="for"' not in page_of(app, db, chamber.members["alternate"], vote)


def test_everyone_reads_that_a_member_is_away(app: FastAPI, db: Session, chamber: Chamber) -> None:
    seat = chamber.seats[NAME]
    with Browser(app) as browser:
        browser.sign_in(db, chamber.secretary)
        browser.fill_in(at(chamber), {"seat_id": str(seat.id), "last_day": SOON})

    with Browser(app) as browser:
        assert chamber.decision
        assert "away until" in browser.get(f"/committees/{chamber.committee.id}").text
        assert "whoever casts first keeps it" in browser.get(f"/decisions/{chamber.decision.id}").text


def test_nobody_says_that_somebody_else_is_away(app: FastAPI, db: Session, chamber: Chamber) -> None:
    sent = {"seat_id": str(chamber.seats[NAME].id), "last_day": SOON}
    bob = make_person(db, "Bob")
    db.commit()
    for person in (chamber.members["public 1"], chamber.chair, bob, chamber.scene.carol):
        with Browser(app) as browser:
            browser.sign_in(db, person)
            assert browser.fill_in(at(chamber), sent).status_code == 403
    assert db.exec(select(Absence)).all() == []


def test_wrong_days_come_back_with_what_was_typed(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.members[NAME])

    answer = visitor.fill_in(at(chamber), {"seat_id": str(chamber.seats[NAME].id), "last_day": "2020-01-01"})

    assert answer.status_code == 422
    assert "An absence begins today or later" in answer.text
    assert 'value="2020-01-01"' in answer.text
