"""New voices placed among accepted groups without moving anybody; who is torn between two waits, with the reason."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from app.models.cluster import Cluster, clusters_of
from app.models.embedding import Embedding
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp.neighbours import Neighbours
from app.nlp.partition import UNGROUPED
from app.nlp.placing import VOTERS, vote
from app.rules.certainty import TORN
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import N_, ClusterLevel, SubjectKind, SubmissionState
from app.services import clusters_counts, events

FIT, AT_ALL = 0.3, 0.01
FAR = N_("It is not close enough to any group.")
CLOSED = N_("The nearest group is closed to new voices; a facilitator will look at it.")
# The nearest voices that have a place; a new one has no place yet, and so never votes for itself. The cast to a
# vector of known length is what the index is made on. The places are looked up one by one: of a grouping that was
# written a moment ago nothing is known to the planner, which would look for the nearest anew at every place in it.
NEIGHBOURS = (
    "SELECT placement.cluster_id, placement.x, placement.y, near.similarity FROM ("
    "  SELECT embedding.submission_id, 1 - (embedding.vector::vector({size}) <=> {mine}) AS similarity"
    "  FROM embedding WHERE embedding.model = :model AND embedding.call_id = :call"
    "  AND embedding.submission_id <> :submission"
    "  ORDER BY embedding.vector::vector({size}) <=> {mine} LIMIT :looked_at) AS near "
    "CROSS JOIN LATERAL (SELECT cluster_id, x, y FROM placement WHERE placement.submission_id = near.submission_id"
    "  AND placement.grouping_id = :grouping LIMIT 1) AS placement "
    "ORDER BY near.similarity DESC LIMIT :voters"
)
# Other questions share the index: look on until enough voices of this one are found.
LOOK_ON = text("SET LOCAL hnsw.iterative_scan = relaxed_order")


def place_new(session: Session, submission_ids: Sequence[UUID]) -> None:
    """Give each public voice without a place one; doing it twice changes nothing."""
    query = select(Submission).where(
        col(Submission.id).in_(submission_ids), col(Submission.state).in_(PUBLIC_STATES)
    )
    by_call: dict[UUID, list[Submission]] = {}
    for submission in session.exec(query.order_by(col(Submission.number))):
        by_call.setdefault(submission.call_id, []).append(submission)
    for call_id, found in by_call.items():
        grouping = accepted_grouping(session, call_id)
        if grouping is not None:
            place_in(session, grouping, found)


def place_in(session: Session, grouping: Grouping, submissions: Sequence[Submission]) -> None:
    keys = [submission.id for submission in submissions]
    query = select(Placement).where(
        Placement.grouping_id == grouping.id, col(Placement.submission_id).in_(keys)
    )
    there = {placement.submission_id: placement for placement in session.exec(query)}
    clusters = {cluster.id: cluster for cluster in clusters_of(session, grouping.id)}
    touched: set[UUID] = set()
    for submission in submissions:
        placement = there.get(submission.id) or placed(session, grouping, submission, clusters)
        if placement is None:
            continue
        settle(submission, placement)
        if submission.id not in there:
            session.add(placement)
            grouping.size += 1
            grouping.ungrouped += placement.cluster_id is None
            touched |= {placement.cluster_id} if placement.cluster_id else set()
            events.record(
                session,
                "submission_placed",
                SubjectKind.SUBMISSION,
                submission.id,
                grouping=grouping.id,
                cluster=placement.cluster_id,
                state=submission.state,
            )
    session.flush()
    clusters_counts.recount(session, [clusters[key] for key in sorted(touched)])


def settle(submission: Submission, placement: Placement) -> None:
    """A visible voice with a group is grouped; one without is visible. Verdicts stay."""
    if submission.state is SubmissionState.VISIBLE and placement.cluster_id is not None:
        submission.state = SubmissionState.GROUPED
    elif submission.state is SubmissionState.GROUPED and placement.cluster_id is None:
        submission.state = SubmissionState.VISIBLE


def placed(
    session: Session, grouping: Grouping, submission: Submission, clusters: dict[UUID, Cluster]
) -> Placement | None:
    """The vote of the nearest voices on one new one; None while it has no vector to compare."""
    near = neighbours(session, grouping, submission.id)
    if near is None:
        return None
    fit = float(grouping.parameters.get("fit", FIT))
    homes = [clusters.get(row.cluster_id) for row in near]
    likeness = [float(row.similarity) for row in near]
    mission_ids = [None if home is None else home.parent_id or home.id for home in homes]
    mission, nearest, weight, margin = decided(mission_ids, likeness, fit)
    reason = "" if mission else TORN if nearest else FAR
    if nearest is None:
        # Nobody is near enough to have a say; which group comes nearest is told all the same, and how clearly.
        _mission, nearest, _weight, margin = decided(mission_ids, likeness, AT_ALL)
    project_ids = [
        home.id if home and home.level is ClusterLevel.PROJECT and home.parent_id == mission else None
        for home in homes
    ]
    project = decided(project_ids, likeness, fit)[0] if mission else None
    chosen = project or mission
    if chosen is not None and is_closed(clusters, chosen):
        chosen, reason = None, CLOSED
    return Placement(
        grouping_id=grouping.id,
        submission_id=submission.id,
        cluster_id=chosen,
        nearest_id=None if chosen else nearest,
        weight=weight,
        margin=margin,
        reason=reason,
        x=float(np.mean([row.x for row in near])) if near else 0.0,
        y=float(np.mean([row.y for row in near])) if near else 0.0,
    )


def neighbours(session: Session, grouping: Grouping, submission_id: UUID) -> Sequence[Row[Any]] | None:
    found = session.get(Embedding, (submission_id, grouping.model))
    if found is None:
        return None
    facts = {
        "grouping": grouping.id,
        "model": grouping.model,
        "call": grouping.call_id,
        "submission": submission_id,
        "vector": str(list(map(float, found.vector))),
        "voters": VOTERS,
        "looked_at": 4 * VOTERS,
    }
    size = len(found.vector)
    query = NEIGHBOURS.format(size=size, mine=f"CAST(:vector AS vector({size}))")
    connection = session.connection()
    connection.execute(LOOK_ON)
    return connection.execute(text(query), facts).all()


def is_closed(clusters: dict[UUID, Cluster], cluster_id: UUID) -> bool:
    cluster = clusters[cluster_id]
    parent = clusters.get(cluster.parent_id) if cluster.parent_id else None
    return cluster.is_locked or bool(parent and parent.is_locked)


def decided(
    groups: Sequence[UUID | None], likeness: Sequence[float], fit: float
) -> tuple[UUID | None, UUID | None, float, float]:
    """The group that won the vote if it won clearly, the nearest one even so, its share and its lead."""
    names = list(dict.fromkeys(group for group in groups if group is not None))
    labels = np.array([[names.index(group) if group is not None else UNGROUPED for group in groups]])
    near = Neighbours(np.zeros((1, len(groups)), dtype=np.int64), np.array([likeness], dtype=np.float32))
    outcome = vote(near, labels.astype(np.int64), least_similarity=fit)
    label, nearest = int(outcome.labels[0]), int(outcome.nearest[0])
    return (
        names[label] if label >= 0 else None,
        names[nearest] if nearest >= 0 else None,
        float(outcome.weight[0]),
        float(outcome.margin[0]),
    )
