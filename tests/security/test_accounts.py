"""Accounts made with somebody else's address: they get no seat, and their owner no flood of letters."""

from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.outgoing_mail import OutgoingMail
from app.rules.words import LinkPurpose, Role, ScopeKind, SubmissionState
from app.services import accounts, links, submissions
from app.services.drafts import Said
from tests.client import Browser
from tests.factories import make_call
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


def test_words_of_a_squatter_are_not_published_by_who_proves_the_address(session: Session) -> None:
    boss = make_person(
        session, "Mallory", email="boss@example.org", email_confirmed_at=None, password_hash="of Mallory"
    )
    words = Said("Words that the boss never wrote.")
    made = submissions.submit(session, make_call(session), boss, words, "form")
    token = links.issue(session, LinkPurpose.RESET, boss)

    accounts.choose_password(session, token, "a new long phrase")

    assert boss.email_confirmed_at is not None
    assert made.state is SubmissionState.SUBMITTED


def test_the_present_password_is_never_shown_again(visitor: Browser, db: Session) -> None:
    visitor.sign_in(db, make_person(db, "Ada"))
    form = visitor.open("/me/profile").form("/me/password")
    typed = {name: "my old pass phrase" for name in form.names if name != "csrf_token"}

    answer = visitor.post(
        "/me/password", data={**typed, "csrf_token": "0" * 64}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 403
    assert "my old pass phrase" not in answer.text


def test_what_a_window_types_after_signing_out_is_kept_for_nobody_else(visitor: Browser, db: Session) -> None:
    call = make_call(db)
    visitor.sign_in(db, make_person(db, "Ada"))
    token = visitor.token(f"/calls/{call.id}/submissions/new")
    visitor.fill_in("/sign-out")

    kept = visitor.post(f"/drafts/{call.id}", data={"csrf_token": token, "text": "What Ada still types."})

    assert kept.status_code == 403
    assert "What Ada still types." not in visitor.get(f"/calls/{call.id}/submissions/new").text


def test_a_draft_is_there_after_choosing_a_new_password(visitor: Browser, db: Session) -> None:
    call, ada = make_call(db), make_person(db, "Ada")
    token = links.issue(db, LinkPurpose.RESET, ada)
    db.commit()
    path = f"/calls/{call.id}/submissions"
    visitor.fill_in(path, {"text": "Shade over the market square.", "form_key": "a"})

    visitor.fill_in(f"/link/{token}", {"password": "a new long phrase"}, seen_on=f"/link/{token}")

    assert "Shade over the market square." in visitor.get(f"{path}/new").text
