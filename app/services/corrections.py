"""Corrections of groups: rename, merge, split, lock. Each takes effect at once and stands for every later run."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable
from app.models.cluster import BY_HAND, Cluster, projects_in
from app.models.correction import Correction
from app.models.placement import Placement
from app.rules.texts import LABEL, require_clean
from app.rules.words import N_, ClusterLevel, ClusterState, CorrectionKind, PlacedBy, SubjectKind
from app.services.corrections_ground import (
    Changed,
    current,
    ground,
    keep,
    placements_in,
    put,
    recompute,
    require_unlocked,
)
from app.services.corrections_ground import lock_of as lock_of


class OneLevelOnly(Conflict):
    sentence: ClassVar[str] = N_(
        "Only two groups of the same level can be merged: two missions, or two projects."
    )


class NothingToTakeIn(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose the group to take in.")


class MissionStandsOnIt(Conflict):
    sentence: ClassVar[str] = N_(
        "A mission was drafted from “%(label)s”. Merge the other group into it, not the other way round."
    )


class SplitNeedsBoth(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Choose some of the voices of this group, not none and not all: both parts need voices."
    )


class AlreadyLocked(Conflict):
    sentence: ClassVar[str] = N_("This group is locked already.")


def rename(session: Session, cluster: Cluster, label: str, by: UUID, seen: str | None = None) -> Correction:
    """Give a group a name; no machine changes it again."""
    words = require_clean(label, LABEL)
    on = ground(session, cluster.call_id)
    group = current(session, on.grouping, cluster.id, seen)
    payload = {
        "cluster": str(group.key),
        "level": group.level.value,
        "before": group.label,
        "before_by": group.label_by.value,
        "before_from": group.measures.get("label_from"),
        "label": words,
    }
    group.label, group.label_by = words, PlacedBy.PERSON
    return keep(session, on, group, CorrectionKind.RENAME, payload, by)


def merge(
    session: Session, cluster: Cluster, other: Cluster, by: UUID, seen: str | None = None
) -> Correction:
    """Move everything of `other` into `cluster`; `other` stays on record as merged into it."""
    on = ground(session, cluster.call_id)
    kept, gone = current(session, on.grouping, cluster.id, seen), current(session, on.grouping, other.id)
    if kept.id == gone.id or kept.level is not gone.level:
        raise OneLevelOnly()
    if gone.state is ClusterState.PROMOTED:
        raise MissionStandsOnIt(label=gone.label)
    require_unlocked(session, kept, gone, act=CorrectionKind.MERGE)
    staying, moving = placements_in(session, kept), placements_in(session, gone)
    payload = {
        "level": kept.level.value,
        "kept": str(kept.key),
        "gone": str(gone.key),
        "kept_members": ids(staying),
        "gone_members": ids(moving),
        "was": whereabouts(session, moving),
        "parent": parent_key(session, gone),
        "projects": [str(project.key) for project in projects_in(session, gone.id)],
    }
    for project in projects_in(session, gone.id):
        project.parent_id = kept.id
    put(session, [one for one in moving if one.cluster_id == gone.id], kept)
    gone.merged_into_id = kept.id
    session.flush()
    touched = [kept, *([session.get_one(Cluster, gone.parent_id)] if gone.parent_id else [])]
    recompute(session, on.grouping, touched)
    return keep(session, on, kept, CorrectionKind.MERGE, payload, by)


def split(
    session: Session,
    cluster: Cluster,
    submission_ids: Sequence[UUID],
    by: UUID,
    label: str = "",
    seen: str | None = None,
    seeds: Mapping[str, Sequence[UUID]] | None = None,
) -> tuple[Correction, Cluster]:
    """Make a group of its own from some voices of a group; `seeds` are those a person chose for each side."""
    name = require_clean(label, LABEL) if label.strip() else ""
    on = ground(session, cluster.call_id)
    group = current(session, on.grouping, cluster.id, seen)
    require_unlocked(session, group, act=CorrectionKind.SPLIT)
    members = placements_in(session, group)
    chosen = set(submission_ids)
    leaving = [one for one in members if one.submission_id in chosen]
    staying = [one for one in members if one.submission_id not in chosen]
    if len(leaving) != len(chosen):
        raise Changed()
    if not leaving or not staying:
        raise SplitNeedsBoth()
    made = branch(session, group, name)
    payload = {
        "level": group.level.value,
        "from": str(group.key),
        "new": str(made.key),
        "left": ids(leaving),
        "stayed": ids(staying),
        "was": whereabouts(session, leaving),
        "projects": whole_projects(session, group, made, leaving, staying),
        **({"seeds": {side: [str(key) for key in keys] for side, keys in seeds.items()}} if seeds else {}),
    }
    ids_of_projects = {project.id for project in projects_in(session, made.id)}
    divided = divided_by(session, group, leaving)
    put(session, [one for one in leaving if one.cluster_id not in ids_of_projects], made)
    recompute(session, on.grouping, [group, made, *divided])
    begun: dict[str, Any] = {SubjectKind.CLUSTER: {made.state: [made.id]}}
    return keep(session, on, group, CorrectionKind.SPLIT, payload, by, states=begun), made


def divided_by(session: Session, group: Cluster, leaving: Sequence[Placement]) -> list[Cluster]:
    """The projects of a group that some of their voices leave."""
    homes = {one.cluster_id for one in leaving}
    return [project for project in projects_in(session, group.id) if project.id in homes]


def branch(session: Session, group: Cluster, label: str) -> Cluster:
    """An empty group beside another, remembering where it came from."""
    made = Cluster(
        id=uuid4(),
        grouping_id=group.grouping_id,
        call_id=group.call_id,
        level=group.level,
        parent_id=group.parent_id,
        label=label or group.label,
        label_by=PlacedBy.PERSON if label else PlacedBy.MACHINE,
        split_from_id=group.id,
        separation=group.separation,
        measures=dict(BY_HAND),
    )
    session.add(made)
    session.flush()
    return made


def whole_projects(
    session: Session,
    group: Cluster,
    made: Cluster,
    leaving: Sequence[Placement],
    staying: Sequence[Placement],
) -> list[str]:
    """Projects that leave with all their voices come along as they are."""
    if group.level is not ClusterLevel.MISSION:
        return []
    stay, leave = {one.cluster_id for one in staying}, {one.cluster_id for one in leaving}
    moved = [project for project in projects_in(session, group.id) if project.id in leave - stay]
    for project in moved:
        project.parent_id = made.id
    session.flush()
    return [str(project.key) for project in moved]


def lock(session: Session, cluster: Cluster, by: UUID, seen: str | None = None) -> Correction:
    """Nobody comes in and nobody goes out, by machine or by hand, until it is unlocked."""
    on = ground(session, cluster.call_id)
    group = current(session, on.grouping, cluster.id, seen)
    if group.is_locked:
        raise AlreadyLocked()
    group.is_locked = True
    members = ids(placements_in(session, group))
    payload = {"cluster": str(group.key), "level": group.level.value, "members": members}
    return keep(session, on, group, CorrectionKind.LOCK, payload, by)


def ids(placements: Sequence[Placement]) -> list[str]:
    return [str(placement.submission_id) for placement in placements]


def whereabouts(session: Session, placements: Sequence[Placement]) -> dict[str, dict[str, Any]]:
    """Where voices stood before a correction, so that it can be undone."""
    homes = {placement.cluster_id for placement in placements if placement.cluster_id}
    keys = dict(session.exec(select(Cluster.id, Cluster.key).where(col(Cluster.id).in_(homes))).all())
    return {
        str(one.submission_id): {
            "key": str(keys[one.cluster_id]) if one.cluster_id in keys else None,
            "by": one.by.value,
            "margin": one.margin,
            "reason": one.reason,
        }
        for one in placements
    }


def parent_key(session: Session, cluster: Cluster) -> str | None:
    return str(session.get_one(Cluster, cluster.parent_id).key) if cluster.parent_id else None
