"""Conditions through their pages: proposed, agreed, shown, doubted, waived; a calendar; money back; capabilities."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.models.condition import Condition
from app.models.milestone import Milestone
from app.models.money import Money
from app.models.motion import Motion
from app.models.project import projects_of
from app.rules.words import Instrument, MoneyKind, MotionAct, ProjectState, StakeholderGroup
from tests.client import Browser
from tests.services.contracted import CLAUSE, Contract, agreed, in_days, make_contract

TYPED = {
    "kind": "reinvestment",
    "clause": "Half of the profit goes back into research in the region.",
    "compare": "at_least",
    "what": "profit put back",
    "value": "50",
    "unit": "percent of profit",
    "due": in_days(60).isoformat(),
    "every": "0",
    "until": "",
}


@pytest.fixture
def contract(db: Session) -> Contract:
    made = make_contract(db)
    db.commit()
    return made


def listed(contract: Contract) -> str:
    return f"/projects/{contract.project.id}/conditions"


def test_both_sides_agree_and_the_check_stands_in_the_calendar(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    visitor.sign_in(db, contract.funder)
    form = visitor.open(listed(contract)).form("/conditions")
    page = visitor.hand_in(form, TYPED | {"value": ""}, status=422)
    assert "Write the number that it is compared with." in page.main.text
    page = visitor.hand_in(page.form("/conditions"), TYPED)
    assert "Proposed" in page.main.text

    condition = db.exec(select(Condition)).one()
    visitor.sign_in(db, contract.lead)
    address = f"/conditions/{condition.id}"
    page = visitor.hand_in(visitor.open(address).form("/agreement"))
    assert "In force" in page.main.text

    visitor.sign_in(db, contract.chamber.members["citizens 1"])
    days = visitor.open(f"/projects/{contract.project.id}/calendar")
    assert "Half of the profit" in days.main.text
    assert f"/projects/{contract.project.id}/calendar.ics" in days.links
    feed = visitor.get(f"/missions/{contract.chamber.mission.id}/calendar.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{in_days(60):%Y%m%d}" in feed.text
    table = visitor.get(f"/missions/{contract.chamber.mission.id}/conditions.csv").text
    assert table.splitlines()[1].startswith(f"{condition.id},{contract.project.id},reinvestment,active")


def test_what_falls_due_in_many_projects_on_one_day_is_said_once(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    mission = contract.chamber.mission
    others = [project for project in projects_of(db, mission.id) if project.id != contract.project.id][:2]
    for project in (contract.project, *others):
        db.add(
            Milestone(mission_id=mission.id, project_id=project.id, title="Half-way there", due=in_days(60))
        )
    db.commit()

    page = visitor.open(f"/missions/{mission.id}/calendar")

    assert (len(others), page.main.text.count("Half-way there")) == (2, 1)
    assert len([each for each in page.links if "#milestone-" in each]) == 3
    assert all(project.title in page.main.text for project in (contract.project, *others))
    assert "How to subscribe" in page.main.text
    (told,) = [e.text for e in page.elements if e.get("id") == "feed-url"]
    assert told.endswith(f"/missions/{mission.id}/calendar.ics")


def test_what_is_called_alike_but_for_large_letters_keeps_its_name(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    mission = contract.chamber.mission
    for title in ("PLAN A stands", "Plan a stands"):
        db.add(Milestone(mission_id=mission.id, project_id=contract.project.id, title=title, due=in_days(60)))
    db.commit()

    told = visitor.open(f"/missions/{mission.id}/calendar").main.text

    assert "PLAN A stands" in told
    assert "Plan a stands" in told


def test_who_pays_names_who_leads_and_contracts(visitor: Browser, db: Session, contract: Contract) -> None:
    contract.project.state, contract.project.lead_organisation_id = ProjectState.PROPOSED, None
    db.commit()
    visitor.sign_in(db, contract.funder)
    page = visitor.open(listed(contract))
    assert "Propose a condition" not in page.text

    page = visitor.hand_in(page.form("/lead"), {"lead_organisation_id": str(contract.firm.id)})
    days = {"starts": in_days(1).isoformat(), "ends": in_days(900).isoformat()}
    page = visitor.hand_in(page.form("/contract"), days | {"ends": in_days(0).isoformat()}, status=422)
    assert "A project ends after it starts." in page.main.text
    page = visitor.hand_in(page.form("/contract"), days)

    assert "Contracted" in page.main.text
    assert visitor.fill_in(f"/projects/{contract.project.id}/contract", days).status_code == 409


def test_evidence_is_filed_by_one_side_and_set_aside_by_the_other(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    condition = agreed(contract)
    db.commit()
    address = f"/conditions/{condition.id}"
    visitor.sign_in(db, contract.lead)
    shown = {
        "due": in_days(60).isoformat(),
        "words": "The report tells all results.",
        "link": "javascript:alert(1)",
    }
    page = visitor.hand_in(visitor.open(address).form("/evidence"), shown, status=422)
    assert "from https:// on" in page.main.text
    page = visitor.hand_in(page.form("/evidence"), shown | {"link": "https://example.org/report"})
    assert "Kept" in page.main.text

    visitor.sign_in(db, contract.funder)
    page = visitor.open(address)
    assert visitor.fill_in(f"{address}/evidence", shown).status_code == 403
    page = visitor.hand_in(page.form("/doubt"), {"reason": "It holds no failed trial."})

    assert "It holds no failed trial." in page.main.text
    assert "In force" in page.main.text


def test_other_words_stand_side_by_side_until_the_other_side_says_yes(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    condition = agreed(contract)
    db.commit()
    visitor.sign_in(db, contract.lead)
    address = f"/conditions/{condition.id}"
    other = {"clause": "The firm publishes what it wants to publish.", "due": in_days(90).isoformat()}
    page = visitor.hand_in(visitor.open(address).form("/versions"), other)

    assert "Version 2 waits for the yes of the other side." in page.main.text
    assert CLAUSE in page.main.text
    assert visitor.fill_in(f"{address}/agreement", {"number": "2"}).status_code == 409


def test_a_steward_asks_for_a_waiver(visitor: Browser, db: Session, contract: Contract) -> None:
    condition = agreed(contract)
    db.commit()
    visitor.sign_in(db, contract.funder)
    page = visitor.open(f"/conditions/{condition.id}")

    page = visitor.hand_in(
        page.form("/motions"), {"act": "waive_condition", "reason": "The law does it now."}
    )

    assert db.exec(select(Motion)).one().act is MotionAct.WAIVE_CONDITION
    assert "waits for the committee" in page.main.text


def test_others_read_everything_and_change_nothing(visitor: Browser, db: Session, contract: Contract) -> None:
    condition = agreed(contract)
    db.commit()
    visitor.sign_in(db, contract.chamber.members["citizens 1"])

    assert "Propose a condition" not in visitor.open(listed(contract)).text
    assert visitor.fill_in(listed(contract), TYPED).status_code == 403
    for act in ("agreement", "versions", "dropping", "evidence", "motions"):
        assert visitor.fill_in(f"/conditions/{condition.id}/{act}", {"number": "1"}).status_code == 403


def test_the_page_of_returns_flags_imbalance_and_what_was_paid(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    for group, amount in ((StakeholderGroup.PUBLIC, 60), (StakeholderGroup.PRIVATE, 40)):
        db.add(
            Money(mission_id=contract.project.mission_id, project_id=contract.project.id, kind=MoneyKind.COMMITTED,
                  source="Budget law", source_group=group, year=2026, amount=Decimal(amount), currency="EUR")
        )  # fmt: skip
    contract.project.instrument = Instrument.PROCUREMENT
    db.commit()
    visitor.sign_in(db, contract.funder)
    page = visitor.open(f"/projects/{contract.project.id}/inputs")
    told = {
        "what": "Trials",
        "payer": "Health fund",
        "year": "2016",
        "amount": "1000",
        "currency": "gbp",
        "evidence": "Report 12",
    }

    page = visitor.hand_in(page.form("/inputs"), told)

    assert "The public already paid: 1,000 GBP" in page.main.text
    ledger = visitor.open(f"/missions/{contract.chamber.mission.id}/returns").main.text
    assert "Out of balance" in ledger
    assert "60%" in ledger
    assert "The public already paid for what is bought here." in ledger


def test_roles_and_capabilities_have_their_pages(visitor: Browser, db: Session, contract: Contract) -> None:
    visitor.sign_in(db, contract.funder)
    page = visitor.open(f"/projects/{contract.project.id}/delivery")
    role = {
        "title": "Design",
        "skill": "architecture",
        "holder": "Works unit",
        "where": "in_house",
        "since": "2025-01-01",
    }
    page = visitor.hand_in(page.form("/delivery"), role)
    assert "held in the house: 100%" in page.main.text

    address = f"/organisations/{contract.chamber.mission.organisation_id}/capabilities"
    score = {"capability": "learning", "year": "2025", "score": "3", "words": "One pilot was taken up."}
    page = visitor.hand_in(visitor.open(address).form("/capabilities"), score, status=422)
    assert "A score needs a document" in page.main.text
    page = visitor.hand_in(page.form("/capabilities"), {"document": "https://example.org/report"})

    assert "One pilot was taken up." in page.main.text
    assert visitor.get(f"/organisations/{contract.firm.id}/capabilities").status_code == 404
