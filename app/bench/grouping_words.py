"""How good the names and keywords of groups are: made from one half of each group, judged on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from app.bench.grouping_quality import Reading
from app.bench.grouping_runs import OURS, Plan, answer_of, labels_of
from app.bench.grouping_scores import Scores
from app.bench.grouping_sets import Labelled, Material
from app.nlp.alignment import aligned
from app.nlp.embedding import Embedder
from app.nlp.keywords import keywords
from app.nlp.label_quality import coherence, diversity, own_group_first
from app.nlp.labels import label_groups
from app.nlp.stems import stem
from app.nlp.tokens import TOKEN, folded
from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label
from app.services.imports import Tell

FEWEST = 4  # a group of fewer has no two halves worth the name
BERTOPIC_NAME = 4  # words in the name BERTopic gives a topic


def halves(labels: Labels) -> tuple[Labels, Labels]:
    """Split the texts of each group in two by chance; -1 for those of the other half and of tiny groups."""
    random = np.random.default_rng(0)
    first, second = np.full(len(labels), -1, dtype=np.int64), np.full(len(labels), -1, dtype=np.int64)
    for label, rows in rows_by_label(labels).items():
        if len(rows) >= FEWEST:
            mixed = random.permutation(rows)
            first[mixed[: len(rows) // 2]] = label
            second[mixed[len(rows) // 2 :]] = label
    return first, second


def words(plan: Plan, one: Material, grouped: Path, embedder: Embedder, tell: Tell, *, peer: bool) -> Reading:
    """Describe our groups of a table twice, by our words and by BERTopic's; `grouped` is our answer, done already."""
    levels = labels_of(answer_of(grouped)["levels"])
    split = {name: halves(labels) for name, labels in levels.items()}
    asked: dict[str, Path] = {}
    for name, (made, _judged) in split.items() if peer else ():
        rows = np.flatnonzero(made >= 0)
        if len(np.unique(made[rows])) > 1:
            asked[name] = plan.ask(
                "bertopic", "words", one.path, rows=plan.put(rows), labels=plan.put(made[rows])
            )

    def read() -> dict[str, Scores]:
        tell(f"{one.table.name}: names", 1.0)
        found: dict[str, Scores] = {OURS: {"words": {}}}
        for name, (made, judged) in split.items():
            mine = judged_words(one, judged, *our_words(one, made, embedder), embedder)
            found[OURS]["words"][name] = mine
            if name in asked:
                theirs = {int(key): tuple(some) for key, some in answer_of(asked[name])["words"].items()}
                names = {label: " ".join(some[:BERTOPIC_NAME]) for label, some in theirs.items()}
                entry = found.setdefault("bertopic", {"words": {}})
                entry["words"][name] = judged_words(one, judged, names, theirs, embedder)
        return found

    return read


def our_words(
    one: Material, made: Labels, embedder: Embedder
) -> tuple[dict[int, str], dict[int, tuple[str, ...]]]:
    """Names and keywords as a page would show them, from one half of each group."""
    rows = np.flatnonzero(made >= 0)
    texts = [one.table.texts[row] for row in rows]
    languages = [one.languages[row] for row in rows]
    vectors = one.vectors[rows]
    compared = aligned(texts, vectors, languages)
    found = keywords(texts, compared, made[rows], languages)
    names = label_groups(texts, compared, made[rows], languages, found, embed=embedder.embed, raw=vectors)
    return {label: name.text for label, name in names.items()}, found


def judged_words(
    one: Material,
    judged: Labels,
    names: Mapping[int, str],
    found: Mapping[int, Sequence[str]],
    embedder: Embedder,
) -> Scores:
    """Whether a name finds its own group among all, and whether keywords belong together and differ."""
    numbered, labels = compact(judged)
    middles = centroids(one.vectors, numbered, len(labels))
    documents = [terms(text, one.languages[row]) for row, text in spoken(one.table, judged)]
    usual = max(set(one.languages), key=one.languages.count) if one.languages else "und"
    same_form = {
        label: [in_one_form(word, usual) for word in found.get(label, ())] for label in labels.tolist()
    }
    return {
        "groups": len(labels),
        "name_finds_its_group": first(names, labels, middles, embedder),
        "keywords_find_their_group": first(
            {label: " ".join(some[:5]) for label, some in found.items()}, labels, middles, embedder
        ),
        "npmi": rounded(coherence(same_form, documents)),
        "diversity": rounded(diversity(found)),
    }


def first(names: Mapping[int, str], labels: Labels, middles: Vectors, embedder: Embedder) -> float | None:
    """The share of groups that are the nearest of all to their own name; a group without a name is not."""
    if not len(labels):
        return None
    said = [names.get(label, "") for label in labels.tolist()]
    vectors = embedder.embed(said)
    vectors[[not name.strip() for name in said]] = 0.0
    return rounded(own_group_first(vectors, middles))


def rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def spoken(table: Labelled, judged: Labels) -> list[tuple[int, str]]:
    return [(row, table.texts[row]) for row in np.flatnonzero(judged >= 0).tolist()]


def terms(text: str, language: str) -> list[str]:
    """The words of a text and its pairs of neighbours, each in one form, as keywords are compared with them."""
    said = [stem(folded(found.group(), language), language) for found in TOKEN.finditer(text)]
    return [*said, *(f"{one} {other}" for one, other in pairwise(said))]


def in_one_form(term: str, language: str) -> str:
    return " ".join(stem(folded(word, language), language) for word in term.split())
