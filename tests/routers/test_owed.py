"""My page says what is mine to do outside of committees, and which projects I answer for."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.condition import Condition
from app.models.course import CourseReview
from app.models.person import Person
from app.models.project import Project, projects_of
from app.services import project_sides
from app.viewer import Viewer
from tests.client import Browser
from tests.people import make_person
from tests.services.awarded import make_awarded
from tests.services.contracted import Contract, agreed, make_contract, propose
from tests.services.test_awards_contract import contracted


@pytest.fixture
def contract(db: Session) -> Contract:
    made = make_contract(db)
    db.commit()
    return made


def tasks_of(visitor: Browser, db: Session, person: Person) -> str:
    visitor.sign_in(db, person)
    page = visitor.open("/me")
    assert not page.faults()
    return page.main.text


def test_who_leads_a_project_finds_it_and_what_is_due(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    soon = agreed(contract)
    visitor.sign_in(db, contract.lead)
    before = visitor.open("/me")
    assert f"/projects/{contract.project.id}" in before.links
    assert "Show evidence" not in before.main.text

    db.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    versions = "UPDATE condition_version SET due = %(due)s WHERE condition_id = %(condition)s"
    db.connection().exec_driver_sql(versions, {"due": now().date() + timedelta(days=5), "condition": soon.id})
    db.commit()

    page = visitor.open("/me")
    assert "Show evidence" in page.main.text
    assert f"/conditions/{soon.id}" in page.links


def test_words_wait_for_the_other_side_only(visitor: Browser, db: Session, contract: Contract) -> None:
    made: Condition = propose(contract)
    db.commit()

    assert "Words of a condition wait for your yes" in tasks_of(visitor, db, contract.lead)
    assert f"/conditions/{made.id}" in visitor.open("/me").links
    visitor.fill_in("/sign-out", seen_on="/me")
    assert "Words of a condition wait for your yes" not in tasks_of(visitor, db, contract.funder)


def test_who_answers_for_a_mission_finds_its_open_review(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    mission = contract.chamber.mission
    db.add(CourseReview(mission_id=mission.id, number=1))
    db.commit()

    assert "A review on the way is open" in tasks_of(visitor, db, contract.funder)
    visitor.fill_in("/sign-out", seen_on="/me")
    assert "A review on the way is open" not in tasks_of(visitor, db, make_person(db, "Nobody Special"))


def test_a_selected_application_leads_to_its_project(visitor: Browser, db: Session) -> None:
    awarded = make_awarded(db)
    awarded.certified()
    walls = awarded.applications["Walls"]
    project = contracted(awarded)
    db.commit()
    visitor.sign_in(db, awarded.leads["Walls"])

    page = visitor.open(f"/applications/{walls.id}")

    assert f"/projects/{project.id}" in page.links
    assert "It was selected, and has a contract" in page.main.text
    assert f"/projects/{project.id}" in visitor.open("/me").links


def test_the_chair_is_told_to_put_a_shortlist_to_a_vote_until_one_is_drafted(
    visitor: Browser, db: Session
) -> None:
    awarded = make_awarded(db)
    db.commit()
    chair = awarded.chamber.chair
    page = f"/calls/{awarded.call.id}/portfolio"

    assert "The panel decides on the money" in tasks_of(visitor, db, awarded.carol)
    assert f"/calls/{awarded.call.id}/award" in visitor.open("/me").links
    visitor.fill_in("/sign-out", seen_on="/me")
    assert "Put the shortlist to a vote" in tasks_of(visitor, db, chair)
    assert page in visitor.open("/me").links

    awarded.drafted()
    db.commit()
    assert page not in visitor.open("/me").links


def test_of_each_kind_only_so_many_are_read(session: Session) -> None:
    contract = make_contract(session)
    project = projects_of(session, contract.project.mission_id)[0]
    for number in range(project_sides.AT_MOST + 5):
        session.add(
            Project(
                mission_id=project.mission_id, title=f"Route {number}", lead_organisation_id=contract.firm.id
            )
        )
    session.flush()

    assert len(project_sides.led_by(session, Viewer(contract.lead))) == project_sides.AT_MOST
