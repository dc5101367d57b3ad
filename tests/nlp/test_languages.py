import numpy as np
import pytest

from app.nlp.languages import centre_by_language, detect
from app.nlp.neighbours import nearest
from app.nlp.stopwords import stop_words
from app.nlp.vectors import unit
from tests.nlp.sets import blobs


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We need cheaper electricity for every house in the region", "en"),
        ("La cuenta de la luz es demasiado cara para mi familia", "es"),
        ("más agua para el pueblo", "es"),
        ("more water for the town", "en"),
        ("A conta de luz está muito cara e não temos dinheiro", "pt"),
        ("Uber的出現因服務內容明確、平台簡潔", "zh"),
    ],
)
def test_a_language_is_found_even_in_a_few_words(text: str, code: str) -> None:
    found, confidence = detect(text, ["en", "es", "pt", "zh"])

    assert found == code
    assert 0.3 < confidence <= 1


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀😀"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert detect(text, ["en", "es"]) == ("und", 0.0)


def test_only_the_languages_asked_for_are_found() -> None:
    assert detect("La cuenta de la luz es muy cara", ["en", "fr"])[0] in {"en", "fr"}
    assert detect("La cuenta de la luz es demasiado cara", ["xx"])[0] == "es"
    assert detect("La cuenta de la luz es demasiado cara", None)[0] == "es"


@pytest.mark.parametrize(
    ("text", "likely", "code"),
    [
        ("Taxis are too expensive for most of us", ["zh"], "en"),
        ("Los taxis deben pagar impuestos", ["zh"], "es"),
        ("Les taxis sont trop chers pour tout le monde", ["en", "es"], "fr"),
        ("Los taxis son caros", ["en"], "es"),
        ("要有完善的機制", ["zh"], "zh"),
        ("Uber app", ["zh"], "zh"),
        ("Uber app", ["en"], "en"),
    ],
)
def test_expected_languages_decide_only_where_a_text_is_too_short_to_tell(
    text: str, likely: list[str], code: str
) -> None:
    assert detect(text, likely=likely)[0] == code


def test_stop_words_are_the_language_s_own() -> None:
    assert "the" in stop_words("en")
    assert "porque" in stop_words("es-CL")
    assert all(len(stop_words(code)) > 50 for code in ("en", "es", "fr", "pt", "de", "zh"))
    assert stop_words("und") == frozenset()


def test_a_language_no_longer_decides_who_is_near_whom() -> None:
    _, vectors, truth = blobs(6, 30)
    languages = np.where(np.arange(180) % 5 == 0, "es", "en")
    corner = unit(np.random.default_rng(4).standard_normal((1, 384)))
    vectors = unit(vectors + np.where(languages == "es", 1.5, 0)[:, None] * corner)
    spanish = languages == "es"

    centred = centre_by_language(vectors, languages.tolist())

    before = languages[nearest(vectors, 1).rows[spanish, 0]] == "es"
    after = languages[nearest(centred, 1).rows[spanish, 0]] == "es"
    assert before.mean() == 1.0
    assert after.mean() < 0.5
    assert (truth[nearest(centred, 1).rows[:, 0]] == truth).mean() > 0.9


def test_centring_leaves_a_handful_of_texts_alone() -> None:
    vectors = unit(np.random.default_rng(1).standard_normal((6, 16)))

    assert np.allclose(centre_by_language(vectors, ["en"] * 6), vectors, atol=1e-6)
    assert np.allclose(centre_by_language(vectors, ["en"] * 3 + ["es"] * 3), vectors, atol=1e-6)
    assert centre_by_language(np.zeros((0, 16), dtype=np.float32), []).shape == (0, 16)


def test_one_language_for_each_text_is_needed() -> None:
    with pytest.raises(ValueError, match="2 vectors but 1 languages"):
        centre_by_language(np.eye(2, dtype=np.float32), ["en"])
