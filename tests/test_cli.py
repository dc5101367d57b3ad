"""The command line: every command is there, says what it does, and speaks JSON where it answers something."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from typer.main import get_command
from typer.testing import CliRunner

from app.cli import cli, main, record
from app.cli import people as people_commands
from app.models.columns import now
from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import Role, ScopeKind
from app.services import links, people
from app.services.links import LinkSpent
from app.settings import Settings
from tests.factories import make_call
from tests.people import make_person

ANSWERING = {
    "migrate", "seed-demo", "group", "import", "users", "export", "bundle", "regroup", "replay", "seed-load", "bench",
    "verify", "keys", "checkpoint", "tally", "terms",
}  # fmt: skip
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

    for module in (people_commands, record):
        monkeypatch.setattr(module, "place", here)
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

    assert (told(before.isoformat()), told(now().isoformat())) == (
        {},
        {key: {"state": "given", "ends_at": None}},
    )
    assert "seat: 1 given" in CliRunner().invoke(cli, ["replay", "--at", now().isoformat()]).stdout
    assert CliRunner().invoke(cli, ["replay", "--at", "yesterday"]).exit_code == 2


def users(*arguments: str) -> dict[str, object]:
    told = CliRunner().invoke(cli, ["users", *arguments, "--json"])
    assert told.exit_code == 0, told.output
    return dict(json.loads(told.stdout))


def test_who_holds_the_seat_and_is_locked_out_gets_a_fresh_link(at_hand: Session) -> None:
    first = users("add", "admin@example.org", "--role", "admin")
    again = users("add", "Admin@example.org", "--role", "admin")

    assert first | {"link": "", "held": True} == again | {"link": ""}
    with at_hand as session, pytest.raises(LinkSpent):
        links.peek(session, token_in(first))
    with at_hand as session:
        assert str(links.peek(session, token_in(again))[1].id) == again["person"]
        assert len(session.exec(select(Seat)).all()) == 1


def token_in(told: dict[str, object]) -> str:
    return str(told["link"]).rpartition("/")[2]


def test_a_suspended_account_is_restored_from_the_command_line(at_hand: Session) -> None:
    given = users("add", "admin@example.org")
    with at_hand as session:
        session.get_one(Person, UUID(str(given["person"]))).suspended_at = now()
        session.commit()

    said = CliRunner().invoke(cli, ["users", "add", "admin@example.org"]).stdout
    assert "comission users restore admin@example.org" in said
    assert users("add", "admin@example.org")["suspended"] is True
    restored = users("restore", "admin@example.org")

    assert restored["suspended"] is False
    with at_hand as session:
        assert links.peek(session, token_in(restored))[1].email == "admin@example.org"


def test_users_says_what_it_can_do_and_whom_it_does_not_know(at_hand: Session) -> None:
    assert CliRunner().invoke(cli, ["users", "remove", "admin@example.org"]).exit_code == 2
    assert CliRunner().invoke(cli, ["users", "restore", "nobody@example.org"]).exit_code != 0


def test_a_database_that_is_not_there_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = Settings(environment="test", database_url="postgresql://nobody:secret@127.0.0.1:1/none")
    monkeypatch.setattr("app.console.get_settings", lambda: nowhere)
    monkeypatch.setattr("sys.argv", ["comission", "verify"])

    with pytest.raises(SystemExit) as ended:
        main()

    told = "".join(capsys.readouterr())
    assert ended.value.code == 1
    assert "The database does not answer" in told
    assert "secret" not in told
