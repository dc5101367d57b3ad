"""My page: who leads or pays for a project, or writes an application, finds it there with what waits for them."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.application import Teammate
from app.models.columns import now
from app.models.milestone import Milestone, MilestoneWord
from app.models.person import Person
from app.models.project import projects_of
from app.rules.words import ProjectState, Side
from app.services import conditions
from tests.applied import Offered, make_offered
from tests.client import Browser
from tests.people import make_person
from tests.services.contracted import Contract, agreed, in_days, make_contract, propose, text
from tests.test_sql_counts import counting

AGREE = "Words of a condition wait for your yes"
FILE = "Show evidence"
OVERDUE = "Evidence is overdue"


@pytest.fixture
def contract(db: Session) -> Contract:
    made = make_contract(db)
    db.commit()
    return made


@pytest.fixture
def offered(db: Session) -> Offered:
    made = make_offered(db)
    db.commit()
    return made


def me(app: FastAPI, db: Session, person: Person) -> str:
    db.commit()
    browser = Browser(app)
    browser.sign_in(db, person)
    return browser.open("/me").main.text


def test_who_leads_finds_the_project_and_what_waits(app: FastAPI, db: Session, contract: Contract) -> None:
    waiting = propose(contract, told=text(90))
    agreed(contract, told=text(20))
    db.add(
        Milestone(mission_id=contract.project.mission_id, project_id=contract.project.id, verifier="The mayor",
                  title="Ten homes are lit", due=in_days(10))
    )  # fmt: skip
    db.commit()
    browser = Browser(app)
    browser.sign_in(db, contract.lead)
    page = browser.open("/me")

    assert contract.project.title in page.main.text
    assert f"/projects/{contract.project.id}" in page.links
    assert f"/conditions/{waiting.id}" in page.links
    for told in (AGREE, FILE, "Ten homes are lit"):
        assert told in page.main.text
    # The evidence is for the lead to file, and who pays has said yes to its own words.
    paying = me(app, db, contract.funder)
    assert contract.project.title in paying
    assert AGREE not in paying
    assert FILE not in paying


def test_what_is_done_waits_no_more(app: FastAPI, db: Session, contract: Contract) -> None:
    condition = propose(contract)
    milestone = Milestone(
        mission_id=contract.project.mission_id, project_id=contract.project.id, verifier="The mayor",
        title="Ten homes are lit", due=in_days(10),
    )  # fmt: skip
    db.add(milestone)
    assert AGREE in me(app, db, contract.lead)

    conditions.agree(db, condition, Side.LEAD, 1, contract.lead.id)
    db.add(
        MilestoneWord(milestone_id=milestone.id, reached_on=now().date(), evidence="A list of homes.",
                      by_id=contract.funder.id)
    )  # fmt: skip
    page = me(app, db, contract.lead)

    assert AGREE not in page
    assert "Ten homes are lit" not in page


def test_overdue_evidence_waits_for_both_sides(app: FastAPI, db: Session, contract: Contract) -> None:
    condition = agreed(contract, told=text(20))
    version = conditions.latest_of(db, condition)
    db.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    condition.due = version.due = in_days(-3)

    assert OVERDUE in me(app, db, contract.lead)
    assert OVERDUE in me(app, db, contract.funder)


def test_a_contract_to_sign_waits_for_who_pays(app: FastAPI, db: Session, contract: Contract) -> None:
    db.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    contract.project.state = ProjectState.PROPOSED
    db.flush()
    condition = propose(contract)
    sign = "Everything is agreed: contract the project"
    assert sign not in me(app, db, contract.funder)

    conditions.agree(db, condition, Side.LEAD, 1, contract.lead.id)

    assert sign in me(app, db, contract.funder)
    assert sign not in me(app, db, contract.lead)


def test_nobody_else_finds_it(app: FastAPI, db: Session, contract: Contract) -> None:
    propose(contract)

    page = me(app, db, make_person(db, "Somebody Else"))

    assert contract.project.title not in page
    assert "Yours to do" not in page


def test_my_page_asks_no_more_for_many_projects(
    app: FastAPI, db: Session, clean: Engine, contract: Contract
) -> None:
    propose(contract)
    db.commit()
    browser = Browser(app)
    browser.sign_in(db, contract.lead)
    browser.open("/me")
    with counting(clean) as few:
        browser.open("/me")
    db.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    for other in projects_of(db, contract.project.mission_id):
        other.lead_organisation_id, other.state = contract.firm.id, ProjectState.CONTRACTED
        contract.project = other
        db.flush()
        for due in (40, 50, 60):
            propose(contract, told=text(due))
    db.commit()
    with counting(clean) as many:
        page = browser.open("/me")

    assert page.main.text.count("Calendar") == len(projects_of(db, contract.project.mission_id)) > 1
    assert len(many) <= len(few)


def test_who_is_invited_to_an_application_finds_it(app: FastAPI, db: Session, offered: Offered) -> None:
    told = "You are invited to write on an application"
    application, guest = offered.begun(), make_person(db, "Gina Guest")
    mate = Teammate(application_id=application.id, person_id=guest.id)
    db.add(mate)

    page = me(app, db, guest)
    assert told in page
    assert offered.call.title in page

    mate.joined_at = now()
    assert told not in me(app, db, guest)
