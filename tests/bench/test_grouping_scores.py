"""Scores are counted alike for everybody, and mean what they say."""

import numpy as np
import pytest

from app.bench.grouping_growth import compared
from app.bench.grouping_scores import (
    as_singletons,
    best_of,
    level_scores,
    mean_of,
    numbered,
    pairs_changed,
    with_nearest,
)
from app.bench.grouping_times import exponent, invented
from tests.nlp.sets import blobs


def test_an_ungrouped_text_counts_in_its_nearest_group_and_again_alone() -> None:
    _texts, vectors, truth = blobs(3, 20)
    found = truth.copy()
    found[:6] = -1

    scores = level_scores(found, with_nearest(found, vectors), {"label": truth})

    assert (scores["k"], scores["unassigned"]) == (3, 0.1)
    assert (scores["ari"], scores["ami"], scores["v"]) == (1.0, 1.0, 1.0)
    assert 0 < scores["ari_singletons"] < 1
    assert len(np.unique(as_singletons(found))) == 3 + 6


def test_where_nobody_is_grouped_all_are_one_group() -> None:
    _texts, vectors, truth = blobs(2, 5)
    nobody = np.full(10, -1, dtype=np.int64)

    scores = level_scores(nobody, with_nearest(nobody, vectors), {"label": truth})

    assert (scores["k"], scores["unassigned"], scores["ari"], scores["ari_singletons"]) == (0, 1.0, 0.0, 0.0)


def test_the_better_level_counts_for_each_measure() -> None:
    coarse = {"k": 2, "unassigned": 0.0, "ari": 0.5, "ami": 0.9}
    fine = {"k": 9, "unassigned": 0.2, "ari": 0.7, "ami": 0.8}

    assert best_of({"coarse": coarse, "fine": fine}) == {"k": 9, "unassigned": 0.2, "ari": 0.7, "ami": 0.9}


def test_means_go_into_what_is_inside_and_pass_over_what_is_missing() -> None:
    sets = [{"ari": 0.2, "robust": {"ari": 0.5}, "levels": {"a": {}}}, {"ari": 0.4, "own": 1.0}]

    assert mean_of(sets) == {"ari": 0.3, "robust": {"ari": 0.5}, "own": 1.0}


def test_names_are_numbered() -> None:
    assert numbered(["b", "a", "b"]).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ([0, 0, 1, 1], [5, 5, 2, 2], 0.0),
        ([0, 0, 0, 0], [0, 0, 1, 1], 1 - 2 / 6),
        ([0, 0, 1, 1], [0, 1, 0, 1], 1.0),
        ([0, 1, 2], [0, 1, 2], 0.0),
    ],
)
def test_changed_pairs_are_those_who_kept_company_only_once(
    before: list[int], after: list[int], share: float
) -> None:
    assert pairs_changed(np.array(before), np.array(after)) == pytest.approx(share, abs=1e-4)


def test_growth_looks_at_those_who_were_there_and_at_the_labels_of_all() -> None:
    truth = np.array([0, 0, 1, 1, 0, 1])

    found = compared(np.array([0, 0, 1, 1]), np.array([7, 7, 8, 8, 8, 8]), truth, 4)

    assert (found["pairs_changed"], found["ari_old"], found["ari_before"]) == (0.0, 1.0, 1.0)
    assert 0 < found["ari_after"] < 1


def test_an_exponent_is_the_slope_of_logarithms() -> None:
    assert exponent([(1_000, 1.0), (10_000, 10.0), (100_000, 100.0)]) == 1.0
    assert exponent([(1_000, 1.0), (10_000, 100.0)]) == 2.0


def test_invented_vectors_are_clustered_unit_vectors_and_the_same_again() -> None:
    vectors, texts, projects = invented(600)
    again = invented(600)

    assert np.array_equal(vectors, again[0])
    assert texts == again[1]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near = vectors @ vectors.T
    same = projects[:, None] == projects[None]
    assert near[same & ~np.eye(600, dtype=bool)].mean() > 0.5 > 0.3 > near[~same].mean() > 0.05
