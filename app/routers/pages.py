"""Answers: a page, a fragment for htmx, or a redirect after an act."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import __version__, i18n, permissions
from app.permissions import Permission
from app.routers import cookies
from app.routers.kept import Kept
from app.rules import words
from app.rules.phrases import Amount, At, Phrase
from app.services import decisions_words
from app.services.demo_flag import DemoFlag
from app.viewer import VISITOR, Viewer

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
NOTICE_SECONDS = 60
ADDRESS_SIGNS = ":/%#?=@[]!$&'()*+,;"


def make_templates(*, watch: bool = True) -> Environment:
    """Autoescaped, strict about missing names, speaking the reader's language; files are watched in development."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        auto_reload=watch,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Our own `_`, not the extension's: that one resolves the name and formats anew for each of the hundreds of
    # words of a page, which was a third of its cost.
    environment.globals |= {"_": said, "gettext": said, "ngettext": i18n.ngettext_safe}
    environment.filters |= {
        "date": i18n.day,
        "datetime": i18n.moment,
        "ago": i18n.ago,
        "number": i18n.number,
        "percent": i18n.percent,
        "money": i18n.money,
        "roughly": i18n.roughly,
        "language_name": i18n.language_name,
        "say": say,
        "outcome": decisions_words.outcome,
    }
    environment.globals |= {
        "words": words,
        "Permission": Permission,
        "group_choices": lambda: choices(words.StakeholderGroup),
        "role_choices": lambda: choices(words.Role),
        "choices": choices,
        "kept": Kept(environment),
    }
    return environment


def said(text: str, **facts: Any) -> Markup:
    """A sentence of a template in the reader's language; what is filled in is escaped, the sentence is ours."""
    translated = i18n.safe(text)
    return translated % facts if facts or "%" in text else translated


def say(told: object) -> str:
    """Speak a phrase, a marked sentence, an enum or a share in the reader's language."""
    if isinstance(told, Phrase):
        return told.say(i18n._, say)
    if isinstance(told, StrEnum):
        return i18n.word(told)
    if isinstance(told, Amount):
        return i18n.money(told.value)
    if isinstance(told, At):
        return i18n.moment(told.instant, told.zone)
    if isinstance(told, datetime):
        return i18n.moment(told)
    if isinstance(told, (list, tuple, set, frozenset)):
        return ", ".join(say(each) for each in told)
    if isinstance(told, date):
        return i18n.day(told)
    if isinstance(told, Fraction):
        return i18n.percent(float(told))
    if isinstance(told, (int, float, Decimal)) and not isinstance(told, bool):
        return i18n.number(told)
    return i18n._(str(told))


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """The values of an enum with the reader's words, for a select."""
    return [(member.value, i18n.word(member)) for member in enum]


def viewer_of(request: Request) -> Viewer:
    return getattr(request.state, "viewer", VISITOR)


def context(request: Request, facts: Mapping[str, Any]) -> dict[str, Any]:
    viewer = viewer_of(request)
    session = getattr(request.state, "db", None)
    return {
        "request": request,
        "viewer": viewer if viewer.is_signed_in else None,
        "can": partial(permissions.can, session, viewer) if session else (lambda *_asked: False),
        "locale": i18n.current(),
        "direction": i18n.direction(),
        "csrf_token": cookies.csrf_token(request),
        "demo": bool(request.app.state.demo_flag),
        "theme": request.cookies.get("theme", ""),
        "notices": read_notices(request),
        "version": __version__,
        "now": datetime.now(UTC),
        **facts,
    }


def render(request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A whole page, or any template by its path."""
    html = written(request, template, status=status, **facts)
    response = HTMLResponse(html, status_code=status)
    cookies.keep_visitor(request, response)
    if request.cookies.get("notice"):
        response.delete_cookie("notice", path="/")
    return response


def written(request: Request, template: str, **facts: Any) -> str:
    """The words of a template, as they go into a page or a file."""
    environment: Environment = request.app.state.templates
    return environment.get_template(template).render(context(request, facts))


def is_htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


def fragment(
    request: Request, template: str, *, otherwise: str, status: int = 200, notice: str = "", **facts: Any
) -> Response:
    """The partial for htmx; for everyone else a redirect to the page that includes it."""
    if is_htmx(request):
        return render(request, template, status=status, **facts)
    return redirect(request, otherwise, notice)


def redirect(request: Request, to: str, notice: str = "") -> Response:
    """After an act: a 303 to the page that shows what is now true, with one sentence on top."""
    response: Response
    if is_htmx(request):
        response = Response(status_code=204, headers={"HX-Redirect": quote(to, safe=ADDRESS_SIGNS)})
    else:
        response = RedirectResponse(to, status_code=303)
    cookies.keep_visitor(request, response)
    if notice:
        response.set_cookie(
            "notice", quote(notice), max_age=NOTICE_SECONDS, path="/", httponly=True, samesite="lax"
        )
    return response


def read_notices(request: Request) -> list[tuple[str, str]]:
    kept = request.cookies.get("notice")
    return [("fact", unquote(kept)[:500])] if kept else []


def local_path(wanted: str | None, default: str = "/") -> str:
    """Only a path on this site: never a place somebody else wrote into a link."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return default
    return default if any(ord(c) < 32 or c == "\\" for c in wanted) else wanted


def set_up(app: FastAPI) -> None:
    app.state.templates = make_templates(watch=app.state.settings.environment == "development")
    app.state.demo_flag = DemoFlag(app.state.engine)
