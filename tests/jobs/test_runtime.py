"""Starting, stopping and queueing: a job exists with the act that asked for it, and is handed over on the way out."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import recovery, runtime
from app.services import jobs
from tests.jobs import errands
from tests.jobs.conftest import Count, Start
from tests.jobs.errands import until


def test_an_act_that_fails_leaves_no_job(engine: Engine, count: Count) -> None:
    with Session(engine) as session:
        jobs.enqueue(session, errands.COUNTING, "never", "1", key="never")
        session.rollback()

    assert count("dbos.workflow_status") == 0


def test_the_same_key_twice_is_one_job(engine: Engine, count: Count) -> None:
    with Session(engine) as session, session.begin():
        first = jobs.enqueue(session, errands.COUNTING, "once", "1", key="once")
        again = jobs.enqueue(session, errands.COUNTING, "once", "1", key="once")

    assert first == again
    assert count("dbos.workflow_status") == 1


def test_a_clean_stop_hands_the_job_over_at_once(engine: Engine, start: Start, count: Count) -> None:
    patient = runtime.Pace(look=0.1, beat=0.3, silence=3600)
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.PONDERING, "long", "1", key="long")
    first = start(patient)
    until(lambda: count("effect WHERE errand = 'begun'") == 1)

    idle = first.stop()
    start(patient)
    until(lambda: count("effect WHERE errand = 'long'") == 1)

    assert idle
    assert count("effect WHERE errand = 'begun'") == 2


def test_stopping_does_not_wait_for_a_computation(engine: Engine, start: Start, count: Count) -> None:
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.DREAMING, "4", key="dream")
    running = start()
    until(lambda: count("effect") == 1)

    began = time.monotonic()
    idle = running.stop(patience=0.5)

    assert not idle
    assert time.monotonic() - began < 2


def test_a_process_without_queues_leaves_the_jobs_to_others(engine: Engine, count: Count) -> None:
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.COUNTING, "later", "1", key="later")
    running = runtime.start(
        engine, errands.SETTINGS, embedder_factory=errands.HashingEmbedder, run_queues=False
    )

    time.sleep(0.5)

    assert running.stop()
    assert count("effect") == 0
    assert count("heartbeat") == 0


def test_records_of_jobs_finished_long_ago_are_deleted(
    engine: Engine, start: Start, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine) as session, session.begin():
        jobs.enqueue(session, errands.COUNTING, "old", "1", key="old")
    start()
    until(lambda: count("dbos.workflow_status WHERE status = 'SUCCESS'") == 1)

    recovery.retain(engine)
    kept = count("dbos.workflow_status")
    monkeypatch.setattr(recovery, "KEEP_FINISHED", timedelta(seconds=-1))
    recovery.retain(engine)

    assert kept == 1
    assert count("dbos.workflow_status") == 0
