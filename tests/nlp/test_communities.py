import numpy as np
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from app.nlp.communities import communities, contracted, ladder, reweighted, silhouette, smoothed
from app.nlp.neighbours import nearest, shared_neighbour_graph
from tests.nlp.sets import blobs

_, VECTORS, TRUTH = blobs(5, 40)
GRAPH = shared_neighbour_graph(nearest(VECTORS, 12))


def test_communities_are_the_groups_that_are_there() -> None:
    assert adjusted_rand_score(TRUTH, communities(GRAPH, 1.0)) > 0.95


def test_a_text_without_ties_is_alone() -> None:
    assert communities(sparse.csr_matrix((3, 3), dtype=np.float32), 1.0).tolist() == [0, 1, 2]


def test_melting_nodes_keeps_every_weight() -> None:
    melted = contracted(GRAPH, TRUTH)

    assert melted.shape == (5, 5)
    assert np.isclose(melted.sum(), GRAPH.sum(), rtol=1e-5)


def test_random_weights_are_the_same_both_ways() -> None:
    shaken = reweighted(GRAPH, np.random.default_rng(0))

    assert abs(shaken - shaken.T).max() == 0
    assert shaken.nnz == GRAPH.nnz


def test_the_ladder_climbs_from_coarse_to_fine_and_scores_the_truth_high() -> None:
    steps = ladder(GRAPH, smoothed(VECTORS, GRAPH), np.ones(200, dtype=np.int64), least=2, random_state=0)

    best = max(steps, key=lambda step: step.rung.score if step.rung.groups > 1 else -1)
    assert best.rung.groups == 5
    assert best.rung.stability > 0.95
    assert all(0 <= step.rung.stability <= 1 and -1 <= step.rung.silhouette <= 1 for step in steps)
    assert [step.rung.resolution for step in steps] == sorted(step.rung.resolution for step in steps)


def test_a_silhouette_needs_two_groups() -> None:
    assert silhouette(VECTORS, np.zeros(200, dtype=np.int64)) == 0
    assert silhouette(VECTORS, TRUTH) > 0.5
