import numpy as np

from app.nlp.alignment import aligned
from app.nlp.names import common_names, without_common_names
from app.nlp.vectors import unit
from tests.nlp.sets import blobs

TEXTS = [
    f"We want {'Antofagasta' if row % 5 == 0 else 'this town'} to have more {theme} in every street"
    for row, theme in enumerate(["shade", "water", "Buses"] * 40)
]


def test_the_town_that_is_asked_about_is_a_name_and_a_theme_is_not() -> None:
    found = common_names([*TEXTS, *["More buses please, buses"] * 10], ["en"] * 130)

    assert list(found) == ["antofagasta"]
    assert found["antofagasta"] == list(range(0, 120, 5))


def test_german_nouns_are_no_names() -> None:
    assert common_names(["Wir wollen mehr Wasser"] * 60, ["de"] * 60) == {}


def test_texts_that_name_the_town_are_no_group_for_that() -> None:
    _, vectors, _ = blobs(4, 30)
    named = np.arange(120) % 5 == 0
    towards = unit(np.random.default_rng(7).standard_normal((1, 384)))
    moved = unit(vectors + named[:, None] * towards)

    found = without_common_names(moved, TEXTS, ["en"] * 120)

    between = moved[named] @ moved[named].T
    assert (found[named] @ found[named].T).mean() < between.mean() - 0.2
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert aligned(TEXTS, moved, None).tobytes() == unit(moved).tobytes()


def test_few_texts_are_left_as_they_are() -> None:
    vectors = np.eye(5, dtype=np.float32)

    assert without_common_names(vectors, ["To Antofagasta"] * 5, ["en"] * 5) is vectors
