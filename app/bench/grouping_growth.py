"""What becomes of groups when a fifth more texts arrive: placed only, grouped again from where we were, and peers'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from app.bench.grouping_quality import Reading
from app.bench.grouping_runs import OURS, Plan, answer_of, labels_of
from app.bench.grouping_scores import Scores, ari, as_singletons, pairs_changed, with_nearest
from app.bench.grouping_sets import Material
from app.nlp.vectors import Labels

OLD = 0.8  # then as much as a quarter of it arrives: a fifth of all in the end
PEERS = ("bertopic", "evoc")


def growth(plan: Plan, one: Material, who: tuple[str, ...]) -> Reading:
    """Ask for a run on four fifths of a table, chosen by chance, and one on all of it."""
    count = len(one.vectors)
    order = np.random.default_rng(1).permutation(count)
    old = round(OLD * count)
    order = np.concatenate([np.sort(order[:old]), np.sort(order[old:])])
    ours = plan.ask(OURS, "grow", one.path, rows=plan.put(order), old=old)
    asked = {
        name: [plan.ask(name, "group", one.path, rows=plan.put(rows)) for rows in (order[:old], order)]
        for name in who
        if name in PEERS
    }

    def read() -> dict[str, Scores]:
        truth = one.table.truths["label"][order]
        found = {OURS: {"growth": of_ours(answer_of(ours), truth, old)}}
        for name, paths in asked.items():
            found[name] = {"growth": of_peer(paths, one, order, truth, old)}
        return found

    return read


def of_ours(answer: dict[str, Any], truth: Labels, old: int) -> Scores:
    """Both ways at both levels; the better level by agreement with the labels before stands at the top."""
    before = labels_of(answer["before"])
    facts: Scores = {}
    for way in ("placed", "warm"):
        after = labels_of(answer[way])
        levels = {name: compared(before[name], after[name], truth, old) for name in before}
        if way == "warm":
            raw = {when: labels_of(answer["raw"][when]) for when in ("before", "warm")}
            for name, facts_of_level in levels.items():
                facts_of_level["pairs_changed_singletons"] = alone(
                    raw["before"][name], raw["warm"][name], old
                )
        best = max(levels.values(), key=lambda level: level["ari_before"])
        facts[way] = {**best, "levels": levels}
    facts["placed"]["cpu_s"], facts["warm"]["cpu_s"] = answer["placing"]["cpu_s"], answer["rerun"]["cpu_s"]
    return facts


def of_peer(paths: list[Path], one: Material, order: Labels, truth: Labels, old: int) -> Scores:
    """A peer's second run against its first, of its levels the one that agrees best with the labels before."""
    first, second = (answer_of(path) for path in paths)
    levels: dict[str, Scores] = {}
    later = labels_of(second["levels"])
    for name, labels in labels_of(first["levels"]).items():
        if name in later:
            before = with_nearest(labels, one.vectors[order[:old]])
            after = with_nearest(later[name], one.vectors[order])
            levels[name] = {
                **compared(before, after, truth, old),
                "pairs_changed_singletons": alone(labels, later[name], old),
            }
    best = max(levels.values(), key=lambda level: level["ari_before"])
    return {"rerun": {**best, "cpu_s": second["cpu_s"], "levels": levels}}


def compared(before: Labels, after: Labels, truth: Labels, old: int) -> Scores:
    """What changed for those who were there, and how well the labels are met before and after."""
    return {
        "pairs_changed": pairs_changed(before, after[:old]),
        "ari_old": ari(before, after[:old]),
        "ari_before": ari(truth[:old], before),
        "ari_after": ari(truth, after),
    }


def alone(before: Labels, after: Labels, old: int) -> float:
    """The same share where an ungrouped text keeps company with nobody."""
    return pairs_changed(as_singletons(before), as_singletons(after[:old]))
