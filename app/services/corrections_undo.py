"""Undoing a correction: it no longer stands, and what it changed goes back as far as nobody changed it since."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.correction import Correction
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.rules.phrases import phrase
from app.rules.replay_kinds import UNDONE
from app.rules.words import N_, ClusterState, CorrectionKind, PlacedBy, SubjectKind
from app.services import clusters_words, corrections_truth, counts, events
from app.services.corrections import MissionStandsOnIt
from app.services.corrections_gather import take_apart
from app.services.corrections_ground import (
    held,
    live_by_key,
    placements_in,
    recompute,
    require_unlocked,
    settle,
)

# Voices that changed their state, by state and number; None where nothing that is shown changed.
Moved = dict[str, str] | None
UNDO = phrase(N_("Undo"))


class UndoneAlready(Conflict):
    sentence: ClassVar[str] = N_("This correction was undone already.")


def undo(session: Session, correction: Correction, by: UUID) -> bool:
    """Answer whether the groups shown now changed; if not, only later runs will differ."""
    grouping = held(session, correction.call_id)
    fresh = session.get_one(Correction, correction.id, with_for_update=True, populate_existing=True)
    if fresh.undone_at is not None:
        raise UndoneAlready()
    steps = {
        CorrectionKind.RENAME: undo_rename,
        CorrectionKind.LOCK: undo_lock,
        CorrectionKind.MOVE: undo_move,
        CorrectionKind.SET_APART: undo_move,
        CorrectionKind.MERGE: undo_merge,
        CorrectionKind.SPLIT: undo_split,
        CorrectionKind.KEEP_TOGETHER: undo_keep,
        CorrectionKind.KEEP_APART: undo_keep,
    }
    # What it took the place of binds again: at once where it can, else from the next run on.
    again = {UUID(key) for key in fresh.payload.get("instead", [])}
    before = corrections_truth.holding(session, grouping) - again
    moved = steps[fresh.kind](session, grouping, fresh.payload)
    fresh.undone_at = now()
    corrections_truth.require_kept(session, grouping, before, fresh, is_undoing=True)
    events.record(
        session,
        "correction_undone",
        SubjectKind.GROUPING,
        grouping.id,
        by=by,
        call=fresh.call_id,
        correction=fresh.id,
        correction_state=UNDONE,
        changed=moved is not None,
        states={SubjectKind.SUBMISSION: moved or {}},
    )
    session.flush()
    counts.forget(fresh.call_id)
    return moved is not None


def undo_rename(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    cluster = live_by_key(session, grouping, facts["cluster"])
    if cluster is None or cluster.label != facts["label"]:
        return None
    cluster.label, cluster.label_by = facts["before"], PlacedBy(facts["before_by"])
    is_quoted_still = facts.get("before_from") == cluster.measures.get("label_from")
    if not cluster.label:  # it was taken back since
        cluster.label_by, is_quoted_still = PlacedBy.MACHINE, False
    if cluster.label_by is PlacedBy.MACHINE and not is_quoted_still:
        # It was named in the words of somebody who may have taken them back since.
        cluster.label = clusters_words.named_by_keywords(cluster)
    return {}


def undo_lock(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    cluster = live_by_key(session, grouping, facts["cluster"])
    if cluster is None:
        return None
    cluster.is_locked = False
    return {}


def undo_move(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    """Voices that still stand where the correction put them go back; the others were moved on by somebody."""
    target = live_by_key(session, grouping, facts.get("to"))
    where = target.id if target else None
    if facts.get("to") and target is None:
        return None
    places = [one for one in found(session, grouping, facts["submissions"]) if one.cluster_id == where]
    return restore(session, grouping, places, facts["was"], [target] if target else [])


def undo_merge(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    kept = live_by_key(session, grouping, facts["kept"])
    gone = session.exec(
        select(Cluster).where(Cluster.grouping_id == grouping.id, Cluster.key == UUID(facts["gone"]))
    ).first()
    if kept is None or gone is None or gone.merged_into_id != kept.id:
        return None
    require_unlocked(session, kept, act=UNDO)
    inside = {one.submission_id for one in placements_in(session, kept)}
    gone.merged_into_id = None
    parent = live_by_key(session, grouping, facts["parent"])
    gone.parent_id = parent.id if parent else gone.parent_id
    for key in facts["projects"]:
        project = live_by_key(session, grouping, key)
        if project is not None and project.parent_id == kept.id:
            project.parent_id = gone.id
    session.flush()
    places = [one for one in found(session, grouping, facts["gone_members"]) if one.submission_id in inside]
    return restore(session, grouping, places, facts["was"], [kept, gone])


def undo_split(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    if facts["from"] is None:
        return undo_gather(session, grouping, facts)
    origin, made = live_by_key(session, grouping, facts["from"]), live_by_key(session, grouping, facts["new"])
    if origin is None or made is None:
        return None
    if made.state is ClusterState.PROMOTED:
        raise MissionStandsOnIt(label=made.label)
    require_unlocked(session, origin, made, act=UNDO)
    inside = placements_in(session, made)
    projects = session.exec(select(Cluster).where(Cluster.parent_id == made.id)).all()
    for project in projects:
        project.parent_id = origin.id
    made.merged_into_id = origin.id
    session.flush()
    return restore(session, grouping, inside, facts["was"], [origin], fallback=origin)


def undo_gather(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    """The voices go back to the pile; the group goes too, unless others have joined it since."""
    made = live_by_key(session, grouping, facts["new"])
    if made is None:
        return None
    if made.state is ClusterState.PROMOTED:
        raise MissionStandsOnIt(label=made.label)
    require_unlocked(session, made, act=UNDO)
    inside = placements_in(session, made)
    gathered = set(facts["left"])
    places = [one for one in inside if str(one.submission_id) in gathered]
    moved = restore(session, grouping, places, facts["was"], [made])
    if len(places) == len(inside):
        take_apart(session, made)
    return moved


def undo_keep(session: Session, grouping: Grouping, facts: Mapping[str, Any]) -> Moved:
    """Voices that still stand where the correction put them go back; a group made for them goes with them."""
    if facts.get("new"):
        return undo_gather(session, grouping, {**facts, "left": facts["submissions"]})
    targets = {key: live_by_key(session, grouping, key) for key in facts["put"].values()}
    places = [
        one
        for one in found(session, grouping, list(facts["put"]))
        if one.cluster_id == getattr(targets[facts["put"][str(one.submission_id)]], "id", None)
    ]
    return restore(session, grouping, places, facts["was"], [one for one in targets.values() if one])


def found(session: Session, grouping: Grouping, submission_ids: Sequence[str]) -> list[Placement]:
    keys = [UUID(key) for key in submission_ids]
    query = select(Placement).where(
        Placement.grouping_id == grouping.id, col(Placement.submission_id).in_(keys)
    )
    return list(session.exec(query.order_by(col(Placement.submission_id))))


def restore(
    session: Session,
    grouping: Grouping,
    places: Sequence[Placement],
    was: Mapping[str, Mapping[str, Any]],
    touched: Sequence[Cluster],
    fallback: Cluster | None = None,
) -> Moved:
    """Stand voices where they stood; where that group is gone, in the fallback or on the pile."""
    wanted = {was.get(str(one.submission_id), {}).get("key") for one in places}
    homes = {key: live_by_key(session, grouping, key) for key in wanted}
    for one in places:
        before = was.get(str(one.submission_id), {})
        home = homes.get(before.get("key")) or fallback
        one.cluster_id = home.id if home else None
        one.by = PlacedBy(before.get("by", PlacedBy.MACHINE.value))
        one.margin, one.reason = float(before.get("margin", 0.0)), str(before.get("reason", ""))
        if home is not None:
            one.reason = ""
    moved = settle(session, grouping, [one.submission_id for one in places])
    recompute(session, grouping, list({one.id: one for one in [*touched, *homes.values()] if one}.values()))
    return moved
