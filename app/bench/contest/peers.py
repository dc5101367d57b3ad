"""Other people's ways to group vectors, each as its authors set it, with a seed so that a run can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from app.bench.contest.job import Found, Job
from app.bench.contest.meter import Meter


def bertopic(job: Job) -> Found:
    """BERTopic by default but seeded, one thread, and then with its outliers reassigned by their vectors."""
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from umap import UMAP

    one, shape = job.material, {"n_neighbors": 15, "n_components": 5, "min_dist": 0.0, "metric": "cosine"}
    trees = {"min_cluster_size": 10, "metric": "euclidean", "cluster_selection_method": "eom"}
    model = BERTopic(
        umap_model=UMAP(**shape, low_memory=False, random_state=job.seed),
        hdbscan_model=HDBSCAN(**trees, prediction_data=True, core_dist_n_jobs=1),
    )
    meters = timed(model, "_reduce_dimensionality", "_cluster_embeddings")
    topics, _ = model.fit_transform(one.texts, embeddings=one.vectors)
    found = Found({"topics": np.asarray(topics, dtype=np.int64)})
    found.extra["clustering"] = {
        key: round(sum(meter[key] for meter in meters), 3) for key in ("cpu_s", "wall_s")
    }
    meter, reduced = Meter(), topics
    if -1 in topics and len(set(topics)) > 1:
        reduced = model.reduce_outliers(one.texts, topics, strategy="embeddings", embeddings=one.vectors)
    found.extra["reduced"] = {"levels": {"topics": [int(topic) for topic in reduced]}, **meter.read()}
    return found


def timed(model: Any, *names: str) -> list[dict[str, float]]:
    """Measure the named steps of a model each time they run."""
    meters: list[dict[str, float]] = []

    def measured(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            meter = Meter()
            try:
                return step(*args, **kwargs)
            finally:
                meters.append(meter.read())

        return run

    for name in names:
        setattr(model, name, measured(getattr(model, name)))
    return meters


def bertopic_words(job: Job) -> Found:
    """BERTopic's words for groups that somebody else found: its own way to describe topics given by hand."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction

    one = job.material
    assert one.labels is not None
    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
    )
    model.fit(one.texts, embeddings=one.vectors, y=one.labels)
    given = dict(zip(model.topics_, one.labels.tolist(), strict=True))  # it numbers topics anew, by size
    words = {
        str(given[topic]): [word for word, _ in found if word] for topic, found in model.get_topics().items()
    }
    return Found(extra={"words": words})


def evoc(job: Job) -> Found:
    """EVoC by default but seeded; each of its layers is a level, one of them its own choice."""
    from evoc import EVoC

    model = EVoC(random_state=job.seed)
    chosen = np.asarray(model.fit_predict(job.material.vectors), dtype=np.int64)
    layers = {
        f"layer {at}": np.asarray(layer, dtype=np.int64) for at, layer in enumerate(model.cluster_layers_)
    }
    own = next((name for name, layer in layers.items() if np.array_equal(layer, chosen)), "layer 0")
    return Found(layers or {own: chosen}, extra={"own_choice": own})


def kmeans(job: Job) -> Found:
    """scikit-learn's k-means by default but seeded, told how many groups there are."""
    from sklearn.cluster import KMeans

    vectors = job.material.vectors
    found = Found()
    for k in job.k:
        model = KMeans(min(k, len(vectors)), random_state=job.seed)
        found.levels[f"k {k}"] = np.asarray(model.fit_predict(vectors), dtype=np.int64)
    return found


def leiden(job: Job) -> Found:
    """Leiden by modularity at resolution 1 on the union of the 15 nearest neighbours by cosine."""
    import igraph
    import leidenalg
    from sklearn.neighbors import NearestNeighbors

    vectors = job.material.vectors
    search = NearestNeighbors(n_neighbors=min(15, len(vectors) - 1), metric="cosine", algorithm="brute")
    graph = search.fit(vectors).kneighbors_graph(mode="distance")
    graph.data = np.maximum(1.0 - graph.data, 1e-6)
    graph = graph.maximum(graph.T).tocoo()
    upper = graph.row < graph.col
    edges = np.stack([graph.row[upper], graph.col[upper]], axis=1).tolist()
    partition = leidenalg.find_partition(
        igraph.Graph(n=len(vectors), edges=edges),
        leidenalg.ModularityVertexPartition,
        weights=graph.data[upper].tolist(),
        seed=job.seed,
    )
    return Found({"communities": np.asarray(partition.membership, dtype=np.int64)})


ACTS: dict[str, dict[str, Callable[[Job], Found]]] = {
    "bertopic": {"group": bertopic, "words": bertopic_words},
    "evoc": {"group": evoc},
    "kmeans": {"group": kmeans},
    "leiden": {"group": leiden},
}
