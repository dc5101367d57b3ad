"""Keywords and labels: what a group is called."""

import numpy as np
import pytest

from app.nlp.embedding import HashingEmbedder
from app.nlp.keywords import keywords
from app.nlp.labels import label_groups
from app.nlp.passages import MOST_WORDS, candidates
from app.nlp.phrases import phrases
from app.nlp.stopwords import STOP_CHARACTERS
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


def test_one_chinese_text_is_read_in_pairs_of_characters_that_cross_no_stop_word() -> None:
    assert terms("計程車的司機", "zh") == ["計程", "程車", "司機"]
    assert terms("我有一定的需要", "zh") == []


CHINESE = [
    "計程車司機需要職業駕駛執照",
    "車輛顏色應漆成黃色，計程車才容易辨識",
    "我有一定的疑慮，計程車司機都能管理嗎",
    "職業駕駛執照的管理要一定的標準",
    "車輛顏色的規定太舊了",
]


def test_chinese_keywords_are_words_that_several_texts_share_and_no_fragments() -> None:
    found = keywords(
        CHINESE, HashingEmbedder().embed(CHINESE), np.zeros(5, dtype=np.int64), ["zh"] * 5, count=20
    )

    assert set(found[0]) <= {"計程車", "計程車司機", "職業駕駛執照", "車輛顏色", "管理"}
    assert {"計程車", "職業駕駛執照", "車輛顏色", "管理"} <= set(found[0])


def test_japanese_grammar_is_in_no_keyword() -> None:
    texts = ["太陽光パネルを学校の屋根に", "学校の屋根が暑い", "太陽光パネルは高い"]

    found = keywords(texts, HashingEmbedder().embed(texts), np.zeros(3, dtype=np.int64), ["ja"] * 3)

    assert {"太陽光パネル", "屋根", "学校"} >= set(found[0]) != set()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "We have said this for many years and nobody who could have listened has ever come to our valley",
            "en",
        ),
        ("消費者在使用服務的時候應該能夠清楚地了解車輛與駕駛的資料並且得到完整的保險保障與申訴管道", "zh"),
    ],
)
def test_a_passage_that_was_cut_ends_with_a_word_and_three_dots(text: str, language: str) -> None:
    found = [one.text for one in candidates(text, 0, language)]

    assert found
    assert all(one.endswith("…") for one in found)
    for one in found:
        rest = text[text.index(one[:-1]) + len(one) - 1 :]
        assert rest[0] == " " or tokens(rest, language)[0].word in STOP_CHARACTERS


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


def test_with_a_model_a_name_is_preferred_that_ranks_its_own_group_first() -> None:
    texts = [
        "Repair it for small children",
        "Buses for the hospital",
        "Repair it for grown people",
        "Water for the oasis",
        "Shade for the school",
    ]
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 1, 1, 2]] + 0.01
    asked: list[str] = []

    def embed(said: list[str]) -> np.ndarray:
        """A model to which "repair it" says nothing about its own group."""
        asked.extend(said)
        place = {"Buses": 0, "Water": 1, "Shade": 2}
        return np.eye(3, dtype=np.float32)[[place.get(one.split()[0], 2) for one in said]]

    words = {0: ("repair",), 1: ("repair",), 2: ("shade",)}
    plain = label_groups(texts, vectors, np.array([0, 0, 1, 1, 2]), ["en"] * 5, words)
    tried = label_groups(texts, vectors, np.array([0, 0, 1, 1, 2]), ["en"] * 5, words, embed=embed)

    assert [plain[at].text for at in range(2)] == [
        "Repair it for small children",
        "Repair it for grown people",
    ]
    assert [tried[at].text for at in range(3)] == [
        "Buses for the hospital",
        "Water for the oasis",
        "Shade for the school",
    ]
    assert len(asked) == len(set(asked))


def test_a_phrase_of_several_texts_names_a_group_only_where_no_quotation_finds_it() -> None:
    texts = [
        *(
            f"Somebody should think about night buses and {one} soon enough"
            for one in ("prices", "drivers", "stops", "roads")
        ),
        *(f"The river is {one} today and always" for one in ("dirty", "low", "brown", "dry")),
        *(f"We ask for lamps near the {one} of town" for one in ("park", "gate", "edge", "hill")),
    ]
    labels = np.repeat([0, 1, 2], 4)
    vectors = np.eye(3, dtype=np.float32)[labels]

    def embed(said: list[str]) -> np.ndarray:
        """A model that understands night buses only when nothing else is said."""
        return np.array(
            [
                [1, 0, 0] if one == "Night buses" else [0, 1, 0] if "river" in one else [0, 0, 1]
                for one in said
            ],
            dtype=np.float32,
        )

    words = keywords(texts, vectors, labels, ["en"] * 12)
    found = label_groups(texts, vectors, labels, ["en"] * 12, words, embed=embed)

    assert found[0].text == "Night buses"
    assert found[0].row == -1, "a phrase of several people is nobody's quotation"
    assert found[1].row >= 4
    assert found[2].row >= 8


def test_what_only_two_people_say_is_no_phrase_of_the_group() -> None:
    texts = ["Ana Tapia sings night songs", "Ana Tapia sings day songs", "Music for us"]

    assert phrases(texts, [0, 1, 2], ["en"] * 3, ("ana", "songs"), 5) == []
    sung = [*texts, "Night songs are loud", "night songs and day songs"]
    assert phrases(sung, range(5), ["en"] * 5, ("ana", "songs"), 5) == ["Night songs"]
    assert phrases([*texts, "Ana Tapia sings"], range(4), ["en"] * 4, ("ana", "songs"), 5) == []


@pytest.mark.parametrize(
    ("text", "language", "never"),
    [
        (
            "We really do not want the new dam in the upper valley because the river would be gone for ever",
            "en",
            "new dam",
        ),
        (
            "De verdad no queremos otra mina de cobre en el valle alto porque el agua es de todas las familias",
            "es",
            "mina",
        ),
        ("If private schools were to get a share of it, that would hurt the public schools here", "en", "private"),
        ("Si construyen la represa nueva en el valle, nos quedaremos sin agua para los campos", "es", "construyen"),
    ],
)  # fmt: skip
def test_no_name_says_the_opposite_of_its_voice(text: str, language: str, never: str) -> None:
    assert candidates(text, 0, language)
    assert not [one.text for one in candidates(text, 0, language) if one.text.startswith(never)]
