"""Cookies: their names, how they are set, and the token that proves a form came from our own page."""

import hmac
import secrets
from hashlib import sha256

from fastapi import Request
from starlette.responses import Response

from app.settings import Settings

YEAR_SECONDS = 365 * 24 * 3600
FOR_PROGRAMS = "/api/"


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def cookie_name(settings: Settings, name: str) -> str:
    """The `__Host-` prefix forbids a sub-domain to toss us a cookie; browsers want it secure, so not on plain HTTP."""
    return f"__Host-{name}" if settings.secure_cookies else name


def read(request: Request, name: str) -> str:
    return request.cookies.get(cookie_name(settings_of(request), name), "")


def put(request: Request, response: Response, name: str, value: str, seconds: int = YEAR_SECONDS) -> None:
    settings = settings_of(request)
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop(request: Request, response: Response, name: str) -> None:
    settings = settings_of(request)
    response.delete_cookie(
        cookie_name(settings, name), path="/", secure=settings.secure_cookies, httponly=True
    )


def bearer(request: Request) -> str:
    """The token of a program, at the addresses for programs; elsewhere it is as if there were none."""
    if not request.url.path.startswith(FOR_PROGRAMS):
        return ""
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def visitor(request: Request) -> str:
    """The random value that keeps a visitor's drafts and shuffles their lists; made on the first visit."""
    known = read(request, "visitor") or getattr(request.state, "new_visitor", "")
    if not known or len(known) > 64:
        known = request.state.new_visitor = secrets.token_urlsafe(18)
    return known


def keep_visitor(request: Request, response: Response) -> None:
    if fresh := getattr(request.state, "new_visitor", ""):
        put(request, response, "visitor", fresh)


def visitor_hash(request: Request) -> str:
    return sha256(visitor(request).encode()).hexdigest()


def renew_visitor(request: Request) -> None:
    """With each sign-in: nobody who used this browser before knows the token of what is sent from now on."""
    request.state.new_visitor = secrets.token_urlsafe(18)


def csrf_token(request: Request) -> str:
    """Bound to this browser since its last sign-in; a page elsewhere can read neither.

    Not to the session: what is typed while it ends, or is ended in another window, must still arrive to be kept.
    """
    key = settings_of(request).secret_key.encode()
    return hmac.new(key, visitor(request).encode(), sha256).hexdigest()


def csrf_matches(request: Request, given: str) -> bool:
    return hmac.compare_digest(csrf_token(request).encode(), given.encode(errors="replace"))
