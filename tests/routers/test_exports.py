"""The export through its page."""

import io
import tempfile
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlmodel import Session

from app.services import exports
from tests.client import Browser
from tests.services.drafted import make_mission, make_scene


def test_anyone_takes_the_public_data_along_and_nothing_is_left_behind(
    visitor: Browser, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mission, scene = make_mission(db)
    db.commit()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # the common one is other tests' too

    answer = visitor.get(f"/calls/{scene.call.id}/export")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert "submissions.csv" in archive.namelist()
    assert not list(tmp_path.iterdir())


def test_a_draft_call_is_not_exported_to_visitors(visitor: Browser, db: Session) -> None:
    scene = make_scene(db, state="draft")
    db.commit()

    asked = [visitor.get(f"/calls/{key}/export").status_code for key in (scene.call.id, uuid4(), "nonsense")]

    assert asked == [404, 404, 404]


def test_more_than_a_few_at_once_are_asked_to_wait(visitor: Browser, db: Session) -> None:
    scene = make_scene(db)
    db.commit()

    with exports.slot(), exports.slot():
        answer = visitor.get(f"/calls/{scene.call.id}/export")

    assert answer.status_code == 503
    assert "Please try again in a minute" in answer.text
