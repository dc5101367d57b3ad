"""Numbers and dates at the end of what a machine can count."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from tests.client import Browser
from tests.factories import make_call
from tests.people import make_admin, make_facilitator, make_organisation


@pytest.mark.parametrize(
    ("opens", "closes", "zone"),
    [
        ("0001-01-01T00:00", "2030-01-01T00:00", "Pacific/Kiritimati"),
        ("2030-01-01T00:00", "9999-12-31T23:59", "Pacific/Pago_Pago"),
        ("2030-01-01T00:00", "9999-12-31T23:59", "Pacific/Kiritimati"),
    ],
)
def test_a_question_is_asked_in_our_time(
    app: FastAPI, db: Session, opens: str, closes: str, zone: str
) -> None:
    """A date that cannot be told in another zone would break every page that lists the question."""
    agency = make_organisation(db)
    carol = make_facilitator(db, agency)
    db.commit()
    typed = {
        "organisation_id": str(agency.id), "title": "A far question", "question": "What will be then?",
        "timezone": zone, "opens_at": opens, "closes_at": closes,
    }  # fmt: skip
    with Browser(app) as browser:
        browser.sign_in(db, carol)

        assert browser.fill_in("/calls", typed).status_code == 422


@pytest.mark.parametrize("typed", ["\\", "%", "a\x00b", "'", "_"])
def test_people_are_searched_for_with_any_sign(app: FastAPI, db: Session, typed: str) -> None:
    with Browser(app) as browser:
        browser.sign_in(db, make_admin(db))

        assert browser.get("/staff/people", params={"q": typed}).status_code in (200, 422)


def test_a_page_number_without_end_is_no_page(app: FastAPI, db: Session) -> None:
    call = make_call(db)
    db.commit()
    with Browser(app) as browser:
        for query in ("page=WyJuZXdlc3QiLDAsMCwxZTQwMF0", "page=%00", "page=ñ", "place=%00", "q=%00%22-"):
            assert browser.get(f"/calls/{call.id}/submissions?{query}").status_code in (200, 400)
