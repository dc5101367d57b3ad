"""Who stands elsewhere today than the run said, and of whom a correction speaks."""

import numpy as np
import pytest

from app.nlp.bundle import Act
from app.nlp.bundle_public import only
from app.nlp.bundle_today import elsewhere
from app.nlp.regroup import regroup
from tests.nlp.test_bundle import Bundle, replace, small_bundle, written


@pytest.mark.parametrize(
    ("then", "now", "moved"),
    [
        pytest.param([0, 0, 1, 1, -1], [7, 7, 3, 3, -1], [], id="other numbers are no change"),
        pytest.param([0, 0, 1, 1], [7, 7, 7, 3], [2], id="one moved"),
        pytest.param([0, 0, 0, 1, 1], [4, 4, 4, 4, 4], [3, 4], id="of two merged the smaller"),
        pytest.param([0, 0, 0, 0, 0], [4, 4, 4, 5, 5], [3, 4], id="of a split those who left"),
        pytest.param([0, 0, -1], [0, -1, 0], [1, 2], id="out, and in"),
        pytest.param([0, 0], [-1, -1], [0, 1], id="a group that is gone"),
        pytest.param([], [], [], id="nobody"),
    ],
)
def test_who_stands_elsewhere(then: list[int], now: list[int], moved: list[int]) -> None:
    found = elsewhere(np.array(then, dtype=np.int64), np.array(now, dtype=np.int64))

    assert np.flatnonzero(found).tolist() == moved


def test_as_many_groups_as_rows_cost_no_table_of_all_pairs() -> None:
    names = np.arange(200_000, dtype=np.int64)

    assert not elsewhere(names, names[::-1].copy()).any()


def corrected(acts: tuple[Act, ...]) -> Bundle:
    """The first two texts of a small set stand with others today."""
    small = small_bundle()
    missions = small.missions.copy()
    missions[:2] = 50
    return replace(small, today=(missions, small.projects), acts=acts)


def test_a_correction_names_those_it_speaks_of_and_not_others() -> None:
    acts = Act("move", ((0,),), "mission"), Act("move", ((1,),), "mission", in_run=True)

    found = regroup(written(corrected(acts)))

    assert found.today is not None
    assert (found.today.acts, found.today.elsewhere, found.today.named) == (1, (2, 0), 1)
    assert found.is_same


def test_one_that_was_taken_back_since_counts_too() -> None:
    acts = (Act("merge", ((0,), (1, 2)), "mission", in_run=True, is_undone=True),)

    found = regroup(written(corrected(acts)))

    assert found.today is not None
    assert (found.today.acts, found.today.named) == (1, 2)


def test_whoever_is_gone_is_not_counted() -> None:
    acts = (Act("move", ((0, 1),), "mission"),)

    found = regroup(written(only(corrected(acts), [at != 0 for at in range(12)])))

    assert found.today is not None
    assert (found.today.acts, found.today.elsewhere[0], found.today.named) == (1, 1, 1)
