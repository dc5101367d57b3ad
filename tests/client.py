"""A browser without JavaScript: keeps cookies, reads the form's token from the page, follows redirects."""

import re
from typing import Any

import httpx
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.person import Person
from app.services import sign_ins

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"|"X-CSRF-Token": "([0-9a-f]{64})"')


class Browser(TestClient):
    """`fill_in` posts a form as the page at `seen_on` would, token included."""

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

    def fill_in(self, path: str, fields: dict[str, Any] | None = None, *, seen_on: str = "/about", **options: Any) -> httpx.Response:
        return self.post(path, data={"csrf_token": self.token(seen_on), **(fields or {})}, **options)
