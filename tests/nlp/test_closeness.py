"""What is called the same is the same: counted on the half of our pairs on which nothing was chosen."""

import csv
from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from app.nlp import closeness
from app.nlp.closeness import READ, UNREAD, apart
from app.nlp.embedding import HashingEmbedder, SentenceTransformerEmbedder
from app.nlp.int8 import TEXTS

RELATIONS = ("same", "related", "different")


def pairs() -> list[dict[str, str]]:
    with TEXTS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def is_held_out(pair: dict[str, str]) -> bool:
    return bool(sha256(pair["one"].encode()).digest()[0] & 1)


def test_there_are_pairs_enough_of_each_kind_in_both_halves() -> None:
    counts = Counter((pair["language"], pair["relation"]) for pair in pairs())
    halves = Counter((pair["language"], is_held_out(pair)) for pair in pairs())

    assert all(counts[language, relation] >= 100 for language in ("en", "es") for relation in RELATIONS)
    assert min(halves.values()) >= 140
    assert len({(pair["one"], pair["other"]) for pair in pairs()}) == len(pairs())


@pytest.mark.parametrize(("one", "other", "left", "right"), [
    ("Open the clinic on Saturdays", "Open the post office on Saturdays", "clinic", "post office"),
    ("Educación para niños", "Mas educacion para los niños", "", ""),
    ("Plant trees", "Cut trees", "plant", "cut"),
])  # fmt: skip
def test_what_differs_between_two_texts(one: str, other: str, left: str, right: str) -> None:
    language = "es" if "para" in one else "en"

    assert apart(one, other, language) == (left, right)


def test_alike_in_all_but_what_matters_is_not_the_same() -> None:
    typed, others = (
        "Open the clinic on Palm Road on Saturdays",
        ["Open the harbour on Palm Road on Saturdays", "On Saturdays open the clinic on Palm Road!"],
    )

    found = closeness.same(typed, others, [0.9, 0.95], READ, HashingEmbedder(), "en")

    assert found.tolist() == [False, True]


@pytest.mark.model
@pytest.mark.parametrize(("language", "bar", "least_found"), [("en", READ, 0.55), ("es", UNREAD, 0.06)])
def test_the_same_is_said_of_what_is_the_same(language: str, bar: closeness.Bar, least_found: float) -> None:
    embedder = SentenceTransformerEmbedder()
    mine = [pair for pair in pairs() if pair["language"] == language and is_held_out(pair)]
    ones, others = (embedder.embed([pair[side] for pair in mine]) for side in ("one", "other"))
    cosines = np.einsum("ij,ij->i", ones, others)

    named = [
        bool(closeness.same(pair["one"], [pair["other"]], [cosine], bar, embedder, language)[0])
        for pair, cosine in zip(mine, cosines, strict=True)
    ]

    right = sum(name for pair, name in zip(mine, named, strict=True) if pair["relation"] == "same")
    assert right / sum(named) >= 0.9
    assert right / sum(pair["relation"] == "same" for pair in mine) >= least_found
    if bar.related is not None:
        about = [
            pair["relation"] != "different"
            for pair, cosine in zip(mine, cosines, strict=True)
            if cosine >= bar.related
        ]
        assert sum(about) / len(about) >= 0.9
