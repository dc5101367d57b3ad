"""Search words: folded alike on both sides, and never an error however hostile the typing."""

import pytest

from app.rules import finding
from app.rules.finding import Query


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("Educación SOLAR-térmica", "educacion solar termica", id="accents, case and hyphens"),
        pytest.param("ﬁne_print", "fine print", id="ligatures and underscores"),
        pytest.param("太陽能", "太陽 陽能 太 陽 能", id="pairs of signs, and each sign"),
        pytest.param("電", "電", id="one sign"),
        pytest.param("ガイド", "ガイ イド ガ イ ド", id="voicing marks stay"),
        pytest.param("한국", "한국 한 국", id="Korean syllables stay whole"),
        pytest.param("x" * 61, "", id="an endless word is not searched for"),
        pytest.param("<script>", "script", id="signs fall away"),
    ],
)
def test_what_is_kept_of_a_text(text: str, kept: str) -> None:
    assert finding.folded(text) == kept


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        pytest.param("sol -viento", Query("sol", "viento"), id="a word that must not be there"),
        pytest.param('"energía solar" agua', Query('"energia solar" agua'), id="an exact phrase"),
        pytest.param('-"a b" c', Query("c", '"a b"'), id="an exact phrase that must not be there"),
        pytest.param("太陽能", Query("太陽 陽能"), id="signs are searched by pairs"),
        pytest.param("'); DROP & | ! :* <->", Query("drop"), id="the syntax of the database is only signs"),
        pytest.param('"', Query(""), id="a lone quotation mark"),
        pytest.param("--- -", Query(""), id="only minus signs"),
        pytest.param("a\x00b \ud800", Query("a b"), id="what cannot be stored"),
    ],
)
def test_what_a_query_asks_for(typed: str, query: Query) -> None:
    assert finding.read(typed) == query


def test_each_language_of_a_call_is_asked_once() -> None:
    assert finding.configurations(("es", "fr", "xx")) == ["english", "spanish", "simple", "french"]
