import numpy as np
import pytest

from app.nlp import HashingEmbedder, embed, explain, run
from app.nlp.corrections import Level
from tests.nlp.sets import blobs


def test_everything_a_page_shows_is_there() -> None:
    texts, vectors, _ = blobs(10, 25, noise=0.9)
    authors = [row // 2 for row in range(250)]
    seen: list[tuple[str, float]] = []

    result = run(
        texts,
        vectors,
        languages=["en"] * 250,
        authors=authors,
        model="m",
        random_state=3,
        progress=lambda *one: seen.append(one),
    )

    assert {cluster.label for cluster in result.missions} == set(result.partition.missions.tolist()) - {-1}
    for cluster in (*result.missions, *result.projects):
        assert cluster.size == len(cluster.rows) > 0
        assert 0 < cluster.share_of_authors <= 1
        assert set(cluster.representatives) <= set(cluster.rows.tolist())
        assert cluster.languages == {"en": cluster.size}
        assert (cluster.parent is None) == (cluster.level is Level.MISSION)
        assert cluster.title.text
    assert result.points.shape == (250, 2)
    assert (result.model, result.seed) == ("m", 3)
    assert [stage for stage, _ in seen] == [
        "languages",
        "grouping",
        "words",
        "representatives",
        "map",
        "done",
    ]
    assert [share for _, share in seen] == sorted(share for _, share in seen)
    assert set(result.seconds) == {"languages", "grouping", "words", "representatives", "map"}


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_handful_of_texts_gives_a_defined_result(count: int) -> None:
    texts = ["cats", "high taxes", "blue moon", "my old bicycle", "volcano"][:count]

    result = explain(texts, HashingEmbedder())

    assert result.missions == ()
    assert len(result.partition.reasons) == count


def test_people_who_agree_are_one_group_with_their_words_as_its_name() -> None:
    result = explain(["Clean water for every house"] * 6, HashingEmbedder())

    assert [cluster.title.text for cluster in result.missions] == ["Clean water for every house"]
    assert result.model == "hashing-384"


def test_texts_can_be_embedded_alone() -> None:
    assert np.allclose(np.linalg.norm(embed(["a", ""], HashingEmbedder()), axis=1), 1)
