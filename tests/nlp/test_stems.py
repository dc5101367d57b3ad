import numpy as np
import pytest

from app.nlp.embedding import HashingEmbedder
from app.nlp.keywords import keywords, terms_of
from app.nlp.stems import STEMMERS, stem, stemmer
from app.nlp.tokens import spaced_terms


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


WATERS = ["mto", "ziwa", "kisima", "mvua", "bahari", "bwawa", "chemchemi", "mfereji"]


def test_a_language_without_a_list_of_stop_words_tells_its_grammar_by_how_common_it_is() -> None:
    texts = [f"na kwa ya maji ya {one} na shule {at}" for at, one in enumerate(WATERS * 5)]

    found = terms_of(texts, ["sw"] * 40).vocabulary

    assert not {"na", "kwa", "ya"} & {word for term in found for word in term.split()}
    assert {"mto", "ziwa"} <= set(found)
    assert "maji" in terms_of(texts[:10], ["sw"] * 10).vocabulary, "a handful of texts tells no grammar"


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Vogliamo più alberi nelle strade della città", "it", {"alberi", "strade", "città"}),
        ("Wij willen meer bomen in de straten van onze stad", "nl", {"bomen", "straten", "stad"}),
        ("Volem més arbres als carrers de la ciutat", "ca", {"arbres", "carrers", "ciutat"}),
        ("Мы хотим больше деревьев на улицах", "ru", {"больше", "деревьев", "улицах"}),
        ("نريد المزيد من الأشجار في شوارع المدينة", "ar", {"المزيد", "الأشجار", "شوارع", "المدينة"}),
    ],
)  # fmt: skip
def test_words_of_grammar_are_left_out_in_each_language(text: str, language: str, said: set[str]) -> None:
    assert {term for term in spaced_terms(text, language) if " " not in term} == said
