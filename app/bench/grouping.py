"""The measurement of the grouping in one go: quality for every table, and whatever else was asked for."""

from __future__ import annotations

import os
import platform
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from app.bench import grouping_times
from app.bench.grouping_growth import growth
from app.bench.grouping_quality import Reading, ours_first, quality
from app.bench.grouping_robust import robust
from app.bench.grouping_runs import OURS, Plan, check_installed, named
from app.bench.grouping_scores import Scores, mean_of
from app.bench.grouping_sets import Labelled, Material, embedded, read_folder
from app.bench.grouping_words import words
from app.bench.run import commit
from app.nlp.embedding import Embedder
from app.services.imports import Tell


@dataclass(frozen=True)
class Asked:
    """What to measure."""

    data: Path | None
    against: str
    robust: bool = False
    growth: bool = False
    times: bool = False
    million: bool = False
    words: bool = False


def measure(asked: Asked, embedder: Embedder, kept: Path, tell: Tell) -> dict[str, Any]:
    """Measure ours and its peers on the same vectors.

    Parameters
    ----------
    kept : Path
        A folder for vectors that outlives this run.
    """
    who = named(asked.against)
    check_installed(who)
    tables = read_folder(asked.data) if asked.data else []
    with tempfile.TemporaryDirectory(prefix="comission-bench-") as folder:
        plan = Plan(Path(folder))
        materials = [ready(table, embedder, kept, plan.folder, tell) for table in tables]
        sets = of_tables(asked, plan, materials, who, embedder, tell)
        facts: dict[str, Any] = {"sets": sets, "mean": mean(sets)}
        if asked.times or asked.million:
            wanted = grouping_times.ask(plan, who, million=asked.million)
            plan.run(tell)
            facts["times"] = grouping_times.read(wanted)
    return {**surroundings(embedder), **facts}


def ready(table: Labelled, embedder: Embedder, kept: Path, shared: Path, tell: Tell) -> Material:
    tell(f"{table.name}: vectors", 0.0)
    return embedded(table, embedder, kept, shared)


def of_tables(
    asked: Asked, plan: Plan, materials: list[Material], who: tuple[str, ...], embedder: Embedder, tell: Tell
) -> list[Scores]:
    """Gather what everybody is to do, let them do it, and read what came of it."""
    more = [each for each, wanted in ((robust, asked.robust), (growth, asked.growth)) if wanted]
    everybody = ours_first(who)
    readings: list[list[Reading]] = []
    grouped: list[Path] = []
    for one in materials:
        grouped.append(plan.folder / f"{OURS}-group-{plan.counts['job'] + 1}.json")
        readings.append([quality(plan, one, everybody), *(each(plan, one, everybody) for each in more)])
    plan.run(tell)
    if asked.words:
        for one, path, some in zip(materials, grouped, readings, strict=True):
            some.append(words(plan, one, path, embedder, tell, peer="bertopic" in who))
        plan.run(tell)
    return [entry(one, [read() for read in some]) for one, some in zip(materials, readings, strict=True)]


def entry(one: Material, findings: list[dict[str, Scores]]) -> Scores:
    """What was found of one table, by who found it."""
    found: Scores = {"name": one.table.name, "n": len(one.table.texts)}
    found["k_true"] = {name: len(set(labels.tolist())) for name, labels in one.table.truths.items()}
    for finding in findings:
        for name, scores in finding.items():
            found[name] = {**found.get(name, {}), **scores}
    return found


def mean(sets: list[Scores]) -> Scores:
    """The mean over tables of everything that is a number, by who found it."""
    names = dict.fromkeys(name for each in sets for name in each if name not in ("name", "n", "k_true"))
    return {name: mean_of([each[name] for each in sets if name in each]) for name in names}


def surroundings(embedder: Embedder) -> dict[str, Any]:
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}",
        "load": [round(each, 1) for each in os.getloadavg()],
        "model": embedder.name,
        "threads": 1,
    }
