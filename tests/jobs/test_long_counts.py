"""A count that takes long is a job: it tells how far it is, outlives its process, and is kept once."""

import time
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.count_run import CountRun
from app.models.decision import Decision
from app.rules.voting import effort
from app.rules.words import DecisionKind, DecisionState
from app.services import count_runs, decisions_count
from tests.jobs.conftest import Count, Worker
from tests.jobs.errands import until
from tests.rules.many import SCALE
from tests.services.chamber import make_chamber
from tests.services.chamber_votes import Staged, cast_all, notice

CHOICES = ((1, 2), (1, 3), (2,), (2, 4), (3, 4), (1,), (4,), (1, 2, 3), (2, 3))
STAGED = Staged(
    rule="equal_shares",
    marks=[{"approved": [f"option-{number}" for number in chosen]} for chosen in CHOICES],
    question="Which of these under the budget?",
    settings={"budget": 400_000, "step": 1},
    costs=(180_001, 250_007, 120_011, 90_013),
    kind=DecisionKind.PORTFOLIO,
)
IN_FLIGHT = DecisionState.CLOSED
# Shares of the count after which its process is killed; the first is tried in a short run, all in a long one.
MOMENTS = (0.0, 0.2, 0.5, 0.8)[: max(2, SCALE)]


def noticed(session: Session) -> Decision:
    chamber = make_chamber(session)
    decision = notice(chamber, STAGED)
    cast_all(chamber, STAGED)
    return decision


def at_once(engine: Engine) -> dict[str, object]:
    """The result of the same ballots, counted while one waits; nothing of it is kept."""
    with Session(engine) as session:
        decision = noticed(session)
        decisions_count.close(session, decision, None, at=decision.closes_at)
        return decision.result


def begun(engine: Engine) -> UUID:
    """A vote that is ended, and counted by a job because it would take long."""
    with Session(engine) as session, session.begin():
        decision = noticed(session)
        assert decisions_count.close(session, decision, None, at=decision.closes_at) is None
        return decision.id


def run_of(engine: Engine, decision_id: UUID) -> CountRun:
    with Session(engine) as session:
        return session.get_one(CountRun, decision_id)


def decision_of(engine: Engine, decision_id: UUID) -> Decision:
    with Session(engine) as session:
        return session.get_one(Decision, decision_id)


@pytest.mark.parametrize("share", MOMENTS)
def test_a_count_whose_process_is_killed_ends_with_the_same_result_once(
    clean: Engine, a_worker: Worker, count: Count, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    expected = at_once(clean)
    monkeypatch.setattr(effort, "HEAVY", -1)
    decision_id = begun(clean)

    seen = set()
    with a_worker("tests.jobs.long_counts") as killed:
        until(lambda: run_of(clean, decision_id).round > 0)
        until(
            lambda: (
                seen.add(run_of(clean, decision_id).progress) or run_of(clean, decision_id).progress >= share
            )
        )
        killed.kill()
        killed.wait()
    half_way = decision_of(clean, decision_id)
    with a_worker():
        until(lambda: decision_of(clean, decision_id).state != IN_FLIGHT)
        until(lambda: count("dbos.workflow_status WHERE name = 'counting' AND status = 'SUCCESS'") == 1)

    assert (half_way.state, half_way.result, half_way.outcome) == (IN_FLIGHT, {}, "")
    counted = decision_of(clean, decision_id)
    assert counted.result == expected
    assert counted.state is DecisionState.CARRIED
    assert count("event WHERE kind = 'decision_counted'") == 1
    assert count("event WHERE kind = 'count_begun'") == 1
    assert set(run_of(clean, decision_id).compared) == {
        "greedy", "greedy_no_skip", "equal_shares", "phragmen",
    }  # fmt: skip
    with Session(clean) as session:
        assert count_runs.of(session, decision_id) is None


def test_a_long_count_tells_how_far_it_is(
    clean: Engine, a_worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "HEAVY", -1)
    decision_id = begun(clean)
    before = run_of(clean, decision_id)

    seen: list[tuple[str, int]] = []
    with a_worker("tests.jobs.long_counts"):
        while (run := run_of(clean, decision_id)).finished_at is None:
            seen.append((run.stage, run.round))
            time.sleep(0.1)

    assert (before.stage, before.progress, before.round, before.is_running) == ("", 0.0, 0, True)
    rounds = [number for stage, number in seen if stage == "counting"]
    assert len(set(rounds)) > 2
    assert rounds == sorted(rounds)
    assert ("comparing" in {stage for stage, _ in seen}) or run.compared
    assert (run.stage, run.progress) == ("done", 1.0)
