"""Which group of a new run is which group people know: identities, names and judgements are carried over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from app.models.cluster import Cluster
from app.nlp import pipeline
from app.nlp.corrections import Apart, Level, Together
from app.nlp.corrections import Correction as Rule
from app.nlp.matching import Diff, Move
from app.nlp.matching import diff as compared
from app.nlp.vectors import Labels
from app.rules.clusters import JUDGED
from app.rules.words import ClusterLevel, PlacedBy
from app.services import groupings_moves
from app.services.groupings_material import Material, Standing

CORE = 6
MOVES_KEPT = 500  # in the row of the grouping, for the clearest on its page; all are kept beside it


@dataclass(frozen=True)
class Known:
    """For each new group its identity, and the cluster of before that had it."""

    keys: dict[int, UUID] = field(default_factory=dict)
    before: dict[int, Cluster] = field(default_factory=dict)
    lost: tuple[Cluster, ...] = ()


def is_judged(cluster: Cluster) -> bool:
    """A person made, confirmed, named, locked or set it aside: no machine may make it vanish."""
    named = cluster.label_by is PlacedBy.PERSON
    return named or cluster.is_by_hand or cluster.state in JUDGED or cluster.is_locked


def core(rows: np.ndarray, weights: np.ndarray) -> tuple[int, ...]:
    """The texts that fit a group best stand for it."""
    order = np.argsort(-weights[rows], kind="stable")[:CORE]
    return tuple(int(row) for row in np.sort(rows[order]))


def best(rows: tuple[int, ...], weights: np.ndarray) -> tuple[int, ...]:
    return (rows[int(np.argmax(weights[list(rows)]))],)


def cores(clusters: Sequence[Cluster], labels: Labels, weights: np.ndarray) -> dict[int, tuple[int, ...]]:
    found = {place: np.flatnonzero(labels == place) for place, one in enumerate(clusters) if is_judged(one)}
    return {place: core(rows, weights) for place, rows in found.items() if len(rows)}


def judged_rules(standing: Standing) -> list[Rule]:
    """Groups that a person judged keep a core of their own in every later run.

    Of a project one text is bound to stand in one: a whole core bound together is one node of the graph, and so many
    nodes fewer would move texts of other groups that nobody touched.
    """
    rules: list[Rule] = []
    sides = ((Level.MISSION, standing.missions, standing.mission_labels),
             (Level.PROJECT, standing.projects, standing.project_labels))  # fmt: skip
    for level, clusters, labels in sides:
        found = list(cores(clusters, labels, standing.weights).values())
        bound = found if level is Level.MISSION else [best(rows, standing.weights) for rows in found]
        rules += [Together(rows, level) for rows in bound]
        rules += [Apart(a, b, level) for at, a in enumerate(found) for b in found[at + 1 :]]
    return rules


def known(clusters: Sequence[Cluster], old: Labels, weights: np.ndarray, new: Labels) -> Known:
    """Match new groups to those of before.

    The pipeline keeps the number of a group it found again. A judged group goes where its core went, even if
    the numbers say otherwise.
    """
    holders: dict[int, int] = {}
    for place, rows in cores(clusters, old, weights).items():
        found = new[list(rows)]
        found = found[found >= 0]
        if len(found):
            label = int(np.bincount(found).argmax())
            holders.setdefault(label, place)
    taken = set(holders.values())
    # A group without texts has no number of its own: the pipeline may have given its place to a new group.
    numbered = {int(place) for place in np.unique(old[old >= 0])}
    for label in np.unique(new[new >= 0]):
        if int(label) in numbered and int(label) not in taken:
            holders.setdefault(int(label), int(label))
    before = {label: clusters[place] for label, place in holders.items()}
    keys = {
        int(label): before[label].key if label in before else uuid4() for label in np.unique(new[new >= 0])
    }
    kept = set(holders.values())
    lost = tuple(one for place, one in enumerate(clusters) if place not in kept and is_judged(one))
    return Known(keys, before, lost)


def difference(
    standing: Standing, result: pipeline.Result, missions: Known, projects: Known, material: Material
) -> tuple[dict[str, Any], groupings_moves.Every]:
    """What a person is asked to accept, as plain data: keys and ids, never words; and every move."""
    if standing.grouping is None:
        return {}, {}
    partition, old = result.partition, standing
    return told(
        Levels(old.mission_labels, old.project_labels, keys_of(old.missions), keys_of(old.projects)),
        Levels(partition.missions, partition.projects, missions.keys, projects.keys),
        partition.margin,
        standing.is_new,
        [voice.id for voice in material.voices],
        lambda rows: groupings_moves.leads(material.vectors, partition.missions, partition.projects, rows),
    )


@dataclass(frozen=True)
class Levels:
    """Both levels of a grouping as labels on the same rows, and which group each label is."""

    missions: Labels
    projects: Labels
    mission_keys: Mapping[int, UUID]
    project_keys: Mapping[int, UUID]


def keys_of(clusters: Sequence[Cluster]) -> dict[int, UUID]:
    return {place: cluster.key for place, cluster in enumerate(clusters)}


Leads = Callable[[Sequence[int]], Mapping[int, float]]


def told(
    old: Levels, new: Levels, margin: np.ndarray, is_new: np.ndarray, voices: Sequence[UUID], leads: Leads
) -> tuple[dict[str, Any], groupings_moves.Every]:
    """The difference between two groupings of the same rows, and every move; `is_new` are rows only the new one knows.

    Moves between projects are those of voices that stay in their mission; `leads` says how clear they are.
    """
    upper = compared(old.missions, new.missions, margin=margin, is_new=is_new)
    lower = compared(old.projects, new.projects, is_new=is_new)
    found = changes(upper, old.mission_keys, new.mission_keys)
    found["projects"] = changes(lower, old.project_keys, new.project_keys)
    elsewhere = {move.row for move in upper.moved}
    inside = [move for move in lower.moved if move.row not in elsewhere]
    clear = leads([move.row for move in inside])
    inside = [replace(move, margin=clear.get(move.row)) for move in inside]
    every = {
        ClusterLevel.MISSION: moves(upper.moved, old.mission_keys, new.mission_keys, voices),
        ClusterLevel.PROJECT: moves(inside, old.project_keys, new.project_keys, voices),
    }
    texts = [plain(one) for one in every[ClusterLevel.MISSION][:MOVES_KEPT]]
    found["moved"] = {"count": len(upper.moved), "texts": texts}
    found["rearranged"] = len(inside)
    found["joined"] = int(is_new.sum())
    found["before"] = counts(old.missions[~is_new], old.projects)
    found["after"] = counts(new.missions, new.projects)
    return found, every


def changes(found: Diff, old_keys: Mapping[int, UUID], new_keys: Mapping[int, UUID]) -> dict[str, Any]:
    def old(label: int) -> str:
        return str(old_keys[label])

    def new(label: int) -> str:
        return str(new_keys[label])

    return {
        "kept": [new(label) for label in found.kept],
        "grown": [
            {"key": new(label), "gained": gained, "lost": lost}
            for label, (gained, lost) in found.grown.items()
        ],
        "new": [new(label) for label in found.new],
        "gone": [old(label) for label in found.gone],
        "split": [
            {"key": old(label), "into": [new(part) for part in into]} for label, into in found.split.items()
        ],
        "merged": [
            {"key": new(label), "of": [old(part) for part in of]} for label, of in found.merged.items()
        ],
    }


def moves(
    found: Sequence[Move], old_keys: Mapping[int, UUID], new_keys: Mapping[int, UUID], voices: Sequence[UUID]
) -> list[groupings_moves.Told]:
    """The surest moves first: they say most about what has changed."""
    ordered = sorted(found, key=lambda move: (-(move.margin or 0.0), move.row))
    return [
        groupings_moves.Told(
            voices[move.row],
            old_keys[move.old] if move.old >= 0 else None,
            new_keys[move.new] if move.new >= 0 else None,
            None if move.margin is None else round(move.margin, 4),
        )
        for move in ordered
    ]


def plain(move: groupings_moves.Told) -> dict[str, Any]:
    return {
        "submission": str(move.submission),
        "from": str(move.before) if move.before else None,
        "to": str(move.after) if move.after else None,
        "margin": move.margin,
    }


def counts(missions: Labels, projects: Labels) -> dict[str, int]:
    return {
        "submissions": len(missions),
        "missions": len(np.unique(missions[missions >= 0])),
        "projects": len(np.unique(projects[projects >= 0])),
        "ungrouped": int((missions < 0).sum()),
    }
