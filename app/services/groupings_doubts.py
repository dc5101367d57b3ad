"""Which voices are most worth a facilitator's minute: those their authors object to, then those that teach most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Integer, cast, func, tuple_
from sqlmodel import Session, col, select

from app.models.cluster import Cluster, survivors
from app.models.grouping import Grouping
from app.models.placement import IS_UNSURE, Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.nlp.telling import most_telling
from app.rules import keyset
from app.rules.clusters import UNSURE
from app.rules.disclosure import PUBLIC_STATES
from app.services import corrections_ground
from app.services.groupings_material import stored_vectors

TO_CHECK, LOOKED_AT = 20, 200
PAGE = 40
STEPS = 1_000  # margins this close count as equal, so that a page ends at a whole number
Objections = Mapping[UUID, Statement]
Rows = Sequence[tuple[Submission, Placement]]


@dataclass(frozen=True)
class Doubt:
    """One voice, where it stands, the other group it might belong to, and what its author says about that."""

    submission: Submission
    placement: Placement
    home: Cluster | None
    other: Cluster | None
    objection: Statement | None = None

    @property
    def token(self) -> str:
        """What a form sends back: the voice, and where the form saw it."""
        return f"{self.submission.id}:{self.placement.cluster_id or ''}"


def doubts(session: Session, grouping: Grouping, objections: Objections) -> list[Doubt]:
    """What authors object to, oldest first, then of the voices the machine is unsure of those that teach most."""
    query = chosen(grouping).where(
        IS_UNSURE,
        col(Placement.submission_id).not_in(list(objections)),
    )
    least_sure = query.order_by(col(Placement.margin), col(Placement.submission_id)).limit(LOOKED_AT)
    telling = most_useful(session, grouping, list(session.exec(least_sure)))
    rows = [*named(session, grouping, list(objections)), *telling]
    return with_clusters(session, grouping, rows, objections)


def most_useful(session: Session, grouping: Grouping, rows: Rows) -> Rows:
    """Of the least sure voices those that stand for many like them, spread over the groups, no two the same.

    The margin counts as a share of what the machine calls unsure.
    """
    known = stored_vectors(session, grouping.call_id, grouping.model, [one.id for one, _place in rows])
    if not known:
        return rows[:TO_CHECK]
    empty = np.zeros(len(next(iter(known.values()))), dtype=np.float32)
    vectors = np.vstack([known.get(one.id, empty) for one, _place in rows])
    margins = np.array([place.margin / UNSURE for _one, place in rows], dtype=np.float32)
    live = survivors(session, grouping.id)
    homes = [mission_of(live, place.cluster_id or place.nearest_id) for _one, place in rows]
    return [rows[row] for row in most_telling(vectors, margins, homes, TO_CHECK)]


def mission_of(live: Mapping[UUID, Cluster], cluster_id: UUID | None) -> UUID | None:
    home = live.get(cluster_id) if cluster_id else None
    return (home.parent_id or home.id) if home else None


def named(session: Session, grouping: Grouping, submission_ids: Sequence[UUID]) -> Rows:
    """These voices, in this order."""
    if not submission_ids:
        return []
    query = chosen(grouping).where(col(Placement.submission_id).in_(submission_ids))
    order = {key: place for place, key in enumerate(submission_ids)}
    return sorted(session.exec(query), key=lambda row: order[row[0].id])


def voices(
    session: Session,
    grouping: Grouping,
    cluster: Cluster | None,
    cursor: str | None,
    objections: Objections,
) -> tuple[list[Doubt], str | None]:
    """The voices of one group, or the ungrouped pile: the least sure first, some at a time."""
    query = chosen(grouping)
    if cluster is None:
        query = query.where(col(Placement.cluster_id).is_(None))
    else:
        query = query.where(col(Placement.cluster_id).in_(corrections_ground.home_ids(session, cluster)))
    order = cast(func.floor(col(Placement.margin) * STEPS), Integer)
    if cursor:
        margin, number = keyset.decode(cursor, "bench", (int, int))
        query = query.where(tuple_(order, col(Submission.number)) > (margin, number))
    rows = list(session.exec(query.order_by(order, col(Submission.number)).limit(PAGE + 1)))
    following = None
    if len(rows) > PAGE:
        submission, placement = rows[PAGE - 1]
        following = keyset.encode("bench", [floor(placement.margin * STEPS), submission.number or 0])
    return with_clusters(session, grouping, rows[:PAGE], objections), following


def chosen(grouping: Grouping) -> Any:
    return (
        select(Submission, Placement)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(Placement.grouping_id == grouping.id, col(Submission.state).in_(PUBLIC_STATES))
    )


def with_clusters(session: Session, grouping: Grouping, rows: Rows, objections: Objections) -> list[Doubt]:
    """Each voice with its group and the nearest one: of groups merged since, what they are part of now."""
    clusters = survivors(session, grouping.id) if rows else {}
    return [
        Doubt(
            submission,
            one,
            clusters.get(one.cluster_id) if one.cluster_id else None,
            clusters.get(one.nearest_id) if one.nearest_id else None,
            objections.get(submission.id),
        )
        for submission, one in rows
    ]
