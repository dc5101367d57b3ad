"""The import page: a file is looked at, its source named, and what came of each row told."""

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.import_run import ImportRun
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.submission import Submission
from app.rules.words import CallState
from app.services import import_runs
from tests.client import Browser
from tests.factories import make_call
from tests.page import Page
from tests.people import make_facilitator


@pytest.fixture
def carol(db: Session, agency: Organisation) -> Person:
    return make_facilitator(db, agency)


@pytest.fixture
def call(db: Session, agency: Organisation) -> Call:
    return make_call(db, agency, state=CallState.SENSEMAKING)


def bring_in(visitor: Browser, db: Session, call: Call, content: str, source: str = "") -> Page:
    """Upload, take the columns as guessed, and let the job run."""
    form = visitor.open(f"/calls/{call.id}/import").form("/import")
    to, sent = form.filled({"source": source}, check=False)
    columns = visitor.read(visitor.post(to, data=sent, files={"file": ("voices.csv", content.encode())}))
    visitor.hand_in(columns.form(columns.url))
    run = db.exec(select(ImportRun).order_by(ImportRun.created_at.desc())).first()  # type: ignore[attr-defined]
    assert run is not None
    import_runs.run(db, run.id, lambda *_told: None)
    db.commit()
    return visitor.open(f"/calls/{call.id}/import/{run.id}")


def test_a_second_source_with_the_same_numbers_is_told_of_and_comes_in_under_its_name(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    visitor.sign_in(db, carol)
    bring_in(visitor, db, call, "id,author,text\n194,7,Trees for the square\n")
    other = "id,author,text\n194,7,A roof for the market\n"

    refused = bring_in(visitor, db, call, other)
    named = bring_in(visitor, db, call, other, source="Market survey")

    assert "The id 194 is already in this question with other words" in refused.text
    assert "1 text came in" in named.text or "One text came in" in named.text
    found = db.exec(select(Submission).where(Submission.call_id == call.id)).all()
    assert {each.text for each in found} == {"Trees for the square", "A roof for the market"}
    assert len({each.author_id for each in found}) == 2
    assert "Market survey" in visitor.open(f"/calls/{call.id}/import").text


def test_whoever_imports_learns_what_a_vote_will_need(
    visitor: Browser, db: Session, call: Call, carol: Person
) -> None:
    visitor.sign_in(db, carol)

    page = visitor.open(f"/calls/{call.id}/import")

    assert "people of three stakeholder groups here" in page.text
