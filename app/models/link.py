"""Links: how one thing bears on another, on which assumption, with which evidence, and whether that held."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_to, word
from app.rules.words import LinkKind, LinkStatus, SubjectKind


class Link(SQLModel, table=True):
    """One relation between two subjects; `size` is what a spill-over is said to be worth, in words of `note`.

    The thread (`derives_from` a voice, a group, a clause) and the map (`depends_on`, `complements` …) are both links.
    """

    __table_args__ = (
        UniqueConstraint("kind", "from_kind", "from_id", "to_kind", "to_id", name="a_link_stands_once"),
        CheckConstraint("from_id <> to_id", name="nothing_links_to_itself"),
        CheckConstraint("status = 'untested' OR evidence <> ''", name="a_tested_link_has_evidence"),
    )

    id: UUID = key()
    kind: LinkKind = word(LinkKind)
    from_kind: SubjectKind = word(SubjectKind, check="from_subjectkind")
    from_id: UUID = Field(index=True)
    to_kind: SubjectKind = word(SubjectKind, check="to_subjectkind")
    to_id: UUID = Field(index=True)
    note: str = Field(default="", max_length=1000)
    assumption: str = Field(default="", max_length=1000)
    evidence: str = Field(default="", max_length=1000)
    status: LinkStatus = word(LinkStatus, default=LinkStatus.UNTESTED)
    size: Decimal | None = Field(default=None, sa_type=Numeric(20, 2), nullable=True)
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()


def links_from(session: Session, kind: LinkKind, from_kind: SubjectKind, from_ids: list[UUID]) -> list[Link]:
    query = select(Link).where(
        Link.kind == kind, Link.from_kind == from_kind, col(Link.from_id).in_(from_ids)
    )
    return list(session.exec(query))


def links_to(session: Session, kind: LinkKind, to_kind: SubjectKind, to_ids: list[UUID]) -> list[Link]:
    return list(
        session.exec(
            select(Link).where(Link.kind == kind, Link.to_kind == to_kind, col(Link.to_id).in_(to_ids))
        )
    )
