"""Sentences about the seventeen goals and about sectors, written by us, and which half of them is held out."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from app.nlp.topic_learning import learn
from app.nlp.topic_quality import Measured, measured
from app.nlp.topics import Scorer
from app.nlp.vectors import Vectors

WRITTEN = Path(__file__).parent / "data"
ENGLISH = "en"


class Scheme(StrEnum):
    """What can be suggested; the words are those of the scheme of a term."""

    SDG = "sdg"
    SECTOR = "sector"


COLUMN = {Scheme.SDG: "goal", Scheme.SECTOR: "sector"}


@dataclass(frozen=True)
class Sentence:
    """One sentence and the topic it is about; a description was not written as people would write it."""

    topic: str
    text: str
    language: str = ENGLISH
    is_description: bool = False

    @property
    def is_held_out(self) -> bool:
        """Decided by the sentence itself, so that nobody chooses which half is easy."""
        return not self.is_description and hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def rows(name: str) -> list[dict[str, str]]:
    with (WRITTEN / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def descriptions(scheme: Scheme) -> tuple[Sentence, ...]:
    """What a goal is about, in our own words; sectors are described by the labels of their terms alone."""
    if scheme is not Scheme.SDG:
        return ()
    return tuple(Sentence(row["goal"], row["text"], is_description=True) for row in rows("goals.tsv"))


@cache
def citizens(scheme: Scheme) -> tuple[Sentence, ...]:
    """Sentences as citizens and officials write them: at least twenty a goal in English, five in Spanish."""
    column = COLUMN[scheme]
    return tuple(Sentence(row[column], row["text"], row["language"]) for row in rows("goals_calibration.tsv"))


def learned_from(scheme: Scheme, labels: Iterable[Sentence] = ()) -> tuple[Sentence, ...]:
    """List what a scorer learns from: descriptions, the labels of terms, and the half that is not held out."""
    seen = tuple(one for one in citizens(scheme) if not one.is_held_out)
    return (*descriptions(scheme), *labels, *seen)


def held_out(scheme: Scheme, language: str) -> tuple[Sentence, ...]:
    return tuple(one for one in citizens(scheme) if one.is_held_out and one.language == language)


def learn_from(sentences: Sequence[Sentence], vectors: Vectors) -> Scorer:
    """Learn the scorer of one scheme from sentences and their vectors (one row each)."""
    topics = [one.topic for one in sentences]
    return learn(vectors, topics, [not one.is_description for one in sentences])


def measure(scorer: Scorer, sentences: Sequence[Sentence], vectors: Vectors) -> Measured:
    return measured(scorer, vectors, [one.topic for one in sentences])


def fingerprint(sentences: Sequence[Sentence]) -> str:
    """Name what was learned from, so that a scorer of other sentences is never taken for this one."""
    told = "\n".join(f"{one.topic}\t{one.language}\t{one.text}" for one in sentences)
    return hashlib.sha256(told.encode()).hexdigest()
