"""The front page: what is being asked now, and what became of earlier questions."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.rules.words import CallState, MissionState, SubmissionState
from app.services import counts
from tests.client import Browser
from tests.counting import statements
from tests.factories import make_call, make_submission
from tests.services.drafted import make_mission, make_scene
from tests.services.steering import adopt


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    counts._kept.clear()
    yield
    counts._kept.clear()


def test_an_empty_platform_says_what_will_be_here(visitor: Browser) -> None:
    page = visitor.open("/")

    assert "Nothing is being asked at the moment" in page.main.text
    assert "No question has closed yet." in page.main.text


def test_open_questions_are_set_large_with_days_left_and_who_asks(visitor: Browser, db: Session) -> None:
    call = make_call(
        db, closes_at=now() + timedelta(days=3, hours=1), question="How shall we light the coves?"
    )
    make_call(db, call_organisation(db, call), state=CallState.DRAFT, question="A secret draft question?")
    make_call(
        db, call_organisation(db, call), opens_at=now() + timedelta(days=1), question="A later question?"
    )
    make_submission(db, call)
    make_submission(db, call, state=SubmissionState.HIDDEN, hidden_rule="abuse", text="Hidden words here.")
    db.commit()

    text = visitor.open("/").main.text

    assert "How shall we light the coves?" in text
    assert "4 days left" in text
    assert "Asked by Regional Agency" in text
    assert "1 voice so far" in text
    assert "secret draft" not in text
    assert "A later question?" not in text


def call_organisation(db: Session, call: Call) -> Organisation:
    return db.get_one(Organisation, call.organisation_id)


def test_an_earlier_question_is_told_as_one_line(visitor: Browser, db: Session) -> None:
    scene = make_scene(db, closes_at=now() - timedelta(days=1), title="Power in the coves")
    mission, _scene = make_mission(db, scene)
    adopt(db, mission, state=MissionState.ADOPTED)
    db.commit()

    text = visitor.open("/").main.text

    assert "Power in the coves: 5 voices → 1 group → 1 mission → 1 adopted" in text


def test_counts_are_live(visitor: Browser, db: Session) -> None:
    make_mission(db)
    db.commit()

    assert "5 public voices" in visitor.open("/").main.text


def test_more_calls_take_no_more_statements(visitor: Browser, db: Session, clean: Engine) -> None:
    make_scene(db, closes_at=now() - timedelta(days=1))
    make_scene(db)
    db.commit()
    visitor.get("/")
    few = counted(visitor, clean)
    for _each in range(6):
        make_scene(db, closes_at=now() - timedelta(days=1))
        make_scene(db)
    db.commit()

    assert counted(visitor, clean) <= few + 1


def counted(visitor: Browser, engine: Engine) -> int:
    counts._kept.clear()
    with statements(engine) as sent:
        assert visitor.get("/").status_code == 200
    return len(sent)
