import numpy as np
import pytest

from app.nlp.projection import project
from tests.nlp.sets import blobs


def test_groups_are_islands_that_do_not_overlap() -> None:
    _, vectors, truth = blobs(8, 30)

    points = project(vectors, truth, np.full(240, -1))

    middles = np.stack([points[truth == label].mean(axis=0) for label in range(8)])
    nearest = np.linalg.norm(points[:, None] - middles[None], axis=2).argmin(axis=1)
    assert (nearest == truth).mean() > 0.95
    assert points.dtype == np.float32
    assert np.abs(points).max() == pytest.approx(1, abs=1e-6)


def test_the_map_is_the_same_each_time() -> None:
    _, vectors, truth = blobs(5, 20)
    strays = np.where(np.arange(100) % 9 == 0, -1, truth)

    assert project(vectors, strays, truth).tobytes() == project(vectors, strays, truth).tobytes()


@pytest.mark.parametrize("count", [0, 1, 2, 5])
@pytest.mark.parametrize("label", [-1, 0])
def test_any_number_of_texts_can_be_drawn(count: int, label: int) -> None:
    points = project(np.ones((count, 4), dtype=np.float32) / 2, np.full(count, label), np.full(count, -1))

    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
