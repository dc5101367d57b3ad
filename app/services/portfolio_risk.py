"""The share of a mission's money that may fail: asked for by its steward, set by a vote of its committee."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.motion import Motion, motions_about
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, MissionState, MotionAct, MotionOutcome
from app.services.deeds import Applied, Deed

# Risk is agreed on before it is taken: once a mission is over nobody sets what might have failed.
OPEN = frozenset({MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED})


class NotUnderWay(Conflict):
    sentence: ClassVar[str] = N_("What may fail is agreed on for a mission that is adopted and not over.")


class NoShare(NotAcceptable):
    sentence: ClassVar[str] = N_("A share is a whole number from 0 to 100.")


class ShareStands(Conflict):
    sentence: ClassVar[str] = N_("This share is what the committee has set already.")


def check(_session: Session, mission: Mission, _subject: UUID, facts: dict[str, Any]) -> None:
    """Refuse what could not be set now."""
    share = facts.get("share")
    if type(share) is not int or not 0 <= share <= 100:
        raise NoShare()
    if mission.state not in OPEN:
        raise NotUnderWay()
    if mission.risk_share == share:
        raise ShareStands()


def set_share(session: Session, motion: Motion, _decision: Decision, _at: datetime) -> Applied:
    mission = session.get_one(Mission, motion.mission_id)
    session.refresh(mission, with_for_update=True)
    mission.risk_share = int(motion.facts["share"])
    session.flush()
    return Applied(facts={"risk_share": mission.risk_share})


def vote_behind(session: Session, mission: Mission) -> UUID | None:
    """The vote that set the share as it stands, if one did."""
    about = motions_about(session, mission.id)
    settled = [
        each for each in about if each.act is MotionAct.SET_RISK and each.outcome is MotionOutcome.CARRIED
    ]
    latest = max(settled, key=lambda each: each.settled_at or each.created_at, default=None)
    return latest.decision_id if latest else None


def words(_session: Session, motion: Motion) -> Phrase:
    return phrase(
        N_("Let up to %(share)s %% of the money go to projects that may fail"), share=motion.facts["share"]
    )


DEED = Deed(check, set_share, words)
