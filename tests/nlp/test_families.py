"""Near-copies: a campaign counts once, whoever sends it."""

import numpy as np

from app.nlp.embedding import HashingEmbedder
from app.nlp.families import campaigns, families, sizes, weights
from app.nlp.representatives import representatives

LETTER = "The company solar plant in the desert gives work and clean power to all and must be built this year"
EN = ["en"]
FILLING = ["please", "really", "now", "soon", "indeed", "also", "surely"]


def copied(times: int, seed: int = 1) -> list[str]:
    """The letter, each time with two of its words changed."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(times):
        said = LETTER.split()
        for place in chance.choice(len(said), 2, replace=False):
            said[place] = str(chance.choice(FILLING))
        found.append(" ".join(said))
    return found


def test_copies_with_two_words_changed_are_one_family_and_count_once() -> None:
    texts = [*copied(300), "We need shade at the bus stops of the upper town"]

    heads = families(texts, EN * len(texts))

    largest = int(np.bincount(heads[:300]).max())
    assert largest >= 290
    assert heads[300] == 300
    assert weights(heads)[:300].sum() < 12


def test_what_different_people_say_is_no_copy() -> None:
    texts = [
        "More buses to the hospital",
        "More buses to the school",
        "We want more trees in our street because it is hot",
        "We want more lamps in our street because it is dark",
        "Water for the oasis",
        "",
        "...",
    ]

    assert families(texts, EN * 7, HashingEmbedder().embed(texts)).tolist() == list(range(7))


def test_the_same_words_are_one_family_in_any_script_and_whatever_the_signs() -> None:
    texts = ["我們需要水", "我們需要水！", "Agua ya", "AGUA, YA", "Agua"]

    assert families(texts, ["und"] * 5).tolist() == [0, 0, 2, 2, 4]


def test_copies_are_looked_for_within_a_label() -> None:
    texts = ["Water for the oasis of our town"] * 4

    heads = families(texts, EN * 4, labels=np.array([0, 1, 0, -1]))

    assert heads.tolist() == [0, 1, 0, 3]
    assert sizes(heads).tolist() == [2, 1, 2, 1]


def test_campaigns_are_named_with_how_many_they_are_in_each_group() -> None:
    heads = np.array([0] * 8 + [8] + [9] * 5)
    labels = np.array([0] * 6 + [1] * 2 + [0] + [-1] + [1] * 4)

    assert campaigns(heads, labels) == {0: [(0, 6)], 1: []}
    assert campaigns(heads, labels, fewest=2) == {0: [(0, 6)], 1: [(10, 4), (6, 2)]}
    assert campaigns(heads[:0], labels[:0]) == {}


def test_five_thousand_copies_do_not_take_the_representatives_of_five_thousand_people() -> None:
    """Honest voices are about the same thing; the copies come from as many new accounts."""
    chance = np.random.default_rng(4)
    subjects = [
        "panel",
        "roof",
        "school",
        "desert",
        "price",
        "work",
        "battery",
        "cable",
        "night",
        "field",
        "shade",
        "cost",
    ]
    honest = [
        " ".join(["solar", *chance.choice(subjects, 5), f"case{at}", f"street{at % 977}"])
        for at in range(5000)
    ]
    texts = [*copied(5000), *honest]
    vectors = HashingEmbedder().embed(texts)
    labels = np.zeros(len(texts), dtype=np.int64)

    heads = families(texts, EN * len(texts), vectors, labels=labels)
    rows = representatives(texts, vectors, labels, authors=list(range(len(texts))), heads=heads)[0]

    assert len(rows) == 5
    assert sum(row < 5000 for row in rows) <= 1
    assert rows[0] >= 5000, "the voice nearest the middle is an honest one"
    told = campaigns(heads, labels)[0]
    assert told[0][0] < 5000
    assert told[0][1] > 4900
