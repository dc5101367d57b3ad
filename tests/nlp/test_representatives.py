import numpy as np

from app.nlp.representatives import odd_ones, representatives
from app.nlp.vectors import unit
from tests.nlp.sets import blobs

TEXTS, VECTORS, TRUTH = blobs(3, 40)


def test_a_few_central_texts_stand_for_a_group() -> None:
    found = representatives(TEXTS, VECTORS, TRUTH)

    for label, rows in found.items():
        middle = unit(VECTORS[label == TRUTH].mean(axis=0, keepdims=True))[0]
        assert 2 <= len(rows) <= 5
        assert len(set(rows)) == len(rows)
        assert (TRUTH[list(rows)] == label).all()
        assert VECTORS[rows[0]] @ middle >= np.quantile(VECTORS[label == TRUTH] @ middle, 0.9)


def test_no_author_stands_twice() -> None:
    authors = [row % 3 for row in range(120)]

    for rows in representatives(TEXTS, VECTORS, TRUTH, authors=authors).values():
        assert len({authors[row] for row in rows}) == len(rows)


def test_copies_stand_once() -> None:
    vectors = np.concatenate([VECTORS, np.repeat(VECTORS[:1], 50, axis=0)])
    truth = np.append(TRUTH, np.full(50, TRUTH[0]))

    rows = representatives([*TEXTS, *["copy of a text that was sent before"] * 50], vectors, truth)[
        int(TRUTH[0])
    ]

    assert sum(row >= 120 or row == 0 for row in rows) <= 1


def test_the_odd_ones_are_the_farthest_and_few() -> None:
    found = odd_ones(VECTORS, TRUTH)

    for label, rows in found.items():
        middle = unit(VECTORS[label == TRUTH].mean(axis=0, keepdims=True))[0]
        assert len(rows) == 3
        assert VECTORS[rows[0]] @ middle <= (VECTORS[label == TRUTH] @ middle).min() + 1e-5
    assert odd_ones(VECTORS[:4], np.zeros(4, dtype=np.int64)) == {0: ()}


def test_a_short_letter_with_one_word_changed_stands_once() -> None:
    """A few words are no family by themselves; five hundred accounts still speak once."""
    honest = [
        "Solar roofs for every school of the upper town",
        "We want the panels to be built by people from here",
        "Batteries so that the clinic has light at night",
        "Cheaper electricity for families near the solar fields",
    ]
    spoken = ["window", "coffee", "engine", "planet", "basket", "doctor", "violin", "summer"]
    letters = [
        f"Stop solar panels now, {spoken[at % 8]}{'abcdefghijklmnop'[at // 8 % 16]}" for at in range(128)
    ]
    texts = [*letters, *honest]
    chance = np.random.default_rng(5)
    vectors = unit(np.eye(24)[0] + 0.08 * chance.normal(size=(len(texts), 24))).astype(np.float32)

    rows = representatives(
        texts,
        vectors,
        np.zeros(len(texts), dtype=np.int64),
        authors=range(len(texts)),
        languages=["en"] * len(texts),
    )[0]

    assert sum(row < len(letters) for row in rows) <= 1
    assert len(rows) == 5


def test_where_all_say_it_in_the_same_few_words_two_stand_for_them() -> None:
    texts = [f"Stop solar panels now, {letter}{letter}{letter}" for letter in "abcdefghijklmnop"]
    chance = np.random.default_rng(5)
    vectors = unit(np.eye(24)[0] + 0.15 * chance.normal(size=(16, 24))).astype(np.float32)

    assert len(representatives(texts, vectors, np.zeros(16, dtype=np.int64), languages=["en"] * 16)[0]) == 2


def test_what_stands_for_a_group_is_never_told_to_stand_against_it() -> None:
    far = odd_ones(VECTORS, TRUTH)[0]

    found = odd_ones(VECTORS, TRUTH, standing={0: far[:1]})[0]

    assert far[0] not in found
    assert found[: len(far) - 1] == far[1:]
    assert len(found) == len(far)
