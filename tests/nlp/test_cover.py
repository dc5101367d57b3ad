import numpy as np

from app.nlp.cover import cover, numbered


def test_each_choice_adds_most_to_what_is_covered() -> None:
    likeness = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0.5]], dtype=float)

    assert cover(likeness, np.ones(5), 5) == [0, 2, 3]
    assert cover(likeness, np.ones(5), 1) == [0]
    assert cover(likeness, np.ones(5), 5, least=0.15) == [0, 2]


def test_of_one_author_one_is_chosen_and_copies_weigh_little() -> None:
    likeness = np.eye(4)

    assert cover(likeness, np.ones(4), 4, once=[numbered(["a", "a", "b", "b"])]) == [0, 2]
    assert cover(likeness, np.array([0.1, 0.1, 1, 1]), 2) == [2, 3]


def test_nothing_is_chosen_of_nothing() -> None:
    assert cover(np.zeros((0, 3)), np.ones(3), 5) == []
    assert cover(np.zeros((2, 0)), np.ones(0), 5, least=0.01) == []
