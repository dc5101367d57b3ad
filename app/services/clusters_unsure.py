"""The voices of a group of which the machine is unsure: how many, and which, the least sure first."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, tuple_
from sqlmodel import Session, col, select

from app.models.cluster import Cluster, survivors
from app.models.placement import IS_UNSURE, Placement
from app.models.submission import Submission
from app.rules import keyset
from app.rules.disclosure import PUBLIC_STATES
from app.services.corrections_ground import home_ids

PAGE = 20
STEPS = 1_000  # margins this close count as equal, so that a page ends at a whole number


@dataclass(frozen=True)
class Torn:
    """One voice, how clearly it stands where it does, and the group it might stand in instead."""

    submission: Submission
    placement: Placement
    other: Cluster | None


@dataclass(frozen=True)
class Unsure:
    """How many voices of a group are unsure; `rows` are some of them where only they were asked for."""

    count: int
    rows: Sequence[Torn] | None = None
    following: str | None = None


def of(session: Session, cluster: Cluster, *, wanted: bool, cursor: str | None = None) -> Unsure:
    """What the page of a group says about it, and the rows where the reader wants only these."""
    inside = (
        Placement.grouping_id == cluster.grouping_id,
        col(Placement.cluster_id).in_(home_ids(session, cluster)),
    )
    public = col(Submission.state).in_(PUBLIC_STATES)
    joined = col(Submission.id) == Placement.submission_id
    counted = (
        select(func.count()).select_from(Placement).join(Submission, joined).where(*inside, public, IS_UNSURE)
    )
    count = session.exec(counted).one()
    if not wanted:
        return Unsure(count)
    order = cast(func.floor(col(Placement.margin) * STEPS), Integer)
    query: Any = select(Submission, Placement).join(Placement, joined).where(*inside, public, IS_UNSURE)
    if cursor:
        query = query.where(
            tuple_(order, col(Submission.number)) > keyset.decode(cursor, "unsure", (int, int))
        )
    rows = list(session.exec(query.order_by(order, col(Submission.number)).limit(PAGE + 1)))
    following = None
    if len(rows) > PAGE:
        submission, placement = rows[PAGE - 1]
        following = keyset.encode("unsure", [floor(placement.margin * STEPS), submission.number or 0])
    live: dict[UUID, Cluster] = survivors(session, cluster.grouping_id) if rows else {}
    torn = [
        Torn(submission, one, live.get(one.nearest_id) if one.nearest_id else None)
        for submission, one in rows[:PAGE]
    ]
    return Unsure(count, torn, following)
