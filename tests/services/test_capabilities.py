"""Capabilities of agencies: nothing is scored without evidence, and outsourcing shows."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.models.capability import CapabilityScore
from app.models.columns import now
from app.models.organisation import Organisation
from app.rules.capabilities import Step
from app.rules.words import Capability, SubjectKind
from app.services import capabilities, events
from app.services.capabilities import RoleText, ScoreText
from tests.services.contracted import Contract, make_contract

YEAR = now().year
REPORT = "https://example.org/report.pdf"


@pytest.fixture
def contract(session: Session) -> Contract:
    return make_contract(session)


@pytest.fixture
def agency(contract: Contract, session: Session) -> Organisation:
    return session.get_one(Organisation, contract.chamber.mission.organisation_id)


def scored(
    contract: Contract, agency: Organisation, score: int, year: int = YEAR, **evidence: Any
) -> CapabilityScore:
    typed = ScoreText(Capability.LEARNING, year, score, "Two pilots were taken up.", **evidence)
    return capabilities.score(contract.session, agency, typed, contract.funder.id)


def test_a_score_without_evidence_is_refused(
    contract: Contract, agency: Organisation, session: Session
) -> None:
    with pytest.raises(capabilities.EvidenceMissing):
        scored(contract, agency, 4)
    with pytest.raises(capabilities.NoSuchEvent):
        scored(contract, agency, 4, event=2**40)
    bare = CapabilityScore(
        organisation_id=agency.id,
        capability=Capability.LEARNING,
        year=YEAR,
        score=4,
        words="So it is.",
        by_id=contract.funder.id,
    )
    session.add(bare)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_document_or_an_event_of_the_log_is_evidence(
    contract: Contract, agency: Organisation, session: Session
) -> None:
    events.record(session, "money_added", SubjectKind.MISSION, contract.chamber.mission.id)
    session.flush()
    events.seal(session, 10_000)

    scored(contract, agency, 2, YEAR - 1, document=REPORT)
    scored(contract, agency, 4, event=1)

    found = {each.capability: each for each in capabilities.of_organisation(session, agency)}[
        Capability.LEARNING
    ]
    assert found.steps == (Step(YEAR - 1, 2, None), Step(YEAR, 4, 2))
    assert [number for _score, number in found.scores] == [None, 1]


def test_a_year_to_come_is_not_scored(contract: Contract, agency: Organisation) -> None:
    with pytest.raises(capabilities.YearToCome):
        scored(contract, agency, 4, YEAR + 1, document=REPORT)


def test_outsourcing_a_role_lowers_the_share(
    contract: Contract, agency: Organisation, session: Session
) -> None:
    unit = RoleText("Design of the plant", "architecture", "Works unit", True, date(YEAR - 2, 1, 1))
    role = capabilities.give_role(session, contract.project, unit, contract.funder.id)
    capabilities.give_role(
        session,
        contract.project,
        RoleText("Data", "data", "Data unit", True, date(YEAR - 2, 1, 1)),
        contract.funder.id,
    )
    assert capabilities.in_house_of(session, agency).share == 1

    firm = RoleText("Design of the plant", "architecture", "A firm", False, date(YEAR - 1, 1, 1))
    capabilities.hand_over(session, contract.project, role.id, firm, contract.funder.id)

    found = capabilities.in_house_of(session, agency)
    assert (found.share, found.running) == (Fraction(1, 2), 2)
    assert found.trend[0] == (date(YEAR - 2, 12, 31), Fraction(1))
    assert found.trend[-1][1] == Fraction(1, 2)
    with pytest.raises(capabilities.HandedOver):
        capabilities.hand_over(session, contract.project, role.id, firm, contract.funder.id)


def test_the_roles_of_other_agencies_do_not_count(
    contract: Contract, agency: Organisation, session: Session
) -> None:
    contract.project.funder_organisation_id = contract.firm.id
    session.flush()
    capabilities.give_role(
        session,
        contract.project,
        RoleText("Data", "data", "A firm", False, date(YEAR - 2, 1, 1)),
        contract.funder.id,
    )

    assert capabilities.in_house_of(session, agency).share is None
    assert capabilities.in_house_of(session, contract.firm).share == 0
