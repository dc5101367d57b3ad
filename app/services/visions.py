"""The shared vision of a mission: built from its clauses, signed by organisations, void once its words change."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, Forbidden, NotAcceptable
from app.models.link import Link
from app.models.mission import Clause, Mission, clauses_of
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.vision import Vision, VisionSignature, latest_vision, signatures_on, visions_of
from app.rules import hashing
from app.rules.words import N_, MissionState, Origin, SubjectKind
from app.services import events, missions, notifications, organisations

OVER = frozenset(
    {MissionState.REJECTED, MissionState.WITHDRAWN, MissionState.ACHIEVED, MissionState.ENDED_NOT_MET}
)
VERSIONS_AT_MOST = 200


class MissionIsOver(Conflict):
    sentence: ClassVar[str] = N_("This mission is over: its vision stays as it was signed.")


class NothingFromTheMission(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "A shared vision is built from what people said: choose at least one sentence that came from voices or groups."
    )


class VisionMoved(Conflict):
    sentence: ClassVar[str] = N_(
        "The words changed since you opened the page, so nothing was signed or written over. Read them as they are now."
    )


class TooManyVersions(NotAcceptable):
    sentence: ClassVar[str] = N_("A vision has at most %(most)s versions.")


class SpeaksForNobody(Forbidden):
    sentence: ClassVar[str] = N_(
        "You speak for no organisation. An administrator can name the one that you work for."
    )


class SignedAlready(Conflict):
    sentence: ClassVar[str] = N_("Your organisation has signed these words already.")


class NotSigned(Conflict):
    sentence: ClassVar[str] = N_("Your organisation has not signed these words.")


@dataclass(frozen=True)
class Sentence:
    """A clause that a vision can be built from; `text` is empty where its words were taken back."""

    clause: Clause
    text: str
    is_from_below: bool


@dataclass(frozen=True)
class VisionText:
    """A vision as typed: opening words of its own, and the sentences of the mission that it is built from."""

    opening: str
    clause_ids: Sequence[UUID]


def sentences(session: Session, mission: Mission) -> list[Sentence]:
    """The mission's clauses in their order, each with whether it comes from voices or groups."""
    clauses = clauses_of(session, mission.id)
    links = missions.sources_of(session, clauses)
    gone = missions.unreadable(session, (link for found in links.values() for link in found))
    return [
        Sentence(
            each,
            missions.words_of(each.text, links[each.id], gone),
            each.origin is not Origin.AGENCY and bool(links[each.id]),
        )
        for each in clauses
    ]


def write(
    session: Session, mission: Mission, typed: VisionText, seen: int, by: UUID, origin: str = ""
) -> Vision:
    """Write the next version, which nobody has signed yet; `seen` is the number of the one that the page showed."""
    session.refresh(mission, with_for_update=True)
    if mission.state in OVER:
        raise MissionIsOver()
    before = latest_vision(session, mission.id)
    if (before.number if before else 0) != seen:
        raise VisionMoved()
    if seen >= VERSIONS_AT_MOST:
        raise TooManyVersions(most=VERSIONS_AT_MOST)
    parts = parts_of(session, mission, typed)
    if before is not None and before.parts == parts:
        return before
    salt = secrets.token_hex(16)
    made = Vision(
        mission_id=mission.id, number=seen + 1, parts=parts, salt=salt, hash=hash_of(parts, salt), by_id=by
    )
    session.add(made)
    session.flush()
    void = signatures_on(session, before.id) if before else []
    events.record(
        session, "vision_written", SubjectKind.MISSION, mission.id, by=by, version=made.number, text_hash=made.hash,
        void=len(void),
    )  # fmt: skip
    people = {each.by_id for each in void} - {by}
    notifications.tell(
        session, people, "vision_changed", SubjectKind.MISSION, mission.id, origin, title=mission.title,
        page="/vision",
    )  # fmt: skip
    return made


def parts_of(session: Session, mission: Mission, typed: VisionText) -> list[Any]:
    """The opening words and the sentences, in the mission's order, with the voices whose very words they are."""
    chosen = [
        each for each in sentences(session, mission) if each.clause.id in typed.clause_ids and each.text
    ]
    if not any(each.is_from_below for each in chosen):
        raise NothingFromTheMission()
    links = missions.sources_of(session, [each.clause for each in chosen])
    opening: list[Any] = [{"text": typed.opening, "clause_id": None, "quoted": []}] if typed.opening else []
    return opening + [
        {"text": each.text, "clause_id": str(each.clause.id), "quoted": quoted(links[each.clause.id])}
        for each in chosen
    ]


def quoted(links: Sequence[Link]) -> list[list[str]]:
    return [[link.to_kind.value, str(link.to_id)] for link in links if link.note == missions.QUOTED]


def hash_of(parts: Sequence[Any], salt: str) -> str:
    """What a signature is under: every paragraph in its order, and the salt."""
    return hashing.text_hash("\n\n".join(each["text"] for each in parts), salt)


def sign(session: Session, mission: Mission, person: Person, hash_seen: str) -> VisionSignature:
    """Sign the latest words, by their hash, for the organisation one speaks for."""
    own = speaking(session, person)
    session.refresh(mission, with_for_update=True)
    if mission.state in OVER:
        raise MissionIsOver()
    vision = latest_vision(session, mission.id)
    if vision is None or not secrets.compare_digest(vision.hash, hash_seen):
        raise VisionMoved()
    made = VisionSignature(
        vision_id=vision.id, organisation_id=own.id, group=own.group, hash=vision.hash, by_id=person.id
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError as problem:
        raise SignedAlready() from problem
    record(session, "vision_signed", vision, own, person)
    return made


def take_back(session: Session, mission: Mission, person: Person) -> None:
    """Say for one's organisation that it no longer signs the words as they are."""
    own = speaking(session, person)
    session.refresh(mission, with_for_update=True)
    vision = latest_vision(session, mission.id)
    signature = session.get(VisionSignature, (vision.id, own.id)) if vision else None
    if vision is None or signature is None:
        raise NotSigned()
    session.delete(signature)
    session.flush()
    record(session, "vision_signature_ended", vision, own, person)


def speaking(session: Session, person: Person) -> Organisation:
    own = organisations.spoken_for(session, person)
    if own is None:
        raise SpeaksForNobody()
    return own


def record(session: Session, kind: str, vision: Vision, own: Organisation, person: Person) -> None:
    events.record(
        session, kind, SubjectKind.MISSION, vision.mission_id, by=person.id, version=vision.number,
        text_hash=vision.hash, organisation=own.id, group=own.group,
    )  # fmt: skip


def signers(session: Session, vision: Vision) -> list[tuple[VisionSignature, str]]:
    """Who signed, in the order in which they did, with the names of organisations."""
    query = (
        select(VisionSignature, Organisation.name)
        .join(Organisation, col(Organisation.id) == VisionSignature.organisation_id)
        .where(VisionSignature.vision_id == vision.id)
    )
    return list(session.exec(query.order_by(col(VisionSignature.created_at), col(Organisation.name))))


def earlier(session: Session, mission_id: UUID) -> list[Vision]:
    """The versions before the latest, the newest first: their signatures are void."""
    return visions_of(session, mission_id)[1:]
