"""How well groups agree with the labels of a table: ours, and each peer's on the same vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from app.bench.grouping_runs import OURS, Answer, Plan, answer_of, labels_of
from app.bench.grouping_scores import Scores, best_of, level_scores, with_nearest
from app.bench.grouping_sets import Material

Reading = Callable[[], dict[str, Scores]]
COSTS = ("cpu_s", "wall_s", "peak_mb", "grown_mb")


def quality(plan: Plan, one: Material, who: tuple[str, ...]) -> Reading:
    """Ask everybody to group a table; what is given back reads the answers."""
    told = [len(np.unique(truth)) for truth in one.table.truths.values()]
    asked = {
        # k-means is told the number; that of the labels above is another run, which its cost leaves out.
        name: [plan.ask(name, "group", one.path, k=[k]) for k in (told if name == "kmeans" else told[:1])]
        for name in who
    }

    def read() -> dict[str, Scores]:
        found: dict[str, Scores] = {}
        for name, paths in asked.items():
            answers = [answer_of(path) for path in paths]
            merged = {**answers[0], "levels": {k: v for each in answers for k, v in each["levels"].items()}}
            shown = "kmeans_true_k" if name == "kmeans" else name
            found[shown] = scored(one, merged)
            if name == "bertopic":
                found |= both_selves(one, found[name], merged)
        return found

    return read


def both_selves(one: Material, plain: Scores, answer: Answer) -> dict[str, Scores]:
    """BERTopic as it is and with its outliers reassigned; the clustering alone leaves its words out."""
    reduced = answer["reduced"]
    alone = {f"clustering_{key}": value for key, value in answer["clustering"].items()}
    cost = {
        "cpu_s": round(answer["cpu_s"] + reduced["cpu_s"], 3),
        "wall_s": round(answer["wall_s"] + reduced["wall_s"], 3),
        "peak_mb": answer["peak_mb"],
        "grown_mb": answer["grown_mb"],
    }
    better = scored(one, {**cost, "levels": reduced["levels"]})
    return {"bertopic": {**plain, **alone}, "bertopic_reduced": {**better, **alone}}


def scored(one: Material, answer: Answer) -> Scores:
    """The better of the levels for each measure, each level, and the cost."""
    raw, filled = labels_of(answer["levels"]), labels_of(answer.get("filled") or {})
    whole = {name: filled.get(name, with_nearest(labels, one.vectors)) for name, labels in raw.items()}
    # A text without words has no nearest group; it counts with the others that have none.
    levels = {name: level_scores(labels, whole[name], one.table.truths) for name, labels in raw.items()}
    best = best_of(levels)
    if "share_ungrouped" in answer:  # a text that stands in a mission alone is not without a group
        best["unassigned"] = answer["share_ungrouped"]
    facts: dict[str, Any] = {**best, **{key: answer[key] for key in COSTS}}
    if "own_choice" in answer:
        facts["own_choice"] = {key: levels[answer["own_choice"]][key] for key in ("ari", "ami", "k")}
    return {**facts, "k_by_level": {name: level["k"] for name, level in levels.items()}, "levels": levels}


def ours_first(peers: tuple[str, ...]) -> tuple[str, ...]:
    return (OURS, *peers)
