"""Signing up, in and out, and the links that mail carries, through the pages."""

import re

from sqlmodel import Session, select

from app.models.columns import now
from app.models.link_token import LinkToken
from app.models.outgoing_mail import OutgoingMail
from app.models.person import Person
from app.services import passwords
from tests.client import Browser
from tests.people import make_person

ADA = {"email": "Ada@Example.org", "name": "Ada Campos", "password": "a long enough phrase"}


def link_in_mail(db: Session) -> str:
    db.expire_all()
    body = db.exec(select(OutgoingMail).order_by(OutgoingMail.created_at.desc())).first().body  # type: ignore[union-attr, attr-defined]
    return re.search(r"/link/\S+", body).group(0)  # type: ignore[union-attr]


def test_a_citizen_signs_up_signs_in_and_confirms(visitor: Browser, db: Session) -> None:
    told = visitor.fill_in("/sign-up", ADA, seen_on="/sign-up")
    assert "Ada@Example.org" in told.text

    home = visitor.fill_in("/sign-in", ADA, seen_on="/sign-in")
    assert "Ada Campos" in home.text

    link = link_in_mail(db)
    assert visitor.get(link).status_code == 200
    visitor.fill_in(link, seen_on=link)
    db.expire_all()
    assert db.exec(select(Person)).one().email_confirmed_at is not None


def test_a_known_and_an_unknown_address_get_the_same_answer(visitor: Browser, db: Session) -> None:
    make_person(db, "Ada", email="ada@example.org")
    db.commit()

    known = visitor.fill_in("/sign-up", ADA, seen_on="/sign-up")
    visitor.cookies.clear()
    unknown = visitor.fill_in("/sign-up", ADA | {"email": "new@example.org"}, seen_on="/sign-up")

    assert known.status_code == unknown.status_code == 200
    strip = re.compile(r"[0-9a-f]{64}|Ada@Example\.org|new@example\.org")
    assert strip.sub("", known.text) == strip.sub("", unknown.text)
    assert db.exec(select(Person).where(Person.email == "ada@example.org")).one().name == "Ada"


def test_a_stranger_cannot_confirm_an_account_made_with_their_address(visitor: Browser, db: Session) -> None:
    visitor.fill_in("/sign-up", ADA, seen_on="/sign-up")
    link = link_in_mail(db)

    answer = visitor.fill_in(link, {"password": "not the one that was chosen"}, seen_on=link)

    assert answer.status_code == 422
    assert db.exec(select(Person)).one().email_confirmed_at is None


def test_a_link_works_once(visitor: Browser, db: Session) -> None:
    person = make_person(
        db, "Ada", email="ada@example.org", password_hash=passwords.hashed("old old old old")
    )
    db.commit()
    visitor.fill_in("/reset", {"email": person.email}, seen_on="/reset")
    link = link_in_mail(db)

    first = visitor.fill_in(link, {"password": "a new long phrase"}, seen_on=link)
    again = visitor.get(link)

    assert "Your password is set" in first.text
    assert again.status_code == 404
    db.expire_all()
    assert passwords.matches("a new long phrase", db.get(Person, person.id).password_hash)  # type: ignore[union-attr]


def test_opening_a_link_uses_nothing_up(visitor: Browser, db: Session) -> None:
    person = make_person(db, "Ada", email="ada@example.org")
    db.commit()
    visitor.fill_in("/reset", {"email": person.email}, seen_on="/reset")
    link = link_in_mail(db)

    for _scanner in range(3):
        assert visitor.get(link).status_code == 200

    db.expire_all()
    assert db.exec(select(LinkToken)).one().used_at is None


def test_guessing_a_password_is_stopped(visitor: Browser, db: Session) -> None:
    person = make_person(
        db, "Ada", email="ada@example.org", password_hash=passwords.hashed("the right phrase")
    )
    db.commit()
    token = visitor.token("/sign-in")

    answers = [
        visitor.post(
            "/sign-in", data={"csrf_token": token, "email": person.email, "password": f"guess {n}"}
        ).status_code
        for n in range(11)
    ]

    assert answers == [422] * 10 + [429]


def test_signing_out_ends_the_session_on_the_server(visitor: Browser, db: Session) -> None:
    visitor.sign_in(db, make_person(db, "Ada"))
    kept = visitor.cookies["session"]
    visitor.fill_in("/sign-out", seen_on="/me")

    visitor.cookies.set("session", kept)

    assert "/sign-in" in str(visitor.get("/me").url)


def test_a_link_to_another_site_is_not_followed(visitor: Browser, db: Session) -> None:
    make_person(db, "Ada", email="ada@example.org", password_hash=passwords.hashed("the right phrase"))
    db.commit()
    entry = {"email": "ada@example.org", "password": "the right phrase"}

    for wanted in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = visitor.fill_in(
            "/sign-in", entry | {"next": wanted}, seen_on="/sign-in", follow_redirects=False
        )
        assert answer.headers["location"] == "/"
        visitor.cookies.clear()


def test_who_knows_the_password_of_a_suspended_account_is_told_so(visitor: Browser, db: Session) -> None:
    kept = passwords.hashed(ADA["password"])
    make_person(db, "Ada", email="ada@example.org", password_hash=kept, suspended_at=now())
    db.commit()

    told = visitor.fill_in("/sign-in", ADA, seen_on="/sign-in")
    guessed = visitor.fill_in("/sign-in", ADA | {"password": "not the right phrase"}, seen_on="/sign-in")

    assert told.status_code == guessed.status_code == 422
    assert "This account is suspended" in told.text
    assert "E-mail and password do not match" not in told.text
    assert "E-mail and password do not match" in guessed.text
    assert "suspended" not in guessed.text
    assert visitor.get("/me").status_code != 200 or "Sign in" in visitor.get("/me").text


def test_a_form_token_from_before_signing_in_is_worth_nothing_after(visitor: Browser, db: Session) -> None:
    make_person(db, "Ada", email="ada@example.org", password_hash=passwords.hashed("the right phrase"))
    db.commit()
    old = visitor.token()
    visitor.fill_in("/sign-in", {"email": "ada@example.org", "password": "the right phrase"})

    assert visitor.token() != old
    assert visitor.post("/sign-out", data={"csrf_token": old}).status_code == 403
