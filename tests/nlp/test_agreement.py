import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from app.nlp.agreement import adjusted_rand


@pytest.mark.parametrize("seed", range(20))
def test_agreement_is_what_scikit_learn_says(seed: int) -> None:
    random = np.random.default_rng(seed)
    one = random.integers(-1, 3 + 4 * seed, 50 + 100 * seed)
    other = np.where(random.random(len(one)) < seed / 20, one, random.integers(0, 9, len(one)))

    assert adjusted_rand(one, other) == adjusted_rand_score(one, other)


def test_edges() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    alone, together = np.arange(6), np.zeros(6, dtype=np.int64)

    assert adjusted_rand(nobody, nobody) == adjusted_rand(alone[:1], together[:1]) == 1
    assert adjusted_rand(alone, alone + 3) == adjusted_rand(together, together) == 1
    assert adjusted_rand(alone, together) == 0
    with pytest.raises(ValueError, match="6 labels but 5 others"):
        adjusted_rand(alone, together[:5])
