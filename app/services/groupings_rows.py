"""The rows of one run: its clusters, and a place for every text; copied in bulk."""

from collections.abc import Mapping, Sequence, Set
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import text
from sqlmodel import Session

from app.models.cluster import BY_HAND, Cluster
from app.models.grouping import Grouping
from app.nlp import pipeline
from app.nlp.partition import Reason
from app.rules.words import N_, ClusterLevel, PlacedBy
from app.services.groupings_identity import Known
from app.services.groupings_material import Material, Standing, Voice

UNGROUPED_BECAUSE: dict[Reason, str] = {
    Reason.NONE: "",
    Reason.EMPTY: N_("It has no words that can be compared."),
    Reason.FAR: N_("It is not close enough to any group."),
    Reason.FEW: N_("Too few people said something like it."),
    Reason.SET_APART: N_("A facilitator set it apart."),
    Reason.KEPT_APART: N_("A facilitator's correction keeps it out of the nearest group."),
}
TELLING = 500  # places of which the planner has to know
COLUMNS = "grouping_id, submission_id, cluster_id, nearest_id, weight, margin, by, reason, x, y"


def write_rows(
    session: Session,
    grouping: Grouping,
    material: Material,
    before: Standing,
    result: pipeline.Result,
    missions: Known,
    projects: Known,
    moved: Set[str],
) -> None:
    """Write all clusters, those that people judged and that are empty now included, and every placement."""
    upper = {one.label: cluster_row(grouping, one, missions, material, None) for one in result.missions}
    session.add_all(upper.values())
    lost = {cluster.id: carried(grouping, cluster, None) for cluster in missions.lost}
    session.add_all(lost.values())
    session.flush()
    lower = {
        one.label: cluster_row(grouping, one, projects, material, upper[one.parent].id)
        for one in result.projects
        if one.parent is not None
    }
    session.add_all(lower.values())
    homes = {cluster.key: cluster.id for cluster in (*upper.values(), *lost.values())}
    parents = {cluster.id: cluster.key for cluster in before.missions}
    # A judged project whose mission is gone finds shelter in the largest one, for a person to look at.
    shelter = next(iter(homes.values()), None)
    for project in projects.lost:
        home = homes.get(parents.get(project.parent_id), shelter)  # type: ignore[arg-type]
        if home is not None:
            session.add(carried(grouping, project, home))
    session.flush()
    ids = ({label: row.id for label, row in upper.items()}, {label: row.id for label, row in lower.items()})
    by_person = reasons_of_people(session, before)
    copy_placements(session, placement_rows(grouping, material, result, ids, by_person, moved))


def cluster_row(
    grouping: Grouping, found: pipeline.Cluster, known: Known, material: Material, parent_id: UUID | None
) -> Cluster:
    """One cluster; name, judgement and lock come from the cluster it was before."""
    old = known.before.get(found.label)
    named = old is not None and old.label_by is PlacedBy.PERSON
    voices = [material.voices[row] for row in found.rows]
    cluster = Cluster(
        id=uuid4(),
        grouping_id=grouping.id,
        call_id=grouping.call_id,
        key=known.keys[found.label],
        level=ClusterLevel(found.level.value),
        parent_id=parent_id,
        label=old.label if old is not None and named else title_of(found),
        label_by=PlacedBy.PERSON if named else PlacedBy.MACHINE,
        keywords=list(found.keywords),
        size=found.size,
        authors=found.authors,
        representatives=ids_of(material, found.representatives),
        odd=ids_of(material, found.odd_ones),
        cohesion=found.cohesion,
        separation=found.separation,
        languages=dict(found.languages),
        measures={
            **(BY_HAND if old is not None and old.is_by_hand else {}),
            "label_from": ids_of(material, [found.title.row])[0] if found.title.row >= 0 else None,
        },
        **sums(voices),
    )
    if old is not None:
        cluster.state, cluster.state_reason, cluster.is_locked = old.state, old.state_reason, old.is_locked
    return cluster


def carried(grouping: Grouping, old: Cluster, parent_id: UUID | None) -> Cluster:
    """A group that a person judged and that has no texts left: it stays, empty, so that nothing vanishes."""
    return Cluster(
        id=uuid4(),
        grouping_id=grouping.id,
        call_id=grouping.call_id,
        key=old.key,
        level=old.level,
        parent_id=parent_id,
        label=old.label,
        label_by=old.label_by,
        keywords=list(old.keywords),
        state=old.state,
        state_reason=old.state_reason,
        is_locked=old.is_locked,
        measures=dict(old.measures),
    )


def title_of(found: pipeline.Cluster) -> str:
    return (found.title.text or ", ".join(found.keywords[:3]) or "…")[:300]


def ids_of(material: Material, rows: Sequence[int]) -> list[str]:
    return [str(material.voices[row].id) for row in rows]


def sums(voices: Sequence[Voice]) -> dict[str, Any]:
    groups: dict[str, int] = {}
    for voice in voices:
        if voice.group:
            groups[str(voice.group)] = groups.get(str(voice.group), 0) + 1
    return {"support": sum(voice.support for voice in voices), "groups": groups}


def reasons_of_people(session: Session, before: Standing) -> dict[str, str]:
    """What people wrote when they set texts apart, to be said again."""
    if before.grouping is None:
        return {}
    query = "SELECT submission_id, reason FROM placement WHERE grouping_id = %s AND by = 'person' AND reason <> ''"
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(query, [before.grouping.id])
        return {str(key): reason for key, reason in cursor}


def placement_rows(
    grouping: Grouping,
    material: Material,
    result: pipeline.Result,
    ids: tuple[Mapping[int, UUID], Mapping[int, UUID]],
    by_person: Mapping[str, str],
    moved: Set[str],
) -> list[tuple[Any, ...]]:
    partition, (missions, projects) = result.partition, ids
    points: np.ndarray = result.points
    rows = []
    for row, voice in enumerate(material.voices):
        mission, project = int(partition.missions[row]), int(partition.projects[row])
        reason = partition.reasons[row]
        is_set_apart = reason is Reason.SET_APART
        is_moved = str(voice.id) in moved and mission >= 0
        told = by_person.get(str(voice.id), "") if is_set_apart else ""
        rows.append(
            (
                grouping.id,
                voice.id,
                projects[project] if project >= 0 else missions.get(mission),
                missions.get(int(partition.runner_up[row] if mission >= 0 else partition.nearest[row])),
                float(partition.weight[row]),
                float(partition.margin[row]),
                PlacedBy.PERSON.value if is_set_apart or is_moved else PlacedBy.MACHINE.value,
                told or UNGROUPED_BECAUSE[reason],
                float(points[row, 0]),
                float(points[row, 1]),
            )
        )
    return rows


def copy_placements(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY placement ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if len(rows) >= TELLING:
        # The planner takes a grouping that it has not seen yet for one row, and would read it anew for each voice.
        session.connection().execute(text("ANALYZE placement, cluster"))
