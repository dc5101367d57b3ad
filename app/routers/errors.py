"""One handler renders every refusal and every fault: a plain page with a reference, or a notice for htmx."""

import logging
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response

from app import i18n
from app.errors import BadRequest, NotFound, Refusal, TooMany, Unavailable
from app.permissions import SayFirst, SignInNeeded
from app.routers import cookies
from app.routers.pages import is_htmx, local_path, render, say, viewer_of
from app.rules.words import N_

log = logging.getLogger(__name__)
TITLES = {
    400: N_("That did not work"),
    403: N_("Not yours to do"),
    404: N_("Nothing here"),
    405: N_("That did not work"),
    409: N_("Not now"),
    413: N_("Too large"),
    422: N_("That did not work"),
    429: N_("Too many tries"),
    500: N_("Something broke on our side"),
    503: N_("Not reachable at the moment"),
}
# Things whose acts are addresses below their own page.
THINGS = ("calls", "clusters", "committees", "decisions", "missions", "submissions")
# A sentence somebody thought about, not a date or a name.
WORTH_KEEPING = 10
LONGEST_KEPT = 20_000
FAULT = N_(
    "We have noted what happened. Nothing was changed. If it happens again, tell us the reference below."
)


def answer(request: Request, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    reference = getattr(request.state, "reference", "")
    if request.url.path.startswith(cookies.FOR_PROGRAMS):
        return JSONResponse({"error": sentence, "reference": reference}, status, headers)
    title = i18n._(TITLES.get(status, TITLES[400 if status < 500 else 500]))
    template = "errors/_problem.html" if is_htmx(request) else "errors/error.html"
    response = render(
        request,
        template,
        status=status,
        code=status,
        heading=title,
        sentence=sentence,
        reference=reference,
        typed=[] if is_htmx(request) else words_typed(request),
        next=way_on(request, status),
    )
    if is_htmx(request):
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    response.headers.update(headers or {})
    return response


def words_typed(request: Request) -> list[str]:
    """What a person wrote into the form that is refused, to be copied from the page; passwords never."""
    form = getattr(request.state, "form", None)
    if form is None:
        return []
    told = ((name, each) for name, each in form.multi_items() if isinstance(each, str))
    written = [each.replace("\0", "").strip() for name, each in told if "password" not in name]
    sentences = (
        each for each in written if len(each) >= WORTH_KEEPING and (" " in each or not each.isascii())
    )
    return [each[:LONGEST_KEPT] for each in sentences]


def page_of(path: str) -> str:
    """The page of the thing that a form was about, where the browser does not say which page that was."""
    parts = path.split("/")
    return "/".join(parts[:3]) if len(parts) > 3 and parts[1] in THINGS else ""


def way_on(request: Request, status: int) -> tuple[str, str] | None:
    """Back to the page that the form was on, over the sign-in where that is what was missing."""
    if request.method == "GET":
        return None
    here = local_path(urlsplit(request.headers.get("referer", "")).path, "") or page_of(request.url.path)
    if status in (401, 403) and not viewer_of(request).is_signed_in:
        return i18n._("Sign in"), f"/sign-in?next={quote(here or '/')}"
    return (i18n._("Open the page anew that you came from"), here) if here else None


def refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    if isinstance(refusal, SignInNeeded) and request.method == "GET" and not is_htmx(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here)}", status_code=303)
    if isinstance(refusal, SayFirst) and request.method == "GET" and not is_htmx(request):
        return RedirectResponse(f"{refusal.asked_at}?next={quote(request.url.path)}", status_code=303)
    headers = {}
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(int(refusal.facts.get("seconds", 60)))  # type: ignore[call-overload]
    return answer(request, refusal.status, say(refusal.phrase), headers)


def http_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    sentence = NotFound.sentence if problem.status_code == 404 else BadRequest.sentence
    return answer(request, problem.status_code, i18n._(sentence), dict(problem.headers or {}))


def malformed(request: Request, _problem: Exception) -> Response:
    return answer(request, 422, i18n._(BadRequest.sentence))


def unstorable(request: Request, problem: Exception) -> Response:
    """A value that no column can hold, such as a NUL or half a letter: what was sent is wrong, not we."""
    log.warning("unstorable %s", getattr(request.state, "reference", ""))
    return malformed(request, problem)


def unreachable(request: Request, fault: Exception) -> Response:
    log.error("database_unreachable", exc_info=fault)
    return answer(request, 503, i18n._(Unavailable.sentence), {"Retry-After": "10"})


def broken_off(_request: Request, _problem: Exception) -> Response:
    """The browser went away while it was sending: nobody reads the answer, and nothing is wrong with us."""
    return Response(status_code=400)


def fault(request: Request, problem: Exception) -> Response:
    log.error("fault %s", getattr(request.state, "reference", ""), exc_info=problem)
    return answer(request, 500, i18n._(FAULT))


def set_up(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, http_problem)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(DataError, unstorable)
    app.add_exception_handler(UnicodeError, unstorable)
    app.add_exception_handler(OperationalError, unreachable)
    app.add_exception_handler(PoolTimeout, unreachable)
    app.add_exception_handler(ClientDisconnect, broken_off)
    app.add_exception_handler(Exception, fault)
