"""A group divided by examples."""

import numpy as np
import pytest

from app.nlp.seeds import divided
from tests.nlp.sets import blobs

_TEXTS, VECTORS, KIND = blobs(2, 15, seed=4, noise=0.8)
FIRST, SECOND = np.flatnonzero(KIND == 0), np.flatnonzero(KIND == 1)


def test_every_text_goes_to_the_side_of_the_nearer_examples() -> None:
    sides = divided(VECTORS, FIRST[:2].tolist(), SECOND[:2].tolist())

    assert (sides.leaves == (KIND == 1)).mean() >= 0.9
    assert sides.leaves[SECOND[:2]].all()
    assert not sides.leaves[FIRST[:2]].any()
    assert (sides.lead[[*FIRST[:2], *SECOND[:2]]] == 2).all()


def test_texts_bound_together_stay_on_one_side_and_follow_an_example() -> None:
    torn = [int(FIRST[5]), int(SECOND[5]), int(SECOND[6])]
    with_example = [int(FIRST[7]), int(SECOND[0])]

    sides = divided(VECTORS, FIRST[:2].tolist(), SECOND[:2].tolist(), follows=[torn, with_example])

    assert len(set(sides.leaves[torn].tolist())) == 1
    assert sides.leaves[with_example].all()


def test_a_moved_text_goes_with_most_of_those_it_was_moved_to() -> None:
    row = int(FIRST[5])

    sides = divided(
        VECTORS, FIRST[:2].tolist(), SECOND[:2].tolist(), anchors=[(row, [int(each) for each in SECOND[3:8]])]
    )

    assert sides.leaves[row]


def test_a_text_without_words_stays() -> None:
    vectors = np.vstack([VECTORS, np.zeros((1, VECTORS.shape[1]))])

    assert not divided(vectors, FIRST[:1].tolist(), SECOND[:1].tolist()).leaves[-1]


@pytest.mark.parametrize(("staying", "leaving"), [([], [1]), ([1], []), ([1, 2], [2])])
def test_each_side_needs_examples_of_its_own(staying: list[int], leaving: list[int]) -> None:
    with pytest.raises(ValueError, match="examples"):
        divided(VECTORS, staying, leaving)
