"""The lot: a tie that was left when the vote was counted ends by a public value that was named at notice."""

from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.conditions.asking import decision_phase
from app.errors import Conflict
from app.models.decision import Decision
from app.rules import decisions as rules
from app.rules import phases
from app.rules.phases import Act
from app.rules.voting import effort, quorum, ruling
from app.rules.voting.tally import Outcome
from app.rules.words import N_, DecisionState
from app.services import count_runs, decisions, decisions_count, decisions_freeze, decisions_withheld


class NoLotAnnounced(Conflict):
    sentence: ClassVar[str] = N_("No lot was announced for this vote: a tie is not carried.")


class LotNotNeeded(Conflict):
    sentence: ClassVar[str] = N_("Nothing is tied here, so there is nothing to draw.")


class LotWaits(Conflict):
    sentence: ClassVar[str] = N_("Options are tied, and the lot that was announced is not drawn yet.")


def waits(decision: Decision) -> bool:
    """Whether a tie is left that the announced lot ends."""
    asked = decisions_freeze.question_of(decision)
    return decision.outcome == DecisionState.TIED and bool(asked.terms.lot) and not asked.is_answer


def require_ended(session: Session, decision: Decision) -> None:
    """Nothing is signed or certified while a lot is still to be drawn, or another result may be on its way."""
    count_runs.require_none(session, decision)
    if waits(decision):
        raise LotWaits()


def draw(session: Session, decision: Decision, value: str, by: UUID, at: datetime | None = None) -> None:
    """Write down the public value and count again with it, by a job where that takes long; a mistyped one can be
    corrected until certification.

    Everything is public before: the value's source since the notice, the ballots since the count.
    """
    at = decisions.hold(session, decision, at)
    phases.require(Act.DRAW, decision_phase(decision, at))
    asked = decisions_freeze.question_of(decision)
    if not asked.terms.lot or asked.is_answer:
        raise NoLotAnnounced()
    if decision.state is DecisionState.CARRIED and decision.lot_value is None:
        raise LotNotNeeded()
    if decision.state is DecisionState.TIED:
        rules.require_move(decision.state, DecisionState.CARRIED)
    asked = replace(asked, lot=value)
    votes = decisions_withheld.votes(session, decision)
    if effort.is_heavy(asked, ruling.profile_of(asked, votes)):
        count_runs.begin(session, decision, by, at, lot_value=value)
        return
    decisions_count.compare(session, decision, asked, votes, at)
    presence = quorum.from_facts(decision.result["quorum"])
    outcome = ruling.counted(asked, presence, votes, decision.result["set_aside"])
    settle(session, decision, outcome, value, at, by)


def settle(
    session: Session, decision: Decision, outcome: Outcome, value: str, at: datetime, by: UUID | None
) -> None:
    decision.lot_value = value
    decisions_count.keep(decision, outcome)
    decisions.record(
        session, "lot_drawn", decision, at, by,
        outcome=outcome.state, value=value, result=decision.result,
    )  # fmt: skip
    session.flush()
