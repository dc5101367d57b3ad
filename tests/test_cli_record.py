"""The commands for the public record: the chain against a checkpoint, the keys, a checkpoint on demand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from typer.testing import CliRunner

from app.cli import cli, record
from app.rules import notes
from app.services import signing_keys
from app.settings import Settings
from tests.services.test_signatures import counted, relink, rewrite


@pytest.fixture
def db_here(monkeypatch: pytest.MonkeyPatch, settings: Settings, clean: Engine) -> Iterator[Session]:
    @contextmanager
    def here() -> Iterator[tuple[Settings, Engine]]:
        yield settings, clean

    monkeypatch.setattr(record, "place", here)
    with Session(clean, expire_on_commit=False) as session:
        yield session


def run(*words: str, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(cli, [*words, "--json"])
    assert done.exit_code == code, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_checkpoint_that_was_kept_is_held_against_the_log(
    db_here: Session, settings: Settings, tmp_path: Path
) -> None:
    counted(db_here)
    db_here.commit()
    note = str(run("checkpoint")["checkpoint"])
    assert notes.read(note).signed_by([signing_keys.signer(settings).public])
    (tmp_path / "kept.txt").write_text(note)

    found = run("verify", "--checkpoint", str(tmp_path / "kept.txt"))
    assert (found["holds"], found["checkpoint"]) == (True, found["events"])
    assert found["signed_by"] == [signing_keys.signer(settings).public.text]
    assert run("verify")["holds"] is True

    rewrite(
        db_here, "UPDATE event SET facts = facts || '{\"outcome\": \"lost\"}' WHERE kind = 'decision_counted'"
    )
    relink(db_here)
    db_here.commit()
    assert run("verify")["holds"] is True
    assert run("verify", "--checkpoint", str(tmp_path / "kept.txt"), code=1)["holds"] is False


def test_keys_are_listed_and_begun_anew(db_here: Session, settings: Settings) -> None:
    assert run("keys")["keys"] == []
    first = signing_keys.signer(settings).public.text

    (new, old) = run("keys", "--rotate")["keys"]

    assert (old["key"], new["key"]) == (first, signing_keys.signer(settings).public.text)
    made = str(run("keys", "--new")["signing_key"])
    assert signing_keys.parsed(made).name.endswith("/events")
    assert signing_keys.signer(settings).public.text == new["key"]
