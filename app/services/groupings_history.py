"""Every grouping that was ever accepted for a question: since when, by whom, and how large; a page at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.person import Person
from app.rules import keyset
from app.rules.disclosure import PUBLIC_GROUPING_STATES
from app.rules.words import ClusterLevel

PAGE = 20


class Past(NamedTuple):
    """One of them; `until` is when the next one took its place, None for what everyone sees now."""

    grouping: Grouping
    person: str
    missions: int
    projects: int
    until: datetime | None


class Pasts(NamedTuple):
    """Some of them, and the cursor of the next ones."""

    rows: Sequence[Past]
    following: str | None


def history(session: Session, call_id: UUID, cursor: str | None = None) -> Pasts:
    """The latest first; each stays readable for ever."""
    shown_from = func.coalesce(Grouping.accepted_at, Grouping.created_at)
    query = (
        select(Grouping, Person.name)
        .join(Person, col(Person.id) == Grouping.accepted_by_id, isouter=True)
        .where(Grouping.call_id == call_id, col(Grouping.state).in_(PUBLIC_GROUPING_STATES))
        .order_by(shown_from.desc(), col(Grouping.id).desc())
        .limit(PAGE + 1)
    )
    until: datetime | None = None
    if cursor:
        until, key = keyset.decode(cursor, "groupings", (datetime, UUID))  # type: ignore[assignment]
        query = query.where(tuple_(shown_from, col(Grouping.id)) < (until, key))
    found = list(session.exec(query).all())
    rows = found[:PAGE]
    sizes = sizes_of(session, [grouping.id for grouping, _name in rows])
    # The first of a page ended when the last of the page before began.
    ends = [until, *(since(grouping) for grouping, _name in rows)]
    listed = [
        Past(grouping, name or "", sizes.get((grouping.id, ClusterLevel.MISSION), 0),
             sizes.get((grouping.id, ClusterLevel.PROJECT), 0), end)
        for (grouping, name), end in zip(rows, ends, strict=False)
    ]  # fmt: skip
    more = len(found) > PAGE
    last = rows[-1][0] if more else None
    return Pasts(listed, keyset.encode("groupings", [since(last), last.id]) if last else None)


def since(grouping: Grouping) -> datetime:
    return grouping.accepted_at or grouping.created_at


def sizes_of(session: Session, grouping_ids: list[UUID]) -> dict[tuple[UUID, str], int]:
    """How many groups of each level."""
    query = (
        select(Cluster.grouping_id, Cluster.level, func.count())
        .where(col(Cluster.grouping_id).in_(grouping_ids), col(Cluster.merged_into_id).is_(None))
        .group_by(col(Cluster.grouping_id), col(Cluster.level))
    )
    return {(key, level): count for key, level, count in session.exec(query)}
