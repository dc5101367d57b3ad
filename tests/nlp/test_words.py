"""Keywords and labels: what a group is called."""

import numpy as np
import pytest

from app.nlp.embedding import HashingEmbedder
from app.nlp.keywords import keywords
from app.nlp.labels import MOST_WORDS, candidates, label_groups
from app.nlp.tokens import terms, tokens

TEXTS = [
    "The buses to the hospital should be electric",
    "Electric buses for every line, and more of them",
    "We want electric buses on the hill",
    "Los buses eléctricos no llegan al hospital",
    "Clean water for the oasis of Calama",
    "The water of the oasis is drying up because the mines take the water",
    "Leave water for the oasis",
    "El agua del oasis es para los agricultores",
]
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1])
LANGUAGES = ["en", "en", "en", "es"] * 2
VECTORS = HashingEmbedder().embed(TEXTS)


def test_keywords_tell_the_groups_apart_without_stop_words() -> None:
    found = keywords(TEXTS, VECTORS, LABELS, LANGUAGES)

    assert "buses" in " ".join(found[0])
    assert "oasis" in " ".join(found[1])
    assert not {"the", "los", "para", "for"} & {word for words in found.values() for word in words}
    assert all(1 <= len(words) <= 5 for words in found.values())


def test_no_keyword_repeats_the_stem_of_a_better_one() -> None:
    texts = ["panel panels paneling shade", "panels panel roof shade", "water"]

    found = keywords(texts, HashingEmbedder().embed(texts), np.array([0, 0, 1]), ["en"] * 3, count=8)

    assert sum(word.startswith("panel") for word in found[0]) == 1


def test_a_group_of_stop_words_has_no_keywords() -> None:
    assert keywords(
        ["the and of", "of the"], np.eye(2, dtype=np.float32), np.array([0, 0]), ["en", "en"]
    ) == {0: ()}


def test_chinese_is_read_in_pairs_of_characters() -> None:
    assert terms("計程車司機", "zh") == ["計程", "程車", "車司", "司機"]


def test_french_elisions_and_english_possessives_are_folded() -> None:
    assert [token.word for token in tokens("L'eau d’hier", "fr")] == ["eau", "hier"]
    assert [token.word for token in tokens("the city's water", "en")] == ["the", "city", "water"]


def test_a_label_is_a_quotation_of_at_most_twelve_words() -> None:
    found = label_groups(TEXTS, VECTORS, LABELS, LANGUAGES, keywords(TEXTS, VECTORS, LABELS, LANGUAGES))

    for label in found.values():
        assert label.text in TEXTS[label.row]
        assert 0 < len(label.text.split()) <= MOST_WORDS
    assert "electric" in found[0].text.lower()
    assert "oasis" in found[1].text.lower()


def test_two_groups_have_two_names() -> None:
    texts = ["Clean water for all", "Clean water for all"]

    found = label_groups(texts, np.eye(2, dtype=np.float32), np.array([0, 1]), ["en", "en"], {})

    assert found[0].text == "Clean water for all"
    assert found[1].text != "" or found[1].row == -1


@pytest.mark.parametrize(
    "text",
    [
        "Call me on +56 9 1234 5678 about the water",
        "Write to ana@example.org about the water",
        "See https://example.org/water for the plan",
        "Ask @ana_tapia about the water",
    ],
)
def test_no_name_points_to_a_person(text: str) -> None:
    assert candidates(text, 0, "en") == []
    assert label_groups([text], np.eye(1, dtype=np.float32), np.array([0]), ["en"], {})[0].text == ""


def test_a_long_text_is_quoted_by_its_title_or_a_clause() -> None:
    body = "We have said this for many years and nobody has listened to us, the old river is dying, and so it goes on"

    titled = [one.text for one in candidates(f"Save our river\n{body}", 0, "en")]
    plain = [one.text for one in candidates(body, 0, "en")]

    assert titled[0] == "Save our river"
    assert "the old river is dying" in plain
    assert all(len(one.split()) <= MOST_WORDS for one in [*titled, *plain])
