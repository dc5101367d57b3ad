"""Pledges through their page: made by an organisation, kept or not, and read by everyone."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.mission import Mission
from app.models.pledge import PledgeDelivery
from app.models.statement import Statement
from app.rules.words import StatementKind
from app.services import missions_draft
from tests.applied import make_applicant
from tests.client import Browser
from tests.people import make_person
from tests.services.drafted import make_scene
from tests.services.steering import adopt


@pytest.fixture
def mission(db: Session) -> Mission:
    scene = make_scene(db)
    found = missions_draft.draft(db, scene.cluster, scene.carol.id)
    adopt(db, found)
    db.commit()
    return found


def test_an_organisation_pledges_and_says_that_it_kept_it(
    visitor: Browser, db: Session, mission: Mission
) -> None:
    path = f"/missions/{mission.id}/pledges"
    assert "No pledge yet" in visitor.open(path).main.text
    firm, lead = make_applicant(db)
    visitor.sign_in(db, lead)
    due = now().date() + timedelta(days=30)
    said = {"pledge": "We put batteries into forty streets.", "proof": "The register of the grid lists them."}

    page = visitor.hand_in(visitor.open(path).form("/pledges"), {**said, "due": now().date()}, status=422)
    page = visitor.hand_in(page.form("/pledges"), {**said, "due": due})
    assert (firm.name in page.main.text, said["proof"] in page.main.text) == (True, True)

    page = visitor.hand_in(
        page.form("/delivery"), {"delivered_on": now().date(), "evidence": "They are all there."}
    )

    assert "They are all there." in page.main.text
    assert db.exec(select(PledgeDelivery)).one().delivered_on == now().date()
    visitor.cookies.clear()
    assert "Kept" in visitor.open(path).main.text


def test_a_pledge_can_be_reported(visitor: Browser, db: Session, mission: Mission) -> None:
    _firm, lead = make_applicant(db)
    visitor.sign_in(db, lead)
    said = {"pledge": "We put batteries into forty streets.", "proof": "The register of the grid lists them."}
    pledges = visitor.open(f"/missions/{mission.id}/pledges")
    visitor.hand_in(pledges.form("/pledges"), {**said, "due": now().date() + timedelta(days=30)})
    visitor.sign_in(db, make_person(db, "Bob"))
    (link,) = [
        each for each in visitor.open(f"/missions/{mission.id}/pledges").links if "/statements/" in each
    ]

    page = visitor.open(link)
    visitor.hand_in(page.form("/report"), {"reason": "This firm does not exist."})

    assert page.title.startswith("A pledge")
    assert db.exec(select(Statement).where(Statement.kind == StatementKind.REPORT)).one().text


def test_a_mission_leads_to_its_pledges(visitor: Browser, db: Session, mission: Mission) -> None:
    assert f"/missions/{mission.id}/pledges" in visitor.open(f"/missions/{mission.id}").links
