"""Limits hold at every door that writes, not only at the first."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.submission import Submission
from app.rules.rates import RATES, Limited, Rate
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_person


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
