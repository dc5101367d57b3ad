import numpy as np
import pytest

from app.nlp.quality import Cohesion, Separation, cohesion_band, measured, separation_band
from tests.nlp.sets import blobs


def test_tighter_groups_measure_as_tighter() -> None:
    _, tight, truth = blobs(3, 20, noise=0.4)
    _, loose, _ = blobs(3, 20, noise=1.5)

    assert min(measured(tight, truth)[0].values()) > max(measured(loose, truth)[0].values())


def test_a_group_of_one_and_a_group_alone_are_defined() -> None:
    cohesion, separation = measured(np.eye(3, dtype=np.float32), np.array([0, 1, -1]))

    assert cohesion == {0: 1.0, 1: 1.0}
    assert separation == {0: 1.0, 1: 1.0}
    assert measured(np.eye(2, dtype=np.float32), np.array([-1, -1])) == ({}, {})


@pytest.mark.parametrize(
    ("value", "band"), [(0.7, Cohesion.TIGHT), (0.4, Cohesion.MIXED), (0.1, Cohesion.LOOSE)]
)
def test_cohesion_has_bands(value: float, band: Cohesion) -> None:
    assert cohesion_band(value) is band


@pytest.mark.parametrize(
    ("value", "band"), [(0.5, Separation.CLEAR), (0.2, Separation.TOUCHING), (-0.1, Separation.BLURRED)]
)
def test_separation_has_bands(value: float, band: Separation) -> None:
    assert separation_band(value) is band
