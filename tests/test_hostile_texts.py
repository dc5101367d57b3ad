"""Every text field of every form on every page, filled with what breaks programs: refused, or shown harmlessly."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from app.main import create_app
from app.services import sign_ins
from app.settings import Settings
from tests.client import Browser
from tests.page import Page
from tests.page_elements import Element
from tests.page_forms import PageForm
from tests.routes import walk
from tests.test_doors import addresses, wanted
from tests.world import World, make_world

MARK = "zqmark"
HOSTILE = {
    "nul": f"{MARK} be\x00fore and after it",
    "lone surrogate": f"{MARK} \ud800 and some words",
    "right-to-left override": f"{MARK} abc \u202e gnirts desrever \u2066 x",
    "zalgo": MARK + " z" + "\u0301\u0338\u0353" * 300 + "algo",
    "script": f"{MARK}<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attributes": f'{MARK}" onmouseover="alert(1)" hx-get="/evil" autofocus="',
    "template": MARK + " {{ 7*7 }} {% raw %} %(name)s %s {0}",
    "formula": f'=HYPERLINK("http://evil","{MARK}") and words',
    "header": f"{MARK}\r\nBcc: all@example.org\r\n\r\nBody",
    "number": "9" * 400,
    "infinite": "1e400",
    "only spaces": " \u2003\u3000\u200b \n\t ",
    "sql": f"{MARK}'; DROP TABLE submission; --",
}
# Once for each form, in all its fields together: a million letters take their time to send.
ENDLESS = "x" * 1_000_000
# What the marks above would look like if a page let them through.
UNESCAPED = (f"{MARK}<script", f'{MARK}" onmouseover', f"{MARK} 49", "\x00", "\ud800", "\u202e")
INVISIBLE = ("\x00", "\ud800", "\u202e")
PEOPLE = ("visitor", "bob", "carol", "erin", "chair", "secretary", "alice")
TEXT_KINDS = {
    "text",
    "search",
    "email",
    "url",
    "tel",
    "number",
    "date",
    "datetime-local",
    "password",
    "hidden",
}
# A choice or a hidden value is tried with a few; words are tried with all.
FEW = ("nul", "lone surrogate", "number")
KEPT_OUT = {"csrf_token", "password"}
FINE = {200, 303, 400, 403, 404, 409, 413, 422, 429}


@dataclass
class Town:
    """The application on one connection, so that whatever a form does can be taken back at once."""

    app: FastAPI
    connection: Connection
    world: World
    known: set[str] = field(default_factory=set)
    sessions: dict[str, str] = field(default_factory=dict)

    def browser(self, name: str) -> Browser:
        browser = Browser(self.app)
        browser.follow_redirects = False
        if name != "visitor":
            with self.session() as session:
                self.sessions[name] = sign_ins.begin(session, self.world.people[name])
                session.commit()
        self.same_person(browser, name)
        return browser

    def same_person(self, browser: Browser, name: str) -> None:
        """An act may have ended the session; it is taken back, so the old cookie is right again."""
        browser.cookies.delete("session") if "session" in browser.cookies else None
        if name in self.sessions:
            browser.cookies.set("session", self.sessions[name])

    def session(self) -> Session:
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        savepoint = self.connection.begin_nested()
        yield
        if savepoint.is_active:
            savepoint.rollback()


@pytest.fixture(scope="module")
def town(lasting_settings: Settings, engine: Engine) -> Iterator[Town]:
    app = create_app(lasting_settings, engine)
    with engine.connect() as connection, connection.begin() as outer:
        made = Town(app, connection, World())
        with made.session() as session:
            made.world = make_world(session)
        app.state.engine = connection
        with made.taken_back():
            yield made
        outer.rollback()


def pages_for(town: Town, name: str) -> list[str]:
    """Every page this person may open, with records in every state."""
    found = []
    with town.session() as session:
        for each in walk(town.app):
            if each.method != "GET" or each.path.endswith((".json", "/export", "z")):
                continue
            for address, chosen in addresses(each, town.world):
                if "{token}" not in each.path and wanted(session, town.world, name, each, chosen) == "yes":
                    found.append(address)
    links = [f"/link/{token}" for token in town.world.tokens.values()] if name == "visitor" else []
    return [*dict.fromkeys(found), *links]


def forms_for(town: Town, browser: Browser, name: str) -> Iterator[PageForm]:
    """Every form with something to write or choose, once for each kind of record and person who sees it first."""
    for path in pages_for(town, name):
        answer = browser.get(path)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        for form in Page(answer.text, path).forms:
            kind = form.method + re.sub("[0-9a-f-]{36}", "*", form.action) + str(sorted(form.names))
            if kind not in town.known and writable(form):
                town.known.add(kind)
                yield form


def writable(form: PageForm) -> list[Element]:
    fields = [each for each in form.controls if each.tag in ("textarea", "select", "input")]
    return [each for each in fields if each.get("name") and each.get("name") not in KEPT_OUT]


def values_for(field_: Element) -> list[str]:
    kind = field_.get("type", "text")
    is_written = field_.tag == "textarea" or (field_.tag == "input" and kind in TEXT_KINDS)
    return list(HOSTILE) if is_written else list(FEW)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_field_of_any_form_breaks_anything(town: Town, name: str) -> None:
    browser = town.browser(name)
    token, wrong = browser.token(), []

    for form in forms_for(town, browser, name):
        fields = {each.get("name"): each for each in writable(form)}
        cases = [
            (f"{key}: {what}", {key: HOSTILE[what]})
            for key, each in fields.items()
            for what in values_for(each)
        ]
        for what, changes in [*cases, ("endless", dict.fromkeys(fields, ENDLESS))]:
            with town.taken_back():
                town.same_person(browser, name)
                wrong += tried(browser, form, changes, token, f"{name} {form.method} {form.action} {what}")

    assert wrong == [], f"{len(wrong)}:\n" + "\n".join(wrong[:80])


def tried(browser: Browser, form: PageForm, changes: dict[str, str], token: str, where: str) -> list[str]:
    """Send it as a program would, past what the page forbids; then look at the page that comes of it."""
    sent = {**form.fields, **changes}
    if form.method == "get":
        short = {key: value if isinstance(value, list) else value[:5_000] for key, value in sent.items()}
        answer = browser.get(f"{form.action.split('?')[0]}?{encoded(short)}")
    else:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = browser.post(form.action, content=encoded({**sent, "csrf_token": token}), headers=kind)
    found = judged(where, answer)
    if answer.status_code == 303 and answer.headers["location"].startswith("/"):
        found += judged(
            f"{where}, then {answer.headers['location']}", browser.get(answer.headers["location"])
        )
    typed = next(iter(changes.values()))
    if answer.status_code == 422 and len(changes) == 1 and MARK in typed and "password" not in where:
        found += (
            [] if MARK in answer.text or not is_kept(form, changes) else [f"{where}: what was typed is gone"]
        )
    return found


def is_kept(form: PageForm, changes: dict[str, str]) -> bool:
    """Words and lines come back in the form that was refused; choices and hidden values need not."""
    control = next(each for each in form.controls if each.get("name") in changes)
    return control.tag == "textarea" or (
        control.tag == "input" and control.get("type", "text") in ("text", "email")
    )


def judged(where: str, answer: httpx.Response, *, is_kept: bool = False) -> list[str]:
    found = [] if answer.status_code in FINE else [f"{where}: {answer.status_code}"]
    # A field shows what was typed as it was typed; what is kept has lost these.
    shown = [each for each in UNESCAPED if each in answer.text and (is_kept or each not in INVISIBLE)]
    return found + [f"{where}: the page says {each!r}" for each in shown]


def encoded(fields: dict[str, Any]) -> str:
    """A lone surrogate cannot be written in proper UTF-8, and programs send it all the same."""
    return urlencode(fields, doseq=True, errors="surrogatepass")
