import numpy as np
import pytest

from app.nlp.placing import place
from tests.nlp.sets import blobs

_, VECTORS, TRUTH = blobs(4, 30)


def test_new_texts_join_the_group_of_their_neighbours() -> None:
    placed = place(VECTORS[:40], VECTORS[40:], TRUTH[40:])

    assert (placed.labels == TRUTH[:40]).mean() > 0.95
    assert (placed.margin > 0.5).mean() > 0.9


def test_a_text_near_nobody_waits() -> None:
    stranger = np.zeros((1, 384), dtype=np.float32)
    stranger[0, 0] = 1

    placed = place(stranger, VECTORS, TRUTH)

    assert (placed.labels[0], placed.nearest[0], placed.margin[0]) == (-1, -1, 0)


def test_a_text_torn_between_two_groups_waits_with_the_nearest_told() -> None:
    middles = [VECTORS[label == TRUTH].mean(axis=0) for label in (0, 1)]
    between = (middles[0] / np.linalg.norm(middles[0]) + middles[1] / np.linalg.norm(middles[1]))[None]

    placed = place(between, VECTORS, TRUTH, least_margin=0.9)

    assert placed.labels[0] == -1
    assert placed.nearest[0] in (0, 1)


def test_nobody_is_placed_where_nothing_is_grouped() -> None:
    assert place(VECTORS[:2], VECTORS[:0], TRUTH[:0]).labels.tolist() == [-1, -1]
    with pytest.raises(ValueError, match="120 texts but 3 labels"):
        place(VECTORS, VECTORS, TRUTH[:3])
