"""Versions of a mission's text: any two side by side, with who, when and why, and nothing that was taken back."""

import pytest
from sqlmodel import Session

from app.models.mission import clauses_of
from app.services import missions_versions, spoken, submissions
from tests.client import Browser
from tests.services.test_amendments import BETTER, OWN, Town


@pytest.fixture
def town(db: Session) -> Town:
    made = Town(db)
    db.commit()
    return made


def test_each_version_says_who_when_and_why(visitor: Browser, db: Session, town: Town) -> None:
    statement = town.propose()
    town.accept(statement)
    db.commit()

    page = visitor.open(f"/missions/{town.mission.id}/versions")

    assert "It was drafted from what people said." in page.main.text
    assert "A clause was written or changed." in page.main.text
    assert "Other words were accepted into the mission." in page.main.text
    assert town.carol.name in page.main.text
    assert page.link("who proposed these words").endswith(str(statement.id))
    assert "[new: and battery end]" in " ".join(page.main.text.split())


def test_any_two_stand_side_by_side(visitor: Browser, db: Session, town: Town) -> None:
    town.write(OWN.replace("ten", "twelve"), town.clause)
    town.write(OWN.replace("ten", "fifteen"), town.clause)
    db.commit()
    path = f"/missions/{town.mission.id}/versions"
    numbers = [each.number for each in missions_versions.listed(db, town.mission)]
    assert numbers == [4, 3, 2, 1]

    page = visitor.hand_in(visitor.open(path).form(path), {"left": "2", "right": "4"})

    words = " ".join(page.main.text.split())
    assert "[gone: ten end]" in words
    assert "[new: fifteen end]" in words
    assert "twelve" not in words
    assert "They say the same." in visitor.open(f"{path}?left=3&right=3").main.text
    for wrong in ("?left=9&right=1", "?left=x", "?left=-1", "?right=99999999999"):
        assert visitor.get(path + wrong).status_code == 404


def test_words_taken_back_are_in_no_version(visitor: Browser, db: Session, town: Town) -> None:
    (quoted, *_others) = clauses_of(db, town.mission.id)
    voice = next(each for each in town.scene.voices if each.text == quoted.text)
    statement, said = town.propose(BETTER), voice.text
    town.accept(statement)
    db.commit()
    path = f"/missions/{town.mission.id}/versions?left=1&right=3"

    assert "battery" in visitor.open(path).main.text
    spoken.withdraw(db, statement, town.olga.id)
    submissions.withdraw(db, voice, voice.author_id)  # type: ignore[arg-type]
    db.commit()

    for left in (1, 2):
        shown = visitor.open(f"/missions/{town.mission.id}/versions?left={left}&right=3").main.text
        assert "battery" not in shown
        assert said not in shown


def test_a_vote_names_the_version_it_fixed(visitor: Browser, db: Session) -> None:
    from tests.services.chamber import make_chamber

    chamber = make_chamber(db)
    decision = chamber.notice()
    db.commit()

    page = visitor.open(f"/missions/{chamber.mission.id}/versions")

    assert page.link(decision.question).endswith(f"/decisions/{decision.id}")
