"""Accounts made with somebody else's address: they get no seat, and their owner no flood of letters."""

from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.outgoing_mail import OutgoingMail
from app.rules.words import Role, ScopeKind
from tests.client import Browser
from tests.people import make_person, seat

SIGN_UP = {"email": "ada@example.org", "name": "Ada", "password": "a long enough phrase"}


def test_a_seat_waits_until_its_holder_has_shown_that_the_address_is_theirs(
    app: FastAPI, db: Session
) -> None:
    """Whoever signed up first with an address that is invited later is not thereby an administrator."""
    mallory = make_person(db, "Mallory", email="new.chief@example.org", email_confirmed_at=None)
    seat(db, mallory, Role.ADMIN, ScopeKind.PLATFORM)
    with Browser(app) as browser:
        browser.sign_in(db, mallory)

        assert browser.get("/staff/people").status_code == 403


def test_signing_up_again_and_again_with_one_address_mails_it_a_few_times(app: FastAPI, db: Session) -> None:
    make_person(db, "Ada", email="ada@example.org")
    db.commit()
    with Browser(app) as browser:
        answers = [browser.fill_in("/sign-up", SIGN_UP).status_code for _ in range(8)]

    assert set(answers) == {200}
    assert len(db.exec(select(OutgoingMail)).all()) == 5
