import math

import numpy as np
import pytest

from app.nlp.label_quality import coherence, diversity, own_group_first


def test_a_name_counts_when_its_own_group_is_nearer_than_any_other() -> None:
    middles = np.eye(3, dtype=np.float32)
    names = np.array([[1, 0.2, 0], [0.6, 0.5, 0], [0, 0, 0]], dtype=np.float32)

    assert own_group_first(middles, middles) == 1.0
    assert own_group_first(names, middles) == pytest.approx(1 / 3)
    assert own_group_first(np.ones((2, 2), dtype=np.float32), np.ones((2, 2), dtype=np.float32)) == 0.0
    assert math.isnan(own_group_first(middles[:0], middles[:0]))
    with pytest.raises(ValueError, match="shape"):
        own_group_first(names, middles[:2])


def test_words_that_always_stand_together_cohere_and_words_that_never_do_not() -> None:
    documents = [["sun", "panel"], ["sun", "panel"], ["water"], ["river"]]

    assert coherence({0: ("sun", "panel")}, documents) == pytest.approx(1.0)
    assert coherence({0: ("water", "river")}, documents) == -1.0
    assert coherence({0: ("sun", "panel"), 1: ("water", "river")}, documents) == pytest.approx(0.0)
    assert coherence({0: ("sun", "sand")}, documents) == -1.0
    assert coherence({0: ("a", "b")}, [["a", "b"]]) == 1.0
    assert math.isnan(coherence({0: ("alone",)}, documents))


def test_words_by_chance_cohere_at_zero() -> None:
    documents = [["a", "b"], ["a"], ["b"], []]

    assert coherence({0: ("a", "b")}, documents) == pytest.approx(0.0)


def test_groups_with_the_same_words_are_not_diverse() -> None:
    assert diversity({0: ("a", "b"), 1: ("a", "c")}) == 0.75
    assert diversity({0: ("a",) * 1, 1: ("b",)}) == 1.0
    assert math.isnan(diversity({}))
