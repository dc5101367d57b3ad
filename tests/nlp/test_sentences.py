import random
from itertools import pairwise

import pytest

from app.nlp.sentences import sentences


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Dr. Silva said so. It is 3.5 km away, e.g. from Av. Balmaceda. Go to www.x.org. Now!",
            ["Dr. Silva said so.", "It is 3.5 km away, e.g. from Av. Balmaceda.", "Go to www.x.org.", "Now!"],
        ),
        ("J. R. Tolkien wrote… and went on. Really?! Yes", ["J. R. Tolkien wrote… and went on.", "Really?!", "Yes"]),
        ("See no. 5 and art. 12. We said no. Twice.", ["See no. 5 and art. 12.", "We said no.", "Twice."]),
        (
            "¿Por qué no hay agua?¿Quién responde? ¡Basta ya! El Sr. Rojas (EE.UU. 2020) dijo «no».",
            ["¿Por qué no hay agua?", "¿Quién responde?", "¡Basta ya!", "El Sr. Rojas (EE.UU. 2020) dijo «no»."],
        ),
        ("Vivo cerca del mar. Digo que no. Queremos agua.", ["Vivo cerca del mar.", "Digo que no.", "Queremos agua."]),
        ("水很重要。我們需要太陽能！「為什麼？」他問。", ["水很重要。", "我們需要太陽能！", "「為什麼？」", "他問。"]),
        ("हमें पानी चाहिए। सड़क भी।", ["हमें पानी चाहिए।", "सड़क भी।"]),
        ("ما الحل؟ نريد الماء.", ["ما الحل؟", "نريد الماء."]),
        (
            "1. Plant trees\n2. Save water. And more\n- bullets\n\n•  last",
            ["Plant trees", "Save water.", "And more", "bullets", "last"],
        ),
        ("Z. B. am Montag, d.h. morgen. Und dann?", ["Z. B. am Montag, d.h. morgen.", "Und dann?"]),
        ("One\r\ntwo\u2028three", ["One", "two", "three"]),
        ("!!! … --- \n 。", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_split_where_its_sentences_end(text: str, said: list[str]) -> None:
    assert [one.text for one in sentences(text)] == said


def test_every_sentence_stands_in_its_text_as_it_is_quoted() -> None:
    chance = random.Random(3)
    pieces = [
        "Dr",
        ". ",
        "?",
        "¿",
        "水",
        "。",
        "\n",
        "- ",
        "a",
        "B",
        " ",
        "…",
        '"',
        "»",
        "3.5",
        "no. ",
        "\u2028",
        "é",
        "१",
        "।",
    ]

    for _ in range(2000):
        text = "".join(chance.choices(pieces, k=chance.randrange(25)))
        found = sentences(text)

        assert all(text[one.start : one.end] == one.text == one.text.strip() for one in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
        kept = "".join(one.text for one in found)
        assert sum(letter.isalpha() for letter in kept) == sum(letter.isalpha() for letter in text)


def test_a_long_text_without_an_end_takes_no_longer_than_it_is_long() -> None:
    assert len(sentences("word. " * 20_000)) == 1
    assert len(sentences("." * 100_000 + "a")) == 1
