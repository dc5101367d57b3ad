"""What became of a question and its voices, where people read of it: moved early, answered, cancelled."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.i18n import day
from app.models.columns import now
from app.models.submission import Submission
from app.rules.words import CallState, SubmissionState
from app.services import answers, calls, counts
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person
from tests.services.drafted import Scene, make_scene

DAY = timedelta(days=1)
REASON = "We build on every roof."


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    counts._kept.clear()
    yield
    counts._kept.clear()


@pytest.fixture
def answered(db: Session) -> Scene:
    """A question that closed yesterday and is answered today, weeks before what was announced."""
    scene = make_scene(
        db, title="Parks of the town", closes_at=now() - DAY, sense_until=now() + 14 * DAY,
        check_until=now() + 21 * DAY, answer_due=now() + 30 * DAY,
    )  # fmt: skip
    calls.start_checking(db, scene.call, scene.carol.id, "")
    answers.answer(db, scene.call, str(scene.cluster.key), SubmissionState.TAKEN_UP, REASON, scene.carol.id)
    answers.conclude(db, scene.call, scene.carol.id, "")
    db.commit()
    return scene


def test_a_question_answered_early_is_told_by_its_real_days(visitor: Browser, answered: Scene) -> None:
    today, call = day(now()), answered.call
    announced = [day(now() + 14 * DAY), day(now() + 21 * DAY), day(now() + 30 * DAY)]

    page = visitor.open(f"/calls/{call.id}")
    line = next(each for each in page.elements if each.get("class") == "phase-line")
    assert f"from {today}" in line.text
    assert not any(date in line.text for date in announced)

    listed = visitor.open("/calls").main.text
    assert f"answered on {today}" in listed
    assert "next:" not in listed
    assert f"answered on {today}" in visitor.open("/").main.text


def test_an_answer_stands_once_on_a_voice(visitor: Browser, answered: Scene) -> None:
    page = visitor.open(f"/submissions/{answered.voices[0].id}")

    assert page.main.text.count(REASON) == 1


def test_an_answer_is_no_change_of_the_words(visitor: Browser, db: Session, answered: Scene) -> None:
    voice = db.get_one(Submission, answered.voices[0].id)
    voice.version = 2
    db.commit()

    assert "Changed" not in visitor.open(f"/submissions/{voice.id}").main.text


def test_my_submissions_and_the_voice_tell_of_a_cancelled_question(visitor: Browser, db: Session) -> None:
    agency, bob = make_organisation(db), make_person(db)
    call, carol = make_call(db, agency), make_facilitator(db, agency)
    voice = make_submission(db, call, bob)
    calls.cancel(db, call, "The desert is closed.", carol.id, "")
    db.commit()
    visitor.sign_in(db, bob)

    assert "cancelled. Reason: The desert is closed." in visitor.open("/me/submissions").main.text
    page = visitor.open(f"/submissions/{voice.id}").main.text
    assert "The question was cancelled." in page
    assert page.count("The desert is closed.") == 1
    answer = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": "One more word about the sand."})
    assert "was cancelled, so it will not be possible again" in answer.text
    assert "It is possible from" not in answer.text


def test_only_the_author_reads_that_they_said_it(visitor: Browser, db: Session) -> None:
    bob = make_person(db)
    voice = make_submission(db, make_call(db), bob)
    imported = make_submission(
        db, make_call(db, make_organisation(db, "Another"), source_note="A vote of 2018"), source_key="1"
    )
    db.commit()

    text = visitor.open(f"/submissions/{voice.id}").main.text
    assert "It was received." in text
    assert "You said it" not in text
    text = visitor.open(f"/submissions/{imported.id}").main.text
    assert "came here with an import" in text
    assert "A vote of 2018" in text
    assert "received" not in text
    visitor.sign_in(db, bob)
    assert "You said it, and it was received." in visitor.open(f"/submissions/{voice.id}").main.text


def test_a_question_in_its_phases_is_not_told_as_answered(visitor: Browser, db: Session) -> None:
    make_call(db, state=CallState.PUBLISHED, closes_at=now() - DAY, sense_until=now() + DAY)
    db.commit()

    assert "answered on" not in visitor.open("/calls").main.text
    assert "next:" in visitor.open("/calls").main.text
