"""The ledger: which lines count since when, their totals, and the limit that a vote sets to what is committed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.rules.words import Certainty, MissionState, MoneyKind, StakeholderGroup
from app.services import ledger, missions_numbers, missions_routes
from app.services.ledger_budget import BeyondBudget
from app.services.missions_numbers import MoneyText
from tests.services.funded import YEAR, Funded, make_funded

G, K = StakeholderGroup, MoneyKind


@pytest.fixture
def funded(session: Session) -> Funded:
    return make_funded(session)


def euros(funded: Funded) -> ledger.Account:
    return ledger.told(funded.session, funded.mission).accounts[0]


def of_kind(account: ledger.Account, kind: MoneyKind) -> Decimal:
    return account.total.amounts[ledger.KINDS.index(kind)]


def test_announcement_does_not_raise_the_committed_total(funded: Funded) -> None:
    """DOMAIN 41: announced is not committed."""
    before = euros(funded)

    funded.add_money("9000000", kind=K.ANNOUNCED, year=YEAR + 5)

    after = euros(funded)
    assert of_kind(after, K.COMMITTED) == of_kind(before, K.COMMITTED) == Decimal("390000.00")
    assert of_kind(after, K.ANNOUNCED) == Decimal("9000000.00")
    assert after.patience == before.patience
    assert after.leverage == before.leverage


def test_patience_is_the_share_beyond_three_years(funded: Funded) -> None:
    patience = euros(funded).patience

    assert (patience.patient, patience.committed) == (30_000_00, 390_000_00)


def test_totals_are_right_to_the_cent_by_year_source_and_certainty(funded: Funded) -> None:
    for cents in ("0.01", "0.02", "1234567.89"):
        funded.add_money(cents, year=YEAR + 1, source_group=G.THIRD, certainty=Certainty.LIKELY)

    told = euros(funded)

    assert of_kind(told, K.COMMITTED) == Decimal("1624567.92")
    place = ledger.KINDS.index(K.COMMITTED)
    for rows in (told.years, told.groups, told.certainties):
        assert sum(row.amounts[place] for row in rows) == Decimal("1624567.92")
    assert {row.of: row.amounts[place] for row in told.groups}[G.THIRD] == Decimal("1234567.92")


def test_currencies_are_never_added_up(funded: Funded) -> None:
    funded.add_money("1000000", currency="CLP")

    told = ledger.told(funded.session, funded.mission).accounts

    assert [each.currency for each in told] == ["EUR", "CLP"]
    assert of_kind(told[1], K.COMMITTED) == Decimal("1000000.00")


def test_a_corrected_line_counts_once_and_stays_as_old_as_the_first(funded: Funded) -> None:
    private = {"source_group": G.PRIVATE, "created_at": now() - timedelta(days=9)}
    first = funded.add_money("100", "Roofs", **private)
    funded.add_money("70", "Roofs", source_group=G.PRIVATE, replaces_id=first.id)

    leverage = euros(funded).leverage

    # The private promise is older than the public one, however late its amount was corrected.
    assert (leverage.private, leverage.earlier) == (0, 70_00)


def test_what_was_announced_is_committed_from_the_day_it_was_committed(funded: Funded) -> None:
    announced = funded.add_money(
        "100", "Roofs", kind=K.ANNOUNCED, source_group=G.PRIVATE, created_at=now() - timedelta(days=9)
    )
    funded.add_money("100", "Roofs", source_group=G.PRIVATE, replaces_id=announced.id)

    assert euros(funded).leverage.private == 100_00


def test_a_line_that_is_taken_back_counts_no_more(funded: Funded) -> None:
    line = funded.add_money("500", "Grids")
    before = of_kind(euros(funded), K.COMMITTED)
    funded.add_money("0", "Grids", replaces_id=line.id)

    assert of_kind(euros(funded), K.COMMITTED) == before - 500


def test_more_released_than_committed_is_told(funded: Funded) -> None:
    funded.add_money("390000.01", "Roofs", kind=K.RELEASED)

    assert euros(funded).doubts == [K.RELEASED]


def typed(funded: Funded, amount: str, **changes: object) -> MoneyText:
    facts = {
        "kind": K.COMMITTED, "source": "Regional fund", "source_group": G.PUBLIC, "year": YEAR,
        "amount": Decimal(amount), "currency": "EUR", "certainty": Certainty.CERTAIN,
        "project_id": funded.projects["Roofs"].id, **changes,
    }  # fmt: skip
    return MoneyText(**facts)


def add(funded: Funded, line: MoneyText):
    return missions_numbers.add_money(funded.session, funded.mission, line, funded.chamber.chair.id)


def test_no_more_is_committed_to_a_portfolio_than_the_vote_divided(funded: Funded) -> None:
    add(funded, typed(funded, "10000"))

    with pytest.raises(BeyondBudget):
        add(funded, typed(funded, "0.01"))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"source_group": G.PRIVATE}, id="private money is on top"),
        pytest.param({"kind": K.ANNOUNCED}, id="an announcement commits nothing"),
        pytest.param({"project_id": None}, id="money that no project has yet"),
    ],
)
def test_what_the_budget_does_not_pay_for_has_no_limit(funded: Funded, changes: dict[str, object]) -> None:
    line = add(funded, typed(funded, "99999999.99", **changes))

    assert line.amount == Decimal("99999999.99")


def test_a_line_in_the_place_of_another_frees_what_that_one_held(funded: Funded) -> None:
    first = add(funded, typed(funded, "10000"))

    line = add(funded, typed(funded, "9999.99", replaces_id=first.id))

    assert line.project_id == funded.projects["Roofs"].id


def test_a_route_that_the_ledger_knows_is_not_removed(funded: Funded) -> None:
    mission, session = funded.mission, funded.session
    mission.state = MissionState.FRAMED
    session.flush()

    with pytest.raises(missions_routes.RouteHasMoney):
        missions_routes.remove(
            session, mission, funded.projects["Grids"], mission.version, funded.chamber.chair.id
        )
