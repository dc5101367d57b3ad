"""Readings for programs: everyone reads them, and a token enters them for the person it acts for."""

import html
import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.api_token import ApiToken
from app.models.columns import now
from app.models.money import readings_of
from app.rules import reading_files
from app.services import accounts, tokens
from app.services.tokens import TooManyTokens
from tests.client import Browser
from tests.services.chamber import Chamber
from tests.services.measured import enter, indicator_of, today
from tests.services.steering import make_active


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_active(db)
    db.commit()
    return chamber


def address(chamber: Chamber) -> str:
    return f"/api/missions/{chamber.mission.id}/readings"


def bearer(db: Session, chamber: Chamber, who: str = "") -> dict[str, str]:
    person = chamber.members[who] if who else chamber.scene.carol
    token = tokens.make(db, person, "The meter")
    db.commit()
    return {"Authorization": f"Bearer {token}"}


def body(db: Session, chamber: Chamber, *values: float, **changes: object) -> dict[str, object]:
    key = str(indicator_of(db, chamber.mission).id)
    each = {"indicator": key, "source": "Meter", **changes}
    days = [(today() - timedelta(days=place)).isoformat() for place in range(len(values))]
    return {
        "readings": [{"at": day, "value": value, **each} for day, value in zip(days, values, strict=True)]
    }


def test_a_program_enters_readings_and_everyone_reads_them(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    answer = visitor.post(address(chamber), json=body(db, chamber, 14, 13), headers=bearer(db, chamber))
    assert answer.status_code == 201

    (told,) = visitor.get(address(chamber)).json()["indicators"]

    assert [each["value"] for each in told["readings"]] == ["13", "14"]
    assert {each["id"] for each in told["readings"]} == set(answer.json()["readings"])
    indicator = indicator_of(db, chamber.mission)
    assert {each.by_id for each in readings_of(db, indicator.id)} == {chamber.scene.carol.id}


def test_the_page_shows_a_request_that_works(visitor: Browser, db: Session, chamber: Chamber) -> None:
    """What the example says is sent as it stands there, with a token in the place of TOKEN."""
    visitor.sign_in(db, chamber.scene.carol)
    page = visitor.open(f"/missions/{chamber.mission.id}/readings")
    found = re.findall(r'<code id="([^"]+)">(.*?)</code>', page.html, re.S)
    shown = {key: html.unescape(lines) for key, lines in found}
    (sent,) = re.findall(r"-d '(.*)'", shown["example-enter"])

    answer = visitor.post(address(chamber), content=sent, headers=bearer(db, chamber))

    assert answer.status_code == 201, answer.text
    assert shown["example-read"].endswith(address(chamber))
    rows = reading_files.lines(shown["example-file"].encode())
    assert (len(rows[0]), rows[1]) == (1, [])
    visitor.cookies.clear()
    read = {e.get("id") for e in visitor.open(f"/missions/{chamber.mission.id}/readings").elements}
    assert ("example-read" in read, "example-enter" in read) == (True, False)


def test_a_program_without_a_token_is_told_that_it_needs_one(visitor: Browser, chamber: Chamber) -> None:
    visitor.cookies.clear()

    answer = visitor.post(address(chamber), json={"readings": []})

    assert answer.status_code == 403
    assert "Authorization: Bearer TOKEN" in answer.json()["error"]


def test_a_correction_names_what_it_corrects(visitor: Browser, db: Session, chamber: Chamber) -> None:
    wrong = enter(db, chamber.mission, 120)
    db.commit()

    sent = body(db, chamber, 12, replaces=str(wrong.id))
    answer = visitor.post(address(chamber), json=sent, headers=bearer(db, chamber))

    assert answer.status_code == 201
    (told,) = visitor.get(address(chamber)).json()["indicators"][0]["readings"]
    assert (told["value"], told["replaces"]) == ("12", str(wrong.id))


def test_all_come_in_or_none(visitor: Browser, db: Session, chamber: Chamber) -> None:
    enter(db, chamber.mission, 12, 1)
    db.commit()

    answer = visitor.post(address(chamber), json=body(db, chamber, 14, 13), headers=bearer(db, chamber))

    assert (answer.status_code, "a reading of this day" in answer.json()["error"]) == (409, True)
    db.expire_all()
    assert len(readings_of(db, indicator_of(db, chamber.mission).id)) == 1


@pytest.mark.parametrize(
    "wrong", [{"value": "NaN"}, {"source": ""}, {"source": "a\x00b"}, {"at": "soon"}, {"colour": "blue"}]
)
def test_what_is_no_reading_is_refused_in_json(
    visitor: Browser, db: Session, chamber: Chamber, wrong: dict[str, object]
) -> None:
    sent = body(db, chamber, 12)
    sent["readings"][0].update(wrong)  # type: ignore[index]

    answer = visitor.post(address(chamber), json=sent, headers=bearer(db, chamber))

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_token_may_only_what_its_person_may(visitor: Browser, db: Session, chamber: Chamber) -> None:
    theirs = bearer(db, chamber, "citizens 1")

    assert visitor.post(address(chamber), json=body(db, chamber, 12), headers=theirs).status_code == 403


@pytest.mark.parametrize("how", ["unknown", "revoked", "ended", "suspended", "another password"])
def test_a_token_that_is_over_is_nobody(visitor: Browser, db: Session, chamber: Chamber, how: str) -> None:
    headers, sent = bearer(db, chamber), body(db, chamber, 12)
    (kept,) = db.exec(select(ApiToken)).all()
    if how == "unknown":
        headers = {"Authorization": "Bearer guess"}
    elif how == "revoked":
        tokens.revoke(db, chamber.scene.carol.id, kept.id)
    elif how == "ended":
        kept.expires_at = now() - timedelta(seconds=1)
    elif how == "suspended":
        chamber.scene.carol.suspended_at = now()
    else:
        accounts.set_password(db, chamber.scene.carol, "another password of hers")
    db.commit()

    assert visitor.post(address(chamber), json=sent, headers=headers).status_code == 403


def test_without_a_token_a_signed_in_browser_enters_nothing(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """No cookie counts at the addresses for programs, so no other site can use a visitor's browser for them."""
    visitor.sign_in(db, chamber.scene.carol)
    sent = body(db, chamber, 12)

    assert visitor.post(address(chamber), json=sent).status_code == 403
    as_form = {"csrf_token": visitor.token()}
    assert visitor.post(address(chamber), data=as_form).status_code == 422
    guess = {"Authorization": "Bearer guess"}
    assert visitor.post(address(chamber), json=sent, headers=guess).status_code == 403


def test_a_token_opens_no_page(visitor: Browser, db: Session, chamber: Chamber) -> None:
    headers = bearer(db, chamber)

    assert visitor.get("/me", headers=headers, follow_redirects=False).status_code == 303
    refused = visitor.post(f"/missions/{chamber.mission.id}/readings", data={"value": "1"}, headers=headers)
    assert refused.status_code == 403


def test_a_token_is_shown_once_and_revoked(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.scene.carol)
    page = visitor.hand_in(visitor.open("/me/tokens").form("/me/tokens"), {"name": "The meter at the port"})
    (kept,) = db.exec(select(ApiToken)).all()
    shown = page.main.text
    assert "only time" in shown
    assert kept.token_hash not in page.text

    again = visitor.open("/me/tokens")
    assert "only time" not in again.main.text
    visitor.hand_in(again.form("/revocation"))

    db.expire_all()
    assert kept.revoked_at is not None


def test_nobody_revokes_the_token_of_another(visitor: Browser, db: Session, chamber: Chamber) -> None:
    bearer(db, chamber)
    (kept,) = db.exec(select(ApiToken)).all()
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert visitor.fill_in(f"/me/tokens/{kept.id}/revocation").status_code == 404


def test_a_person_holds_so_many_tokens(db: Session, chamber: Chamber) -> None:
    for number in range(tokens.LIVE_AT_MOST):
        tokens.make(db, chamber.scene.carol, f"Meter {number}")

    with pytest.raises(TooManyTokens):
        tokens.make(db, chamber.scene.carol, "One more")
