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
