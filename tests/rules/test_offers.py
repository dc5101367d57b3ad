"""Offers: criteria whose weights are a whole, stages in order, and what a call still lacks."""

from dataclasses import fields, replace
from datetime import date

import pytest

from app.rules import offers
from app.rules.offers import Criterion, Parts, Stage

WHOLE = Parts(**{each.name: True for each in fields(Parts)})


def criterion(weight: int, **changes: str) -> Criterion:
    return Criterion("a", "What changes", "What will be different?", weight=weight, **changes)


def test_weights_add_up_to_a_hundred() -> None:
    assert len(offers.kept_criteria([criterion(60), criterion(40)])) == 2
    with pytest.raises(offers.WeightsDoNotAddUp) as refused:
        offers.kept_criteria([criterion(60), criterion(39)])

    assert "99" in refused.value.phrase.english


def test_a_criterion_without_a_question_is_refused() -> None:
    with pytest.raises(offers.CriteriaDoNotFit):
        offers.kept_criteria([replace(criterion(100), question="")])


def test_criteria_are_read_as_they_were_kept() -> None:
    wanted = [criterion(70), criterion(30, help="Say for whom.")]

    assert offers.read_criteria(offers.kept_criteria(wanted)) == wanted


def test_a_stage_is_later_than_the_one_before() -> None:
    trial, use = Stage("Trial", date(2028, 1, 1), "A trial"), Stage("Use", date(2029, 1, 1), "In use")

    assert offers.read_stages(offers.kept_stages([trial, use])) == [trial, use]
    for wrong in ([use, trial], [trial, trial]):
        with pytest.raises(offers.StagesDoNotFit):
            offers.kept_stages(wrong)


@pytest.mark.parametrize("name", [each.name for each in fields(Parts)])
def test_each_missing_part_is_named_and_nothing_else(name: str) -> None:
    """A part without a line in the checklist could be missing unseen."""
    lacking = [each for each in offers.gates(replace(WHOLE, **{name: False})) if not each.met]

    assert [each.key for each in lacking] == [name]
    assert lacking[0].missing is not None


def test_nobody_is_asked_for_a_call_before_that_selects_nobody() -> None:
    found = offers.gates(replace(WHOLE, before=None))

    assert "before" not in {each.key for each in found}
    offers.require_complete(replace(WHOLE, before=None))


def test_a_whole_call_lacks_nothing() -> None:
    offers.require_complete(WHOLE)
    with pytest.raises(offers.OfferIncomplete) as refused:
        offers.require_complete(replace(WHOLE, brief=False, panel=False))

    assert "Write the brief" in refused.value.phrase.english
    assert "committee" in refused.value.phrase.english


def test_an_answer_is_as_long_as_its_criterion_allows() -> None:
    short = replace(criterion(100), words=10)

    assert offers.too_many_words("word " * 10, short) is None
    assert offers.too_many_words("word " * 11, short) is not None
