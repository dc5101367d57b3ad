"""The applications to a call after the deadline: listed, given to reviewers of the panel, and moved on together."""

from datetime import date
from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _, ngettext
from app.models.call import Call
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, pairs_of, read, tried
from app.routers.pages import redirect, render, say
from app.rules.phases import OUR_TIME
from app.rules.words import ApplicationState
from app.services import assignments, offers, panel, panel_asking, panel_lists
from app.viewer import Viewer

router = noun_router("/calls/{call_id}")
ToRead = Annotated[Call, load(Call, to=Permission.READ_APPLICATIONS)]
ToConduct = Annotated[Call, load(Call, to=Permission.CONDUCT_PANEL)]
ToMove = Annotated[Call, load(Call, to=Permission.MOVE_APPLICATIONS)]
SHOWN = [each for each in ApplicationState if each not in panel_lists.UNJUDGED]


class AskEntry(FormModel):
    due: date


@router.get("/applications")
def show(request: Request, db: Db, viewer: CurrentViewer, call: ToRead) -> Response:
    return list_page(request, db, viewer, call)


def list_page(
    request: Request, db: Session, viewer: Viewer, call: Call, problem: str = "", status: int = 200
) -> Response:
    asked, raw = request.query_params.get("state", ""), request.query_params.get("after", "")
    state = next((each for each in SHOWN if each.value == asked), None)
    after = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else 0
    return render(
        request, "panel/index.html", status=status, page=panel_lists.listed(db, call, viewer, state, after),
        states=SHOWN, problem=problem, **call_head(db, viewer, call),
    )  # fmt: skip


@router.post("/review")
def send_to_review(request: Request, db: Db, viewer: CurrentViewer, call: ToMove) -> Response:
    assert viewer.id is not None
    by = viewer.id
    refusal = tried(db, lambda: panel.send_to_review(db, call, by))
    if isinstance(refusal, Refusal):
        return list_page(request, db, viewer, call, say(refusal.phrase), refusal.status)
    return redirect(
        request,
        f"/calls/{call.id}/reviewers",
        _("The call is in review. Choose who of the panel reviews what."),
    )


@router.post("/shortlist")
def close_shortlist(request: Request, db: Db, viewer: CurrentViewer, call: ToMove) -> Response:
    assert viewer.id is not None
    by = viewer.id
    refusal = tried(db, lambda: panel.close_shortlist(db, call, by))
    if isinstance(refusal, Refusal):
        return list_page(request, db, viewer, call, say(refusal.phrase), refusal.status)
    told = _("The shortlist is made: the panel decides among those on it.")
    return redirect(request, f"/calls/{call.id}/applications?state=shortlisted", told)


@router.get("/reviewers")
def choose(request: Request, db: Db, viewer: CurrentViewer, call: ToConduct) -> Response:
    return ask_page(request, db, viewer, call)


def ask_page(
    request: Request, db: Session, viewer: Viewer, call: Call, form: FormData | None = None, error: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    """A proposal that spreads the work evenly, to be changed before anybody is asked."""
    assert viewer.id is not None
    rows = panel_lists.proposed(db, call, viewer)
    typed: Any = None if form is None else {str(each) for each in form.getlist("pair")}
    return render(
        request, "panel/reviewers.html", status=status, rows=rows, typed=typed, error=error,
        due="" if form is None else str(form.get("due") or ""), wanted=offers.offer_of(db, call).reviews_wanted,
        **call_head(db, viewer, call),
    )  # fmt: skip


@router.post("/reviewers")
def ask(request: Request, db: Db, viewer: CurrentViewer, call: ToConduct, form: Form) -> Response:
    assert viewer.id is not None
    entry, _errors = read(form, AskEntry)
    if entry is None or entry.due.year not in OUR_TIME:
        told = _("Say by which day the reviews are to be in.")
        return ask_page(request, db, viewer, call, form, told, 422)
    due, by, many = assignments.end_of_day(entry.due, call.timezone), viewer.id, len(pairs_of(form))
    refusal = tried(
        db, lambda: panel_asking.ask(db, call, pairs_of(form), due, by, settings_of(request).origin)
    )
    if isinstance(refusal, Refusal):
        return ask_page(request, db, viewer, call, form, say(refusal.phrase), refusal.status)
    told = ngettext("%(num)s review was asked for.", "%(num)s reviews were asked for.", many)
    return redirect(request, f"/calls/{call.id}/applications", told)
