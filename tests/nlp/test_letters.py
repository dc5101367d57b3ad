"""Languages of many texts at once: the same as one by one, and fast."""

import time

from app.nlp import letters
from app.nlp.languages import detect, detect_all

SAID = [
    "We want more shade trees in the streets of the upper town",
    "Queremos más árboles que den sombra en las calles de la ciudad",
    "Nous voulons plus d'arbres dans les rues de la ville haute",
    "Wir brauchen mehr Bäume in den Straßen der oberen Stadt",
    "我們需要更多的樹木和公共交通工具",
    "نريد المزيد من الأشجار في شوارع المدينة",
    "Мы хотим больше деревьев на улицах города",
    "Precisamos de mais árvores nas ruas da cidade alta",
]


def test_many_at_once_are_told_as_one_by_one() -> None:
    texts = [f"{one} {number}" for number in range(8) for one in SAID] + ["", "12", "ok", "WE WANT WATER"] * 3

    labels, many = letters.shares(texts, ())
    _, single = letters.shares(texts[:1], ())

    assert len(texts) >= letters.FEW
    assert abs(many[0] - single[0]).max() < 1e-5
    for row in range(0, len(texts), 5):
        alone = dict(letters.identifier(()).rank(texts[row]))
        assert max(abs(many[row, at] - alone[label]) for at, label in enumerate(labels)) < 1e-5


def test_among_a_few_languages_no_other_is_found() -> None:
    labels, likely = letters.shares(SAID * 5, ("es", "en", "xx"))

    assert sorted(labels) == ["en", "es"]
    assert abs(likely.sum(axis=1) - 1).max() < 1e-5


def test_each_text_of_a_mixed_call_has_its_language() -> None:
    texts = SAID * 10 + ["", "  ", "1234"]

    found = detect_all(texts)

    assert found[:8] == ("en", "es", "fr", "de", "zh", "ar", "ru", "pt")
    assert found[80:] == ("und", "und", "und")
    assert [detect(one)[0] for one in SAID] == list(found[:8])


def test_ten_thousand_texts_take_seconds() -> None:
    texts = [f"{SAID[at % 8]} {at}" for at in range(10_000)]
    detect_all(texts[:100])
    began = time.process_time()

    detect_all(texts)

    assert time.process_time() - began < 3.0
