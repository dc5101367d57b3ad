"""Projects through their pages: what they assume, their life, their end, and the lessons they leave to be found."""

import pytest
from sqlmodel import Session

from app.models.link import Link
from app.models.money import Money
from app.models.project import projects_of
from app.rules.words import LinkKind, MoneyKind, ProjectState, ProjectVerdict, StakeholderGroup, SubjectKind
from app.services import lessons
from tests.client import Browser
from tests.services.contracted import HYPOTHESIS, Contract, agreed, in_days, make_contract

LEARNED = "Ask who holds the key at night before you buy the battery."
END = {"verdict": "refuted", "reason": "A third of the homes were dark by nine.", "lesson": LEARNED}
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \u202e' OR 1=1 -- and twenty more letters"


@pytest.fixture
def contract(db: Session) -> Contract:
    made = make_contract(db)
    db.commit()
    return made


def at(contract: Contract) -> str:
    return f"/projects/{contract.project.id}"


def test_anyone_reads_a_project_and_its_neighbours(visitor: Browser, db: Session, contract: Contract) -> None:
    agreed(contract)
    db.add(
        Money(mission_id=contract.project.mission_id, project_id=contract.project.id, kind=MoneyKind.COMMITTED,
              source="Budget law", source_group=StakeholderGroup.PUBLIC, year=2026, amount=100, currency="EUR")
    )  # fmt: skip
    db.commit()

    page = visitor.open(at(contract))

    assert contract.firm.name in page.main.text
    assert HYPOTHESIS in page.main.text
    assert "Budget law" in page.main.text
    assert "Running" in page.main.text
    assert "Pause it" not in page.main.text
    listing = visitor.open(f"/missions/{contract.project.mission_id}/projects")
    assert at(contract) in listing.links
    assert at(contract) in visitor.open(f"/missions/{contract.project.mission_id}").links


def test_a_project_is_contracted_once_it_says_what_it_assumes(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    """DOMAIN 27."""
    contract.project.state, contract.project.hypothesis = ProjectState.PROPOSED, ""
    db.connection().exec_driver_sql("SET LOCAL session_replication_role = replica")
    db.commit()
    visitor.sign_in(db, contract.funder)
    days = {"starts": in_days(1).isoformat(), "ends": in_days(900).isoformat()}
    conditions = f"{at(contract)}/conditions"
    page = visitor.hand_in(visitor.open(conditions).form("/contract"), days, status=409)
    assert "what this project assumes" in page.main.text

    visitor.sign_in(db, contract.lead)
    page = visitor.hand_in(
        visitor.open(at(contract)).form("/hypothesis"), {"hypothesis": "Too short"}, status=422
    )
    page = visitor.hand_in(page.form("/hypothesis"), {"hypothesis": HYPOTHESIS})
    visitor.sign_in(db, contract.funder)
    visitor.hand_in(visitor.open(conditions).form("/contract"), days)
    page = visitor.hand_in(visitor.open(at(contract)).form("/start"))

    assert "The project is running." in page.text
    assert "never changed since" in page.main.text


def test_a_project_pauses_and_goes_on_with_a_reason(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    visitor.sign_in(db, contract.lead)
    page = visitor.hand_in(visitor.open(at(contract)).form("/pause"), {"reason": "No"}, status=422)
    page = visitor.hand_in(page.form("/pause"), {"reason": "The road was washed away."})
    assert "The road was washed away." in page.main.text
    page = visitor.hand_in(page.form("/resumption"), {"reason": "The road is open again."})

    assert "The road is open again." in page.main.text
    assert "Running" in page.main.text


def test_stopping_tells_what_waits_for_it_and_asks_for_a_lesson(
    visitor: Browser, db: Session, contract: Contract
) -> None:
    """DOMAIN 21."""
    other = projects_of(db, contract.project.mission_id)[1]
    db.add(
        Link(kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.PROJECT, from_id=other.id,
             to_kind=SubjectKind.PROJECT, to_id=contract.project.id)
    )  # fmt: skip
    db.add(
        Money(mission_id=contract.project.mission_id, project_id=contract.project.id, kind=MoneyKind.COMMITTED,
              source="Budget law", source_group=StakeholderGroup.PUBLIC, year=2026, amount=100, currency="EUR")
    )  # fmt: skip
    db.commit()
    visitor.sign_in(db, contract.funder)
    page = visitor.open(f"{at(contract)}/stop")
    assert other.title in page.main.text
    assert "100 EUR" in page.main.text

    page = visitor.hand_in(page.form("/stop"), END | {"lesson": "Too short.", "seen": "yes"}, status=422)
    answer = visitor.fill_in(f"{at(contract)}/stop", END)
    assert answer.status_code == 409
    assert "Other things depend on this project" in answer.text
    page = visitor.hand_in(page.form("/stop"), END | {"seen": "yes"})

    db.expire_all()
    assert (contract.project.state, contract.project.verdict) == (
        ProjectState.STOPPED_TO_LEARN,
        ProjectVerdict.REFUTED,
    )
    assert "What it assumed did not hold" in page.main.text
    assert LEARNED in page.main.text
    assert LEARNED in visitor.open("/lessons?q=battery&verdict=refuted").main.text
    assert "ends once it is under way" in visitor.open(f"{at(contract)}/stop").main.text


def test_a_project_is_completed_with_a_verdict(visitor: Browser, db: Session, contract: Contract) -> None:
    visitor.sign_in(db, contract.lead)
    page = visitor.open(f"{at(contract)}/completion")
    assert visitor.fill_in(f"{at(contract)}/completion", END | {"verdict": ""}).status_code == 422
    page = visitor.hand_in(page.form("/completion"), END | {"verdict": "supported"})

    assert "What it assumed held" in page.main.text


def test_others_change_nothing(visitor: Browser, db: Session, contract: Contract) -> None:
    visitor.sign_in(db, contract.chamber.members["citizens 1"])

    assert "Stop it to learn" not in visitor.open(at(contract)).text
    for act in ("hypothesis", "start", "pause", "resumption", "stop", "completion", "lessons"):
        assert visitor.fill_in(f"{at(contract)}/{act}", END).status_code == 403
    for act in ("stop", "completion"):
        assert visitor.get(f"{at(contract)}/{act}").status_code == 403


def test_hostile_words_stay_words(visitor: Browser, db: Session, contract: Contract) -> None:
    visitor.sign_in(db, contract.lead)
    form = visitor.open(at(contract)).form("/lessons")
    page = visitor.hand_in(form, {"lesson": HOSTILE})

    assert "<script>alert(1)" not in visitor.get(at(contract)).text
    assert "{{ 7*7 }}" in page.main.text
    answer = visitor.get("/lessons", params={"q": HOSTILE, "page": "x" * 50})
    assert answer.status_code == 400
    assert (
        visitor.get(
            "/lessons", params={"q": "\x00\ud7ff' OR 1=1", "sector": "{}", "verdict": "x"}
        ).status_code
        == 200
    )


def test_lessons_come_in_pages_and_by_filter(visitor: Browser, db: Session, contract: Contract) -> None:
    for number in range(25):
        lessons.add(
            db, contract.project, f"Lesson number {number} of the battery and its key.", contract.lead.id
        )
    db.commit()

    first = visitor.open("/lessons?q=battery")
    following = next(each for each in first.links if "page=" in each)
    second = visitor.open(following)

    assert "Lesson number 24" in first.main.text
    assert "Lesson number 24" not in second.main.text
    assert "Lesson number 0 of" in second.main.text
    assert "No lesson holds this" in visitor.open("/lessons?q=battery&instrument=prize").main.text


def test_a_lesson_is_found_in_its_own_language(visitor: Browser, db: Session, contract: Contract) -> None:
    words = "Las baterías compartidas fallaron porque nadie tenía la llave de noche en los pueblos."
    lessons.add(db, contract.project, words, contract.lead.id)
    db.commit()

    assert words in visitor.open("/lessons?q=batería").main.text  # another ending than in the lesson
    assert words in visitor.open("/lessons?q=pueblo").main.text


def test_a_lesson_has_a_page_of_its_own(visitor: Browser, db: Session, contract: Contract) -> None:
    lesson = lessons.add(db, contract.project, LEARNED, contract.lead.id)
    db.commit()
    page = visitor.open(f"/lessons/{lesson.id}")

    assert LEARNED in page.main.text
    assert "no draft uses it yet" in page.main.text
    assert at(contract) in page.links
