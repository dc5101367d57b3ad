"""Files made to break the page or the question they are brought into."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.call import Call
from app.models.import_run import ImportRun
from app.models.person import Person
from app.rules import importing
from app.rules.importing import Column, Row
from app.rules.rates import RATES, Limited
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation

Case = tuple[Call, Person]


@pytest.fixture
def case(db: Session) -> Case:
    agency = make_organisation(db)
    found = make_call(db, agency), make_facilitator(db, agency)
    db.commit()
    return found


@pytest.mark.parametrize(
    "head",
    ["título,texto".encode("latin-1"), b"id\x00,text", "a\ud800,text".encode("utf-16-le", "surrogatepass")],
)
def test_a_first_line_in_any_bytes_is_shown_or_refused(
    app: FastAPI, db: Session, case: Case, head: bytes
) -> None:
    call, carol = case
    with Browser(app) as browser:
        browser.sign_in(db, carol)
        answer = browser.fill_in(
            f"/calls/{call.id}/import", files={"file": ("voices.csv", head + b"\nOne,More shade, please\n")}
        )

    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "day",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "99999999999", "0001-01-01", "-1", "1e9"],
)
def test_a_day_outside_of_our_time_is_left_out(day: str) -> None:
    """The database keeps years that Python cannot read back: one such row would break every list it is in."""
    (row,) = importing.rows(
        f"text,date\nMore shade in the square,{day}\n".encode(), {Column.TEXT: "text", Column.SAID_AT: "date"}
    )

    assert isinstance(row, Row)
    assert row.said_at is None


def test_uploads_are_counted(app: FastAPI, db: Session, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    call, carol = case
    monkeypatch.setitem(RATES, Limited.IMPORT, RATES[Limited.IMPORT].__class__(2, 3600))
    with Browser(app) as browser:
        browser.sign_in(db, carol)
        answers = [
            browser.fill_in(
                f"/calls/{call.id}/import", files={"file": ("a.csv", b"text\nMore shade\n")}
            ).status_code
            for _ in range(3)
        ]

    assert answers == [200, 200, 429]
    assert len(db.exec(select(ImportRun)).all()) == 2
