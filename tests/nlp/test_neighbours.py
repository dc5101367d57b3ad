import numpy as np
import pytest

from app.nlp import cells
from app.nlp.cells import nearest_in_cells, top
from app.nlp.neighbours import breadth, likened, nearest, nearest_across, shared_neighbour_graph
from app.nlp.vectors import Vectors, unit
from tests.nlp.sets import blobs


def test_the_nearest_are_exact_and_never_oneself() -> None:
    vectors = unit(np.random.default_rng(0).standard_normal((1500, 12)))

    found = nearest(vectors, 7)

    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    assert np.allclose(found.similarity, -np.sort(-scores, axis=1)[:, :7], atol=1e-6)
    assert (found.rows != np.arange(1500)[:, None]).all()


def test_few_texts_have_few_neighbours() -> None:
    assert [breadth(count) for count in (0, 1, 2, 5, 60, 896, 6000, 100_000)] == [0, 0, 1, 3, 7, 15, 33, 60]
    assert [breadth(count, wide=True) for count in (60, 896, 2000, 6000)] == [7, 17, 40, 60]
    assert nearest(np.eye(3, dtype=np.float32), 10).rows.shape == (3, 2)
    assert nearest(np.zeros((0, 4), dtype=np.float32), 3).rows.shape == (0, 0)


def test_the_graph_is_symmetric_and_ties_groups_together() -> None:
    _, vectors, truth = blobs(4, 30)

    graph = shared_neighbour_graph(nearest(vectors, 10))

    assert abs(graph - graph.T).max() == 0
    assert graph.diagonal().max() == 0
    assert 0 < graph.data.min() <= graph.data.max() <= 1
    ties = graph.tocoo()
    assert ties.data[truth[ties.row] == truth[ties.col]].sum() > 0.95 * ties.data.sum()


def test_a_small_language_does_not_keep_to_itself() -> None:
    _, vectors, _ = blobs(4, 30)
    languages = np.where(np.arange(120) % 4 == 0, "es", "en")

    found = nearest_across(vectors, 8, languages)

    spanish = languages == "es"
    assert (languages[found.rows[spanish]] == "es").sum(axis=1).max() <= 2
    assert np.array_equal(found.rows[~spanish], nearest(vectors, 8).rows[~spanish])
    assert (np.diff(found.similarity, axis=1) <= 1e-5).all()


def test_nearly_all_of_the_nearest_are_found_among_many() -> None:
    vectors = crowd()

    found = nearest(vectors, 15)

    asked = np.arange(0, len(vectors), 20)
    scores = vectors[asked] @ vectors.T
    scores[np.arange(len(asked)), asked] = -np.inf
    truth = np.argsort(-scores, axis=1)[:, :15]
    kept = np.mean([np.isin(truth[at], found.rows[row]).mean() for at, row in enumerate(asked)])
    assert kept > 0.95
    assert (found.rows != np.arange(len(vectors))[:, None]).all()
    assert {len(set(row)) for row in found.rows.tolist()} == {15}
    cosines = np.einsum("ij,ikj->ik", vectors, vectors[found.rows])
    assert np.allclose(found.similarity, cosines, atol=1e-5)
    assert (np.diff(found.similarity, axis=1) <= 1e-5).all()


def test_thousands_of_copies_and_texts_without_a_direction_find_others() -> None:
    vectors = crowd()
    vectors[1000:4000] = vectors[0]
    vectors[5000:5100] = 0

    found = nearest(vectors, 15)

    assert np.allclose(found.similarity[1000:4000], 1, atol=1e-5)
    assert (found.rows != np.arange(len(vectors))[:, None]).all()
    assert {len(set(row)) for row in found.rows.tolist()} == {15}
    assert np.isfinite(found.similarity).all()


def test_few_in_sight_are_no_reason_to_find_nobody() -> None:
    vectors = crowd()[:700]

    rows, similarity = nearest_in_cells(vectors, 690)

    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    assert np.allclose(similarity, -np.sort(-scores, axis=1)[:, :690], atol=1e-5)
    assert {len(set(row)) for row in rows.tolist()} == {690}


def test_the_highest_are_found_with_ties_to_the_first() -> None:
    scores = np.array([[0.5, 0.9, 0.5, 0.9, 0.5], [0, -np.inf, 0.25, -np.inf, -np.inf]], dtype=np.float32)

    columns, values = top(scores, 3)

    assert columns.tolist()[0] == [1, 3, 0]
    assert columns.tolist()[1][:2] == [2, 0]
    assert np.allclose(values[0], [0.9, 0.9, 0.5])


def crowd() -> Vectors:
    """Six thousand texts around three hundred themes."""
    random = np.random.default_rng(0)
    themes = random.standard_normal((300, 40))[random.integers(0, 300, 6000)]
    return unit(themes + 0.6 * random.standard_normal((6000, 40)))


def test_among_very_many_cells_a_text_finds_one_that_is_as_near(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = crowd()
    middles = vectors[::12]
    exactly = cells.nearest_middle(vectors, middles)

    monkeypatch.setattr(cells, "MANY_CELLS", 100)
    found = cells.nearest_middle(vectors, middles)

    lost = np.einsum("ij,ij->i", vectors, middles[exactly] - middles[found])
    assert (found == exactly).mean() > 0.85
    assert lost.mean() < 0.02


def test_ties_weigh_how_alike_their_ends_are() -> None:
    vectors = unit(np.random.default_rng(5).standard_normal((40, 8)))
    found = nearest(vectors, 6)
    shared = shared_neighbour_graph(found)

    alike = likened(shared, found)

    likeness = vectors @ vectors.T
    assert (abs(alike - alike.T)).max() < 1e-6
    rows, columns = alike.nonzero()
    assert np.allclose(np.asarray(alike[rows, columns]).ravel(), likeness[rows, columns], atol=1e-5)
    tied = shared.toarray() > 0
    assert ((alike.toarray() > 0) == (tied & (likeness > 0))).all()
