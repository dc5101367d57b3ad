"""An item, a mission or a question, while its rows are locked; who sits in the committees before which it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.conditions.asking import SEATED_ROLES, decision_phase
from app.conditions.taking_part import committees_on
from app.errors import Forbidden
from app.models.application import Application
from app.models.ballot import has_voted
from app.models.columns import now
from app.models.decision import Decision, decisions_of_call, decisions_of_mission
from app.models.mission import Mission
from app.models.seat import Seat, is_live
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import N_, DecisionState, ScopeKind, SubjectKind
from app.services import decisions, interests

RUNNING = (DecisionState.NOTICED, DecisionState.OPEN)
# What one is asked about: a mission, a question that is about several or none, or an application to a call.
Item = Mission | Decision | Application


class NotSeatedHere(Forbidden):
    sentence: ClassVar[str] = N_("Only those who sit in the committee are asked.")


@dataclass(frozen=True)
class Held:
    """An item while its rows are locked: the instant that rules, and the votes on it that run."""

    item: Item
    at: datetime
    votes: list[Decision]


def subject_of(item: Item) -> SubjectKind:
    if isinstance(item, Application):
        return SubjectKind.APPLICATION
    return SubjectKind.DECISION if isinstance(item, Decision) else SubjectKind.MISSION


def title_of(item: Item) -> str:
    """An application is told by its number: its title may name who applies."""
    if isinstance(item, Application):
        return f"#{item.number}"
    return item.question if isinstance(item, Decision) else item.title


def page_of(item: Item) -> dict[str, str]:
    """Where its interests are said, as `notifications.path_of` reads it."""
    return (
        {"path": f"/applications/{item.id}/interest"}
        if isinstance(item, Application)
        else {"page": "/interest"}
    )


def hold_to_speak(session: Session, item: Item, at: datetime | None = None) -> Held:
    """Hold an item to say something of it: of a question, until its vote has closed."""
    held = hold(session, item, at)
    if isinstance(item, Decision):
        phases.require(Act.DECLARE_INTEREST, decision_phase(item, held.at))
    return held


def hold(session: Session, item: Item, at: datetime | None = None) -> Held:
    """Lock every vote about an item, then the item, and answer the instant that rules what follows.

    No ballot is recorded meanwhile, and no further vote is announced: notice takes its decision first, then the item.
    """
    if isinstance(item, Decision):
        at, votes = decisions.hold(session, item, at), [item]
    else:
        lock(session, votes_about(session, item))
        # Reviews of an application and what is decided on it take the row for themselves.
        session.refresh(item, with_for_update={"read": True})
        votes = lock(session, votes_about(session, item))
        at = at or session.exec(select(func.clock_timestamp())).one()
    return Held(item, at, [each for each in votes if decision_phase(each, at) in RUNNING])


def votes_about(session: Session, item: Mission | Application) -> list[Decision]:
    """The votes on a mission; of an application those of its call, whose one budget all on the ballot compete for."""
    if isinstance(item, Application):
        found = decisions_of_call(session, item.call_id)
        return [each for each in found if str(item.id) in {option["subject_id"] for option in each.options}]
    return decisions_of_mission(session, item.id)


def lock(session: Session, found: Iterable[Decision]) -> list[Decision]:
    ordered = sorted({each.id: each for each in found}.values(), key=lambda each: each.id)
    for each in ordered:
        session.refresh(each, with_for_update=True)
    return ordered


def seats_on(session: Session, item: Item, at: datetime | None = None) -> list[Seat]:
    """Everyone seated in a committee of the mission's organisation, or in the one that is asked the question."""
    scopes = committees_on(session, item)
    query = select(Seat).where(
        Seat.scope_kind == ScopeKind.COMMITTEE,
        col(Seat.scope_id).in_(scopes),
        col(Seat.role).in_(SEATED_ROLES),
        *is_live(at or now()),
    )
    return list(session.exec(query.order_by(col(Seat.starts_at), col(Seat.id)))) if scopes else []


def require_not_voted_in_secret(session: Session, votes: Iterable[Decision], seats: Collection[UUID]) -> None:
    """A seat that has cast a secret ballot can no longer step aside from the vote."""
    if any(has_voted(session, vote.id, seats) for vote in votes):
        raise interests.VotedInSecret()
