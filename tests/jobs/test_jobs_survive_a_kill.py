"""Processes that run jobs are killed for real; every effect still happens exactly once."""

import signal
import time

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.services import jobs
from tests.jobs import errands
from tests.jobs.conftest import Count, Worker
from tests.jobs.errands import until
from tests.rules.many import SCALE


def effects(engine: Engine) -> list[tuple[str, int]]:
    with engine.begin() as connection:
        return [(row[0], row[1]) for row in connection.execute(text("SELECT errand, number FROM effect"))]


# After how many effects the process is killed; the first is tried in a short run, all of them in a long one.
MOMENTS = (20, 1, 5, 40, 60, 75, 90, 105, 115, 119)[:SCALE]


@pytest.mark.parametrize("after", MOMENTS)
def test_a_killed_process_leaves_its_jobs_to_another_and_nothing_happens_twice(
    engine: Engine, a_worker: Worker, after: int
) -> None:
    names = [f"errand {number}" for number in range(6)]
    with Session(engine) as session, session.begin():
        for name in names:
            jobs.enqueue(session, errands.COUNTING, name, "20", key=name)

    with a_worker() as killed, a_worker():
        until(lambda: len(effects(engine)) >= after)
        killed.kill()
        until(lambda: len(effects(engine)) >= 120)

    assert sorted(effects(engine)) == sorted((name, number) for name in names for number in range(20))


def test_a_step_killed_before_its_commit_leaves_no_trace_and_is_done_again(
    engine: Engine, a_worker: Worker
) -> None:
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.PONDERING, "long", "1.5", key="long")

    with a_worker() as killed:
        until(lambda: ("begun", 0) in effects(engine))
        killed.kill()
    assert ("long", 0) not in effects(engine)
    with a_worker():
        until(lambda: ("long", 0) in effects(engine))

    assert effects(engine).count(("long", 0)) == 1
    assert effects(engine).count(("begun", 0)) >= 2


def test_a_worker_told_to_stop_ends_within_three_seconds_even_in_a_long_computation(
    engine: Engine, a_worker: Worker, count: Count
) -> None:
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.DREAMING, "60", key="dream")

    with a_worker() as worker:
        until(lambda: count("effect") == 1)
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)

    assert time.monotonic() - asked < 3
    assert worker.returncode == 0
    assert count("dbos.workflow_status WHERE status = 'PENDING'") == 1
