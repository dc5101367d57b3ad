"""Counts that take long: the vote ends at once, the result comes later, once, and nothing is signed in between."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.errors import Refusal
from app.models.ballot import boxed_ballots, secret_ballots
from app.models.columns import now
from app.models.count_run import CountRun
from app.models.decision import Decision
from app.rules.phases import PhaseForbids
from app.rules.voting import effort, portfolios, ruling
from app.rules.voting.equal_shares import Settings
from app.rules.voting.profile import Vote
from app.rules.voting.tally import Terms
from app.rules.words import DecisionKind, DecisionState
from app.services import (
    closing,
    count_runs,
    decisions_certify,
    decisions_count,
    decisions_counting,
    decisions_lot,
    decisions_show,
    replay,
    signatures,
)
from app.services.count_runs import BeingCounted
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import Staged, cast_all, notice

CHOICES = ((1, 2), (1, 3), (2,), (2, 4), (3, 4), (1,), (4,), (1, 2, 3), (2, 3))
MARKS = [{"approved": [f"option-{number}" for number in chosen]} for chosen in CHOICES]
PORTFOLIO = Staged(
    rule="equal_shares", marks=MARKS, question="Which of these?", settings={"budget": 400_000_00, "step": 50_00},
    costs=(180_000_00, 250_000_00, 120_000_00, 90_000_00), kind=DecisionKind.PORTFOLIO,
)  # fmt: skip
LEVEL = [{"approved": ["option-1", "option-2"]}] * 9
TIED = Staged(
    rule="approval", marks=LEVEL, settings={"seats": 1}, terms=Terms(lot="the draw of Sunday"),
)  # fmt: skip


def nothing_told(_stage: str, _share: float, _round: int) -> None:
    pass


def ended(session: Session, staged: Staged = PORTFOLIO) -> tuple[Chamber, Decision]:
    chamber = make_chamber(session)
    decision = notice(chamber, staged)
    cast_all(chamber, staged)
    return chamber, decision


def work(session: Session, decision: Decision) -> None:
    """What the job does."""
    run = session.get_one(CountRun, decision.id)
    found = decisions_counting.material(session, decision.id, run.attempt)
    assert found is not None
    counted = decisions_counting.count(found, nothing_told)
    decisions_counting.settle(session, decision.id, run.attempt, counted)


@pytest.fixture
def everything_is_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "HEAVY", -1)


def test_a_small_count_is_made_at_once(session: Session) -> None:
    _, decision = ended(session)

    outcome = decisions_count.close(session, decision, None, at=decision.closes_at)

    assert outcome is not None
    assert decision.state is DecisionState.CARRIED
    kept = session.get_one(CountRun, decision.id)  # what other rules choose, and no job
    assert (kept.attempt, kept.is_running, set(kept.compared)) == (0, False, set(portfolios.RULES))


@pytest.mark.usefixtures("everything_is_heavy")
@pytest.mark.parametrize("staged", [PORTFOLIO, PORTFOLIO.secretly(), TIED])
def test_a_job_comes_to_the_result_that_would_have_come_at_once(
    session: Session, staged: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, decision = ended(session, staged)
    asked_before = session.begin_nested()
    monkeypatch.setattr(effort, "HEAVY", 10**9)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    expected, told = decision.result, decisions_show.result(session, decision)
    asked_before.rollback()
    session.expire_all()
    monkeypatch.setattr(effort, "HEAVY", -1)

    assert decisions_count.close(session, decision, None, at=decision.closes_at) is None
    assert (decision.state, decision.result, decision.closed_at) == (
        DecisionState.CLOSED, {}, decision.closes_at,
    )  # fmt: skip
    assert decisions_show.result(session, decision) is None
    work(session, decision)

    assert decision.result == expected
    now_told = decisions_show.result(session, decision)
    assert told
    assert now_told
    assert now_told.picture == told.picture
    assert now_told.sentence == told.sentence


@pytest.mark.usefixtures("everything_is_heavy")
def test_secret_ballots_stay_in_their_box_until_the_result(session: Session) -> None:
    _, decision = ended(session, PORTFOLIO.secretly())

    decisions_count.close(session, decision, None, at=decision.closes_at)
    boxed = len(boxed_ballots(session, decision.id)), len(secret_ballots(session, decision.id))
    work(session, decision)

    assert boxed == (9, 0)
    assert len(boxed_ballots(session, decision.id)) == 0
    assert len(secret_ballots(session, decision.id)) == 9


@pytest.mark.usefixtures("everything_is_heavy")
def test_nobody_votes_counts_signs_or_certifies_meanwhile(session: Session) -> None:
    chamber, decision = ended(session)
    decisions_count.close(session, decision, chamber.chair.id, at=decision.closes_at)

    with pytest.raises(BeingCounted):
        decisions_count.close(session, decision, chamber.chair.id)
    with pytest.raises(PhaseForbids):
        closing.sign(session, decision, chamber.chair.id, signatures.result_hash(decision))
    with pytest.raises(Refusal):
        decisions_certify.certify(session, decision, "Because.", chamber.chair.id)
    assert decisions_count.count_due(session, now() + timedelta(days=30)) == 0


@pytest.mark.usefixtures("everything_is_heavy")
def test_a_result_is_settled_once_whoever_counted(session: Session) -> None:
    _, decision = ended(session)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    found = decisions_counting.material(session, decision.id, 1)
    assert found is not None
    counted = decisions_counting.count(found, nothing_told)

    decisions_counting.settle(session, decision.id, 1, counted)
    first = decision.closed_at, decision.result
    decisions_counting.settle(session, decision.id, 1, counted)

    assert (decision.closed_at, decision.result) == first
    assert decisions_counting.material(session, decision.id, 1) is None


@pytest.mark.usefixtures("everything_is_heavy")
def test_a_count_that_broke_off_is_begun_again_by_the_chair(session: Session) -> None:
    chamber, decision = ended(session)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    late = decisions_counting.material(session, decision.id, 1)
    assert late is not None
    count_runs.fail(session, decision.id, 1)
    with pytest.raises(BeingCounted):
        count_runs.require_none(session, decision)

    decisions_count.close(session, decision, chamber.chair.id)
    decisions_counting.settle(session, decision.id, 1, decisions_counting.count(late, nothing_told))
    untouched = decision.state
    work(session, decision)

    assert untouched is DecisionState.CLOSED
    assert session.get_one(CountRun, decision.id).attempt == 2
    assert decision.state is DecisionState.CARRIED


@pytest.mark.usefixtures("everything_is_heavy")
def test_a_lot_of_a_long_count_is_drawn_by_a_job_and_nothing_is_certified_before(session: Session) -> None:
    chamber, decision = ended(session, TIED)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    work(session, decision)
    assert decision.state is DecisionState.TIED

    decisions_lot.draw(session, decision, "17 23 42", chamber.chair.id)
    meanwhile = decision.state, decision.lot_value
    with pytest.raises(BeingCounted):
        decisions_lot.require_ended(session, decision)
    work(session, decision)

    assert meanwhile == (DecisionState.TIED, None)
    assert (decision.state, decision.lot_value) == (DecisionState.CARRIED, "17 23 42")
    decisions_lot.require_ended(session, decision)


@pytest.mark.usefixtures("everything_is_heavy")
def test_the_log_tells_the_state_of_a_vote_that_is_being_counted(session: Session) -> None:
    _, decision = ended(session)

    decisions_count.close(session, decision, None, at=decision.closes_at)

    found = [each for each in replay.differences(session).differing if each.id == str(decision.id)]
    assert found == []


def question(costs: tuple[int, ...], **settings: object) -> ruling.Question:
    options = [{"id": f"o{at}", "cost": cost} for at, cost in enumerate(costs)]
    return ruling.question("d", options, Settings(**settings).as_facts(), Terms().as_facts())  # type: ignore[arg-type]


def test_small_steps_with_many_different_ballots_are_heavy_and_a_committee_is_not() -> None:
    costs = tuple(range(1_000_000, 31_000_000, 1_000_000))
    many = [Vote((at % 30, (at * 7 + at // 30 + 1) % 30), "public") for at in range(250)]
    many = [Vote(tuple(sorted(set(vote.mark))), vote.group) for vote in many]
    cents = question(costs, budget=100_000_000, step=1)
    steps = question(costs, budget=100_000_000, step=10_000)

    assert effort.is_heavy(cents, ruling.profile_of(cents, [*many, *unlike(many)]))
    assert not effort.is_heavy(steps, ruling.profile_of(steps, many))
    assert not effort.is_heavy(cents, ruling.profile_of(cents, many[:9]))


def unlike(votes: list[Vote[tuple[int, ...]]]) -> list[Vote[tuple[int, ...]]]:
    return [Vote(vote.mark, "citizens") for vote in votes]
