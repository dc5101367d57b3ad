"""The measurement of the grouping as Markdown, to be put into bench/README.md."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

ORDER = ("ours", "bertopic", "bertopic_reduced", "evoc", "kmeans_true_k", "leiden")
NAMES = {
    "ours": "**ours**",
    "bertopic": "BERTopic",
    "bertopic_reduced": "BERTopic, outliers reassigned",
    "evoc": "EVoC, best of its layers",
    "kmeans_true_k": "k-means, told k",
    "leiden": "Leiden, resolution 1",
}
Facts = dict[str, Any]


def table(facts: Facts) -> str:
    """Everything that was measured, one section after another."""
    where = (
        f"{facts['machine']}, one thread; load average over 1, 5 and 15 minutes at the end {facts['load']}"
    )
    lines = [
        f"## {facts['at']}, commit {facts['commit'] or 'unknown'}",
        "",
        f"{where}; vectors by {facts['model']}.",
    ]
    entries = [
        *(
            (f"{one['name']} ({one['n']:,} texts, {one['k_true']['label']} labels)", one)
            for one in facts["sets"]
        ),
        *([("mean", facts["mean"])] if len(facts["sets"]) > 1 else []),
    ]
    for section in (quality, own_layers, parents, robustness, growth, words):
        rows = [row for name, one in entries for row in section.rows(name, one)]
        lines += block(section.title, section.head, rows)
    if "times" in facts:
        lines += times(facts["times"])
    return "\n".join(lines)


def block(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """One table; nothing where it has no rows."""
    if not rows:
        return []
    return [
        "",
        f"### {title}",
        "",
        f"| {' | '.join(head)} |",
        f"| {' | '.join(['---', '---', *['---:'] * (len(head) - 2)])} |",
        *(f"| {' | '.join(shown(cell) for cell in row)} |" for row in rows),
    ]


def shown(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def present(one: Facts) -> Iterator[tuple[str, Facts]]:
    return ((name, one[name]) for name in ORDER if name in one)


class Section(ABC):
    """A table over sets and over who was measured."""

    title = ""
    head: tuple[str, ...] = ()

    def rows(self, name: str, one: Facts) -> list[list[object]]:
        return [[name, NAMES[who], *cells] for who, facts in present(one) for cells in self.cells(facts)]

    @abstractmethod
    def cells(self, facts: Facts) -> list[list[object]]:
        """The rows of one who was measured on one set, without their names."""


class Quality(Section):
    title = "Agreement with the labels (ungrouped texts in their nearest group; in brackets each a group of its own)"
    head = ("set", "method", "ARI", "AMI", "V", "groups", "ungrouped", "CPU s", "wall s", "peak MB")

    def cells(self, facts: Facts) -> list[list[object]]:
        if "ari" not in facts:
            return []
        both = [f"{facts[key]:.3f} ({facts[f'{key}_singletons']:.3f})" for key in ("ari", "ami", "v")]
        alone = facts.get("clustering_cpu_s")
        cpu = f"{facts['cpu_s']:.1f}" + (f" (clustering {alone:.1f})" if alone is not None else "")
        counts = [f"{facts['k']:.0f}", f"{100 * facts['unassigned']:.1f} %"]
        return [[*both, *counts, cpu, f"{facts['wall_s']:.1f}", f"{facts['peak_mb']:.0f}"]]


class OwnLayers(Section):
    title = "Each level alone, and the layer EVoC chooses itself"
    head = ("set", "method", "level", "ARI", "AMI", "V", "groups")

    def cells(self, facts: Facts) -> list[list[object]]:
        levels = facts.get("levels", {})
        found = [
            [name, level["ari"], level["ami"], level["v"], level["k"]]
            for name, level in (levels.items() if len(levels) > 1 else ())
        ]
        own = facts.get("own_choice")
        return [
            *found,
            *([["its own choice", own["ari"], own["ami"], None, f"{own['k']:.0f}"]] if own else []),
        ]


class Parents(Section):
    title = "Agreement with the labels above"
    head = ("set", "method", "ARI", "AMI", "V")

    def cells(self, facts: Facts) -> list[list[object]]:
        return [[facts[f"{key}_parent"] for key in ("ari", "ami", "v")]] if "ari_parent" in facts else []


class Robustness(Section):
    title = "Steadiness: ARI between five runs on nine tenths of the texts, on common rows"
    head = ("set", "method", "ARI", "by level")

    def cells(self, facts: Facts) -> list[list[object]]:
        if "robust" not in facts:
            return []
        levels = facts["robust"].get("by_level", {})
        return [[facts["robust"]["ari"], ", ".join(f"{name} {value:.3f}" for name, value in levels.items())]]


class Growth(Section):
    title = (
        "A fifth more texts: share of co-member pairs changed among those who were there (ungrouped apart)"
    )
    head = (
        "set",
        "method",
        "how",
        "pairs changed",
        "ungrouped apart",
        "ARI to labels before",
        "ARI to labels after",
    )

    def cells(self, facts: Facts) -> list[list[object]]:
        return [
            [
                {"placed": "placed only", "warm": "grouped again from there", "rerun": "grouped again"}[way],
                f"{100 * one['pairs_changed']:.1f} %",
                f"{100 * one['pairs_changed_singletons']:.1f} %"
                if "pairs_changed_singletons" in one
                else None,
                one["ari_before"],
                one["ari_after"],
            ]
            for way, one in facts.get("growth", {}).items()
        ]


class Words(Section):
    title = "Names and keywords of our groups, made from one half of each and judged on the other"
    head = (
        "set",
        "method",
        "level",
        "groups",
        "name finds its group",
        "keywords find it",
        "NPMI",
        "diversity",
    )

    def cells(self, facts: Facts) -> list[list[object]]:
        keys = ("name_finds_its_group", "keywords_find_their_group", "npmi", "diversity")
        return [
            [level, f"{one['groups']:.0f}", *(one[key] for key in keys)]
            for level, one in facts.get("words", {}).items()
        ]


quality, own_layers, parents = Quality(), OwnLayers(), Parents()
robustness, growth, words = Robustness(), Growth(), Words()


def times(facts: Facts) -> list[str]:
    """CPU, wall and memory by size, and the exponents."""
    rows: list[list[object]] = [
        [
            f"{row['n']:,}",
            NAMES[name],
            *(f"{row[name][key]:.1f}" for key in ("clustering_cpu_s", "cpu_s", "wall_s")),
            f"{row[name]['peak_mb']:.0f}",
        ]
        for row in facts["rows"]
        for name in ORDER
        if name in row
    ]
    head = ("texts", "method", "clustering CPU s", "all CPU s", "wall s", "peak MB")
    grown = ", ".join(
        f"{NAMES[name]} {found['clustering_cpu_s']:.2f} (all {found['cpu_s']:.2f})"
        for name, found in facts["exponents"].items()
    )
    return [*block("Time and memory on invented vectors", head, rows), "", f"Exponent of CPU time: {grown}."]
