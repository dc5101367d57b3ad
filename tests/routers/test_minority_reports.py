"""A minority report through its pages: filed, signed, and shown beside the reasons at the same size."""

import pytest
from sqlmodel import Session

from app.rules.words import Choice
from app.services import decisions_certify, decisions_count
from tests.client import Browser
from tests.services.chamber import Chamber, make_chamber
from tests.services.signed import sign_by_two

WHY = "The upkeep after 2035 is paid for by nobody."


@pytest.fixture
def counted(db: Session) -> Chamber:
    chamber = make_chamber(db)
    decision = chamber.notice(opens_in=-1)
    others = {f"citizens_{number}": Choice.FOR for number in (1, 2)}
    chamber.cast_all(Choice.AGAINST, **others)
    decisions_count.close(db, decision, chamber.chair.id)
    db.commit()
    return chamber


def test_a_group_files_its_report_and_signs_it(visitor: Browser, db: Session, counted: Chamber) -> None:
    assert counted.decision is not None
    here = f"/decisions/{counted.decision.id}"
    visitor.sign_in(db, counted.members["citizens 1"])
    page = visitor.open(visitor.open(here).link("File a minority report for your group"))
    wrong = visitor.hand_in(page.form(f"{here}/minority-report"), {"words": "No."}, status=422)
    visitor.hand_in(wrong.form(f"{here}/minority-report"), {"words": WHY})

    visitor.sign_in(db, counted.members["citizens 2"])
    shown = visitor.open(here)
    signed = visitor.hand_in(shown.form("/minority-report/.*/signature"))
    assert f"Signed by {counted.members['citizens 2'].name}" in signed.main.text
    assert "Sign this report" not in signed.main.text

    visitor.sign_in(db, counted.members["public 1"])
    assert "File a minority report" not in visitor.open(here).main.text
    path = f"{here}/minority-report"
    assert visitor.fill_in(path, {"words": WHY}).status_code == 403
    sign_by_two(db, counted.decision)
    decisions_certify.certify(db, counted.decision, "Most groups were against it.", counted.secretary.id)
    db.commit()
    visitor.cookies.delete("session")
    assert WHY in visitor.open(here).main.text
