from dataclasses import replace
from datetime import date

import pytest

from app.rules import gates
from app.rules.gates import GatesNotMet, IndicatorFacts, MissionFacts
from app.rules.words import Direction, IndicatorLens, StakeholderGroup

INDICATOR = IndicatorFacts(
    name="Homes with solar power",
    baseline=0,
    unit="homes",
    direction=Direction.UP,
    goal=4_000,
    due=date(2030, 12, 31),
    source="Energy ministry, yearly",
    owner="Regional government",
    lens=IndicatorLens.USER,
)
THREE = frozenset({StakeholderGroup.CITIZENS, StakeholderGroup.THIRD, StakeholderGroup.PUBLIC})
READY = MissionFacts(
    sdg_targets=1, indicators=(INDICATOR,), routes=3, groups=THREE, linked_submissions=1,
    affected="Families without light", has_owner=True, money_lines=1,
)  # fmt: skip


def unmet(facts: MissionFacts) -> list[str]:
    return [gate.key for gate in gates.gates(facts) if not gate.met]


def test_a_complete_mission_passes_every_gate():
    assert gates.all_met(READY)
    assert all(gate.missing is None for gate in gates.gates(READY))
    gates.require_met(READY)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"goal": 0}, id="nothing to do"),
        pytest.param({"baseline": 5_000}, id="the goal lies the other way"),
        pytest.param({"direction": Direction.DOWN}, id="so it does"),
        pytest.param({"start": date(2040, 1, 1)}, id="due before its baseline"),
        pytest.param({"start": date(2030, 12, 31)}, id="due on the day of its baseline"),
    ],
)
def test_an_indicator_that_contradicts_itself_is_not_complete(change):
    facts = replace(READY, indicators=(replace(INDICATOR, **change),))

    assert unmet(facts) == ["indicator"]


def test_an_empty_mission_is_told_everything_it_lacks():
    found = gates.gates(MissionFacts())

    assert [gate.key for gate in found] == [
        "sdg_target", "affected", "indicator", "routes", "support", "submission", "owner", "money",
    ]  # fmt: skip
    assert all(not gate.met and gate.missing is not None and gate.missing.english for gate in found)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        pytest.param({"sdg_targets": 0}, ["sdg_target"], id="no target"),
        pytest.param({"indicators": ()}, ["indicator"], id="no indicator"),
        pytest.param(
            {"indicators": (replace(INDICATOR, lens=IndicatorLens.COST),)},
            ["indicator"],
            id="only about cost",
        ),
        pytest.param(
            {"indicators": (replace(INDICATOR, lens=IndicatorLens.COST), INDICATOR)},
            [],
            id="cost and another",
        ),
        pytest.param(
            {"indicators": (replace(INDICATOR, lens=IndicatorLens.SYSTEM),)}, [], id="about the system"
        ),
        pytest.param({"routes": 2}, ["routes"], id="two routes"),
        pytest.param({"routes": 0, "has_open_call": True}, [], id="an open call instead"),
        pytest.param({"groups": frozenset(list(THREE)[:2])}, ["support"], id="two groups"),
        pytest.param({"groups": frozenset(StakeholderGroup)}, [], id="all groups"),
        pytest.param({"linked_submissions": 0}, ["submission"], id="from nobody"),
    ],
)
def test_each_gate_on_its_own(change, missing):
    assert unmet(replace(READY, **change)) == missing


@pytest.mark.parametrize(
    "gap", ["name", "baseline", "unit", "direction", "goal", "due", "source", "owner", "lens"]
)
def test_an_indicator_names_its_gap(gap):
    facts = replace(READY, indicators=(replace(INDICATOR, **{gap: None}),))

    gate = next(each for each in gates.gates(facts) if each.key == "indicator")

    assert not gate.met
    assert gates.GAP_NAMES[gap] in gate.missing.english


def test_a_blank_is_a_gap_and_a_zero_is_not():
    assert replace(INDICATOR, source="  ").gaps() == ("source",)
    assert replace(INDICATOR, baseline=0, goal=0.0).gaps() == ()


def test_the_indicator_nearest_to_complete_is_the_one_spoken_of():
    facts = replace(READY, indicators=(IndicatorFacts(name="One"), replace(INDICATOR, owner=None)))

    with pytest.raises(GatesNotMet, match="The indicator still needs: an owner"):
        gates.require_met(facts)
