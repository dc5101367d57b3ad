import numpy as np
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from app.nlp import group
from app.nlp.bridges import bridged, islands
from app.nlp.vectors import unit
from tests.nlp.sets import blobs


def test_themes_that_never_touch_still_meet_in_few_missions() -> None:
    """Sixty tight themes of six kinds: no theme is among the neighbours of another."""
    random = np.random.default_rng(0)
    kinds = unit(random.standard_normal((6, 384)))
    themes = unit(kinds[np.repeat(np.arange(6), 10)] + unit(random.standard_normal((60, 384))))
    truth = np.repeat(np.arange(60), 40)
    vectors = unit(themes[truth] + 0.3 * unit(random.standard_normal((2400, 384))))
    texts = [f"theme {label} said in words {row}" for row, label in enumerate(truth)]

    found = group(texts, vectors)

    assert 4 <= len(np.unique(found.missions)) <= 25
    assert adjusted_rand_score(truth // 10, found.missions) > 0.5
    assert adjusted_rand_score(truth, found.projects) > 0.95


def test_a_graph_in_few_pieces_stays_as_it_is_and_one_in_many_hangs_together() -> None:
    _, vectors, truth = blobs(30, 4)
    same = (truth[:, None] == truth[None]) & ~np.eye(len(truth), dtype=bool)
    graph = sparse.csr_matrix(same.astype(np.float32))

    whole = bridged(graph, vectors, 25)

    assert bridged(graph, vectors, 30) is graph
    assert islands(graph).max() == 29
    assert islands(whole).max() < 29
    assert abs(whole - whole.T).max() < 1e-6
    assert (whole - graph).min() >= 0
    assert np.all(
        np.asarray((whole - graph).sum(axis=1)).ravel() <= 0.5 * np.asarray(graph.sum(axis=1)).ravel()
    )


def test_a_node_without_ties_stays_alone() -> None:
    graph = sparse.csr_matrix((3, 3), dtype=np.float32)

    assert islands(graph).tolist() == [-1, -1, -1]
    assert bridged(graph, np.eye(3, dtype=np.float32), 0) is graph
