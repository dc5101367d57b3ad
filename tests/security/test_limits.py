"""Limits hold at every door that writes, not only at the first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.db import at_level
from app.models.grouping import Grouping, accepted_grouping
from app.models.submission import Submission
from app.nlp.bundle import Bundle
from app.rules import rates
from app.rules.rates import RATES, Limited, Rate
from app.rules.words import SubmissionState
from app.services import bundles, limits
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_person
from tests.workbench import make_grouped


def test_drafts_of_visitors_are_counted_at_the_form_that_sends_too(
    app: FastAPI, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = make_call(db)
    db.commit()
    monkeypatch.setitem(RATES, Limited.SAVE_DRAFT, Rate(2, 3600))
    for _ in range(4):
        with Browser(app) as visitor:
            answer = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": "More shade in the square."})
            assert answer.status_code in (200, 429)

    assert len(db.exec(select(Submission)).all()) == 2


def test_changing_a_text_again_and_again_is_counted(
    app: FastAPI, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = make_person(db)
    voice = make_submission(db, author=bob)
    monkeypatch.setitem(RATES, Limited.SUBMIT, Rate(1, 3600))
    with Browser(app) as author:
        author.sign_in(db, bob)
        answers = [
            author.fill_in(
                f"/submissions/{voice.id}/edit",
                {"text": f"More shade in square {version}.", "version": version},
            ).status_code
            for version in (1, 2)
        ]

    assert answers == [200, 429]


@pytest.fixture
def one_left(db: Session) -> Grouping:
    """The grouping that everyone sees, one of whose voices was withdrawn since."""
    bundles._made.clear()
    grouping = accepted_grouping(db, make_grouped(db).id)
    assert grouping is not None
    leave(db, grouping)
    return grouping


def leave(db: Session, grouping: Grouping) -> None:
    voice = db.exec(
        select(Submission).where(Submission.call_id == grouping.call_id, Submission.state == "grouped")
    ).first()
    assert voice is not None
    voice.state, voice.title, voice.text = SubmissionState.WITHDRAWN, "", ""
    db.commit()


def test_a_visitor_does_not_have_graphs_made_anew_all_day(
    visitor: Browser, db: Session, one_left: Grouping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limited.BUNDLE_ANEW, Rate(1, 3600))
    at = f"/groupings/{one_left.id}/bundle"

    assert [visitor.get(at).status_code for _ in range(3)] == [200, 200, 200]  # made once, then remembered
    leave(db, one_left)
    assert visitor.get(at).status_code == 429


def test_graphs_are_made_anew_one_at_a_time(
    app: FastAPI, db: Session, one_left: Grouping, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = Event(), Event()
    tied = bundles.bundle_public.tied

    def slowly(bundle: Bundle) -> Bundle:
        begun.set()
        assert done.wait(20)
        return tied(bundle)

    monkeypatch.setattr(bundles.bundle_public, "tied", slowly)
    at = f"/groupings/{one_left.id}/bundle"
    with ThreadPoolExecutor(1) as others, Browser(app) as first, Browser(app) as second:
        first_answer = others.submit(first.get, at)
        assert begun.wait(20)
        try:
            assert second.get(at).status_code == 503
        finally:
            done.set()
        assert first_answer.result().status_code == 200
        assert second.get(at).status_code == 200


def test_a_reader_of_one_snapshot_counts_beside_others(engine: Engine) -> None:
    """Four who ask at once are four, whatever isolation they read with."""

    def ask(_turn: int) -> None:
        with Session(at_level(engine, "REPEATABLE READ")) as reader:
            for _ in range(10):
                limits.spend(reader, Limited.SIMILAR, "the library")

    with ThreadPoolExecutor(4) as askers:
        list(askers.map(ask, range(4)))
    with Session(engine) as session:
        counts = session.connection().execute(text("SELECT sum(count) FROM ratecount WHERE key = :key"),
                                              {"key": rates.key(Limited.SIMILAR, "the library")})  # fmt: skip
        assert counts.scalar_one() == 40


def test_nobody_has_files_of_a_question_made_all_day(
    app: FastAPI, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is read from the whole question; however it is asked for, it counts, and for each by themselves."""
    grouping = accepted_grouping(db, make_grouped(db).id)
    assert grouping is not None
    monkeypatch.setitem(RATES, Limited.EXPORT, Rate(2, 3600))
    files = (f"/groupings/{grouping.id}/bundle", f"/calls/{grouping.call_id}/export")
    with Browser(app) as visitor, Browser(app) as citizen:
        assert [visitor.get(at).status_code for at in (*files, *files)] == [200, 200, 429, 429]
        citizen.sign_in(db, make_person(db))
        assert [citizen.get(at).status_code for at in files] == [200, 200]
