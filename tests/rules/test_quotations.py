"""Quoted words stand in a text however they are dressed, and only if they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.quotations import stands_in
from tests.rules.many import many

TEXT = "By 30 June 2032 every one of the 28 villages — “large or small” — has\nelectricity at every hour."


@pytest.mark.parametrize(
    "quoted",
    [
        "every one of the 28 villages",
        "EVERY one  of the\n28 villages",
        '"every one of the 28 villages."',
        'the 28 villages - "large or small"',
        "By 30 June 2032 … electricity at every hour",
        "By 30 June [...] at every hour.",
        "«electricity»",
    ],
)
def test_words_that_stand_there(quoted):
    assert stands_in(quoted, ["Another text.", TEXT])


@pytest.mark.parametrize(
    "quoted",
    [
        "",
        "…",
        " \"'",
        "all 28 villages",
        "electricity … By 30 June",
        "has electricity at any hour",
        "villages\u0301",
    ],
)
def test_words_that_do_not(quoted):
    assert not stands_in(quoted, [TEXT])


def test_the_parts_of_a_quotation_come_from_one_text():
    assert not stands_in("one … two", ["one", "two"])


@many(200)
@given(st.integers(0, len(TEXT.split()) - 3), st.integers(2, 9))
def test_any_piece_of_a_text_stands_in_it_and_a_word_more_does_not(start, length):
    piece = " ".join(TEXT.split()[start : start + length])

    assert stands_in(piece, [TEXT])
    assert not stands_in(piece + " zebra", [TEXT])
