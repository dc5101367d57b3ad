"""Letters to a committee about its votes: at notice, a day before the close, at the count, at certification.

Each occasion is told once: its row and what it tells are one transaction. Nothing told before the count depends on who
has voted: the letter of the last day goes to everyone who may hold a ballot, and says the same to each.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from app.conditions.taking_part import recused_seats, voters_of
from app.models.absence import away
from app.models.columns import now
from app.models.committee import Committee
from app.models.committee_letter import CommitteeLetter, Occasion
from app.models.decision import Decision
from app.models.seat import live_seats_in
from app.rules.disclosure import COUNTED_STATES
from app.rules.voting import electorate
from app.rules.words import DecisionState, ScopeKind, SubjectKind
from app.services import decisions, decisions_words, notifications

DAY = timedelta(days=1)
FRESH = timedelta(days=7)  # an older result is no news
AT_ONCE = 50


def tell_due(session: Session, origin: str) -> int:
    """Write every letter that is due; answers how many occasions were told."""
    at, told = now(), 0
    for occasion, due in conditions(at).items():
        for decision in waiting(session, occasion, due):
            session.add(CommitteeLetter(decision_id=decision.id, occasion=occasion, told_at=at))
            session.flush()
            tell(session, decision, occasion, at, origin)
            told += 1
    return told


def conditions(at: datetime) -> dict[Occasion, list[Any]]:
    """When each letter is due; of a vote announced in its last day the notice itself is the letter of that day."""
    announced = col(Decision.state).in_([DecisionState.NOTICED, DecisionState.OPEN])
    return {
        Occasion.NOTICE: [announced, col(Decision.closes_at) > at],
        Occasion.CLOSES_SOON: [
            announced,
            col(Decision.opens_at) <= at,
            col(Decision.closes_at) > at,
            col(Decision.closes_at) <= at + DAY,
            col(Decision.noticed_at) < col(Decision.closes_at) - DAY,
        ],
        Occasion.COUNTED: [col(Decision.state).in_(COUNTED_STATES), col(Decision.closed_at) > at - FRESH],
        Occasion.CERTIFIED: [col(Decision.certified_at) > at - FRESH],
    }


def waiting(session: Session, occasion: Occasion, due: Iterable[ColumnElement[bool]]) -> list[Decision]:
    told = exists().where(
        col(CommitteeLetter.decision_id) == Decision.id, col(CommitteeLetter.occasion) == occasion
    )
    query = select(Decision).where(*due, ~told).order_by(col(Decision.id)).limit(AT_ONCE)
    return list(session.exec(query))


def tell(session: Session, decision: Decision, occasion: Occasion, at: datetime, origin: str) -> None:
    people = readers(session, decision, occasion, at)
    facts: dict[str, Any] = {"title": decisions.title_of(session, decision)}
    if occasion in (Occasion.NOTICE, Occasion.CLOSES_SOON):
        assert decision.closes_at is not None
        local = decision.closes_at.astimezone(ZoneInfo(decision.timezone))
        facts["closes"] = f"{local:%Y-%m-%d %H:%M} ({decision.timezone})"
    else:
        facts["outcome"] = notifications.stored(decisions_words.told_outcome(session, decision))
    kind = f"vote_{occasion.value}"
    notifications.tell(session, people, kind, SubjectKind.DECISION, decision.id, origin, **facts)


def readers(session: Session, decision: Decision, occasion: Occasion, at: datetime) -> set[UUID]:
    """Everyone seated; at notice those who are not asked to vote already; on the last day whoever may hold a ballot."""
    if occasion is Occasion.CLOSES_SOON:
        return may_hold(session, decision, at)
    committee = session.get_one(Committee, decision.committee_id)
    seated = {seat.person_id for seat in live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)}
    if occasion is Occasion.NOTICE:
        return seated - {voter.person_id for voter in voters_of(session, decision, at)}
    return seated


def may_hold(session: Session, decision: Decision, at: datetime) -> set[UUID]:
    """Voters after recusals, and of a seat whose holder is away both: no letter tells who of the two has cast."""
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    gone = away(session, [each.seat_id for each in frozen], at)
    direct = {voter.person_id for voter in electorate.voters(frozen, recused)}
    beside = {voter.person_id for voter in electorate.voters(frozen, recused, gone)}
    return direct | beside
