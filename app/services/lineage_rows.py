"""The rows behind the thread: where a voice stands, which missions came from a group, what was decided on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, func
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.decision import Decision, decisions_about
from app.models.grouping import Grouping, accepted_grouping
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES, shows_decision
from app.rules.words import ClusterLevel, GroupingState, LinkKind, MissionState, SubjectKind


@dataclass(frozen=True)
class Trail:
    """Where one submission has got to: its place in the grouping everyone sees, and what followed from it."""

    grouping: Grouping | None
    placement: Placement | None
    family: list[Cluster]
    missions: list[Mission]
    decisions: list[Decision]

    @property
    def cluster(self) -> Cluster | None:
        return self.family[0] if self.family else None


# Statements are made once: making one costs as much as running it, and these are run for every reader of a voice.
PLACED = (
    select(Grouping, Placement, Cluster, exists().where(col(Mission.call_id) == Call.id))
    .select_from(Call)
    .outerjoin(
        Grouping, and_(col(Grouping.call_id) == Call.id, col(Grouping.state) == GroupingState.ACCEPTED)
    )
    .outerjoin(
        Placement,
        and_(
            col(Placement.grouping_id) == Grouping.id,
            col(Placement.submission_id) == bindparam("submission_id"),
        ),
    )
    .outerjoin(Cluster, col(Cluster.id) == Placement.cluster_id)
    .where(col(Call.id) == bindparam("call_id"))
)
QUOTED = (
    select(Clause.mission_id)
    .join(Link, col(Link.from_id) == Clause.id)
    .where(
        Link.kind == LinkKind.DERIVES_FROM,
        Link.to_kind == SubjectKind.SUBMISSION,
        Link.to_id == bindparam("submission_id"),
    )
)
WENT_NO_FURTHER = (MissionState.REJECTED, MissionState.WITHDRAWN)
FROM_GROUPS = col(Mission.cluster_key).in_(bindparam("keys", expanding=True))
IN_ORDER = (col(Mission.created_at), col(Mission.id))
FROM_VOICE = select(Mission).where(FROM_GROUPS | col(Mission.id).in_(QUOTED)).order_by(*IN_ORDER)


def trail_of(session: Session, submission: Submission) -> Trail:
    """Found once for a page, for the thread and for the story on it."""
    ids = {"submission_id": submission.id, "call_id": submission.call_id}
    grouping, placement, cluster, has_missions = session.exec(PLACED, params=ids).one()
    family = with_parent(session, cluster) if cluster else []
    missions = missions_from(session, family, submission.id) if has_missions else []
    return Trail(grouping, placement, family, missions, decisions_on(session, missions))


def with_parent(session: Session, cluster: Cluster) -> list[Cluster]:
    """A project-level group and the mission-level group around it; the deepest first."""
    parent = session.get(Cluster, cluster.parent_id) if cluster.parent_id else None
    return [cluster, parent] if parent else [cluster]


def live_clusters(session: Session, grouping_id: UUID, level: ClusterLevel) -> list[Cluster]:
    query = select(Cluster).where(
        Cluster.grouping_id == grouping_id, Cluster.level == level, col(Cluster.merged_into_id).is_(None)
    )
    return list(session.exec(query.order_by(col(Cluster.size).desc(), col(Cluster.id))))


def cluster_of(session: Session, mission: Mission) -> Cluster | None:
    """The group a mission came from, as it stands in the accepted grouping; else as it stood when drafted."""
    grouping = accepted_grouping(session, mission.call_id)
    if grouping and mission.cluster_key:
        query = select(Cluster).where(Cluster.grouping_id == grouping.id, Cluster.key == mission.cluster_key)
        if found := session.exec(query).first():
            return found
    return session.get(Cluster, mission.cluster_id) if mission.cluster_id else None


def missions_of(session: Session, *where: ColumnElement[bool]) -> list[Mission]:
    return list(session.exec(select(Mission).where(*where).order_by(*IN_ORDER)))


def missions_from(
    session: Session, clusters: Sequence[Cluster], submission_id: UUID | None = None
) -> list[Mission]:
    """Missions drafted from these groups, and those with a clause that quotes this submission."""
    keys = [cluster.key for cluster in clusters]
    if submission_id is None:
        found = missions_of(session, col(Mission.cluster_key).in_(keys))
    else:
        found = list(session.exec(FROM_VOICE, params={"keys": keys, "submission_id": submission_id}))
    return sorted(found, key=lambda mission: mission.state in WENT_NO_FURTHER)


def decisions_on(session: Session, missions: Sequence[Mission]) -> list[Decision]:
    """Noticed decisions on these missions, the latest first; drafts are nobody's business yet."""
    if not missions:
        return []
    found = {
        each.id: each for _mission, each in decisions_about(session, [mission.id for mission in missions])
    }
    return [decision for decision in found.values() if shows_decision(decision.state)]


def count_voices(session: Session, call_id: UUID) -> int:
    query = select(func.count()).where(
        col(Submission.call_id) == call_id, col(Submission.state).in_(PUBLIC_STATES)
    )
    return session.exec(query).one()


def count_sources(session: Session, mission: Mission) -> int:
    query = (
        select(func.count(func.distinct(Link.to_id)))
        .join(Clause, col(Clause.id) == Link.from_id)
        .where(Clause.mission_id == mission.id, Link.to_kind == SubjectKind.SUBMISSION)
    )
    return session.exec(query).one()
