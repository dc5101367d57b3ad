"""The composition of a committee: who is missing, who is too many, and when it may vote."""

import pytest

from app.rules import composition
from app.rules.composition import Bounds, CompositionImpossible, NotConstituted, Step
from app.rules.words import StakeholderGroup as G

FIVE = {group: Bounds(1, 2) for group in G}


def test_every_group_seated_is_constituted() -> None:
    standing = composition.standing(FIVE, dict.fromkeys(G, 1))

    composition.require_constituted(standing)

    assert composition.gaps(standing) == []


@pytest.mark.parametrize(
    ("seated", "said"),
    [
        pytest.param({G.PUBLIC: 0}, "public: 1 more to be seated.", id="a group is missing"),
        pytest.param({G.CITIZENS: 3}, "citizens: 3 seated, and at most 2 may be.", id="a group is too large"),
    ],
)
def test_what_is_missing_is_named(seated: dict[G, int], said: str) -> None:
    standings = composition.standing(FIVE, {**dict.fromkeys(G, 1), **seated})

    assert [gap.english for gap in composition.gaps(standings)] == [said]
    with pytest.raises(NotConstituted, match=said.rstrip(".")):
        composition.require_constituted(standings)


def test_a_group_outside_the_composition_is_too_many() -> None:
    standings = composition.standing({G.PUBLIC: Bounds(1, 1)}, {G.PUBLIC: 1, G.PRIVATE: 1})

    assert len(composition.gaps(standings)) == 1


def test_an_empty_composition_is_never_constituted() -> None:
    with pytest.raises(NotConstituted):
        composition.require_constituted(composition.standing({}, {}))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="no group"),
        pytest.param({G.PUBLIC: Bounds(2, 1)}, id="more at least than at most"),
        pytest.param({G.PUBLIC: Bounds(0, 1)}, id="a group that nobody need sit for"),
        pytest.param({G.PUBLIC: Bounds(1, 1000)}, id="a crowd"),
    ],
)
def test_an_impossible_composition_is_refused(wrong: dict[G, Bounds]) -> None:
    with pytest.raises(CompositionImpossible):
        composition.require_possible(wrong)


def test_it_is_stored_and_read_back_in_one_order() -> None:
    backwards = dict(reversed(FIVE.items()))

    assert list(composition.from_facts(composition.as_facts(backwards)).items()) == list(FIVE.items())


def test_a_weight_is_a_whole_number_that_is_kept() -> None:
    weighed = {G.PUBLIC: Bounds(1, 2, weight=3)}

    composition.require_possible(weighed)

    assert composition.from_facts(composition.as_facts(weighed)) == weighed
    assert composition.from_facts({"public": {"min": 1, "max": 2}}) == {G.PUBLIC: Bounds(1, 2, weight=1)}
    for wrong in (0, 101):
        with pytest.raises(CompositionImpossible):
            composition.require_possible({G.PUBLIC: Bounds(1, 2, weight=wrong)})


@pytest.mark.parametrize("step", list(Step))
def test_without_every_group_nothing_new_is_taken_up_and_what_began_is_finished(step: Step) -> None:
    standings = composition.standing(FIVE, {})

    if step in (Step.PUT_QUESTION, Step.GIVE_NOTICE):
        with pytest.raises(NotConstituted):
            composition.require_constituted(standings, step)
    else:
        composition.require_constituted(standings, step)
