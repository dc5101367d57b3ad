"""Asking the committee for what only a vote may do, with a reason, and where it rests on one with the what-if run."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import Conflict
from app.models.mission import Mission
from app.models.motion import Motion
from app.rules.words import N_, MotionAct, SubjectKind
from app.services import events, motions, what_if
from app.services.what_if import Cited


class MotionWaits(Conflict):
    sentence: ClassVar[str] = N_(
        "The committee has been asked for this already. Wait for its vote, or withdraw the motion."
    )


def make(
    session: Session, mission: Mission, act: MotionAct, kind: SubjectKind, subject: UUID,
    facts: dict[str, Any], reason: str, by: UUID, cites: Cited | None = None,
) -> Motion:  # fmt: skip
    """Ask the committee for one act on one subject of the mission; it waits until a vote settles it.

    What it cites has to come to the same still, so that nobody votes on figures of yesterday.
    """
    session.refresh(mission, with_for_update=True)
    motions.DEEDS[act].check(session, mission, subject, facts)
    if cites is not None:
        what_if.require_same(session, mission, cites)
    motion = Motion(
        mission_id=mission.id,
        act=act,
        subject_kind=kind,
        subject_id=subject,
        facts=facts,
        reason=reason,
        cites=cites.as_facts() if cites else {},
        by_id=by,
    )
    try:
        with session.begin_nested():
            session.add(motion)
            session.flush()
    except IntegrityError as problem:
        raise MotionWaits() from problem
    text_hash = events.keep_text(session, SubjectKind.MOTION, motion.id, 1, reason, by)
    events.record(
        session, "motion_made", SubjectKind.MOTION, motion.id, by=by, mission=mission.id, act=act,
        subject=subject, text_hash=text_hash, cites=motion.cites.get("hash", ""),
    )  # fmt: skip
    return motion
