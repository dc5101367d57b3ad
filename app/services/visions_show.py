"""A shared vision as its page shows it: the words as they are now, and who signed them, group by group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.vision import Vision, VisionSignature, visions_of
from app.rules.words import StakeholderGroup, SubjectKind
from app.services import missions, visions


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `text` is empty where it was somebody's very words and they took them back."""

    text: str
    clause_id: str | None


@dataclass(frozen=True)
class Signed:
    group: StakeholderGroup
    names: list[str]


@dataclass(frozen=True)
class Earlier:
    """A version that was replaced, and how many signatures went with it."""

    vision: Vision
    void: int


@dataclass(frozen=True)
class Shown:
    vision: Vision
    paragraphs: list[Paragraph]
    groups: list[Signed]
    signers: frozenset[UUID] = frozenset()
    earlier: list[Earlier] = field(default_factory=list)

    @property
    def signatures(self) -> int:
        return len(self.signers)

    @property
    def is_whole(self) -> bool:
        """Whether anyone can still check the hash: with words that are gone nobody can."""
        return all(each.text for each in self.paragraphs)


def shown(session: Session, mission: Mission) -> Shown | None:
    """The latest version with everything around it; None while there is none."""
    found = visions_of(session, mission.id)
    if not found:
        return None
    latest, signers = found[0], visions.signers(session, found[0])
    groups = [
        Signed(group, [name for each, name in signers if each.group is group]) for group in StakeholderGroup
    ]
    return Shown(
        latest, paragraphs(session, latest), groups, frozenset(each.organisation_id for each, _name in signers),
        voided(session, found[1:]),
    )  # fmt: skip


def paragraphs(session: Session, vision: Vision) -> list[Paragraph]:
    """The words, without those that somebody took back since."""
    named = [(SubjectKind(kind), UUID(key)) for each in vision.parts for kind, key in each["quoted"]]
    gone = missions.unreadable_among(
        session,
        {key for kind, key in named if kind is SubjectKind.SUBMISSION},
        {key for kind, key in named if kind is SubjectKind.STATEMENT},
    )
    return [
        Paragraph("" if any(UUID(key) in gone for _kind, key in each["quoted"]) else each["text"], each["clause_id"])
        for each in vision.parts
    ]  # fmt: skip


def voided(session: Session, found: Sequence[Vision]) -> list[Earlier]:
    ids = [each.id for each in found]
    query = select(VisionSignature.vision_id, func.count()).where(col(VisionSignature.vision_id).in_(ids))
    counts = dict(session.exec(query.group_by(col(VisionSignature.vision_id))).all()) if ids else {}
    return [Earlier(each, counts.get(each.id, 0)) for each in found]


def has_signed(found: Shown | None, own: Organisation | None) -> bool:
    return found is not None and own is not None and own.id in found.signers
