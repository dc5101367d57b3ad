"""A grouping's job: what the page reads while it runs, and how it ends when it cannot end well."""

import time
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import grouping
from app.jobs.grouping import progress
from app.jobs.progress import Progress
from app.jobs.warming import Warming
from app.jobs.workplace import Leaving, Workplace
from app.models.grouping import Grouping
from app.nlp.embedding import HashingEmbedder
from app.rules.words import GroupingState
from app.services import groupings_partial, jobs
from tests.factories import make_call
from tests.jobs import errands
from tests.jobs.conftest import Count, Start
from tests.jobs.errands import until
from tests.services.proposals import World


def make_grouping(engine: Engine, **changes: object) -> UUID:
    with Session(engine) as session, session.begin():
        made = Grouping(call_id=make_call(session).id, **changes)
        session.add(made)
        session.flush()
        return made.id


def read(engine: Engine, grouping_id: UUID) -> Grouping:
    with Session(engine, expire_on_commit=False) as session:
        found = session.get(Grouping, grouping_id)
        assert found is not None
        return found


def progress_of(engine: Engine, grouping_id: UUID, leaving: Event | None = None) -> Progress:
    place = Workplace(
        engine,
        None,  # type: ignore[arg-type]
        Warming(HashingEmbedder()),
        errands.SETTINGS,
        leaving or Event(),
    )
    return progress(place, grouping_id)


def test_the_page_reads_how_far_a_run_is(clean: Engine) -> None:
    grouping_id = make_grouping(clean)

    progress_of(clean, grouping_id)("neighbours", 0.4)

    seen = read(clean, grouping_id)
    assert (seen.state, seen.stage, seen.progress) == (GroupingState.RUNNING, "neighbours", 0.4)


def test_a_note_on_progress_never_waits_for_the_run_that_holds_the_row(clean: Engine) -> None:
    grouping_id = make_grouping(clean)

    with Session(clean) as session, session.begin():
        session.get(Grouping, grouping_id, with_for_update=True)
        began = time.monotonic()
        progress_of(clean, grouping_id)("writing", 0.9)

    assert time.monotonic() - began < 1
    assert read(clean, grouping_id).stage == ""


def test_a_note_on_progress_does_not_reopen_a_grouping_that_was_closed(clean: Engine) -> None:
    grouping_id = make_grouping(clean, state=GroupingState.FAILED)

    progress_of(clean, grouping_id)("neighbours", 0.4)

    assert read(clean, grouping_id).state == GroupingState.FAILED


def test_a_run_lets_go_when_its_process_is_leaving(clean: Engine) -> None:
    leaving = Event()
    leaving.set()

    with pytest.raises(Leaving):
        progress_of(clean, make_grouping(clean), leaving)("neighbours", 0.4)


def test_a_run_that_fails_is_shown_as_failed(
    clean: Engine, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object) -> None:
        raise ArithmeticError("no neighbours")

    monkeypatch.setattr(grouping.groupings, "run", run)
    grouping_id = make_grouping(clean)
    with Session(clean) as session, session.begin():
        jobs.enqueue(session, jobs.GROUPING, str(grouping_id), key=str(grouping_id))

    start()

    until(lambda: read(clean, grouping_id).state == GroupingState.FAILED)


def test_a_grouping_whose_job_was_lost_is_queued_again(
    clean: Engine, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouping_id = make_grouping(clean)
    monkeypatch.setattr(grouping.DBOS, "get_workflow_status", lambda _: None)

    grouping.tend(clean)

    assert count(f"dbos.workflow_status WHERE workflow_uuid = 'grouping-{grouping_id}'") == 1


def test_a_grouping_whose_job_killed_its_process_too_often_is_closed(
    clean: Engine, start: Start, count: Count
) -> None:
    grouping_id = make_grouping(clean, state=GroupingState.RUNNING)
    with Session(clean) as session, session.begin():
        jobs.enqueue(session, jobs.GROUPING, str(grouping_id), key=str(grouping_id))
        session.connection().exec_driver_sql("UPDATE dbos.workflow_status SET recovery_attempts = 99")

    start()

    until(lambda: count("dbos.workflow_status WHERE status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'") == 1)
    grouping.tend(clean)
    assert read(clean, grouping_id).state == GroupingState.FAILED


def test_some_changes_of_a_proposal_are_accepted_by_a_job(clean: Engine, start: Start) -> None:
    with Session(clean) as session, session.begin():
        world = World(session)
        asked = groupings_partial.ask(session, world.propose(), world.keys("water"), world.carol.id).id
        before = world.before.id

    start()

    until(lambda: read(clean, asked).state == GroupingState.ACCEPTED)
    assert read(clean, before).state == GroupingState.SUPERSEDED
    assert (read(clean, asked).stage, read(clean, asked).progress) == ("done", 1.0)
