"""Our own grouping, as the application runs it: no number of groups, no choice by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from app.bench.contest.job import Found, Job, Material
from app.bench.contest.meter import Meter, spent
from app.nlp import pipeline
from app.nlp.grouping import group
from app.nlp.partition import UNGROUPED, Partition, Previous
from app.nlp.placing import place
from app.nlp.vectors import Labels, Vectors, centroids, compact

FIT = 0.3


def grouped(job: Job) -> Found:
    """Group from scratch."""
    one = job.material
    return told(one, group(one.texts, one.vectors, languages=one.languages))


def told(one: Material, partition: Partition) -> Found:
    """Both levels, with the holes and without."""
    return Found(
        {"missions": partition.missions, "projects": leaves(partition)},
        {"missions": partition.nearest, "projects": in_nearest_project(one.vectors, partition)},
        {"share_ungrouped": round(float((partition.missions < 0).mean()), 4) if len(one.texts) else 0.0},
    )


def leaves(partition: Partition) -> Labels:
    """The project of each text; a mission without projects is one itself, so that its texts have a place."""
    missions, projects = partition.missions, partition.projects
    whole = np.setdiff1d(missions[missions >= 0], missions[projects >= 0])
    found = projects.copy()
    found[np.isin(missions, whole)] = missions[np.isin(missions, whole)] + int(projects.max(initial=-1)) + 1
    return found


def in_nearest_project(vectors: Vectors, partition: Partition) -> Labels:
    """Put every text that has no project into the nearest one, of its own mission where it has one."""
    filled = leaves(partition)
    labels, names = compact(filled)
    alone = np.flatnonzero(labels < 0)
    if not len(names) or not len(alone):
        return filled
    mission_of = np.zeros(len(names), dtype=np.int64)
    mission_of[labels[labels >= 0]] = partition.missions[labels >= 0]
    middles = centroids(vectors, labels, len(names))
    for start in range(0, len(alone), 4096):
        rows = alone[start : start + 4096]
        near = vectors[rows] @ middles.T
        own = partition.missions[rows]
        near[(own[:, None] >= 0) & (own[:, None] != mission_of[None])] = -np.inf
        filled[rows] = names[near.argmax(axis=1)]
    return filled


def grown(job: Job) -> Found:
    """Group the first rows; then place the rest among them, and also group all again starting from there."""
    one, old = job.material, job.old
    before = group(one.texts[:old], one.vectors[:old], languages=one.languages[:old])
    meter = Meter()
    missions, projects = placed(one, before, old)
    placing = meter.read()
    meter = Meter()
    new = np.full(len(one.texts) - old, UNGROUPED, dtype=np.int64)
    start = Previous(
        np.concatenate([before.missions, new]),
        np.concatenate([before.projects, new]),
        before.resolutions,
        before.breadths,
    )
    after = group(one.texts, one.vectors, languages=one.languages, previous=start)
    again = told(one, after)
    first = told(Material(one.vectors[:old], one.texts[:old], one.languages[:old], None), before)
    stay = {
        "missions": np.concatenate([first.filled["missions"], missions]),
        "projects": np.concatenate([first.filled["projects"], projects]),
    }
    parts = {"before": first.filled, "placed": stay, "warm": again.filled}
    facts = {
        name: {level: labels.tolist() for level, labels in levels.items()} for name, levels in parts.items()
    }
    raw = {
        name: {level: labels.tolist() for level, labels in found.levels.items()}
        for name, found in (("before", first), ("warm", again))
    }
    return Found(extra={**facts, "raw": raw, "placing": placing, "rerun": meter.read()})


def placed(one: Material, before: Partition, old: int) -> tuple[Labels, Labels]:
    """Where new texts go at each level; one that would wait counts where it would go."""
    fit = float(before.parameters.get("fit", FIT))
    first = Material(one.vectors[:old], one.texts[:old], one.languages[:old], None)
    labels = in_nearest_project(first.vectors, before)
    found = place(one.vectors[old:], first.vectors, leaves(before), least_similarity=fit).nearest
    far = np.flatnonzero(found < 0)
    near = one.vectors[old:][far] @ centroids(first.vectors, *counted(labels)).T
    found[far] = np.unique(labels)[near.argmax(axis=1)] if len(far) else found[far]
    known = leaves(before) >= 0
    mission_of = dict(zip(leaves(before)[known].tolist(), before.missions[known].tolist(), strict=True))
    return np.array([mission_of[each] for each in found.tolist()], dtype=np.int64), found


def counted(labels: Labels) -> tuple[Labels, int]:
    numbered, names = compact(labels)
    return numbered, len(names)


def whole(job: Job) -> Found:
    """Everything a page shows: both levels with labels, keywords, representatives and the map."""
    one = job.material
    begun: dict[str, float] = {}
    result = pipeline.run(
        one.texts,
        one.vectors,
        languages=one.languages,
        progress=lambda stage, _share: begun.__setitem__(stage, spent()),
    )
    stages = list(begun)
    cpu = {stage: round(begun[after] - begun[stage], 3) for stage, after in pairwise(stages)}
    counts = {"missions": len(result.missions), "projects": len(result.projects)}
    return Found(extra={"stages": cpu, "counts": counts})


ACTS: dict[str, Callable[[Job], Found]] = {"group": grouped, "grow": grown, "whole": whole}
