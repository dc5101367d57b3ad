"""Indicators, readings and money for missions under way, made by hand."""

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from app.models.columns import now
from app.models.mission import Indicator, Mission, indicators_of
from app.models.money import Money, Reading
from app.rules.words import Direction, IndicatorLens, MoneyKind
from app.services import readings
from app.services.readings import ReadingText


def today() -> date:
    return now().date()


def indicator_of(session: Session, mission: Mission) -> Indicator:
    """The one that the chamber's mission has: homes with solar power, from 12 up to 60 per cent."""
    return indicators_of(session, mission.id)[0]


def add_indicator(
    session: Session, mission: Mission, baseline: float, goal: float, **changes: object
) -> Indicator:
    """One more, which goes where its goal lies."""
    facts = {
        "name": f"From {baseline} to {goal}", "lens": IndicatorLens.SYSTEM, "unit": "units",
        "direction": Direction.UP if goal > baseline else Direction.DOWN, "baseline": Decimal(str(baseline)),
        "goal": Decimal(str(goal)), "baseline_at": date(2020, 1, 1), "due": date(2035, 12, 31), "position": 9,
        "source": "A register", "owner": "Ministry of Energy", **changes,
    }  # fmt: skip
    indicator = Indicator(mission_id=mission.id, **facts)
    session.add(indicator)
    session.flush()
    return indicator


def text(value: float, days_ago: int = 0, **changes: object) -> ReadingText:
    facts = {"low": None, "high": None, "source": "Survey", **changes}
    return ReadingText(today() - timedelta(days=days_ago), Decimal(str(value)), **facts)  # type: ignore[arg-type]


def enter(
    session: Session, mission: Mission, value: float, days_ago: int = 0, indicator: Indicator | None = None
) -> Reading:
    key = indicator.id if indicator else None
    return readings.add(session, mission, text(value, days_ago, indicator_id=key), None)


def committed(session: Session, mission: Mission, amount: int, **changes: object) -> Money:
    facts = {
        "kind": MoneyKind.COMMITTED, "source": "Budget law", "year": 2030, "amount": Decimal(amount),
        "currency": "CLP", **changes,
    }  # fmt: skip
    line = Money(mission_id=mission.id, **facts)
    session.add(line)
    session.flush()
    return line
