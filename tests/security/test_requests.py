"""Requests that no browser of ours sends: refused in words, before they cost anything."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from sqlmodel import Session
from starlette.requests import Request

from app.permissions import Permission
from app.routers.deps import client_address, needs
from tests.client import Browser
from tests.people import make_person


def endless(fields: int) -> Iterator[bytes]:
    """A form of many fields, each small enough on its own; nobody says beforehand how long it is."""
    for number in range(fields):
        yield f"f{number}=".encode() + b"x" * 500_000 + b"&"


def test_a_body_of_many_megabytes_is_refused_before_it_is_kept(visitor: Browser) -> None:
    answer = visitor.post(
        "/sign-in", content=endless(8), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert answer.status_code == 413
    assert "larger than this form can take" in answer.text


def test_a_body_that_says_it_is_too_long_is_not_read_at_all(visitor: Browser) -> None:
    answer = visitor.post(
        "/preferences",
        content=b"x=" + b"y" * 3_000_000,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 413


def test_a_token_that_is_no_token_is_refused(visitor: Browser) -> None:
    in_form = visitor.post("/sign-out", data={"csrf_token": "ñandú"})
    in_header = visitor.post("/sign-out", headers={"X-CSRF-Token": "ñ".encode("latin-1")})

    assert (in_form.status_code, in_header.status_code) == (403, 403)


def test_an_address_with_a_nul_is_nobodys(visitor: Browser) -> None:
    answer = visitor.fill_in("/sign-in", {"email": "a\x00b@example.org", "password": "a long phrase"})

    assert answer.status_code == 422


def test_a_place_to_go_back_to_may_be_written_in_any_letters(visitor: Browser, db: Session) -> None:
    visitor.sign_in(db, make_person(db))

    answer = visitor.fill_in("/preferences", {"back": "/calls?q=水"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == "/calls?q=%E6%B0%B4"


@pytest.mark.parametrize(
    ("lines", "hops", "expected"),
    [
        (["1.1.1.1"], 0, "testclient"),
        (["6.6.6.6, 1.1.1.1"], 1, "1.1.1.1"),
        (["6.6.6.6", "1.1.1.1"], 1, "1.1.1.1"),
        (["2001:db8:1:2:3:4:5:6"], 1, "2001:db8:1:2::"),
        (["::ffff:1.1.1.1"], 1, "1.1.1.1"),
    ],
)
def test_nobody_gets_fresh_tries_by_writing_addresses(
    app: FastAPI, lines: list[str], hops: int, expected: str
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"forwarded_hops": hops})
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    scope = {"type": "http", "app": app, "headers": headers, "client": ("testclient", 1)}

    assert client_address(Request(scope)) == expected


def test_a_form_in_an_alphabet_that_nobody_knows_is_refused(visitor: Browser) -> None:
    part = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.token()}\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x; charset=undefined"}

    assert visitor.post("/sign-out", content=part.encode(), headers=kind).status_code == 422


def test_a_route_that_forgets_to_ask_answers_nobody(app: FastAPI, db: Session) -> None:
    """A plain router would leave unasked what `needs` and `load` note down."""
    plain = APIRouter()

    @plain.get("/forgotten", dependencies=[needs(Permission.MANAGE_PEOPLE)])
    def forgotten() -> dict[str, str]:
        return {"secret": "yes"}

    app.include_router(plain)
    with Browser(app) as browser:
        answer = browser.get("/forgotten")

    assert answer.status_code == 500
    assert "secret" not in answer.text
