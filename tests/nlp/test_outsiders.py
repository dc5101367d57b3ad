"""Who is left out: not a small group that as many people stand behind as behind the others."""

import numpy as np
import pytest

from app.nlp.constraints import Constraints
from app.nlp.outsiders import Sorting, sort_out
from app.nlp.scale import scale_of
from tests.nlp.sets import blobs


@pytest.mark.parametrize(
    ("backing", "stays"),
    [
        ([0] * 3, False),
        ([20] * 3, True),
        ([5] * 3, False),  # fewer people than behind the middle one of the others
    ],
)
def test_a_small_group_that_many_support_is_not_hidden_by_its_size(backing: list[int], stays: bool) -> None:
    _texts, vectors, truth = blobs(9, 50, noise=0.8)
    rows = np.append(np.flatnonzero(truth < 8), np.flatnonzero(truth == 8)[:3])
    vectors, missions, nodes = vectors[rows], truth[rows], np.arange(len(rows))
    scale = scale_of(vectors, np.ones(len(rows), dtype=np.int64), vectors)
    nobody, projects = np.zeros(len(rows), dtype=bool), np.full(len(rows), -1)

    sorting = Sorting.start(
        vectors, nodes, missions, projects, None, nobody, scale, backing=[0] * 400 + backing
    )
    sort_out(sorting, Constraints((), vectors))

    assert scale.least > 3
    assert (sorting.missions[:400] == missions[:400]).all()
    assert (sorting.missions[400:] == 8).all() == stays


@pytest.mark.parametrize("texts", [1, 3])
def test_one_author_is_no_group_whoever_supports_it(texts: int) -> None:
    _texts, vectors, truth = blobs(9, 50, noise=0.8)
    rows = np.append(np.flatnonzero(truth < 8), np.flatnonzero(truth == 8)[:texts])
    vectors, missions, nodes = vectors[rows], truth[rows], np.arange(len(rows))
    scale = scale_of(vectors, np.ones(len(rows), dtype=np.int64), vectors)
    nobody, projects = np.zeros(len(rows), dtype=bool), np.full(len(rows), -1)

    sorting = Sorting.start(
        vectors,
        nodes,
        missions,
        projects,
        [*range(400), *[400] * texts],
        nobody,
        scale,
        backing=[0] * 400 + [900] * texts,
    )
    sort_out(sorting, Constraints((), vectors))

    assert (sorting.missions[400:] != 8).all()
