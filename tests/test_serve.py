"""`comission serve` with its embedded database, as `make run` starts it: killed, interrupted, and shared."""

import html
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
Serve = Callable[[], subprocess.Popen[bytes]]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """Data in a folder of its own: another run of pytest closes the common one to the database's user."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="comission-serve-", ignore_cleanup_errors=True) as folder:
        ours = {"VAR_DIR": f"{folder}/var", "PORT": str(port), "WARM_MODEL": "false", "ENVIRONMENT": "test"}
        yield {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | ours


@pytest.fixture
def serve(environment: dict[str, str]) -> Iterator[Serve]:
    """Start a server and answer when it does; whatever is left of it is ended after the test."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([*COMMAND, "serve"], cwd=ROOT, env=environment)
        started.append(process)
        deadline = time.monotonic() + PATIENCE
        while not answers(environment["PORT"]):
            assert process.poll() is None, "the server ended at its start"
            assert time.monotonic() < deadline, "the server never answered"
            time.sleep(0.1)
        return process

    yield start

    for process in started:
        process.kill()
        process.wait()
    for left in postmasters(environment):
        left.kill()


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run a command of its own process and answer what it says in JSON."""

    def command(*words: str) -> dict[str, Any]:
        line = [*COMMAND, *words, "--json"]
        done = subprocess.run(
            line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, f"{words}: {done.stderr[-6000:]}"
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return command


def answers(port: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def postmasters(environment: dict[str, str]) -> list[psutil.Process]:
    data = f"{environment['VAR_DIR']}/database/data"
    return [each for each in psutil.process_iter(["cmdline"]) if data in (each.info["cmdline"] or [])]


@pytest.mark.model
def test_it_comes_back_after_a_kill_and_ends_in_order(
    serve: Serve, run: Run, environment: dict[str, str]
) -> None:
    first = serve()

    assert run("migrate") == {"schema": "current"}
    assert answers(environment["PORT"])

    for each in (first, *postmasters(environment)):
        each.kill()
    first.wait()
    again = serve()
    assert len(postmasters(environment)) == 1

    again.send_signal(signal.SIGINT)
    again.wait(PATIENCE)
    assert postmasters(environment) == []


@pytest.mark.model
def test_commands_work_beside_a_server(
    serve: Serve, run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    server = serve()
    wishes = ("shade over the market square", "a well for the upper village", "night buses to the hospital")
    table = tmp_path / "said.csv"
    lines = [f"{n},{n % 7},We want {wishes[n % 3]} before the {n}th summer." for n in range(30)]
    table.write_text("\n".join(["id,author,text", *lines]), "utf-8")

    brought = run("import", str(table), "--new-call", "What does the town need?", "--format", "csv")
    assert (brought["imported"], brought["errors"]) == (30, [])
    assert "shade over the market square" in page(environment, f"/calls/{brought['call']}/submissions")

    grouped = run("group", brought["call"])
    assert grouped["submissions"] == 30
    assert "mission" in {each["level"] for each in grouped["clusters"]}
    assert grouped["clusters"][0]["label"] in page(environment, f"/calls/{brought['call']}/groups")

    invited = run("users", "add", "first@example.org", "--role", "admin", "--scope", "platform")
    assert "first@example.org" in page(environment, invited["link"].partition(environment["PORT"])[2])

    out = tmp_path / "all.zip"
    assert run("export", brought["call"], "--out", str(out))["submissions"] == 30
    assert zipfile.is_zipfile(out)
    small = ("--missions", "3", "--projects", "12", "--readings", "60", "--events", "100")
    assert run("seed-load", "--among-real", "--rows", "500", *small)["voices"]["submissions"] == 500
    assert run("replay")["differing"] == []
    assert server.poll() is None


def page(environment: dict[str, str], path: str) -> str:
    with urlopen(f"http://127.0.0.1:{environment['PORT']}{path}", timeout=30) as answer:
        words: str = answer.read().decode()
        return html.unescape(words)
