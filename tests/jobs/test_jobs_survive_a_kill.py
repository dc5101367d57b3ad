"""Processes that run jobs are killed for real; every effect still happens exactly once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.services import jobs
from tests.jobs import errands

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@contextmanager
def a_worker(engine: Engine) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.jobs.errands", engine.url.render_as_string(hide_password=False)]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "started\n"
        yield worker
    finally:
        worker.kill()
        worker.wait()


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.1)


def effects(engine: Engine) -> list[tuple[str, int]]:
    with engine.begin() as connection:
        return [(row[0], row[1]) for row in connection.execute(text("SELECT errand, number FROM effect"))]


def test_a_killed_process_leaves_its_jobs_to_another_and_nothing_happens_twice(engine: Engine) -> None:
    names = [f"errand {number}" for number in range(6)]
    with Session(engine) as session, session.begin():
        for name in names:
            jobs.enqueue(session, errands.COUNTING, name, "20", key=name)

    with a_worker(engine) as killed, a_worker(engine):
        until(lambda: len(effects(engine)) > 20)
        killed.kill()
        until(lambda: len(effects(engine)) >= 120)

    assert sorted(effects(engine)) == sorted((name, number) for name in names for number in range(20))


def test_a_step_killed_before_its_commit_leaves_no_trace_and_is_done_again(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.PONDERING, "long", "1.5", key="long")

    with a_worker(engine) as killed:
        until(lambda: ("begun", 0) in effects(engine))
        killed.kill()
    assert ("long", 0) not in effects(engine)
    with a_worker(engine):
        until(lambda: ("long", 0) in effects(engine))

    assert effects(engine).count(("long", 0)) == 1
    assert effects(engine).count(("begun", 0)) == 2


def test_a_worker_told_to_stop_ends_within_three_seconds_even_in_a_long_computation(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        job = jobs.enqueue(session, errands.DREAMING, "60", key="dream")

    with a_worker(engine) as worker:
        until(lambda: state_of(engine, job) == "PENDING")
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(PATIENCE)

    assert time.monotonic() - asked < 3
    assert worker.returncode == 0
    assert state_of(engine, job) == "PENDING"


def state_of(engine: Engine, job: str) -> str:
    query = text("SELECT status FROM dbos.workflow_status WHERE workflow_uuid = :job")
    with engine.begin() as connection:
        return str(connection.execute(query, {"job": job}).scalar_one())
