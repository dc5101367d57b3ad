"""Other words for a mission through their pages, without JavaScript: proposed, read word by word, answered."""

import pytest
from sqlmodel import Session, select

from app.models.mission import Clause
from app.models.statement import Statement
from app.rules.words import Origin, StatementKind
from tests.client import Browser
from tests.people import make_person
from tests.services.test_amendments import BETTER, OWN, Town


@pytest.fixture
def town(db: Session) -> Town:
    made = Town(db)
    db.commit()
    return made


def proposed(db: Session) -> Statement:
    return db.exec(select(Statement).where(Statement.kind == StatementKind.AMENDMENT)).one()


def propose(visitor: Browser, town: Town, words: str = BETTER) -> str:
    base = f"/missions/{town.mission.id}/amendments"
    form = visitor.open(f"{base}/new?clause={town.clause.id}").form(base)
    assert form.fields["words"] == OWN
    return visitor.hand_in(form, {"words": words, "reason": "Batteries break first."}).url


def test_proposed_shown_accepted_and_in_the_mission(visitor: Browser, db: Session, town: Town) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))
    here = propose(visitor, town)
    assert "[new: and battery end]" in " ".join(visitor.open(here).main.text.split())

    visitor.sign_in(db, town.carol)
    form = visitor.open(here).form(f"{here}/answer")
    wrong = visitor.hand_in(form, {"outcome": "accepted", "reason": "x"}, status=422)
    done = visitor.hand_in(wrong.form(f"{here}/answer"), {"outcome": "accepted", "reason": "It is right."})

    assert "The answer: accepted" in done.main.text
    mission = visitor.open(f"/missions/{town.mission.id}")
    assert BETTER in mission.main.text
    assert visitor.open(mission.link("who proposed these words")).url == here
    db.expire_all()
    assert db.get_one(Clause, town.clause.id).origin is Origin.AMENDMENT


def test_a_clause_edited_meanwhile_is_read_again_before_it_is_accepted(
    visitor: Browser, db: Session, town: Town
) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))
    here = propose(visitor, town)
    visitor.sign_in(db, town.carol)
    form = visitor.open(here).form(f"{here}/answer")
    town.write(OWN.replace("ten years", "twenty years"), town.clause)
    db.commit()

    page = visitor.hand_in(form, {"outcome": "accepted", "reason": "It is right."}, status=409)

    assert "Both changes fit together" in page.main.text
    assert page.form(f"{here}/answer").fields["reason"] == "It is right."
    visitor.hand_in(page.form(f"{here}/answer"))
    db.expire_all()
    assert db.get_one(Clause, town.clause.id).text == BETTER.replace("ten years", "twenty years")


def test_two_windows_of_its_author_lose_no_words(visitor: Browser, db: Session, town: Town) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))
    here = propose(visitor, town)
    form = visitor.open(f"{here}/edit").form(f"{here}/edit")
    visitor.hand_in(form, {"words": BETTER.replace("ten", "twelve")})

    page = visitor.hand_in(form, {"words": BETTER + " And of every cable."}, status=409)

    assert "Two texts were written at once" in page.main.text
    merged = page.form(f"{here}/edit").fields["words"]
    assert "twelve" in merged
    assert "every cable" in merged
    visitor.hand_in(page.form(f"{here}/edit"))
    db.expire_all()
    assert proposed(db).text == merged


def test_it_is_put_to_a_vote_or_declined(visitor: Browser, db: Session, town: Town) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))
    here = propose(visitor, town)
    visitor.sign_in(db, town.carol)

    page = visitor.hand_in(
        visitor.open(here).form(f"{here}/answer"), {"outcome": "to_vote", "reason": "The committee decides."}
    )

    assert "the committee votes on it" in page.main.text
    assert "Goes to a vote" in visitor.open(f"/missions/{town.mission.id}/amendments").main.text


def test_only_its_author_writes_it_anew_and_only_stewards_answer(
    visitor: Browser, db: Session, town: Town
) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))
    here = propose(visitor, town)

    assert visitor.fill_in(f"{here}/answer", {"outcome": "accepted", "reason": "Mine."}).status_code == 403
    visitor.sign_in(db, make_person(db, "Rob"))
    assert visitor.get(f"{here}/edit").status_code == 404
    assert visitor.fill_in(f"{here}/edit", {"words": "Robs", "reason": "So."}).status_code == 404


def test_words_that_stand_there_already_are_shown_again(visitor: Browser, db: Session, town: Town) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))
    base = f"/missions/{town.mission.id}/amendments"
    form = visitor.open(f"{base}/new?clause={town.clause.id}").form(base)

    page = visitor.hand_in(form, {"reason": "I just like it."}, status=422)

    assert "Change what should be different" in page.main.text
    assert page.form(base).fields["reason"] == "I just like it."
    assert db.exec(select(Statement).where(Statement.kind == StatementKind.AMENDMENT)).all() == []


def test_markup_in_other_words_stays_text(visitor: Browser, db: Session, town: Town) -> None:
    visitor.sign_in(db, make_person(db, "Olga"))

    here = propose(visitor, town, OWN + ' <ins hx-get="/evil">now</ins><script>alert(1)</script>')

    answer = visitor.get(here).text
    assert "&lt;script&gt;" in answer
    assert "<ins hx-get" not in answer
