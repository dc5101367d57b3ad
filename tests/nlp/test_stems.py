import numpy as np
import pytest

from app.nlp.embedding import HashingEmbedder
from app.nlp.keywords import keywords, terms_of
from app.nlp.stems import STEMMERS, stem, stemmer


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("panel", "panels", "en"),
        ("árbol", "árboles", "es"),
        ("árbol viejo", "árboles viejos", "es-CL"),
        ("cidade", "cidades", "pt"),
        ("arbre", "arbres", "fr"),
        ("haus", "hauses", "de"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str, language: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert stem("水", "zh") == "水"
    assert stem("maji", "sw") == "maji"
    assert stem("words", "und") == "words"
    assert all(stemmer(code) for code in STEMMERS)


def test_forms_are_counted_together_and_the_commonest_is_shown() -> None:
    texts = ["Los árboles dan sombra", "Más árboles", "Un árbol", "El agua", "Agua limpia"]

    terms = terms_of(texts, ["es"] * 5)
    found = keywords(texts, HashingEmbedder().embed(texts), np.array([0, 0, 0, 1, 1]), ["es"] * 5)

    assert np.asarray(terms.counts.sum(axis=0)).ravel()[terms.vocabulary.index("árboles")] == 3
    assert "árbol" not in terms.vocabulary
    assert found[0][0] == "árboles"
