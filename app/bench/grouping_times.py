"""How time and memory grow with the number of texts: invented vectors in clusters, the same from the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.bench.grouping_runs import OURS, Plan, answer_of
from app.bench.grouping_sets import keep
from app.nlp.vectors import Labels, Vectors, unit

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
DIMENSIONS = 384
MISSIONS = 20
TEXTS_PER_PROJECT, FEWEST_PROJECTS, MOST_PROJECTS = 80, 25, 2_000
OWN_DIRECTIONS = 12
# How much of a vector is its mission's, its projects', some directions of its project's own, and chance. A text speaks
# of its project and by up to LEAN of another one, of the same mission or by STRAY of any. Without that neighbours of
# two projects would never touch, which no real texts do; with it about four of five are of one project.
SHARES = (0.55, 0.55, 0.4, 0.4)
LEAN, STRAY = 0.75, 0.2
COMMON_SHARE = 0.32
AT_ONCE = 50_000
SYLLABLES = ("ba", "do", "fi", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu", "sha", "ter")
PEERS = ("bertopic", "evoc")

Row = dict[str, Any]


def invented(count: int, seed: int = 0) -> tuple[Vectors, tuple[str, ...], Labels]:
    """Make texts in projects of missions.

    Returns
    -------
    vectors : ndarray of shape (count, 384)
        Rows of unit length.
    texts : tuple of str
        Words of the mission, of the project and of everybody.
    projects : ndarray of shape (count,)
    """
    random = np.random.default_rng(seed)
    projects = int(np.clip(count // TEXTS_PER_PROJECT, FEWEST_PROJECTS, MOST_PROJECTS))
    mission_of = random.integers(0, MISSIONS, projects)
    shares = 1.0 / (np.arange(projects) + 10.0)  # a few large ones, many small ones
    labels = np.sort(random.choice(projects, count, p=shares / shares.sum()))
    everybody = directions(random, 1)[0]
    missions, own = directions(random, MISSIONS), directions(random, projects)
    others = leanings(random, labels, mission_of)
    lean = LEAN * random.random((count, 1))
    vectors = np.empty((count, DIMENSIONS), dtype=np.float32)
    for project in range(projects):
        rows = np.flatnonzero(labels == project)
        spread = random.standard_normal((len(rows), OWN_DIRECTIONS)) @ directions(random, OWN_DIRECTIONS)
        chance = random.standard_normal((len(rows), DIMENSIONS)) / np.sqrt(DIMENSIONS)
        spoken = (1 - lean[rows]) * own[project] + lean[rows] * own[others[rows]]
        parts = (missions[mission_of[project]], spoken, spread / np.sqrt(OWN_DIRECTIONS), chance)
        total = sum(share * part for share, part in zip(SHARES, parts, strict=True))
        vectors[rows] = total + COMMON_SHARE * everybody
    order = random.permutation(count)
    found = sentences(random, mission_of[labels[order]], labels[order], projects)
    return unit(vectors[order]), found, labels[order].astype(np.int64)


def leanings(random: np.random.Generator, labels: Labels, mission_of: Labels) -> Labels:
    """Another project for each text: of the same mission, or by STRAY of any."""
    found = random.integers(0, len(mission_of), len(labels))
    near = random.random(len(labels)) >= STRAY
    for mission in range(MISSIONS):
        inside = np.flatnonzero(mission_of == mission)
        rows = np.flatnonzero(near & (mission_of[labels] == mission))
        found[rows] = random.choice(inside, len(rows)) if len(rows) else found[rows]
    return found.astype(np.int64)


def directions(random: np.random.Generator, count: int) -> Vectors:
    return unit(random.standard_normal((count, DIMENSIONS)))


def sentences(random: np.random.Generator, missions: Labels, projects: Labels, count: int) -> tuple[str, ...]:
    """Two words of the project, two of its mission and three of everybody's."""
    names = words(random, 6 * count + 12 * MISSIONS + 200)
    of_project, of_mission, common = np.split(names, [6 * count, 6 * count + 12 * MISSIONS])
    picked = np.stack(
        [
            *(of_project[projects * 6 + random.integers(0, 6, len(projects))] for _ in range(2)),
            *(of_mission[missions * 12 + random.integers(0, 12, len(projects))] for _ in range(2)),
            *(common[random.integers(0, 200, len(projects))] for _ in range(3)),
        ],
        axis=1,
    )
    return tuple(" ".join(row) for row in picked.tolist())


def words(random: np.random.Generator, count: int) -> np.ndarray:
    """Different invented words."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(random.choice(SYLLABLES, 4))] = None
    return np.array(list(found))


def ask(plan: Plan, who: tuple[str, ...], *, million: bool) -> list[tuple[int, dict[str, Any]]]:
    """Ask for every size; a million texts are for us alone."""
    asked = []
    for count in (*SIZES, *((MILLION,) if million else ())):
        vectors, texts, _projects = invented(count)
        path = plan.folder / f"invented-{count}.npz"
        keep(path, vectors, texts, ("en",) * count)
        found = {OURS: plan.ask(OURS, "whole", path)}
        for name in who if count < MILLION else ():
            if name in PEERS:
                found[name] = plan.ask(name, "group", path)
        asked.append((count, found))
    return asked


def read(asked: list[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    """Costs of each size, and the exponent with which CPU time grows."""
    rows: list[Row] = [
        {"n": count, **{name: cost(name, answer_of(path)) for name, path in found.items()}}
        for count, found in asked
    ]
    names = [name for name in rows[0] if name != "n"]
    return {"rows": rows, "exponents": {name: grown(name, rows) for name in names}}


def grown(name: str, rows: list[Row]) -> dict[str, float]:
    """The exponents of one who was measured: of the clustering alone, and of all."""
    mine = [(row["n"], row[name]) for row in rows if name in row]
    return {
        measure: exponent([(count, found[measure]) for count, found in mine])
        for measure in ("clustering_cpu_s", "cpu_s")
    }


def cost(name: str, answer: dict[str, Any]) -> Row:
    """What a run cost, and its clustering alone: without words, representatives and map."""
    found = {key: answer[key] for key in ("cpu_s", "wall_s", "peak_mb", "grown_mb")}
    if name == OURS:
        return {
            **found,
            "clustering_cpu_s": answer["stages"]["grouping"],
            "stages": answer["stages"],
            **answer["counts"],
        }
    groups = {
        level: len({label for label in labels if label >= 0}) for level, labels in answer["levels"].items()
    }
    alone = answer["clustering"]["cpu_s"] if "clustering" in answer else answer["cpu_s"]
    return {**found, "clustering_cpu_s": alone, "groups": groups}


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of the line through the logarithms: 1 is linear growth, 2 quadratic."""
    sizes, seconds = np.log([each[0] for each in points]), np.log([max(each[1], 1e-3) for each in points])
    return round(float(np.polyfit(sizes, seconds, 1)[0]), 3)
