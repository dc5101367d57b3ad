"""The rows of a grouping made of two: groups copied from the one they are taken from, and a place for every voice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from sqlmodel import Session

from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping
from app.nlp.partition import UNGROUPED
from app.nlp.vectors import Labels
from app.rules.words import ClusterLevel
from app.services.groupings_identity import is_judged
from app.services.groupings_mix import Mixed, Side
from app.services.groupings_rows import copy_placements

PLACES = (
    "SELECT submission_id, cluster_id, nearest_id, weight, margin, by, reason, x, y FROM placement "
    "WHERE grouping_id = %s"
)
CARRIED = (
    "level", "label", "label_by", "keywords", "is_locked", "size", "authors", "support", "groups", "languages",
    "representatives", "odd", "summary", "cohesion", "separation",
)  # fmt: skip
Places = dict[UUID, tuple[Any, ...]]


@dataclass(frozen=True)
class Sides:
    """Two groupings of a call, their groups numbered so that the same group is the same number in both."""

    voices: tuple[UUID, ...]
    before: Side
    proposed: Side
    missions: Mapping[UUID, int]
    projects: Mapping[UUID, int]
    old: Mapping[UUID, Cluster]
    new: Mapping[UUID, Cluster]
    places: tuple[Places, Places]
    key_of: Mapping[UUID, UUID]

    @property
    def row_of(self) -> dict[str, int]:
        return {str(key): row for row, key in enumerate(self.voices)}

    @property
    def judged(self) -> list[int]:
        """Projects of before that a person judged."""
        return [
            self.projects[key] for key, one in self.old.items() if key in self.projects and is_judged(one)
        ]

    @property
    def mission_keys(self) -> dict[int, UUID]:
        return {number: key for key, number in self.missions.items()}

    @property
    def project_keys(self) -> dict[int, UUID]:
        return {number: key for key, number in self.projects.items()}


@dataclass(frozen=True)
class Joined:
    """What was written: rows with a place, how sure each is, and groups that are not as they were copied.

    The row of the grouping itself is left alone: how far the work is, is told to it from another connection.
    """

    found: Mixed
    is_placed: Labels
    margin: np.ndarray
    project_keys: dict[int, UUID]
    altered: list[Cluster]
    ungrouped: int = 0

    @property
    def size(self) -> int:
        return len(self.is_placed)


def sides(session: Session, before: Grouping, proposed: Grouping) -> Sides:
    places = places_of(session, before), places_of(session, proposed)
    voices = tuple(sorted(places[0].keys() | places[1].keys(), key=str))
    groups = [clusters_of(session, one.id) for one in (before, proposed)]
    every = [one for each in groups for one in each]
    numbers: dict[ClusterLevel, dict[UUID, int]] = {level: {} for level in ClusterLevel}
    for one in every:
        numbers[one.level].setdefault(one.key, len(numbers[one.level]))
    found = [side(voices, places[at], groups[at], numbers) for at in (0, 1)]
    return Sides(
        voices,
        found[0],
        found[1],
        numbers[ClusterLevel.MISSION],
        numbers[ClusterLevel.PROJECT],
        {one.key: one for one in groups[0]},
        {one.key: one for one in groups[1]},
        places,
        {one.id: one.key for one in every},
    )


def places_of(session: Session, grouping: Grouping) -> Places:
    session.flush()
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(PLACES, [grouping.id])
        return {key: place for key, *place in cursor}


def side(
    voices: tuple[UUID, ...],
    places: Places,
    clusters: list[Cluster],
    numbers: Mapping[ClusterLevel, Mapping[UUID, int]],
) -> Side:
    missions, projects = (np.full(len(voices), UNGROUPED, dtype=np.int64) for _ in range(2))
    upper, lower = numbers[ClusterLevel.MISSION], numbers[ClusterLevel.PROJECT]
    known = {one.id: one for one in clusters}
    at = {
        one.id: (upper[known[one.parent_id].key], lower[one.key])
        if one.parent_id
        else (upper[one.key], UNGROUPED)
        for one in clusters
    }
    for row, key in enumerate(voices):
        if key in places:
            missions[row], projects[row] = at.get(places[key][0], (UNGROUPED, UNGROUPED))
    is_placed = np.fromiter((key in places for key in voices), dtype=bool, count=len(voices))
    home_of = {lower[one.key]: at[one.id][0] for one in clusters if one.parent_id}
    return Side(missions, projects, is_placed, home_of)


def write(session: Session, grouping: Grouping, both: Sides, found: Mixed, ticked: frozenset[int]) -> Joined:
    """Write groups and places; `ticked` are the missions whose change was accepted."""
    formed = ticked & set(np.unique(both.proposed.missions).tolist())
    upper, lower = groups_of(session, grouping, both, found, formed)
    by_key = {one.key: one.id for one in (*upper.values(), *lower.values())}
    rows, margin = [], np.zeros(len(both.voices), dtype=np.float32)
    placed = np.flatnonzero(~found.waits)
    for row in map(int, placed):
        key = both.voices[row]
        was, proposed = (each.get(key) for each in both.places)
        place = proposed if found.takes[row] else was
        assert place is not None
        mission, project = int(found.missions[row]), int(found.projects[row])
        home = lower[project].id if project >= 0 else upper[mission].id if mission >= 0 else None
        nearest = by_key.get(both.key_of[place[1]]) if place[1] in both.key_of else None
        drawn = proposed or place  # one map: where the proposal puts a voice, also if it stays in its group
        margin[row] = place[3]
        rows.append((grouping.id, key, home, None if nearest == home else nearest, *place[2:6], *drawn[6:8]))
    copy_placements(session, rows)
    keys = {number: one.key for number, one in lower.items()}
    ungrouped = sum(row[2] is None for row in rows)
    return Joined(found, placed, margin, keys, altered(both, found, formed, upper, lower), ungrouped)


def groups_of(
    session: Session, grouping: Grouping, both: Sides, found: Mixed, formed: frozenset[int]
) -> tuple[dict[int, Cluster], dict[int, Cluster]]:
    """Groups with voices, and those that people judged; each as it was proposed where that was accepted."""
    mission_keys, project_keys = both.mission_keys, both.project_keys
    wanted = set(np.unique(found.projects[found.projects >= 0]).tolist()) | set(both.judged)
    judged = {both.missions[key] for key, one in both.old.items() if key in both.missions and is_judged(one)}
    homes = {found.home_of[project] for project in wanted} | judged
    homes |= set(np.unique(found.missions[found.missions >= 0]).tolist())
    upper = {}
    for number in sorted(homes):
        key = mission_keys[number]
        source = both.new[key] if number in formed or key not in both.old else both.old[key]
        upper[number] = copied(grouping, source, key, None, both.old.get(key))
    session.add_all(upper.values())
    session.flush()
    lower, taken = {}, taken_along(both, found, formed)
    for number in sorted(wanted):
        is_left = number >= found.spare
        key = project_keys[number - found.spare if is_left else number]
        is_formed = not is_left and key in both.new and number in taken
        source = both.new[key] if is_formed or key not in both.old else both.old[key]
        parent = upper[found.home_of[number]].id
        lower[number] = copied(grouping, source, uuid4() if is_left else key, parent, both.old.get(key))
    session.add_all(lower.values())
    session.flush()
    return upper, lower


def copied(
    grouping: Grouping, source: Cluster, key: UUID, parent_id: UUID | None, before: Cluster | None
) -> Cluster:
    """One group as it stands in one of the two; what people said of it before holds."""
    made = Cluster(
        id=uuid4(),
        grouping_id=grouping.id,
        call_id=grouping.call_id,
        key=key,
        parent_id=parent_id,
        measures=dict(source.measures),
        **{name: getattr(source, name) for name in CARRIED},
    )
    if before is not None and before.key == key:
        made.state, made.state_reason = before.state, before.state_reason
    return made


def altered(
    both: Sides,
    found: Mixed,
    formed: frozenset[int],
    upper: Mapping[int, Cluster],
    lower: Mapping[int, Cluster],
) -> list[Cluster]:
    """Groups in which others stand than in the group they were copied from: their words are chosen anew."""
    taken = taken_along(both, found, formed)
    missions = differing(found.missions, both.proposed.missions) & formed
    missions |= differing(found.missions, both.before.missions) - formed
    projects = differing(found.projects, both.proposed.projects) & taken
    projects |= differing(found.projects, both.before.projects) - taken
    return [upper[number] for number in sorted(missions & upper.keys())] + [
        lower[number] for number in sorted(projects & lower.keys())
    ]


def taken_along(both: Sides, found: Mixed, formed: frozenset[int]) -> set[int]:
    """Projects that stand as they were proposed, in a mission whose change was accepted."""
    homes = both.proposed.home_of.items()
    return {project for project, home in homes if home in formed and found.home_of.get(project) == home}


def differing(one: Labels, other: Labels) -> set[int]:
    """Groups that gain or lose a row between two labellings."""
    rows = one != other
    return set(one[rows].tolist()) | set(other[rows].tolist())
