"""A re-run after more voices came: most who stood together still do, in a small call about everything."""

import numpy as np
import pytest

from app.bench.grouping_scores import pairs_changed
from app.demo import content
from app.nlp.embedding import SentenceTransformerEmbedder
from app.nlp.grouping import group
from app.nlp.partition import Partition, Previous

SEEDS = 4


@pytest.mark.model
def test_a_rerun_after_a_fifth_more_voices_keeps_most_of_them_in_company() -> None:
    """From scratch about half the pairs change. The mean of several draws: one of them may hold a true division."""
    rows = content.voices("solar")
    texts = [f"{row['title']}. {row['text']}" if row["title"] else row["text"] for row in rows]
    languages = [row["language"] for row in rows]
    vectors = SentenceTransformerEmbedder().embed(texts)
    old = len(texts) * 5 // 6

    def run(chosen: np.ndarray, previous: Previous | None = None) -> Partition:
        return group(
            [texts[row] for row in chosen],
            vectors[chosen],
            languages=[languages[row] for row in chosen],
            previous=previous,
        )

    changed = []
    for seed in range(SEEDS):
        mixed = np.random.default_rng(seed).permutation(len(texts))
        chosen = np.append(np.sort(mixed[:old]), np.sort(mixed[old:]))
        before = run(chosen[:old])
        after = run(chosen, continued(before, len(texts)))
        changed.append(pairs_changed(before.nearest, after.nearest[:old]))

    assert np.mean(changed) <= 0.2
    assert max(changed) <= 0.3


def continued(before: Partition, count: int) -> Previous:
    new = np.full(count - len(before.missions), -1)
    labels = np.append(before.missions, new), np.append(before.projects, new)
    return Previous(*labels, before.resolutions, before.breadths)
