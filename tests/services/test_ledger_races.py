"""Two lines at once: no two of them both take the last of a budget."""

from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.mission import Mission
from app.rules.words import Certainty, MoneyKind, StakeholderGroup
from app.services import missions_numbers, portfolio_votes
from app.services.missions_numbers import MoneyText
from tests.services.funded import YEAR, Funded, make_funded
from tests.services.racing import meeting, together


@pytest.fixture
def funded(races: Engine) -> Funded:
    with Session(races, expire_on_commit=False) as session:
        funded = make_funded(session)
        session.commit()
    return funded


def adding(funded: Funded):
    project, mission, by = funded.projects["Roofs"].id, funded.mission.id, funded.chamber.chair.id

    def add(session: Session, _decision: Any) -> None:
        typed = MoneyText(
            MoneyKind.COMMITTED, "Regional fund", StakeholderGroup.PUBLIC, YEAR, Decimal(6000), "EUR",
            Certainty.CERTAIN, project_id=project,
        )  # fmt: skip
        missions_numbers.add_money(session, session.get_one(Mission, mission), typed, by)

    return add


def raced(races: Engine, funded: Funded, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Both have read the budget before either writes, unless a lock keeps them apart."""
    found = meeting(portfolio_votes.of_project, Barrier(2))
    monkeypatch.setattr(portfolio_votes, "of_project", found)
    return sorted(together(races, funded.chamber, [adding(funded), adding(funded)]))


def test_of_two_lines_at_once_one_is_beyond_the_budget(
    races: Engine, funded: Funded, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raced(races, funded, monkeypatch) == ["BeyondBudget", "done"]


def test_without_the_lock_both_would_pass(
    races: Engine, funded: Funded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_lock(session: Session, mission: Mission) -> None:
        session.refresh(mission)

    monkeypatch.setattr(missions_numbers, "hold", no_lock)

    assert raced(races, funded, monkeypatch) == ["done", "done"]
