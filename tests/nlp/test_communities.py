import numpy as np
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from app.nlp.communities import communities, contracted, majority, reweighted
from app.nlp.ladders import blocks_of, descent, ladder, silhouette
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
    blocks = blocks_of(GRAPH, VECTORS, np.ones(200, dtype=np.int64))

    steps = ladder(GRAPH, blocks, least=2, random_state=0)

    best = max(steps, key=lambda step: step.rung.score if step.rung.groups > 1 else -1)
    assert best.rung.groups == 5
    assert best.rung.stability > 0.95
    assert adjusted_rand_score(TRUTH, best.labels) > 0.95
    assert all(0 <= step.rung.stability <= 1 and -1 <= step.rung.silhouette <= 1 for step in steps)
    assert [step.rung.resolution for step in steps] == sorted(step.rung.resolution for step in steps)


def test_rungs_of_too_few_and_too_many_groups_are_passed_over() -> None:
    blocks = blocks_of(GRAPH, VECTORS, np.ones(200, dtype=np.int64))

    steps = ladder(GRAPH, blocks, least=2, random_state=0, fewest=4, most=8)

    assert {4 <= step.rung.groups <= 8 for step in steps} == {True}
    assert len(ladder(GRAPH, blocks, least=2, random_state=0, fewest=500)) == 1


def test_each_rung_is_made_of_whole_communities_of_a_finer_one() -> None:
    found = descent(GRAPH, [0.1, 0.3, 1.0, 3.0, 10.0])

    assert len(found) == 5
    for coarse, fine in zip(found, found[3:], strict=False):
        assert len({(int(a), int(b)) for a, b in zip(coarse, fine, strict=True)}) == len(set(fine.tolist()))


def test_a_silhouette_needs_two_groups_and_counts_the_left_out_as_nothing() -> None:
    blocks = blocks_of(GRAPH, VECTORS, np.ones(200, dtype=np.int64))
    truth = np.array(
        [np.bincount(TRUTH[blocks.member == block]).argmax() for block in range(len(blocks.sizes))]
    )

    assert silhouette(blocks, np.zeros(len(blocks.sizes), dtype=np.int64)) == 0
    assert silhouette(blocks, truth) > 0.5
    assert silhouette(blocks, np.where(truth == 0, -1, truth)) < silhouette(blocks, truth)


def test_blocks_go_where_most_of_their_texts_are() -> None:
    labels, blocks, sizes = np.array([4, 7, 7, 2]), np.array([0, 0, 1, 1]), np.array([1, 5, 1, 1])

    assert majority(labels, blocks, sizes).tolist() == [7, 7, 2, 2]
