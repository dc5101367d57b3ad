"""The ground every correction stands on: the accepted grouping held, groups as they are now, who is in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.conditions import asking
from app.errors import Conflict
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules import phases, ranges
from app.rules.phases import Act
from app.rules.phrases import Phrase
from app.rules.replay_kinds import STANDING
from app.rules.words import N_, CorrectionKind, GroupingState, PlacedBy, SubjectKind, SubmissionState
from app.services import clusters_counts, clusters_words, corrections_truth, counts, events
from app.services.corrections_told import Contradicts

EVENTS = {
    CorrectionKind.RENAME: "cluster_renamed",
    CorrectionKind.MERGE: "cluster_merged",
    CorrectionKind.SPLIT: "cluster_split",
    CorrectionKind.LOCK: "cluster_locked",
    CorrectionKind.MOVE: "voices_moved",
    CorrectionKind.SET_APART: "voices_set_apart",
    CorrectionKind.KEEP_TOGETHER: "voices_kept_together",
    CorrectionKind.KEEP_APART: "voices_kept_apart",
}


class NothingAccepted(Conflict):
    sentence: ClassVar[str] = N_("No grouping has been accepted yet, so there is nothing to correct.")


class Changed(Conflict):
    """A tab that was open for a while shows what is no longer so."""

    sentence: ClassVar[str] = N_(
        "Someone changed this group while you were looking at it. It stands here as it is now: look, then do it again."
    )


class NotCurrent(Conflict):
    sentence: ClassVar[str] = N_(
        "This group belongs to an earlier grouping. Correct the one that is shown now."
    )


class Locked(Conflict):
    """Where nobody is on record as having locked it; else the refusal names the lock, as `Contradicts`."""

    sentence: ClassVar[str] = N_("The group “%(label)s” is locked. Unlock it first.")


@dataclass(frozen=True)
class Ground:
    """The grouping everyone sees, and the corrections that held in it before the act.

    `instead` are earlier corrections whose place the act takes for its voices, because the person said so.
    """

    grouping: Grouping
    before: frozenset[UUID]
    instead: frozenset[UUID] = frozenset()


def ground(session: Session, call_id: UUID, instead: Iterable[UUID] = ()) -> Ground:
    grouping = held(session, call_id)
    return Ground(grouping, corrections_truth.holding(session, grouping), frozenset(instead))


def held(session: Session, call_id: UUID) -> Grouping:
    """The accepted grouping, its row held: corrections of one call happen one after another."""
    call = session.get_one(Call, call_id)
    phases.require(Act.CORRECT, asking.call_phase(call), asking.times_of(call))
    found = accepted_grouping(session, call_id)
    if found is None:
        raise NothingAccepted()
    lock = {"key_share": True}
    held_row = session.get_one(Grouping, found.id, with_for_update=lock, populate_existing=True)
    # Another may have taken its place while this waited for the row.
    if held_row.state is not GroupingState.ACCEPTED:
        raise Changed()
    return held_row


def stamp(cluster: Cluster) -> str:
    """What a form saw of a group: any correction of it in the meantime gives another stamp."""
    facts = (cluster.id, cluster.label, cluster.size, cluster.state, cluster.is_locked, cluster.parent_id,
             cluster.merged_into_id)  # fmt: skip
    return sha256(repr([str(fact) for fact in facts]).encode()).hexdigest()[:12]


def current(session: Session, grouping: Grouping, cluster_id: UUID, seen: str | None = None) -> Cluster:
    """The group as it is now, if it is part of what everybody sees and still what the form saw."""
    cluster = session.get_one(Cluster, cluster_id, populate_existing=True)
    if cluster.grouping_id != grouping.id:
        raise NotCurrent()
    if cluster.merged_into_id is not None or (seen and seen != stamp(cluster)):
        raise Changed()
    return cluster


def require_unlocked(session: Session, *clusters: Cluster, act: CorrectionKind | Phrase) -> None:
    """Neither the group nor the mission around it is locked; `act` is what a refusal calls that which was tried."""
    for cluster in clusters:
        parent = session.get_one(Cluster, cluster.parent_id) if cluster.parent_id else cluster
        for one in (cluster, parent):
            if one.is_locked:
                locked = lock_of(session, one)
                words = act if isinstance(act, Phrase) else Phrase("%(act)s", {"act": act})
                raise Contradicts.between(session, words, locked) if locked else Locked(label=one.label)


def lock_of(session: Session, cluster: Cluster) -> Correction | None:
    """The standing correction that locks a group."""
    query = select(Correction).where(
        Correction.call_id == cluster.call_id,
        Correction.kind == CorrectionKind.LOCK,
        col(Correction.undone_at).is_(None),
        col(Correction.payload)["cluster"].astext == str(cluster.key),
    )
    return session.exec(query.order_by(col(Correction.created_at).desc())).first()


def home_ids(session: Session, cluster: Cluster) -> list[UUID]:
    """The group and the projects in it: the places where its voices stand."""
    query = select(Cluster.id).where(Cluster.parent_id == cluster.id, col(Cluster.merged_into_id).is_(None))
    return [cluster.id, *session.exec(query)]


def placements_in(session: Session, cluster: Cluster) -> list[Placement]:
    query = select(Placement).where(col(Placement.cluster_id).in_(home_ids(session, cluster)))
    return list(session.exec(query.order_by(col(Placement.weight).desc(), col(Placement.submission_id))))


def live_by_key(session: Session, grouping: Grouping, key: str | None) -> Cluster | None:
    """The group of an identity in this grouping, unless it was merged away."""
    if not key:
        return None
    query = select(Cluster).where(Cluster.grouping_id == grouping.id, Cluster.key == UUID(key))
    found = session.exec(query).first()
    return found if found is not None and found.merged_into_id is None else None


def put(
    session: Session, placements: Sequence[Placement], cluster: Cluster, by: PlacedBy | None = None
) -> None:
    """Stand these voices in a group."""
    changes: dict[str, Any] = {"cluster_id": cluster.id, "reason": ""}
    if by is not None:
        changes |= {"by": by, "margin": 1.0, "nearest_id": None}
    change(session, placements, changes)


def change(session: Session, placements: Sequence[Placement], changes: dict[str, Any]) -> None:
    """Write the same to many places in one statement."""
    if not placements:
        return
    keys = [placement.submission_id for placement in placements]
    statement = update(Placement).where(
        col(Placement.grouping_id) == placements[0].grouping_id, col(Placement.submission_id).in_(keys)
    )
    session.flush()
    session.execute(statement.values(**changes).execution_options(synchronize_session="fetch"))


def settle(session: Session, grouping: Grouping, submission_ids: Sequence[UUID]) -> dict[str, str]:
    """A voice with a group is grouped, one without is visible, and the pile is counted; answers whom that moved."""
    session.flush()
    is_placed = select(Placement.submission_id).where(
        Placement.grouping_id == grouping.id, col(Placement.cluster_id).is_not(None)
    )
    chosen = col(Submission.id).in_(submission_ids)
    grouped, visible = SubmissionState.GROUPED, SubmissionState.VISIBLE
    moves = ((visible, grouped, col(Submission.id).in_(is_placed)),
             (grouped, visible, col(Submission.id).not_in(is_placed)))  # fmt: skip
    moved: dict[str, Sequence[int]] = {}
    for before, after, where in moves:
        statement = update(Submission).where(chosen, where, col(Submission.state) == before)
        told = statement.values(state=after).returning(col(Submission.number))
        moved[after] = session.execute(told.execution_options(synchronize_session="fetch")).scalars().all()
    clusters_counts.recount_pile(session, grouping)
    return ranges.by_state(moved)


def recompute(session: Session, grouping: Grouping, clusters: Sequence[Cluster]) -> None:
    """Counts and words of the groups a correction touched."""
    known = {cluster.id: cluster for cluster in clusters if cluster.merged_into_id is None}
    for cluster in list(known.values()):
        if cluster.parent_id and cluster.parent_id not in known:
            known[cluster.parent_id] = session.get_one(Cluster, cluster.parent_id)
    clusters_counts.recount(session, list(known.values()))
    clusters_words.reword(session, grouping, list(known.values()))


def keep(
    session: Session,
    on: Ground,
    subject: Cluster | Grouping,
    kind: CorrectionKind,
    payload: dict[str, Any],
    by: UUID,
    reason: str = "",
    *,
    states: dict[str, Any] | None = None,
    event: str = "",
) -> Correction:
    """Let a correction stand, so that every later run respects it; its event tells ids and `states`, never words.

    Refused where an earlier correction would hold no more.
    """
    instead = {"instead": sorted(map(str, on.instead))} if on.instead else {}
    correction = Correction(
        call_id=subject.call_id, kind=kind, payload={**payload, **instead}, person_id=by, reason=reason
    )
    session.add(correction)
    session.flush()
    corrections_truth.require_kept(session, on.grouping, on.before, correction)
    is_group = isinstance(subject, Cluster)
    events.record(
        session,
        event or EVENTS[kind],
        SubjectKind.CLUSTER if is_group else SubjectKind.GROUPING,
        subject.id,
        by=by,
        call=subject.call_id,
        correction=correction.id,
        correction_state=STANDING,
        submissions=payload.get("submissions", payload.get("left", [])),
        states=states or {},
    )
    session.flush()
    counts.forget(subject.call_id)
    return correction
