"""What makes a mission's direction one, as features of the domain that a test can tell."""

from datetime import date
from decimal import Decimal

import pytest

from app.rules import criteria, gates
from app.rules.ambition import ambition
from app.rules.criteria import Route
from app.rules.figures import Light
from app.rules.gates import GatesNotMet, MissionFacts
from app.rules.words import IndicatorLens, StakeholderGroup
from tests.rules.test_criteria import indicator

READY = MissionFacts(
    sdg_targets=1, indicators=[indicator()], routes=3, groups=frozenset(list(StakeholderGroup)[:3]),
    linked_submissions=1, affected="Families in the dark", has_owner=True, money_lines=1,
)  # fmt: skip


def test_a_target_equal_to_the_trend_is_not_bold() -> None:
    """DOMAIN 3: five villages a year were reached so far, and five a year are asked for."""
    told = indicator(baseline=Decimal(20), goal=Decimal(40), start=date(2026, 1, 1), due=date(2030, 1, 1))
    trend = [(date(2023 + place, 1, 1), Decimal(5 * place)) for place in range(4)]

    figure = ambition([told], trend)

    assert figure.light is not Light.GREEN
    assert "1 times as fast" in figure.says.english


def test_routes_that_all_work_already_are_buying_and_not_innovation() -> None:
    """DOMAIN 5: all routes at readiness 9 → a warning; one that still has to be proved takes it away."""
    ready = [Route("A", "roofs", 9), Route("B", "grids", 9), Route("C", "salt", 9)]

    warned = criteria.readiness(ready)

    assert warned.light is Light.RED
    assert "that is buying, and not innovation" in warned.says.english
    assert criteria.readiness([*ready, Route("D", "wind", 4)]).light is Light.GREEN


def test_a_mission_with_cost_indicators_only_fails_the_gate() -> None:
    """DOMAIN 20: a 422 that names the missing lens."""
    facts = {name: getattr(READY, name) for name in READY.__dataclass_fields__}
    cost = MissionFacts(**facts | {"indicators": [indicator(lens=IndicatorLens.COST)]})
    gates.require_met(READY)

    with pytest.raises(GatesNotMet, match="not about cost: what people or the whole system would notice"):
        gates.require_met(cost)
    assert GatesNotMet.status == 422
