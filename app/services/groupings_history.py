"""Every grouping that was ever accepted for a question: since when, by whom, and how large."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.person import Person
from app.rules.disclosure import PUBLIC_GROUPING_STATES
from app.rules.words import ClusterLevel


class Past(NamedTuple):
    """One of them; `until` is when the next one took its place, None for what everyone sees now."""

    grouping: Grouping
    person: str
    missions: int
    projects: int
    until: datetime | None


def history(session: Session, call_id: UUID) -> list[Past]:
    """The latest first; each stays readable for ever."""
    query = (
        select(Grouping, Person.name)
        .join(Person, col(Person.id) == Grouping.accepted_by_id, isouter=True)
        .where(Grouping.call_id == call_id, col(Grouping.state).in_(PUBLIC_GROUPING_STATES))
        .order_by(col(Grouping.accepted_at).desc(), col(Grouping.id))
    )
    rows = list(session.exec(query).all())
    sizes = sizes_of(session, [grouping.id for grouping, _name in rows])
    following: list[datetime | None] = [None, *(grouping.accepted_at for grouping, _name in rows)]
    return [
        Past(grouping, name or "", sizes.get((grouping.id, ClusterLevel.MISSION), 0),
             sizes.get((grouping.id, ClusterLevel.PROJECT), 0), until)
        for (grouping, name), until in zip(rows, following, strict=False)
    ]  # fmt: skip


def sizes_of(session: Session, grouping_ids: list[UUID]) -> dict[tuple[UUID, str], int]:
    """How many groups of each level."""
    query = (
        select(Cluster.grouping_id, Cluster.level, func.count())
        .where(col(Cluster.grouping_id).in_(grouping_ids), col(Cluster.merged_into_id).is_(None))
        .group_by(col(Cluster.grouping_id), col(Cluster.level))
    )
    return {(key, level): count for key, level, count in session.exec(query)}
