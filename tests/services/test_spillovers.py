"""What spills over is a ledger of its own, and a mission that failed keeps it."""

from decimal import Decimal

import pytest
from sqlmodel import Session

from app.rules.words import LinkKind, LinkStatus, MissionState, SubjectKind
from app.services import spillovers
from app.services.spillovers import Total
from tests.people import make_organisation
from tests.services.linked import Portfolio, key, make_portfolio

S = LinkStatus


@pytest.fixture
def portfolio(session: Session) -> Portfolio:
    return make_portfolio(session)


def spill(
    portfolio: Portfolio, size: int | None, status: LinkStatus = S.UNTESTED, unit: str = "jobs"
) -> None:
    """One more spill-over, each to another firm."""
    firm = make_organisation(portfolio.session, f"Firm {size} {status} {unit}")
    typed = {"status": status, "evidence": "" if status is S.UNTESTED else "Counted in a survey."}
    typed |= {"size": Decimal(size), "unit": unit} if size is not None else {}
    portfolio.link("roofs", LinkKind.SPILLS_OVER_TO, (SubjectKind.ORGANISATION, firm.id), **typed)


def test_a_failed_mission_still_shows_its_spillover_total(session: Session, portfolio: Portfolio) -> None:
    """DOMAIN 30."""
    spill(portfolio, 40, S.SUPPORTED)
    spill(portfolio, 7)
    before = spillovers.ledger(session, portfolio.mission)

    portfolio.mission.state, portfolio.mission.outcome_reason = (
        MissionState.ENDED_NOT_MET,
        "The drought went on.",
    )
    session.flush()
    found = spillovers.ledger(session, portfolio.mission)

    assert found.is_failed
    assert not before.is_failed
    assert found.totals == before.totals == [Total("jobs", Decimal(40), Decimal(7))]
    assert len(found.out) == 2


def test_units_are_never_added_and_what_was_refuted_counts_for_nothing(
    session: Session, portfolio: Portfolio
) -> None:
    spill(portfolio, 40, S.SUPPORTED)
    spill(portfolio, 900, S.REFUTED)
    spill(portfolio, 3, S.SUPPORTED, "tonnes of CO2 a year")
    spill(portfolio, None)

    found = spillovers.ledger(session, portfolio.mission)

    assert found.totals == [
        Total("jobs", Decimal(40), Decimal(0)),
        Total("tonnes of CO2 a year", Decimal(3), Decimal(0)),
    ]
    assert len(found.out) == 4


def test_what_leaves_one_mission_comes_into_another(session: Session, portfolio: Portfolio) -> None:
    portfolio.link("roofs", LinkKind.SPILLS_OVER_TO, key(portfolio.abroad))

    there = spillovers.ledger(session, portfolio.other)

    assert there.out == []
    assert [(each.near.title, each.far.title) for each in there.into] == [
        ("Roofs", "Buses that run on the sun")
    ]
