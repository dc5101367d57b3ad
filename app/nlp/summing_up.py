"""The last step of a grouping: labels numbered, every text weighed, every group measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.nlp.constraints import Constraints
from app.nlp.matching import renamed
from app.nlp.partition import UNGROUPED, Ladder, Measures, Partition, Previous, Reason
from app.nlp.quality import measured
from app.nlp.scale import Scale
from app.nlp.vectors import Labels, Vectors, compact, rows_by_label, similarities

if TYPE_CHECKING:
    from app.nlp.levels import Found

WHOLE_SHARE = 0.9


def summed_up(
    vectors: Vectors,
    missions: Labels,
    projects: Labels,
    reasons: tuple[Reason, ...],
    found: Found,
    nodes: Labels,
    scale: Scale,
    constraints: Constraints,
    previous: Previous | None,
    seed: int,
) -> Partition:
    """Put everything a grouping says into one frozen partition."""
    projects = without_copies_of_missions(projects, missions, constraints.project_forced)
    missions = renamed(missions, None if previous is None else previous.missions)
    projects = renamed(projects, None if previous is None else previous.projects)
    nearest, runner_up, weight, margin = weighed(vectors, missions)
    of_missions, of_projects = measured(vectors, missions), measured(vectors, projects)
    looked_at = () if found.ladder is None else found.ladder.rungs
    return Partition(
        missions=missions,
        projects=projects,
        weight=weight,
        margin=margin,
        nearest=nearest,
        runner_up=runner_up,
        reasons=reasons,
        mission_of_project={label: int(missions[rows[0]]) for label, rows in rows_by_label(projects).items()},
        measures=Measures(*of_missions, *of_projects, round(found.stability, 4), looked_at),
        parameters=parameters(scale, found),
        seed=seed,
        ladder=of_texts(found, nodes),
        rungs=found.rungs,
        ties=found.ties,
    )


def of_texts(found: Found, nodes: Labels) -> Ladder | None:
    """Hand the ladder of nodes down to their texts; one that was taken is of texts already."""
    if found.ladder is None or found.ties is None:
        return found.ladder
    padded = np.pad(found.ladder.labels, ((0, 0), (0, 1)), constant_values=UNGROUPED)
    return Ladder(found.ladder.rungs, padded[:, nodes])


def without_copies_of_missions(projects: Labels, missions: Labels, forced: NDArray[np.bool_]) -> Labels:
    """Drop a project that is nearly its whole mission: it would say the same thing twice."""
    kept = projects.copy()
    for rows in rows_by_label(missions).values():
        inside = projects[rows]
        names, counts = np.unique(inside[inside >= 0], return_counts=True)
        if len(names) == 1 and counts[0] >= WHOLE_SHARE * len(rows) and not forced[rows].any():
            kept[rows] = UNGROUPED
    return kept


def weighed(
    vectors: Vectors, missions: Labels
) -> tuple[Labels, Labels, NDArray[np.float32], NDArray[np.float32]]:
    """Say of each text which mission it is nearest, which comes next, how well it fits and how clearly.

    Returns
    -------
    nearest, runner_up : ndarray of shape (n_texts,)
    weight, margin : ndarray of shape (n_texts,)
        As in `Partition`.
    """
    count = len(missions)
    labels, names = compact(missions)
    nearest, runner_up = (np.full(count, UNGROUPED, dtype=np.int64) for _ in range(2))
    weight, margin = (np.zeros(count, dtype=np.float32) for _ in range(2))
    rows = np.flatnonzero(vectors.any(axis=1)) if len(names) else np.array([], dtype=np.int64)
    if not len(rows):
        return nearest, runner_up, weight, margin
    scores = np.round(similarities(vectors, labels, len(names))[rows], 6)
    first = np.where(labels[rows] >= 0, labels[rows], scores.argmax(axis=1))
    alone = np.bincount(labels[labels >= 0], minlength=len(names))[first] == 1
    own = np.where(alone & (labels[rows] >= 0), 1.0, scores[np.arange(len(rows)), first])
    scores[np.arange(len(rows)), first] = -np.inf
    nearest[rows] = names[first]
    weight[rows] = np.clip(own, 0, 1)
    second = np.zeros(len(rows), dtype=np.float32)
    if len(names) > 1:
        runner_up[rows] = names[scores.argmax(axis=1)]
        second = np.clip(scores.max(axis=1), 0, 1)
    gap = (weight[rows] - second) / np.maximum(weight[rows], 1e-6)
    margin[rows] = np.clip(gap if len(names) > 1 else weight[rows], 0, 1)
    return nearest, runner_up, weight, margin


def parameters(scale: Scale, found: Found) -> dict[str, float | int | str]:
    """List what was read off the set and chosen, under names that stay."""
    listed: dict[str, float | int | str] = {
        "method": "shared-neighbour communities" if found.rungs else "average links",
        "unrelated": round(scale.unrelated, 4),
        "fit": round(scale.fit, 4),
        "least_voices": scale.least,
        "least_voices_project": scale.least_project,
    }
    if found.ladder is not None and found.rungs is not None:
        mission, project = (found.ladder.rungs[at].resolution for at in found.rungs)
        listed |= {"mission_resolution": mission, "project_resolution": project}
    if found.breadths is not None:
        listed |= {"mission_breadth": found.breadths[0], "project_breadth": found.breadths[1]}
    return listed
