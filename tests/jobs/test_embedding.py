"""Every submission gets its vector without anybody asking for it, and a model that fails is not hammered."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import embedding
from app.jobs.embedding import CatchUp
from app.jobs.warming import Warming
from app.jobs.workplace import Workplace
from app.nlp.embedding import HashingEmbedder
from tests.factories import make_call, make_submission
from tests.jobs import errands
from tests.jobs.conftest import Count, Start
from tests.jobs.errands import until


def make_some(engine: Engine, how_many: int) -> None:
    with Session(engine) as session, session.begin():
        call = make_call(session)
        for number in range(how_many):
            make_submission(session, call, text=f"Put shade over market number {number}.")


def test_submissions_get_their_vectors_within_seconds(clean: Engine, start: Start, count: Count) -> None:
    make_some(clean, 3)

    start()

    until(lambda: count("embedding") == 3)
    until(lambda: count("dbos.workflow_status WHERE status = 'SUCCESS'") == 1)
    assert count("embedding") == 3


def test_many_submissions_become_several_jobs(
    clean: Engine, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_some(clean, 5)
    monkeypatch.setattr(embedding, "BATCH", 2)
    monkeypatch.setattr(embedding.DBOS, "list_workflows", lambda **_: [])

    CatchUp(workplace(clean))()

    assert count("dbos.workflow_status") == 3


def test_nothing_is_queued_while_the_last_wave_is_under_way(
    clean: Engine, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_some(clean, 1)
    monkeypatch.setattr(embedding.DBOS, "list_workflows", lambda **_: ["a batch under way"])

    CatchUp(workplace(clean))()

    assert count("dbos.workflow_status") == 0


def test_a_wave_that_comes_back_undone_is_tried_ever_more_rarely(
    clean: Engine, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_some(clean, 1)
    clock = [0.0]
    monkeypatch.setattr(embedding, "monotonic", lambda: clock[0])
    monkeypatch.setattr(embedding.DBOS, "list_workflows", lambda **_: [])
    catch_up = CatchUp(workplace(clean))

    for second in range(60):
        clock[0] = float(second)
        catch_up()

    # At 0, 2, 6, 14 and 30 seconds.
    assert count("dbos.workflow_status") == 5


def workplace(engine: Engine) -> Workplace:
    return Workplace(engine, None, Warming(HashingEmbedder()), errands.SETTINGS)  # type: ignore[arg-type]
