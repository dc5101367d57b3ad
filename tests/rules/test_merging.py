"""Two people fill in one form at once: whatever somebody typed is in the form or beside it."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.merging import Clash, together
from tests.rules.many import many

WORD = st.sampled_from(["", "ten", "ten years", "twelve years of light"])
FORM = st.fixed_dictionaries({"title": WORD, "unit": WORD, "goal": WORD})


@given(FORM, FORM, FORM)
@many()
def test_nothing_that_anybody_changed_is_lost(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    found = together(base, mine, theirs, texts=("title",))

    for name in base:
        shown = [str(found.fields[name])]
        shown += [
            text for clash in found.clashes if clash.field == name for text in (clash.mine, clash.theirs)
        ]
        for text in (mine[name], theirs[name]):
            changed = set(text.split()) - set(base[name].split())
            assert changed <= set(" ".join(shown).split())


@given(FORM, FORM)
@many()
def test_what_only_one_person_changed_is_taken(base: dict[str, str], other: dict[str, str]) -> None:
    for found in (together(base, other, base), together(base, base, other)):
        assert found.fields == other
        assert found.clashes == []


def test_a_field_that_both_changed_keeps_what_was_typed_and_shows_what_is_saved() -> None:
    found = together({"unit": "km"}, {"unit": "miles"}, {"unit": "streets"})

    assert found.fields == {"unit": "miles"}
    assert found.clashes == [Clash("unit", "streets", "miles")]


def test_lists_are_brought_together_item_by_item() -> None:
    found = together(
        {"targets": ["1.1", "7.2"]}, {"targets": ["7.2", "9.1"]}, {"targets": ["1.1", "7.2", "3.3"]}
    )

    assert found.fields["targets"] == ["7.2", "9.1", "3.3"]


def test_without_a_common_start_every_difference_is_shown() -> None:
    found = together(
        None, {"title": "Mine", "unit": "km"}, {"title": "Theirs", "unit": "km"}, texts=("title",)
    )

    assert found.clashes == [Clash("title", "Theirs", "Mine")]
    assert set(found.fields["title"].split()) == {"Mine", "Theirs"}
