"""Links: how one thing bears on another, on which assumption, with which evidence, and whether that held."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, and_, or_, text
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, maybe_to, word
from app.rules.words import LinkKind, LinkStatus, SubjectKind


class Link(SQLModel, table=True):
    """One relation between two subjects; `size` is what a spill-over is said to be worth, counted in `unit`.

    The thread (`derives_from` a voice, a group, a clause) and the map (`depends_on`, `complements` …) are both links.
    A trigger keeps `depends_on` from running in a circle; `tested_at` is when its assumption was last judged.
    """

    __table_args__ = (
        UniqueConstraint("kind", "from_kind", "from_id", "to_kind", "to_id", name="a_link_stands_once"),
        CheckConstraint("from_id <> to_id", name="nothing_links_to_itself"),
        CheckConstraint("status = 'untested' OR evidence <> ''", name="a_tested_link_has_evidence"),
        CheckConstraint("size >= 0", name="a_size_is_not_negative"),
        # Who complements or competes does so both ways round.
        Index("a_pair_is_linked_once", "kind", text("least(from_id, to_id)"), text("greatest(from_id, to_id)"),
              unique=True, postgresql_where="kind IN ('complements', 'competes_with')"),
    )  # fmt: skip

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
    unit: str = Field(default="", max_length=60)
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()
    tested_at: datetime | None = maybe_instant()
    version: int = 1


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


def links_among(
    session: Session, kinds: Collection[LinkKind], ends: Collection[SubjectKind], ids: Collection[UUID]
) -> list[Link]:
    """Every link of these kinds, between such ends, that begins or ends at one of these; the oldest first."""
    touches = or_(col(Link.from_id).in_(ids), col(Link.to_id).in_(ids))
    between = and_(col(Link.from_kind).in_(ends), col(Link.to_kind).in_(ends))
    query = select(Link).where(col(Link.kind).in_(kinds), between, touches)
    return list(session.exec(query.order_by(col(Link.created_at), col(Link.id)))) if ids else []
