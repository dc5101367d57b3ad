"""Texts compared word by word, and two people's changes brought together: no word of anyone is ever lost."""

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.word_diffs import Part, Stretch, diff, keeps_words, merge, tokens
from tests.rules.many import many

WORD = st.sampled_from(
    ["roof", "sun", "panel", "school", "won't", "日", "本", "—", "3.5", "\n", "  ", ".", "Ñandú"]
)
TEXT = st.lists(WORD, max_size=30).map(" ".join)
S, G, N = Part.SAME, Part.GONE, Part.NEW


@given(TEXT, TEXT)
@many()
def test_what_stays_and_goes_is_the_old_text_and_what_stays_and_comes_the_new(old: str, new: str) -> None:
    found = diff(old, new)

    assert "".join(each.text for each in found if each.part is not N) == old
    assert "".join(each.text for each in found if each.part is not G) == new


@given(TEXT, TEXT)
@many()
def test_a_change_of_one_person_alone_is_taken_as_it_is(base: str, mine: str) -> None:
    for merged in (merge(base, mine, base), merge(base, base, mine), merge(base, mine, mine)):
        assert not merged.clashes
        assert merged.text == mine


@given(TEXT, TEXT, TEXT)
@many()
def test_every_word_that_somebody_wrote_is_in_the_merged_text(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)

    def words(text: str) -> set[str]:
        return {each for each in tokens(text) if not each.isspace()}

    for text in (mine, theirs):
        assert words(text) - words(base) <= words(merged.text)
    for stand in merged.stands:
        changed = [text for text in (stand.mine, stand.theirs) if text != stand.base]
        assert all(text in merged.text for text in changed)
    for part in ("base", "mine", "theirs"):
        whole = {"base": base, "mine": mine, "theirs": theirs}[part]
        assert "".join(getattr(each, part) for each in merged.stands) == whole


@given(TEXT, TEXT, TEXT)
@many()
def test_whether_texts_clash_does_not_depend_on_who_comes_first(base: str, mine: str, theirs: str) -> None:
    assert merge(base, mine, theirs).clashes == merge(base, theirs, mine).clashes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("solar roofs", "solar roofs", [Stretch(S, "solar roofs")]),
        ("roofs by 2030", "roofs by 2032", [Stretch(S, "roofs by "), Stretch(G, "2030"), Stretch(N, "2032")]),
        ("a b c", "a x y c", [Stretch(S, "a "), Stretch(G, "b"), Stretch(N, "x y"), Stretch(S, " c")]),
        ("", "all new", [Stretch(N, "all new")]),
        ("won't 3.5 m", "won't 3.6 m", [Stretch(S, "won't "), Stretch(G, "3.5"), Stretch(N, "3.6"), Stretch(S, " m")]),
        ("日本の屋根", "日本の海", [Stretch(S, "日本の"), Stretch(G, "屋根"), Stretch(N, "海")]),
    ],
    ids=["same", "one word", "words replaced together", "nothing before", "signs inside a word", "no spaces"],
)  # fmt: skip
def test_a_diff_goes_by_words(old: str, new: str, expected: list[Stretch]) -> None:
    assert diff(old, new) == expected


def test_changes_in_different_places_fit_together() -> None:
    base = "Every school roof carries panels before the next winter."
    mine = "Every school and clinic roof carries panels before the next winter."
    theirs = "Every school roof carries panels before the winter of 2030."

    merged = merge(base, mine, theirs)

    assert not merged.clashes
    assert merged.text == "Every school and clinic roof carries panels before the winter of 2030."


def test_changes_of_the_same_words_clash_and_both_stay() -> None:
    merged = merge("Panels by 2030.", "Panels by 2028.", "Panels by 2035.")

    assert merged.clashes
    assert "2028" in merged.text
    assert "2035" in merged.text


@pytest.mark.parametrize("words", [["a", "b"], ["a"], list("abcdefgh"), [f"w{n}" for n in range(50)]])
def test_no_text_holds_a_process(words: list[str]) -> None:
    """Five thousand characters of words that repeat: the worst for matching."""
    chance = Random(7)
    texts = [" ".join(chance.choice(words) for _ in range(2_500))[:5_000] for _ in range(3)]

    began = time.monotonic()
    diff(texts[0], texts[1])
    merge(*texts)

    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("new", "old", "keeps"),
    [
        ("So every school roof should carry panels.", "Every school roof should carry panels before winter.", True),
        ("Schools get panels.", "Every school roof should carry panels before winter.", False),
        ("Yes, more SHADE please", "More shade", True),
        ("Anything", "", False),
    ],
    ids=["six in a row", "other words", "a short text whole", "nothing said"],
)  # fmt: skip
def test_a_text_that_goes_on_using_somebodys_words_is_known(new: str, old: str, keeps: bool) -> None:
    assert keeps_words(new, old) is keeps
