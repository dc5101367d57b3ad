"""Which group of a run is which group of before: numbers, cores, and groups that have nobody left."""

from uuid import uuid4

import numpy as np

from app.bench.grouping_scores import pairs_changed
from app.demo import content
from app.models.cluster import Cluster
from app.nlp import HashingEmbedder, Previous, group
from app.rules.words import ClusterLevel, ClusterState
from app.services.groupings_identity import judged_rules, known
from app.services.groupings_material import Standing

WEIGHTS = np.ones(6, dtype=np.float32)


def cluster(**changes: object) -> Cluster:
    facts = {
        "grouping_id": uuid4(),
        "call_id": uuid4(),
        "level": ClusterLevel.MISSION,
        "label": "x",
        **changes,
    }
    return Cluster(**facts)


def labels(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_a_group_found_again_keeps_its_identity() -> None:
    clusters = [cluster(), cluster()]

    found = known(clusters, labels(0, 0, 0, 1, 1, 1), WEIGHTS, labels(0, 0, 0, 1, 1, 2))

    assert (found.keys[0], found.keys[1]) == (clusters[0].key, clusters[1].key)
    assert found.keys[2] not in {clusters[0].key, clusters[1].key}


def test_a_judged_group_goes_where_its_core_went() -> None:
    clusters = [cluster(state=ClusterState.CONFIRMED), cluster()]

    found = known(clusters, labels(0, 0, 0, 1, 1, 1), WEIGHTS, labels(5, 5, 5, 1, 1, 1))

    assert found.keys[5] == clusters[0].key
    assert found.lost == ()


def test_two_judged_groups_never_share_one_identity() -> None:
    clusters = [cluster(state=ClusterState.CONFIRMED), cluster(state=ClusterState.PROMOTED)]

    found = known(clusters, labels(0, 0, 0, 1, 1, 1), WEIGHTS, labels(0, 0, 0, 0, 0, 0))

    assert found.keys[0] == clusters[0].key
    assert found.lost == (clusters[1],)


def test_a_new_group_never_takes_the_place_of_an_empty_judged_one() -> None:
    clusters = [cluster(), cluster(state=ClusterState.CONFIRMED)]

    found = known(clusters, labels(0, 0, 0, -1, -1, -1), WEIGHTS, labels(0, 0, 0, 1, 1, 1))

    assert found.keys[1] != clusters[1].key
    assert found.lost == (clusters[1],)


def test_an_unjudged_group_may_go() -> None:
    clusters = [cluster(), cluster()]

    found = known(clusters, labels(0, 0, 0, 1, 1, 1), WEIGHTS, labels(0, 0, 0, 0, 0, 0))

    assert found.lost == ()


def test_judging_every_group_moves_hardly_a_voice_of_any() -> None:
    texts = [f"{row['title']}. {row['text']}" for row in content.voices("solar")]
    vectors = HashingEmbedder().embed(texts)
    first = group(texts, vectors)
    before = Previous(first.missions, first.projects, first.resolutions, first.breadths)
    sides = ((first.missions, ClusterLevel.MISSION), (first.projects, ClusterLevel.PROJECT))
    missions, projects = (
        tuple(cluster(level=level, state=ClusterState.CONFIRMED) for _label in range(labels.max() + 1))
        for labels, level in sides
    )
    standing = Standing(None, missions, projects, first.missions, first.projects, weights=first.weight)

    again = group(texts, vectors, previous=before, corrections=judged_rules(standing))

    assert len(projects) > 20
    assert pairs_changed(first.missions, again.missions) < 0.15
    assert known(projects, first.projects, first.weight, again.projects).lost == ()
