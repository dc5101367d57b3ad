"""`comission serve` with its embedded database, as `make run` starts it: killed, interrupted, and shared."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
Serve = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    ours = {"VAR_DIR": str(tmp_path / "var"), "PORT": str(port), "WARM_MODEL": "false", "ENVIRONMENT": "test"}
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | ours


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
def test_it_comes_back_after_a_kill_and_ends_in_order(serve: Serve, environment: dict[str, str]) -> None:
    first = serve()

    beside = subprocess.run(
        [*COMMAND, "migrate", "--json"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert beside.stdout.strip() == b'{"schema": "current"}'
    assert answers(environment["PORT"])

    for each in (first, *postmasters(environment)):
        each.kill()
    first.wait()
    again = serve()
    assert len(postmasters(environment)) == 1

    again.send_signal(signal.SIGINT)
    again.wait(PATIENCE)
    assert postmasters(environment) == []
