"""Whom to ask first: the answers that teach most."""

import numpy as np
import pytest

from app.nlp.telling import most_telling
from app.nlp.vectors import unit


def around(direction: int, count: int, spread: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed + direction)
    middle = np.zeros(16)
    middle[direction] = 1.0
    return unit(middle + spread * rng.normal(size=(count, 16)))


def test_one_of_many_alike_comes_before_an_odd_one_that_is_more_doubtful() -> None:
    vectors = np.vstack([around(0, 8, 0.15), around(5, 1, 0.0)])
    margins = np.array([0.05] * 8 + [0.0], dtype=np.float32)

    chosen = most_telling(vectors, margins, ["a"] * 8 + ["b"], 2)

    assert chosen[0] < 8
    assert chosen[1] == 8


def test_no_two_near_copies_are_asked_about() -> None:
    vectors = np.repeat(around(0, 1, 0.0), 6, axis=0)

    assert most_telling(vectors, np.zeros(6, dtype=np.float32), list("abcdef"), 6) == [0]


def test_the_questions_are_spread_over_groups() -> None:
    vectors = np.vstack([around(0, 30, 0.3), around(1, 5, 0.3), around(2, 5, 0.3)])
    groups = ["large"] * 30 + ["one"] * 5 + ["two"] * 5

    chosen = most_telling(vectors, np.full(40, 0.05, dtype=np.float32), groups, 6)

    assert {groups[row] for row in chosen[:3]} == {"large", "one", "two"}


def test_a_clear_text_is_asked_about_last() -> None:
    vectors = around(0, 4, 0.3)

    chosen = most_telling(vectors, np.array([0.9, 0.0, 0.05, 0.02], dtype=np.float32), list("aaaa"), 4)

    assert chosen[-1] == 0
    assert sorted(chosen) == [0, 1, 2, 3]


def test_the_same_texts_give_the_same_order() -> None:
    vectors, margins = around(3, 50, 0.5), np.random.default_rng(1).random(50).astype(np.float32) / 10
    groups = [row % 4 for row in range(50)]

    assert most_telling(vectors, margins, groups, 20) == most_telling(vectors.copy(), margins, groups, 20)
    assert len(set(most_telling(vectors, margins, groups, 20))) == 20


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_and_one(count: int) -> None:
    assert most_telling(np.zeros((count, 4)), np.zeros(count, dtype=np.float32), [None] * count, 20) == list(
        range(count)
    )
