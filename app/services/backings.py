"""Organisations that stand behind a mission: said by one of their people, once for each organisation."""

from typing import ClassVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import Conflict, Forbidden
from app.models.backing import Backing
from app.models.mission import Mission
from app.models.person import Person
from app.rules.words import N_, MissionState, SubjectKind
from app.services import events

OVER = (MissionState.WITHDRAWN, MissionState.REJECTED, MissionState.ENDED_NOT_MET)


class SpeaksForNobody(Forbidden):
    sentence: ClassVar[str] = N_(
        "You speak for no organisation. An administrator can name the one that you work for."
    )


class BackedAlready(Conflict):
    sentence: ClassVar[str] = N_("Your organisation stands behind this mission already: it counts once.")


class NothingToBack(Conflict):
    sentence: ClassVar[str] = N_("This mission is over, so nobody can stand behind it any more.")


class NotBacked(Conflict):
    sentence: ClassVar[str] = N_("Your organisation does not stand behind this mission.")


def back(session: Session, mission: Mission, person: Person) -> None:
    """Say for one's organisation that it stands behind a mission."""
    if person.organisation_id is None or not person.is_vouched:
        raise SpeaksForNobody()
    session.refresh(mission, with_for_update=True)
    if mission.state in OVER:
        raise NothingToBack()
    backing = Backing(mission_id=mission.id, organisation_id=person.organisation_id, by_id=person.id)
    try:
        with session.begin_nested():
            session.add(backing)
            session.flush()
    except IntegrityError as problem:
        raise BackedAlready() from problem
    events.record(
        session, "mission_backed", SubjectKind.MISSION, mission.id, by=person.id,
        organisation=person.organisation_id,
    )  # fmt: skip


def take_back(session: Session, mission: Mission, person: Person) -> None:
    """Say for one's organisation that it no longer stands behind a mission."""
    if person.organisation_id is None:
        raise SpeaksForNobody()
    backing = session.get(Backing, (mission.id, person.organisation_id), with_for_update=True)
    if backing is None:
        raise NotBacked()
    session.delete(backing)
    events.record(
        session, "mission_backing_ended", SubjectKind.MISSION, mission.id, by=person.id,
        organisation=person.organisation_id,
    )  # fmt: skip
    session.flush()
