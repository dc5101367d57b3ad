"""How well goals and sectors are suggested: on held-out sentences of ours, and on a file of anybody's."""

import csv
from pathlib import Path
from typing import Any

from app.nlp import goals
from app.nlp.embedding import Embedder
from app.nlp.goals import Scheme, Sentence
from app.nlp.model_files import model_hash
from app.nlp.topic_quality import Measure, Measured
from app.nlp.topics import NOTHING, Scorer
from app.services import topics_learn

LANGUAGES = {"en": "English", "es": "Spanish"}


def measure(embedder: Embedder, file: Path | None) -> dict[str, Any]:
    """Learn as the application does, then measure; needs no database."""
    scorers = {scheme: topics_learn.learned(scheme, embedder) for scheme in Scheme}
    tests = {
        f"{scheme.value}_{language}": measured(embedder, scorers[scheme], goals.held_out(scheme, language))
        for scheme in Scheme
        for language in LANGUAGES
    }
    facts: dict[str, Any] = {
        "model": embedder.name,
        "model_hash": model_hash(embedder.name),
        "macro_f1": tests["sdg_en"]["macro_f1"],
        "sentences_by": "the makers of CoMission; half of them, chosen by their hash, held out",
        "learned_from": {
            scheme.value: len(topics_learn.sentences_for(scheme, embedder.name)) for scheme in Scheme
        },
        "held_out": tests,
    }
    if file is not None:
        facts["file"] = {"name": file.name, **measured(embedder, scorers[Scheme.SDG], read(file))}
    return facts


def measured(embedder: Embedder, scorer: Scorer, sentences: tuple[Sentence, ...]) -> dict[str, Any]:
    return told(goals.measure(scorer, sentences, embedder.embed([one.text for one in sentences])))


def read(file: Path) -> tuple[Sentence, ...]:
    """Read text and goal of each line; a heading is passed over, "-" is a text about no goal.

    Raises
    ------
    ValueError
        If a line has no goal from 1 to 17, or the file holds none at all.
    """
    known = {str(number) for number in range(1, 18)} | {NOTHING}
    found = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            goal = row[1].strip().removeprefix("SDG").strip().lstrip("0") if len(row) > 1 else ""
            if number == 1 and goal not in known:
                continue
            if goal not in known:
                raise ValueError(f"line {number} of {file.name} has no goal from 1 to 17 after a tab")
            found.append(Sentence(goal, row[0]))
    if not any(one.topic != NOTHING for one in found):
        raise ValueError(f"{file.name} holds no text with a goal")
    return tuple(found)


def told(found: Measured) -> dict[str, Any]:
    return {
        "texts": found.texts,
        "macro_f1": round(found.suggested.f1, 3),
        "macro_precision": round(found.suggested.precision, 3),
        "macro_recall": round(found.suggested.recall, 3),
        "best_topic_macro_f1": round(found.best_f1, 3),
        "best_topic_right": round(found.best_right, 3),
        "without_suggestion": round(found.without, 3),
        "astray": round(found.astray, 3),
        "by_topic": {topic: shares(one) for topic, one in found.by_topic.items()},
    }


def shares(one: Measure) -> dict[str, float]:
    return {
        "precision": round(one.precision, 3),
        "recall": round(one.recall, 3),
        "f1": round(one.f1, 3),
        "texts": one.texts,
    }


def table(facts: dict[str, Any]) -> str:
    """Print the same facts as Markdown, for bench/README.md."""
    lines = [
        f"Model {facts['model']} ({facts['model_hash'][:12]}). Sentences by {facts['sentences_by']}.",
        "",
        (
            "| test | texts | macro-F1 of suggestions | precision | recall | best topic: macro-F1 | right | "
            "no suggestion | astray |"
        ),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    every = {name_of(name): one for name, one in facts["held_out"].items()}
    if "file" in facts:
        every[facts["file"]["name"]] = facts["file"]
    columns = (
        "texts", "macro_f1", "macro_precision", "macro_recall", "best_topic_macro_f1", "best_topic_right",
        "without_suggestion", "astray",
    )  # fmt: skip
    lines += [
        f"| {name} | " + " | ".join(str(one[key]) for key in columns) + " |" for name, one in every.items()
    ]
    lines += ["", "| goal | precision | recall | F1 | texts |", "| --- | ---: | ---: | ---: | ---: |"]
    goals_told = (facts.get("file") or facts["held_out"]["sdg_en"])["by_topic"]
    lines += [
        f"| {goal} | {one['precision']} | {one['recall']} | {one['f1']} | {one['texts']} |"
        for goal, one in goals_told.items()
    ]
    return "\n".join(lines)


def name_of(test: str) -> str:
    scheme, _underscore, language = test.partition("_")
    kind = "goals" if scheme == Scheme.SDG else "sectors"
    return f"{kind}, {LANGUAGES[language]}, held out"
