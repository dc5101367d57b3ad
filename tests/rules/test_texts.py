import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import texts
from app.rules.texts import COMMENT, NAME, SUBMISSION, Limits, TextRefused
from tests.rules.many import many

ANY = Limits(0, 5_000)
LETTERS = "We need water. "


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("  Más   agua \t para todos  ", "Más agua para todos", id="spaces"),
        pytest.param("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf", id="line ends"),
        pytest.param("a\n\n\n\n\nb", "a\n\nb", id="empty lines"),
        pytest.param("a \n b", "a\nb", id="spaces around a line end"),
        pytest.param("Ma\u0301s", "Más", id="composed"),
        pytest.param("pay \u202eEVIL\u202c now", "pay EVIL now", id="right-to-left override"),
        pytest.param("\u2066a\u2069b\u2067c\u2068d\u202a\u202b\u202d", "abcd", id="isolates and embeddings"),
        pytest.param("\ufeffa\u200bb\u2060c\u00add", "abcd", id="byte order mark, zero-width, soft hyphen"),
        pytest.param("\x1b[31mred\x07\x7f", "[31mred", id="terminal codes"),
        pytest.param("z" + "\u0301\u0302\u0303\u0304\u0305\u0306\u0307" * 9, "ź\u0302\u0303\u0304", id="zalgo"),
        pytest.param("a\u0301\u200d\u0302\u200d\u0303\u200d\u0304\u200d\u0305\u0306", None, id="zalgo over joiners"),
        pytest.param("❤️\u200d🔥 👩\u200d👩\u200d👧", "❤️\u200d🔥 👩\u200d👩\u200d👧", id="joined emoji stay"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian joiners stay"),
        pytest.param("क्ष हिन्दी", "क्ष हिन्दी", id="Hindi stays"),
        pytest.param("a\u200d\u200d\u200d\u200db", "a\u200db", id="a run of joiners"),
        pytest.param("🏴\U000e0067\U000e0062\U000e007f", "🏴", id="tag characters"),
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="HTML is kept, escaped when shown"),
        pytest.param("=HYPERLINK(1)", "=HYPERLINK(1)", id="a formula is kept, and disarmed in exports"),
        pytest.param("{{7*7}} %s %(x)s", "{{7*7}} %s %(x)s", id="template words are words"),
        pytest.param("x" * 5_000, "x" * 5_000, id="one endless word"),
        pytest.param("水が必要です。", "水が必要です。", id="Japanese"),
        pytest.param("", "", id="nothing where nothing is needed"),
    ],
)  # fmt: skip
def test_text_is_kept_as_people_meant_it(raw, kept):
    cleaned = texts.clean(raw, ANY)

    assert cleaned.problem is None
    if kept is not None:
        assert cleaned.text == kept
    assert most_marks(cleaned.text) <= texts.MARKS_AT_MOST


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param("We need\x00water", "cannot be stored", id="NUL"),
        pytest.param("We need \ud800 water", "cannot be stored", id="a lone surrogate"),
        pytest.param("", "write something", id="nothing"),
        pytest.param(" \n\t\u2028 ", "write something", id="only spaces"),
        pytest.param("\u200b" * 50, "write something", id="only zero-width"),
        pytest.param("\u200d \u200e" * 20, "write something", id="only joiners"),
        pytest.param("\u3164" * 20 + "\u2800" * 20, "write something", id="only blank letters"),
        pytest.param("too short", "at least 10 characters and has 9", id="nine characters"),
        pytest.param("a" + " \u200d" * 40, "at least 10 characters and has 1", id="padded with joiners"),
        pytest.param("x" * 5_001, "at most 5000 characters fit and it has 5001", id="one too many"),
        pytest.param("x" * 1_000_000, "at most 5000", id="a megabyte"),
        pytest.param("a" + "\u0301\u0316" * 500_000, "at most 5000", id="a megabyte of zalgo"),
    ],
)
def test_a_refused_text_says_why(raw, reason):
    cleaned = texts.clean(raw, SUBMISSION)

    assert cleaned.problem is not None
    assert reason in cleaned.problem.english
    assert len(cleaned.text) <= 5_001
    assert cleaned.text.encode().decode() == cleaned.text
    assert "\x00" not in cleaned.text


def test_ten_characters_are_enough():
    assert texts.clean("más agua ya", SUBMISSION).problem is None
    assert texts.clean("0123456789", SUBMISSION).problem is None


def test_a_caller_without_a_form_gets_a_refusal():
    assert texts.require_clean(" Gracias ", COMMENT) == "Gracias"
    with pytest.raises(TextRefused, match="cannot be kept: Please write") as refused:
        texts.require_clean("", COMMENT)
    assert refused.value.status == 422


@pytest.mark.parametrize(
    "raw", ["Ana\r\nBcc: all@example.org", "Ana\nBcc: all", "Ana\u2028Bcc", "Ana\x0bBcc", "Ana\x85Bcc"]
)
def test_a_name_never_starts_a_second_line(raw):
    line = texts.clean_line(raw).text

    assert line.splitlines() == [line]
    assert line.startswith("Ana Bcc")


def test_a_name_has_its_own_length():
    assert texts.clean_line("X").problem is not None
    assert texts.clean_line("x" * 101).problem is not None
    assert texts.clean_line("Ñ Ü", NAME).text == "Ñ Ü"


def most_marks(text: str) -> int:
    most = run = 0
    for each in text:
        if unicodedata.category(each) in ("Mn", "Me"):
            run += 1
        elif each not in texts.JOINERS:
            run = 0
        most = max(most, run)
    return most


nasty = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from(
        "\u0301\u0316\u20dd\u200d\u200c\u202e\u2066\ufeff\u200b\n\r\t \u2028\u0958\ufb2c\u1100\u1161\u00ad"
    )
)


@many(500)
@given(nasty)
def test_cleaning_twice_changes_nothing_more(raw):
    once = texts.tidy(raw)

    assert texts.tidy(once) == once


@many(500)
@given(nasty)
def test_what_is_kept_is_normal_and_harmless(raw):
    kept = texts.tidy(raw)

    assert unicodedata.is_normalized("NFC", kept)
    assert most_marks(kept) <= texts.MARKS_AT_MOST
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\r")
    assert not any(unicodedata.category(each) == "Cc" and each != "\n" for each in kept)
    assert kept == kept.strip()


@many(200)
@given(st.text())
def test_no_text_breaks_the_check(raw):
    cleaned = texts.clean(raw, COMMENT)

    assert cleaned.text.encode().decode() == cleaned.text


@many(200)
@given(st.text(st.sampled_from(LETTERS)))
def test_plain_letters_are_kept_letter_for_letter(raw):
    assert texts.tidy(raw).split() == raw.split()


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+56 9 1234", "-2+3", "@SUM(A1)", "|calc", "\t=1", "\r=1", " =1", "\ufeff=1", "\n=1", "＝1", "＠x",
     "\x00=1"],
)  # fmt: skip
def test_no_cell_runs_as_a_formula(cell):
    assert texts.csv_safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["water", "a=1", "5", "-5", "-5,3", "3.14", "", "'=1", "ñ", "1-2"])
def test_other_cells_stay_as_they_are(cell):
    assert texts.csv_safe(cell) == cell


def test_cells_of_other_types_are_written():
    assert texts.csv_safe(None) == ""
    assert texts.csv_safe(-12) == "-12"


@many(200)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_every_cell_of_an_export_is_inert(cell):
    file = io.StringIO()
    csv.writer(file).writerow([texts.csv_safe(cell)])

    opened = next(csv.reader(io.StringIO(file.getvalue(), newline="")), [""])[0]

    bare = opened.lstrip().lstrip("\ufeff")
    assert not bare.startswith(("=", "+", "@", "|")) or opened.startswith("'")
