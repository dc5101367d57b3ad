"""Coarser or finer: going to other steps of a proposal's ladder, which makes another proposal in its place."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.conditions import asking
from app.errors import Conflict, NotAcceptable
from app.models.call import Call
from app.models.grouping import Grouping
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import N_
from app.services import groupings, groupings_ladder
from app.services.groupings_run import LEVELS, RUNGS


class NoLadder(Conflict):
    sentence: ClassVar[str] = N_("So few voices can be put together in one way only.")


class NotFiner(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Project proposals divide missions: choose for them a finer step than for missions."
    )


class NoSuchStep(NotAcceptable):
    sentence: ClassVar[str] = N_("This grouping has no such step.")


def require_steps(curve: groupings_ladder.Curve, mission: int, project: int) -> None:
    if not (0 <= mission <= curve.last and 0 <= project <= curve.last):
        raise NoSuchStep()
    if project <= mission:
        raise NotFiner()


def choose(session: Session, grouping: Grouping, mission: int, project: int, by: UUID) -> Grouping:
    """Queue the grouping at these steps; when it is there, it waits for a decision instead of this one."""
    source = groupings.waiting(session, grouping)
    call = session.get_one(Call, source.call_id)
    phases.require(Act.GROUP, asking.call_phase(call), asking.times_of(call))
    curve = groupings_ladder.curve(session, source.id)
    if curve is None:
        raise NoLadder()
    require_steps(curve, mission, project)
    asked = {LEVELS: str(source.id), RUNGS: [mission, project]}
    made = Grouping(call_id=call.id, seed=source.seed, started_by_id=by, measures=asked)
    return groupings.queue(session, made, source=source.id, steps=[mission, project])
