"""Risks and rewards of a mission, and the warning that the public already paid."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlmodel import Session

from app.models.link import Link
from app.models.money import Money
from app.models.offer import Offer
from app.models.project import Project, projects_of
from app.rules.conditions import Measure
from app.rules.words import (
    CallKind,
    Compare,
    ConditionKind,
    Instrument,
    LinkKind,
    MoneyKind,
    StakeholderGroup,
    SubjectKind,
)
from app.services import public_inputs, returns
from app.services.public_inputs import InputText
from tests.factories import make_call
from tests.services.contracted import Contract, agreed, make_contract, propose, text

G = StakeholderGroup


@pytest.fixture
def contract(session: Session) -> Contract:
    return make_contract(session)


def money(
    contract: Contract, project: Project, group: G, amount: str, kind: MoneyKind = MoneyKind.COMMITTED
) -> None:
    contract.session.add(
        Money(mission_id=project.mission_id, project_id=project.id, kind=kind, source="Budget law", source_group=group,
              year=2026, amount=Decimal(amount), currency="EUR")
    )  # fmt: skip
    contract.session.flush()


def row(contract: Contract) -> returns.Returns:
    rows = returns.of_mission(contract.session, contract.chamber.mission)
    return next(each for each in rows if each.project.id == contract.project.id)


def test_public_pays_60_percent_and_holds_nothing_is_flagged(contract: Contract) -> None:
    money(contract, contract.project, G.PUBLIC, "60")
    money(contract, contract.project, G.PRIVATE, "40")

    (balance,) = row(contract).balances

    assert (balance.risk, balance.reward, row(contract).is_unbalanced) == (Fraction(3, 5), 0, True)


def test_a_share_that_binds_is_a_reward_and_a_proposed_one_is_not(contract: Contract) -> None:
    money(contract, contract.project, G.PUBLIC, "60")
    money(contract, contract.project, G.PRIVATE, "40")
    third = text(measure=Measure(Compare.AT_LEAST, "share of the firm", Decimal(30), "percent of the firm"))

    propose(contract, ConditionKind.EQUITY, third)
    assert row(contract).is_unbalanced
    agreed(contract, ConditionKind.EQUITY, third)

    assert row(contract).balances[0].reward == Fraction(3, 10)
    assert not row(contract).is_unbalanced
    assert [each.condition.kind for each in row(contract).rights] == [ConditionKind.EQUITY]


def test_announced_money_carries_no_risk(contract: Contract) -> None:
    money(contract, contract.project, G.PUBLIC, "60", MoneyKind.ANNOUNCED)

    assert row(contract).balances == ()


def derived(contract: Contract) -> Project:
    """A second project, which derives from the one under contract."""
    bought = projects_of(contract.session, contract.chamber.mission.id)[1]
    contract.session.add(
        Link(kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.PROJECT, from_id=bought.id,
             to_kind=SubjectKind.PROJECT, to_id=contract.project.id)
    )  # fmt: skip
    contract.session.flush()
    return bought


def test_procurement_of_a_publicly_funded_product_shows_the_warning(
    contract: Contract, session: Session
) -> None:
    money(contract, contract.project, G.PUBLIC, "750000")
    money(contract, contract.project, G.PRIVATE, "250000")
    bought = derived(contract)

    bought.instrument = Instrument.GRANT
    assert not public_inputs.of_project(session, bought).warns
    bought.instrument = Instrument.PROCUREMENT

    paid = public_inputs.of_project(session, bought)
    assert paid.warns
    assert [(each.project.id, each.amounts) for each in paid.sources] == [
        (contract.project.id, {"EUR": Decimal(750_000)})
    ]


def test_buying_what_only_others_paid_for_shows_no_warning(contract: Contract, session: Session) -> None:
    money(contract, contract.project, G.PRIVATE, "250000")
    bought = derived(contract)
    bought.instrument = Instrument.PROCUREMENT

    assert not public_inputs.of_project(session, bought).warns


def test_what_was_paid_elsewhere_counts_until_it_is_taken_back(contract: Contract, session: Session) -> None:
    contract.project.instrument = Instrument.PROCUREMENT
    session.flush()
    typed = InputText(
        "Clinical trials",
        "National health fund",
        2016,
        Decimal("1000000.50"),
        "GBP",
        "Annual report, page 12",
    )

    made = public_inputs.tell(session, contract.project, typed, contract.funder.id)

    paid = public_inputs.of_project(session, contract.project)
    assert (paid.warns, paid.totals) == (True, {"GBP": Decimal("1000000.50")})
    public_inputs.take_back(session, contract.project, made.id, contract.funder.id)
    assert not public_inputs.of_project(session, contract.project).warns


def test_circles_of_derivation_end(contract: Contract, session: Session) -> None:
    bought = derived(contract)
    session.add(
        Link(kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.PROJECT, from_id=contract.project.id,
             to_kind=SubjectKind.PROJECT, to_id=bought.id)
    )  # fmt: skip
    session.flush()

    assert public_inputs.ancestors(session, [bought.id]) == [contract.project.id]


def test_a_call_that_buys_what_the_public_paid_for_says_so(contract: Contract, session: Session) -> None:
    money(contract, contract.project, G.PUBLIC, "750000")
    call = make_call(session, kind=CallKind.INNOVATION)
    offer = Offer(call_id=call.id, instrument=Instrument.PROCUREMENT, mission_id=contract.chamber.mission.id)
    session.add(offer)
    session.flush()
    assert not public_inputs.of_call(session, call.id).warns
    session.add(
        Link(kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.CALL, from_id=call.id,
             to_kind=SubjectKind.PROJECT, to_id=contract.project.id)
    )  # fmt: skip
    session.flush()

    assert public_inputs.of_call(session, call.id).totals == {"EUR": Decimal(750_000)}
    assert public_inputs.of_call(session, call.id).warns
    offer.instrument = Instrument.GRANT
    assert not public_inputs.of_call(session, call.id).warns
