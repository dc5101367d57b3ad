"""The command line: every command is there, says what it does, and speaks JSON where it answers something."""

from typer.main import get_command

from app.cli import cli

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
