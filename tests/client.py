"""A browser without JavaScript: keeps cookies, reads the form's token from the page, follows redirects."""

import re
from typing import Any

import httpx
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.person import Person
from app.services import sign_ins
from tests.page import Page
from tests.page_forms import PageForm

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"|"X-CSRF-Token": "([0-9a-f]{64})"')


class Browser(TestClient):
    """`fill_in` posts fields as a page would; `open` and `hand_in` read real pages and their real forms."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, raise_server_exceptions=False, follow_redirects=True)

    def sign_in(self, db: Session, person: Person) -> "Browser":
        """Start a session for a person of the cast without going through the form."""
        self.cookies.set("session", sign_ins.begin(db, person))
        db.commit()
        return self

    def token(self, seen_on: str = "/about") -> str:
        found = TOKEN.search(self.get(seen_on).text)
        assert found, f"no form token on {seen_on}"
        return found.group(1) or found.group(2)

    def fill_in(
        self, path: str, fields: dict[str, Any] | None = None, *, seen_on: str = "/about", **options: Any
    ) -> httpx.Response:
        return self.post(path, data={"csrf_token": self.token(seen_on), **(fields or {})}, **options)

    def open(self, path: str, *, status: int = 200) -> Page:
        """A page that must be there and be well made."""
        return self.read(self.get(path), status)

    def hand_in(
        self, form: PageForm, fields: dict[str, Any] | None = None, *, button: str = "", status: int = 200
    ) -> Page:
        """Fill in a form of a page and press its button; the page that follows must be well made too."""
        to, sent = form.filled(fields, button=button)
        answer = self.post(to, data=sent) if form.method == "post" else self.get(to, params=sent)
        return self.read(answer, status)

    @staticmethod
    def read(answer: httpx.Response, status: int = 200) -> Page:
        page = Page(answer.text, str(answer.url.path))
        assert answer.status_code == status, (
            f"{answer.request.method} {answer.url}: {answer.status_code} {page.main.text[:600]}"
        )
        assert page.faults() == [], f"{page.url}: {page.faults()}"
        return page
