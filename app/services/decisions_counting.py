"""What the job of a long count does: read what was fixed when the vote ended, count, and settle the result once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.columns import now
from app.models.decision import Decision
from app.rules.voting import ruling
from app.rules.voting.portfolios import Portfolio
from app.rules.voting.profile import Vote
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.voting.table import Tell
from app.rules.voting.tally import Outcome
from app.services import (
    count_runs,
    decisions,
    decisions_count,
    decisions_lot,
    decisions_pictures_portfolios,
    decisions_withheld,
)

# Told now and then: what is being done, how much of it is done (0 to 1), and the round of adding.
Progress = Callable[[str, float, int], None]


@dataclass(frozen=True)
class Material:
    """All that a count reads; none of it changes once the vote has ended."""

    asked: Question
    presence: tuple[Presence, ...]
    votes: list[Vote[Any]]
    set_aside: int
    tells_groups: bool


@dataclass(frozen=True)
class Counted:
    outcome: Outcome
    compared: tuple[Portfolio, ...] = ()


def material(session: Session, decision_id: UUID, attempt: int) -> Material | None:
    """What is to be counted; None where this attempt is over."""
    run = count_runs.running(session, decision_id, attempt)
    if run is None:
        return None
    decision = session.get_one(Decision, decision_id)
    asked, presence, votes, set_aside = decisions_count.to_count(session, decision)
    asked = replace(asked, lot=run.lot_value if run.lot_value is not None else asked.lot)
    return Material(
        asked, presence, votes, set_aside, not decisions_withheld.will_be(session, decision, asked)
    )


def count(found: Material, tell: Progress) -> Counted:
    """Count, and under a budget count by the other rules too; as often as it is done, it comes to the same."""
    tell("counting", 0.0, 0)
    outcome = ruling.counted(
        found.asked,
        found.presence,
        found.votes,
        found.set_aside,
        partial(rounds, found.asked, tell, "counting"),
    )
    if not (found.tells_groups and decisions_pictures_portfolios.is_compared(found.asked)):
        return Counted(outcome)
    tell("comparing", 0.0, 0)
    told: Tell = partial(rounds, found.asked, tell, "comparing")
    return Counted(outcome, decisions_pictures_portfolios.compared(found.asked, found.votes, told))


def rounds(asked: Question, tell: Progress, stage: str, number: int, cost: int) -> None:
    """A round of adding: how much of the budget what it buys would cost."""
    tell(stage, min(1.0, cost / max(1, asked.settings_facts["budget"])), number)


def settle(session: Session, decision_id: UUID, attempt: int, counted: Counted) -> None:
    """Keep the result and publish the ballots; a second time, or after another attempt, nothing happens."""
    decision = session.get_one(Decision, decision_id)
    at = decisions.hold(session, decision)
    run = count_runs.running(session, decision_id, attempt)
    if run is None:
        return
    if run.lot_value is None:
        decisions_count.settle(session, decision, counted.outcome, at, run.begun_by_id)
    else:
        decisions_lot.settle(session, decision, counted.outcome, run.lot_value, at, run.begun_by_id)
    count_runs.finish(run, now(), counted.compared)
    session.flush()
