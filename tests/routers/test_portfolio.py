"""The portfolio and the ledger through their pages: everybody reads them, the steward tells more and asks for risk."""

import csv
import io
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.models.money import Money
from app.models.motion import Motion
from app.models.project import projects_of
from app.rules.words import Instrument, MotionAct, Role, ScopeKind
from app.services import terms
from tests.client import Browser
from tests.people import make_person, seat
from tests.services.drafted import make_mission
from tests.services.funded import YEAR, Funded, make_funded

REASON = "Nobody knows yet how batteries age in this heat."


@pytest.fixture
def funded(db: Session) -> Funded:
    terms.ensure_all(db)
    funded = make_funded(db)
    db.commit()
    return funded


def as_steward(visitor: Browser, funded: Funded) -> Browser:
    person = make_person(funded.session, "Stella")
    seat(funded.session, person, Role.STEWARD, ScopeKind.ORGANISATION, funded.mission.organisation_id)
    return visitor.sign_in(funded.session, person)


def address(funded: Funded, rest: str = "portfolio") -> str:
    return f"/missions/{funded.mission.id}/{rest}"


def test_everybody_reads_what_is_tried_and_at_which_risk(visitor: Browser, funded: Funded) -> None:
    page = visitor.open(address(funded))

    for words in (
        "Roofs",
        "Storage",
        "180,000.00 EUR",
        "One agency does it all",
        "What may fail",
        "depends on",
    ):
        assert words in page.main.text
    assert "Make this motion" not in page.text
    assert not page.faults()
    assert address(funded, "what-if") in page.links


def test_a_mission_without_projects_says_what_will_stand_there(visitor: Browser, funded: Funded) -> None:
    mission, _scene = make_mission(funded.session)
    for each in projects_of(funded.session, mission.id):
        funded.session.delete(each)
    funded.session.commit()

    assert "No project yet" in visitor.open(f"/missions/{mission.id}/portfolio").main.text
    assert "No portfolio was voted on yet" in visitor.open(f"/missions/{mission.id}/what-if").main.text


def test_a_steward_tells_what_a_project_moves(visitor: Browser, db: Session, funded: Funded) -> None:
    as_steward(visitor, funded)
    storage = funded.projects["Storage"]
    code, words = terms.roots(terms.SECTOR)[0]
    form = visitor.open(address(funded, f"portfolio/{storage.id}")).form(str(storage.id))

    page = visitor.hand_in(
        form,
        {
            "instrument": "testbed", "funder_organisation_id": str(funded.mission.organisation_id),
            "contract_minimum": "20000.50", "sectors": code,
        },
    )  # fmt: skip

    assert words in page.main.text
    db.expire_all()
    assert (storage.instrument, str(storage.contract_minimum)) == (Instrument.TESTBED, "20000.50")
    refused = visitor.open(address(funded, f"portfolio/{storage.id}")).form(str(storage.id))
    assert "-1" in visitor.hand_in(refused, {"contract_minimum": "-1"}, status=422).html


def test_a_steward_asks_for_a_share_that_may_fail(visitor: Browser, db: Session, funded: Funded) -> None:
    as_steward(visitor, funded)
    form = visitor.open(address(funded)).form("/portfolio/risk")
    page = visitor.hand_in(form, {"share": "101", "reason": REASON}, status=422)
    assert REASON in page.text

    page = visitor.hand_in(page.form("/portfolio/risk"), {"share": "20", "reason": REASON})

    assert "Let up to 20 % of the money go to projects that may fail" in page.main.text
    assert db.exec(select(Motion)).one().act is MotionAct.SET_RISK
    assert "Make this motion" not in page.text


def test_others_tell_nothing_and_ask_for_nothing(visitor: Browser, funded: Funded) -> None:
    visitor.sign_in(funded.session, funded.chamber.members["citizens 1"])
    roofs = funded.projects["Roofs"]

    tried = {
        "portfolio/risk": {"share": "9", "reason": REASON},
        f"portfolio/{roofs.id}": {"version": str(roofs.version)},
        "money": {"kind": "committed"},
    }

    assert [visitor.fill_in(address(funded, rest), fields).status_code for rest, fields in tried.items()] == [
        403
    ] * 3


def test_the_ledger_tells_totals_leverage_and_patience(visitor: Browser, funded: Funded) -> None:
    page = visitor.open(address(funded, "money"))

    for words in ("390,000.00", "Leverage", "Patience", "By year, in EUR", "30,000.00", "In CLP"):
        assert words in page.main.text
    assert not page.faults()


def test_a_line_for_a_project_stands_in_the_ledger_or_is_refused_beyond_the_budget(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    as_steward(visitor, funded)
    typed = {
        "kind": "committed", "certainty": "certain", "source": "Regional fund", "source_group": "public",
        "project_id": str(funded.projects["Grids"].id), "year": str(YEAR), "amount": "10000", "currency": "eur",
    }  # fmt: skip

    page = visitor.hand_in(visitor.open(address(funded, "money")).form("/money"), typed)
    assert "400,000.00" in page.main.text

    page = visitor.hand_in(page.form("/money"), {**typed, "amount": "0.01"}, status=409)
    assert "this line would go beyond" in page.main.text
    assert len(db.exec(select(Money).where(Money.currency == "EUR")).all()) == 5


def test_the_file_of_the_ledger_adds_up_to_its_page(visitor: Browser, db: Session, funded: Funded) -> None:
    line = funded.add_money("5", "Grids", source="=HYPERLINK(1)")
    funded.add_money("6.25", "Grids", replaces_id=line.id)
    db.commit()

    rows = list(csv.DictReader(io.StringIO(visitor.get(address(funded, "money/lines.csv")).text)))

    counted = [row for row in rows if row["counts"] == "yes" and row["kind"] == "committed"]
    assert sum(Decimal(row["amount"]) for row in counted) == Decimal("390006.25")
    assert "390,006.25" in visitor.open(address(funded, "money")).main.text
    assert not any(row["source"].startswith("=") for row in rows)


def test_a_contract_may_promise_nothing(visitor: Browser, db: Session, funded: Funded) -> None:
    as_steward(visitor, funded)
    storage = funded.projects["Storage"]
    form = visitor.open(address(funded, f"portfolio/{storage.id}")).form(str(storage.id))

    visitor.hand_in(form, {"instrument": "testbed", "contract_minimum": ""})

    db.expire_all()
    assert (storage.instrument, storage.contract_minimum) == (Instrument.TESTBED, None)
