"""Groupings: starting a run, and accepting or discarding what it proposes."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions import asking
from app.errors import Conflict
from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.columns import now
from app.models.correction import standing_corrections
from app.models.grouping import Grouping, accepted_grouping
from app.models.mission import Mission
from app.models.placement import Placement
from app.models.project import Project
from app.models.submission import Submission
from app.nlp.embedding import Embedder
from app.rules import phases, ranges
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phases import Act
from app.rules.words import N_, ClusterLevel, GroupingState, SubjectKind, SubmissionState
from app.services import clusters_counts, counts, events, groupings_run, jobs
from app.services.groupings_identity import is_judged
from app.services.groupings_material import Progress
from app.services.groupings_place import place_new as place_new
from app.services.groupings_run import UNFINISHED
from app.services.groupings_run import run as run

FAILED = N_("The grouping stopped before its end. Nothing was changed; you can start it again.")
PART_OF = "part_of"  # in the measures of a grouping that takes some changes of a proposal: which proposal
LATE_AT_ONCE, LATE_BATCH = 100, 256
SETTLE = {
    SubmissionState.GROUPED: text(
        "UPDATE submission SET state = 'grouped' FROM placement WHERE placement.grouping_id = :grouping "
        "AND placement.submission_id = submission.id AND placement.cluster_id IS NOT NULL "
        "AND submission.state = 'visible' RETURNING submission.number"
    ),
    SubmissionState.VISIBLE: text(
        "UPDATE submission SET state = 'visible' FROM placement WHERE placement.grouping_id = :grouping "
        "AND placement.submission_id = submission.id AND placement.cluster_id IS NULL "
        "AND submission.state = 'grouped' RETURNING submission.number"
    ),
}

Moved = dict[str, dict[str, Any]]  # what an act made of others: noun, state, and whom


class AlreadyRunning(Conflict):
    sentence: ClassVar[str] = N_("A grouping of this question is already running. Wait until it is done.")


class NotProposed(Conflict):
    sentence: ClassVar[str] = N_("This grouping is no longer waiting for a decision: it is “%(state)s”.")


class UnderWay(Conflict):
    sentence: ClassVar[str] = N_(
        "Some changes of this grouping are being accepted at the moment. Wait until that is done."
    )


class Overtaken(Conflict):
    sentence: ClassVar[str] = N_(
        "Something was corrected since this grouping ran. Start a new one, so that no correction is lost."
    )


def start(session: Session, call: Call, by: UUID, seed: int = 0) -> Grouping:
    """Queue a run; it begins as soon as a process is free, and one call has one run at a time."""
    phases.require(Act.GROUP, asking.call_phase(call), asking.times_of(call))
    return queue(session, Grouping(call_id=call.id, seed=seed, started_by_id=by))


def queue(session: Session, grouping: Grouping, **facts: Any) -> Grouping:
    """Write the row of a run and its job, and tell who started it."""
    try:
        with session.begin_nested():
            session.add(grouping)
            session.flush()
    except IntegrityError as taken:
        raise AlreadyRunning() from taken
    jobs.enqueue(session, jobs.GROUPING, str(grouping.id), key=str(grouping.id))
    facts |= {"call": grouping.call_id, "seed": grouping.seed}
    by = grouping.started_by_id
    events.record(session, "grouping_started", SubjectKind.GROUPING, grouping.id, by=by, **facts)
    session.flush()
    return grouping


def unfinished(session: Session) -> list[UUID]:
    return list(session.exec(select(Grouping.id).where(col(Grouping.state).in_(UNFINISHED))))


def fail(session: Session, grouping_id: UUID, why: str = FAILED) -> None:
    """Close a run that will not end well, with what it wrote so far; `why` is a sentence of ours."""
    grouping = session.get(Grouping, grouping_id, with_for_update=True)
    if grouping and grouping.state in UNFINISHED:
        for table in (Placement, Cluster):
            session.connection().execute(delete(table).where(col(table.grouping_id) == grouping_id))
        grouping.state, grouping.finished_at, grouping.error = GroupingState.FAILED, now(), why
        events.record(session, "grouping_failed", SubjectKind.GROUPING, grouping.id, call=grouping.call_id)


def waiting(session: Session, grouping: Grouping) -> Grouping:
    """The grouping with its row held, if it still waits for a decision and none is being carried out."""
    fresh = held_proposal(session, grouping)
    if part_under_way(session, fresh) is not None:
        raise UnderWay()
    return fresh


def held_proposal(session: Session, grouping: Grouping) -> Grouping:
    """The grouping with its row held, if it still waits for a decision."""
    fresh = session.get_one(Grouping, grouping.id, with_for_update=True, populate_existing=True)
    if fresh.state is not GroupingState.PROPOSED:
        raise NotProposed(state=fresh.state)
    return fresh


def part_under_way(session: Session, proposal: Grouping) -> Grouping | None:
    """The acceptance of some changes of this proposal that a job is at, or will be."""
    query = select(Grouping).where(
        Grouping.call_id == proposal.call_id,
        col(Grouping.state).in_(UNFINISHED),
        col(Grouping.measures)[PART_OF].astext == str(proposal.id),
    )
    return session.exec(query).first()


def accept(session: Session, grouping: Grouping, by: UUID | None) -> Grouping:
    """Show this grouping to everyone; the one before stays readable for ever."""
    chosen = waiting(session, grouping)
    before = held_before(session, chosen)
    moved: Moved = {}
    if before is not None:
        moved[SubjectKind.CLUSTER] = require_nothing_lost(session, before, chosen)
    return put_up(session, chosen, before, by, "grouping_accepted", moved)


def held_before(session: Session, chosen: Grouping) -> Grouping | None:
    """The grouping that everyone sees now, its row held."""
    found = accepted_grouping(session, chosen.call_id)
    return found and session.get_one(Grouping, found.id, with_for_update=True, populate_existing=True)


def put_up(
    session: Session,
    chosen: Grouping,
    before: Grouping | None,
    by: UUID | None,
    kind: str,
    moved: Moved,
    **facts: Any,
) -> Grouping:
    """Everyone sees the chosen one from now on; `moved` is what became of others by that, for its event."""
    if before is not None:
        before.state = GroupingState.SUPERSEDED
        moved.setdefault(SubjectKind.GROUPING, {})[before.state] = [before.id]
        session.flush()
    chosen.state, chosen.accepted_at, chosen.accepted_by_id = GroupingState.ACCEPTED, now(), by
    session.flush()
    moved[SubjectKind.SUBMISSION] = settle(session, chosen)
    session.expire_all()
    place_the_late(session, chosen)
    clusters_counts.recount_the_left(session, chosen)
    if before is not None:
        follow(session, chosen)
    facts |= {"call": chosen.call_id, "replaces": before.id if before else None}
    facts |= {"submissions": chosen.size, "ungrouped": chosen.ungrouped, "states": moved}
    events.record(session, kind, SubjectKind.GROUPING, chosen.id, by=by, **facts)
    session.flush()
    counts.forget(chosen.call_id)
    return chosen


def settle(session: Session, chosen: Grouping) -> dict[str, str]:
    """A voice with a group is grouped, one without is visible; answers whom that moved, by number."""
    connection = session.connection()
    facts = {"grouping": chosen.id}
    return ranges.by_state({state: connection.execute(sql, facts).scalars() for state, sql in SETTLE.items()})


def require_nothing_lost(session: Session, before: Grouping, chosen: Grouping) -> dict[str, list[UUID]]:
    """What people did while the run was on its way would be lost with the grouping they did it in.

    Judgements are simply carried over once more, and answered by state; a correction, or a judgement on a group
    that is not there any more, needs another run.
    """
    if is_overtaken(session, chosen, before):
        raise Overtaken()
    fresh = {cluster.key: cluster for cluster in clusters_of(session, chosen.id)}
    carried: dict[str, list[UUID]] = {}
    for cluster in clusters_of(session, before.id):
        if (same := fresh.get(cluster.key)) is not None:
            same.state, same.state_reason = cluster.state, cluster.state_reason
            carried.setdefault(same.state, []).append(same.id)
    return carried


def is_overtaken(session: Session, proposed: Grouping, before: Grouping | None) -> bool:
    """Whether people corrected or judged something since the run, so that accepting it would lose that."""
    if before is None:
        return False
    standing = {str(correction.id) for correction in standing_corrections(session, proposed.call_id)}
    fresh = {cluster.key for cluster in clusters_of(session, proposed.id)}
    judged = {cluster.key for cluster in clusters_of(session, before.id) if is_judged(cluster)}
    return standing != set(proposed.corrections) or bool(fresh and judged - fresh)


def place_the_late(session: Session, grouping: Grouping) -> None:
    """Voices that came while the run was on its way get a place at once; of very many, most get it from jobs."""
    placed = select(Placement.submission_id).where(Placement.grouping_id == grouping.id)
    query = select(Submission.id).where(
        Submission.call_id == grouping.call_id,
        col(Submission.state).in_(PUBLIC_STATES),
        col(Submission.id).not_in(placed),
    )
    late = session.exec(query.order_by(col(Submission.number))).all()
    place_new(session, late[:LATE_AT_ONCE])
    for start in range(LATE_AT_ONCE, len(late), LATE_BATCH):
        batch = [str(key) for key in late[start : start + LATE_BATCH]]
        jobs.enqueue(session, jobs.EMBEDDING, batch, key=uuid4().hex)


def follow(session: Session, grouping: Grouping) -> None:
    """Missions and projects drafted from a group now point to it as it stands in the new grouping."""
    ids = {cluster.key: cluster.id for cluster in clusters_of(session, grouping.id)}
    missions = session.exec(select(Mission).where(Mission.call_id == grouping.call_id)).all()
    for mission in missions:
        if mission.cluster_key in ids:
            mission.cluster_id = ids[mission.cluster_key]
    query = select(Project, Cluster.key).join(Cluster, col(Cluster.id) == Project.cluster_id)
    for project, key in session.exec(query.where(Cluster.call_id == grouping.call_id)):
        project.cluster_id = ids.get(key, project.cluster_id)


def discard(session: Session, grouping: Grouping, by: UUID) -> Grouping:
    """Leave everything as it is; the proposal stays on record."""
    chosen = waiting(session, grouping)
    chosen.state = GroupingState.DISCARDED
    events.record(session, "grouping_discarded", SubjectKind.GROUPING, chosen.id, by=by, call=chosen.call_id)
    session.flush()
    return chosen


def group_now(
    session: Session, call_id: UUID, embedder: Embedder, progress: Progress, seed: int = 0
) -> dict[str, Any]:
    """Group at once, outside any queue; accepted only where nothing was accepted before.

    The row is written when everything is found: until then nobody sees a run that no job carries.
    """
    grouping = Grouping(id=uuid4(), call_id=call_id, seed=seed)
    outcome = groupings_run.computed(session, call_id, seed, embedder, progress)
    groupings_run.keep(session, grouping, outcome, embedder.name)
    if accepted_grouping(session, call_id) is None:
        accept(session, grouping, None)
    return summary(session, grouping)


def summary(session: Session, grouping: Grouping) -> dict[str, Any]:
    """What `comission group` prints."""
    clusters = clusters_of(session, grouping.id)
    ordered = sorted(clusters, key=lambda one: (one.level is ClusterLevel.PROJECT, -one.size, str(one.id)))
    return {
        "call": str(grouping.call_id),
        "submissions": grouping.size,
        "ungrouped": grouping.ungrouped,
        "clusters": [
            {
                "id": str(cluster.id),
                "level": cluster.level.value,
                "parent": str(cluster.parent_id) if cluster.parent_id else None,
                "label": cluster.label,
                "size": cluster.size,
            }
            for cluster in ordered
        ],
        "seconds": grouping.seconds,
    }
