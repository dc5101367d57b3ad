"""Moving a milestone: only a carried motion does it, and what was expected before stays beside it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, select

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.decision import Decision
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.motion import Motion
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, MissionState
from app.services import missions
from app.services.deeds import Applied, Deed

UNDER_WAY = (MissionState.ACTIVE, MissionState.PAUSED)


class MilestoneRevised(Conflict):
    sentence: ClassVar[str] = N_("This milestone was moved already. Move the one that stands in its place.")


class NotUnderWay(Conflict):
    sentence: ClassVar[str] = N_("Milestones are moved while their mission is under way or paused.")


class NothingMoves(NotAcceptable):
    sentence: ClassVar[str] = N_("Name another value or another day: this is what stands already.")


class ValueMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Say which value is expected.")


@dataclass(frozen=True)
class Moved:
    """What a milestone would become; a milestone without an indicator has no value."""

    due: date
    expected: Decimal | None

    def as_facts(self) -> dict[str, Any]:
        return {"due": self.due.isoformat(), "expected": missions.decimal(self.expected)}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Moved":
        expected = facts.get("expected")
        return cls(date.fromisoformat(facts["due"]), Decimal(expected) if expected is not None else None)


def check(session: Session, mission: Mission, subject: UUID, facts: dict[str, Any]) -> None:
    """Refuse what is no milestone of this mission, was replaced, or would stay as it is."""
    milestone = session.get(Milestone, subject)
    if milestone is None or milestone.mission_id != mission.id:
        raise NotFound()
    if mission.state not in UNDER_WAY:
        raise NotUnderWay()
    if session.exec(select(Milestone).where(Milestone.replaces_id == subject)).first() is not None:
        raise MilestoneRevised()
    moved = Moved.from_facts(facts)
    if (moved.expected is None) is not (milestone.indicator_id is None):
        raise ValueMissing()
    if (moved.due, moved.expected) == (milestone.due, milestone.expected):
        raise NothingMoves()


def do(session: Session, motion: Motion, decision: Decision, at: datetime) -> Applied:
    """Add the milestone that stands from now on; the one before is kept."""
    before, moved = session.get_one(Milestone, motion.subject_id), Moved.from_facts(motion.facts)
    after = Milestone(
        mission_id=before.mission_id, project_id=before.project_id, indicator_id=before.indicator_id,
        title=before.title, verifier=before.verifier, expected=moved.expected, due=moved.due,
        replaces_id=before.id, decision_id=decision.id, by_id=motion.by_id, created_at=at,
    )  # fmt: skip
    session.add(after)
    session.flush()
    return Applied(facts={"milestone": after.id, "replaced": before.id})


def words(session: Session, motion: Motion) -> Phrase:
    before, moved = session.get_one(Milestone, motion.subject_id), Moved.from_facts(motion.facts)
    told = {"title": before.title, "before": before.due, "after": moved.due}
    if moved.expected is None:
        return phrase(N_("Move the milestone “%(title)s” from %(before)s to %(after)s"), **told)
    return phrase(
        N_("Move the milestone “%(title)s” from %(was)s by %(before)s to %(becomes)s by %(after)s"),
        was=before.expected, becomes=moved.expected, **told,
    )  # fmt: skip


DEED = Deed(check, do, words)
