"""Jobs that only tests run, and the process that runs them until it is told to stop or is killed."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import make_engine
from app.jobs import runtime
from app.jobs.workplace import current, durable
from app.nlp.embedding import HashingEmbedder
from app.services.jobs import Job
from app.settings import Settings

COUNTING = Job("numbering", queue="embedding")
PONDERING = Job("pondering", queue="grouping")
DREAMING = Job("dreaming", queue="grouping")
QUICK = runtime.Pace(look=0.1, beat=0.3, silence=4.0)
SETTINGS = Settings(
    environment="test", warm_model=False, var_dir=Path(tempfile.gettempdir()) / "comission-errands"
)


def note(session: Session, errand: str, number: int) -> None:
    session.execute(
        text("INSERT INTO effect VALUES (:errand, :number)"), {"errand": errand, "number": number}
    )


@durable(COUNTING)
def count(errand: str, upto: str) -> None:
    """Many short steps."""
    for number in range(int(upto)):
        current().transaction(note, errand, number)
        time.sleep(0.02)


def ponder_in(session: Session, errand: str, seconds: float) -> None:
    place = current()
    note(session, errand, 0)
    with Session(place.engine) as aside, aside.begin():
        note(aside, "begun", 0)
    finished = time.monotonic() + seconds
    while time.monotonic() < finished:
        place.stay()
        time.sleep(0.02)


@durable(PONDERING)
def ponder(errand: str, seconds: str) -> None:
    """One long step, which looks up now and then."""
    current().transaction(ponder_in, errand, float(seconds))


@durable(DREAMING)
def dream(seconds: str) -> None:
    """A long computation that never looks up."""
    current().transaction(note, "dreaming", 0)
    time.sleep(float(seconds))


def start(engine: Engine, pace: runtime.Pace = QUICK) -> runtime.Runtime:
    return runtime.start(
        engine, SETTINGS, embedder_factory=HashingEmbedder, run_queues=True, kind="worker", pace=pace
    )


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread or process does."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.05)


def work() -> None:
    """Run jobs until told to stop."""
    running = start(make_engine(sys.argv[1]))
    sys.stdout.write("started\n")
    sys.stdout.flush()
    runtime.wait_for_signal()
    running.stop()
    runtime.leave()


if __name__ == "__main__":
    work()
