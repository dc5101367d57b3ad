"""The command line: every command is there, says what it does, and speaks JSON where it answers something."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from typer.main import get_command
from typer.testing import CliRunner

from app.cli import cli
from app.models.columns import now
from app.rules.words import Role, ScopeKind
from app.services import people
from app.settings import Settings
from tests.factories import make_call
from tests.people import make_person

ANSWERING = {"migrate", "seed-demo", "group", "import", "users", "export", "replay", "seed-load", "bench"}
COMMANDS = get_command(cli).commands  # type: ignore[attr-defined]


def test_every_command_explains_itself() -> None:
    assert set(COMMANDS) == ANSWERING | {"serve", "worker"}
    assert [name for name, command in COMMANDS.items() if not command.help] == []


def test_what_answers_something_speaks_json() -> None:
    speaking = {
        name
        for name, command in COMMANDS.items()
        if any("--json" in option.opts for option in command.params)
    }
    assert speaking == ANSWERING


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch, settings: Settings, clean: Engine) -> Session:
    """The database of the tests in place of this machine's, with a question that no event tells of."""

    @contextmanager
    def here() -> Iterator[tuple[Settings, Engine]]:
        yield settings, clean

    monkeypatch.setattr("app.cli.place", here)
    return Session(clean, expire_on_commit=False)


def test_a_replay_compares_with_the_records_and_fails_where_they_differ(at_hand: Session) -> None:
    with at_hand as session:
        person = make_person(session)
        people.give_seat(session, person, Role.ADMIN, ScopeKind.PLATFORM, None)
        session.commit()
        agreeing = CliRunner().invoke(cli, ["replay"])
        call = make_call(session)
        session.commit()
    differing = CliRunner().invoke(cli, ["replay"])
    told = json.loads(CliRunner().invoke(cli, ["replay", "--json"]).stdout)

    assert (agreeing.exit_code, agreeing.stdout) == (
        0,
        "1 events: 1 states were rebuilt, 0 differ from the records, 0 cannot be told.\n",
    )
    assert differing.exit_code == 1
    assert f"call {call.id}: the events tell nothing; the record holds state published" in differing.stdout
    assert [each["id"] for each in told["differing"]] == [str(call.id)]


def test_a_replay_tells_any_instant_and_nothing_of_what_came_later(at_hand: Session) -> None:
    with at_hand as session:
        before = now()
        given = people.give_seat(session, make_person(session), Role.ADMIN, ScopeKind.PLATFORM, None)
        session.commit()
        key = str(given.id)

    def told(at: str) -> dict[str, object]:
        return json.loads(CliRunner().invoke(cli, ["replay", "--json", "--at", at]).stdout)["states"]["seat"]

    assert (told(before.isoformat()), told(now().isoformat())) == ({}, {key: {"state": "given", "ends_at": None}})
    assert "seat: 1 given" in CliRunner().invoke(cli, ["replay", "--at", now().isoformat()]).stdout
    assert CliRunner().invoke(cli, ["replay", "--at", "yesterday"]).exit_code == 2
