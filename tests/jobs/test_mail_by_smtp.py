"""Letters over a real mail server: both parts arrive; a killed process neither loses one nor sends them all again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import notifications
from app.services import letters
from app.settings import Settings

MANY = 12
# A process of its own that sends whatever waits, for a test to kill.
PROGRAM = """
import sys
from pathlib import Path
from app.db import make_engine
from app.jobs import notifications
from app.settings import Settings
engine = make_engine(sys.argv[1])
settings = Settings(environment="test", smtp_url=sys.argv[2], var_dir=Path(sys.argv[3]), database_url=sys.argv[1],
    secret_key="a-secret-for-tests-of-at-least-32-characters")
while notifications.send(engine, settings) or True:
    pass
"""


class Box:
    """A mail server that takes its time and keeps what it has accepted."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.taken = seconds, list[Message]()

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        import asyncio

        await asyncio.sleep(self.seconds)
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content))
        return "250 taken"


@pytest.fixture
def box() -> Iterator[tuple[Box, str]]:
    kept = Box(0.05)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept, f"smtp://127.0.0.1:{port}"
    server.stop()


def write(engine: Engine, many: int) -> None:
    with Session(engine) as session, session.begin():
        for number in range(many):
            letters.queue(
                session, f"member{number}@example.org", "The vote closes <soon>: Shade & sun",
                "https://missions.example.org/decisions/1", "https://missions.example.org/me/notifications#mails",
            )  # fmt: skip


def test_a_letter_arrives_as_text_and_as_a_page(
    clean: Engine, settings: Settings, box: tuple[Box, str]
) -> None:
    kept, url = box
    write(clean, 1)

    notifications.send(clean, settings.model_copy(update={"smtp_url": url}))

    (letter,) = kept.taken
    assert letter.get_content_type() == "multipart/alternative"
    plain, page = letter.get_payload()  # type: ignore[misc]
    assert isinstance(plain, Message)
    assert isinstance(page, Message)
    assert plain.get_content_type() == "text/plain"
    words = bytes(plain.get_payload(decode=True)).decode()  # type: ignore[arg-type]
    shown = bytes(page.get_payload(decode=True)).decode()  # type: ignore[arg-type]
    assert "Shade & sun" in words
    assert "https://missions.example.org/decisions/1" in words
    assert "closes &lt;soon&gt;: Shade &amp; sun" in shown
    assert 'href="https://missions.example.org/decisions/1"' in shown
    assert letter["To"] == "member0@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_killed_sender_loses_no_letter_and_repeats_at_most_the_one_in_flight(
    clean: Engine, settings: Settings, box: tuple[Box, str], tmp_path: Path
) -> None:
    kept, url = box
    write(clean, MANY)

    kills = 0
    for seconds in (0.3, 0.4, None):
        running = start(settings.database_url or "", url, tmp_path)
        before = len(kept.taken)
        wait(lambda before=before: len(kept.taken) > before + 1)  # type: ignore[misc]
        if seconds is not None and len({each["Message-ID"] for each in kept.taken}) < MANY:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            kills += 1
            continue
        wait(lambda: len({each["Message-ID"] for each in kept.taken}) == MANY)
        time.sleep(1)
        running.kill()
        running.wait()

    found = Counter(each["Message-ID"] for each in kept.taken)
    assert kills == 2
    assert len(found) == MANY
    assert sum(found.values()) - MANY <= kills


def start(database_url: str, url: str, place: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", PROGRAM, database_url, url, str(place)])


def wait(happened: object, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.01)
