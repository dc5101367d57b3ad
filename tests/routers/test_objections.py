"""Objections through their pages, without JavaScript, for everyone who may come."""

import pytest
from sqlmodel import Session, select

from app.models.statement import Statement
from app.rules.words import StatementKind
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber

WORDS = "The upper villages have no roofs that would carry panels."


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    db.commit()
    return made


def made(db: Session) -> Statement:
    return db.exec(select(Statement).where(Statement.kind == StatementKind.OBJECTION)).one()


def test_somebody_objects_and_the_steward_answers(visitor: Browser, db: Session, chamber: Chamber) -> None:
    path = f"/missions/{chamber.mission.id}/objections"
    visitor.sign_in(db, make_person(db, "Olga"))
    chamber.put()
    db.commit()

    mine = visitor.hand_in(visitor.open(path).form(path), {"objection": WORDS})
    assert "No vote is announced before it is answered" in mine.text
    assert "1 objection waits for an answer" in mine.main.text
    assert "1 objection" in visitor.open(f"/missions/{chamber.mission.id}").main.text
    visitor.sign_in(db, chamber.chair)
    draft = visitor.open(f"/decisions/{chamber.decision.id}")  # type: ignore[union-attr]
    assert WORDS[:40] in draft.main.text
    notice = draft.form(f"/decisions/{chamber.decision.id}/notice")  # type: ignore[union-attr]
    refused = visitor.hand_in(notice, status=409)
    assert "No vote is announced while an objection waits" in refused.main.text

    visitor.sign_in(db, chamber.scene.carol)
    form = visitor.open(path).form(f"{path}/{made(db).id}/answer")
    again = visitor.hand_in(form, {"outcome": "declined", "reason": "x"}, status=422)
    answered = visitor.hand_in(
        again.form(f"{path}/{made(db).id}/answer"),
        {"outcome": "declined", "reason": "Ground panels count too."},
    )

    assert "Ground panels count too." in answered.main.text
    visitor.sign_in(db, chamber.chair)
    assert "announced" in visitor.hand_in(notice).text


def test_an_objection_of_nothing_is_shown_again_with_what_was_chosen(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/objections"
    visitor.sign_in(db, make_person(db, "Olga"))

    page = visitor.hand_in(visitor.open(path).form(path), {"objection": "No."}, status=422)

    assert page.form(path).fields["objection"] == "No."
    assert db.exec(select(Statement).where(Statement.kind == StatementKind.OBJECTION)).all() == []


def test_words_for_a_text_that_is_fixed_by_now_stand_on_the_page(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/objections"
    visitor.sign_in(db, make_person(db, "Olga"))
    form = visitor.open(path).form(path)
    chamber.notice()
    db.commit()

    page = visitor.hand_in(form, {"objection": WORDS}, status=409)

    assert WORDS in page.main.text
    assert "takes no objections" in page.main.text


def test_a_stranger_and_an_account_without_an_address_cannot_object(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/objections"

    assert "Sign in to object" in visitor.open(path).main.text
    assert visitor.fill_in(path, {"objection": WORDS}).status_code == 403
    visitor.sign_in(db, make_person(db, "Nina", email_confirmed_at=None))
    assert "Confirm your e-mail address" in visitor.open(path).main.text
    assert visitor.fill_in(path, {"objection": WORDS}).status_code == 403
    assert db.exec(select(Statement).where(Statement.kind == StatementKind.OBJECTION)).all() == []


def test_it_is_reported_hidden_appealed_and_brought_back(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/objections"
    olga, carol = make_person(db, "Olga"), chamber.scene.carol
    visitor.sign_in(db, olga)
    visitor.hand_in(visitor.open(path).form(path), {"objection": WORDS})
    said = f"/statements/{made(db).id}"

    visitor.sign_in(db, make_person(db, "Rob"))
    visitor.hand_in(visitor.open(said).form(f"{said}/report"), {"reason": "It is rude."})
    visitor.sign_in(db, carol)
    hidden = visitor.hand_in(
        visitor.open(said).form(f"{said}/hiding"), {"rule": "insult", "reason": "It attacks somebody."}
    )
    assert "told why" in hidden.text
    visitor.sign_in(db, olga)
    assert WORDS not in visitor.open(path).main.text
    visitor.hand_in(visitor.open(said).form(f"{said}/appeal"), {"appeal": "It names nobody at all."})
    visitor.sign_in(db, carol)
    back = visitor.hand_in(
        visitor.open(said).form(f"{said}/appeal/decision"), {"outcome": "uphold", "reason": "True: nobody."}
    )

    assert "public again" in back.text
    assert WORDS in visitor.open(path).main.text


def test_its_author_takes_it_back(visitor: Browser, db: Session, chamber: Chamber) -> None:
    path = f"/missions/{chamber.mission.id}/objections"
    visitor.sign_in(db, make_person(db, "Olga"))
    page = visitor.hand_in(visitor.open(path).form(path), {"objection": WORDS})

    gone = visitor.hand_in(page.form(f"/statements/{made(db).id}/withdrawal"))

    assert "its words are erased" in gone.text
    assert WORDS not in gone.main.text
    visitor.cookies.delete("session")
    assert visitor.get(f"/statements/{made(db).id}").status_code == 404
