"""How much of a grouping stays when some texts are missing: runs on random subsamples, compared on common rows."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from app.bench.grouping_quality import Reading
from app.bench.grouping_runs import Plan, answer_of, labels_of
from app.bench.grouping_scores import Scores, ari, with_nearest
from app.bench.grouping_sets import Material
from app.nlp.vectors import Labels

RUNS = 5
SHARE = 0.9
WHO = ("ours", "bertopic")


def robust(plan: Plan, one: Material, who: tuple[str, ...]) -> Reading:
    """Ask for five runs on nine tenths of a table each."""
    random = np.random.default_rng(0)
    count = len(one.vectors)
    kept = [np.sort(random.permutation(count)[: round(SHARE * count)]) for _ in range(RUNS)]
    asked = {
        name: [plan.ask(name, "group", one.path, rows=plan.put(rows)) for rows in kept]
        for name in who
        if name in WHO
    }

    def read() -> dict[str, Scores]:
        found: dict[str, Scores] = {}
        for name, paths in asked.items():
            answers = [answer_of(path) for path in paths]
            found[name] = {"robust": agreeing(one, kept, answers)}
            if name == "bertopic":
                better = [{"levels": answer["reduced"]["levels"]} for answer in answers]
                found["bertopic_reduced"] = {"robust": agreeing(one, kept, better)}
        return found

    return read


def agreeing(one: Material, kept: list[Labels], answers: list[Scores]) -> Scores:
    """Mean ARI of all pairs of runs on the rows both had; `ari` is that of the level that meets the labels best."""
    truth = one.table.truths["label"]
    levels: dict[str, float] = {}
    met: dict[str, float] = {}
    for level in answers[0]["levels"]:
        runs = [labels_in(one, rows, answer, level) for rows, answer in zip(kept, answers, strict=True)]
        each = [on_common(kept, runs, *pair) for pair in combinations(range(RUNS), 2)]
        levels[level] = round(float(np.mean(each)), 4)
        met[level] = float(np.mean([ari(truth[rows], run) for rows, run in zip(kept, runs, strict=True)]))
    return {"ari": levels[max(met, key=lambda level: met[level])], "by_level": levels}


def labels_in(one: Material, rows: Labels, answer: Scores, level: str) -> Labels:
    """Labels of one level, every ungrouped text in its nearest group."""
    filled = labels_of(answer.get("filled") or {})
    return (
        filled[level]
        if level in filled
        else with_nearest(labels_of(answer["levels"])[level], one.vectors[rows])
    )


def on_common(kept: list[Labels], runs: list[Labels], one: int, other: int) -> float:
    common, left, right = np.intersect1d(kept[one], kept[other], return_indices=True)
    assert len(common)
    return ari(runs[one][left], runs[other][right])
