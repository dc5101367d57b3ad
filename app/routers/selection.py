"""One application after the deadline: read, found eligible or not, reviewed, put on the shortlist, interviewed."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.application import Application
from app.models.columns import now
from app.permissions import Permission
from app.routers import interest_page
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, tried, values
from app.routers.interest_page import Place
from app.routers.pages import redirect, render, say
from app.rules.texts import OPTIONAL_REASON, Limits
from app.rules.words import ApplicationState, InterestEffect, InterestKind
from app.services import panel, panel_show
from app.viewer import Viewer

router = noun_router("/applications/{application_id}")
ToRead = Annotated[Application, load(Application, to=Permission.READ_SELECTION)]
ToCheck = Annotated[Application, load(Application, to=Permission.CHECK_APPLICATION)]
ToShortlist = Annotated[Application, load(Application, to=Permission.SHORTLIST_APPLICATION)]
ToNote = Annotated[Application, load(Application, to=Permission.NOTE_INTERVIEW)]
Item = Annotated[Application, load(Application, to=Permission.DECLARE_ON_APPLICATION)]
ChairedItem = Annotated[Application, load(Application, to=Permission.RESOLVE_ON_APPLICATION)]


class StepEntry(FormModel):
    """What becomes of it, and why; which of them need a reason is the rule's to say."""

    state: ApplicationState
    reason: Annotated[str, cleaned(OPTIONAL_REASON)] = ""


class NoteEntry(FormModel):
    held_on: date
    present: Annotated[str, cleaned(Limits(2, 500))]
    text: Annotated[str, cleaned(Limits(3, 8_000))]


def page_of(
    request: Request, db: Session, viewer: Viewer, application: Application, *, status: int = 200,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    return render(
        request, "panel/show.html", status=status, page=panel_show.dossier(db, application, viewer),
        typed=typed or {}, errors=errors or {}, today=now().date(),
    )  # fmt: skip


@router.get("/selection")
def show(request: Request, db: Db, viewer: CurrentViewer, application: ToRead) -> Response:
    return page_of(request, db, viewer, application)


@router.post("/eligibility")
def check(request: Request, db: Db, viewer: CurrentViewer, application: ToCheck, form: Form) -> Response:
    told = {
        ApplicationState.IN_REVIEW: _("It is eligible. The team is told."),
        ApplicationState.INELIGIBLE: _("It is not eligible. The team is told why."),
    }
    return step(request, db, viewer, application, form, panel.check, told)


@router.post("/shortlisting")
def shortlist(
    request: Request, db: Db, viewer: CurrentViewer, application: ToShortlist, form: Form
) -> Response:
    told = {
        ApplicationState.SHORTLISTED: _("It is on the shortlist. The team is told."),
        ApplicationState.DECLINED: _("It is declined. The team is told why."),
    }
    return step(request, db, viewer, application, form, panel.decide, told)


def step(
    request: Request, db: Session, viewer: Viewer, application: Application, form: Any, act: Any,
    told: dict[ApplicationState, str],
) -> Response:  # fmt: skip
    """Take the step, or show the page again with what was typed and why it was not taken."""
    assert viewer.id is not None
    by, typed, origin = viewer.id, values(form), settings_of(request).origin
    entry, errors = read(form, StepEntry)
    if entry is None or entry.state not in told:
        errors = errors or {"state": _("Please choose one of the options.")}
        return page_of(request, db, viewer, application, status=422, typed=typed, errors=errors)
    chosen = entry
    refusal = tried(db, lambda: act(db, application, chosen.state, chosen.reason, by, origin))
    if isinstance(refusal, Refusal):
        errors = {"reason": say(refusal.phrase)}
        return page_of(request, db, viewer, application, status=refusal.status, typed=typed, errors=errors)
    return redirect(request, f"/applications/{application.id}/selection", told[chosen.state])


@router.post("/notes")
def note(request: Request, db: Db, viewer: CurrentViewer, application: ToNote, form: Form) -> Response:
    assert viewer.id is not None
    by, typed, (entry, errors) = viewer.id, values(form), read(form, NoteEntry)
    if entry is None:
        return page_of(request, db, viewer, application, status=422, typed=typed, errors=errors)
    said = entry
    refusal = tried(db, lambda: panel.note(db, application, said.held_on, said.present, said.text, by))
    if isinstance(refusal, Refusal):
        errors = {"held_on": say(refusal.phrase)}
        return page_of(request, db, viewer, application, status=refusal.status, typed=typed, errors=errors)
    told = _("The note is kept as it is; what is missing or wrong is said in another one.")
    return redirect(request, f"/applications/{application.id}/selection#notes", told)


def place_of(request: Request, db: Session, viewer: Viewer, application: Application) -> Place:
    path = f"/applications/{application.id}"
    call = panel_show.call_of(db, application)
    crumb = (_("Applications"), f"/calls/{call.id}/applications")
    stations = panel_show.around(db, call)
    return Place(request, db, viewer, application, path, crumb, stations, f"{path}/selection")


@router.get("/interest")
def ask_interest(request: Request, db: Db, viewer: CurrentViewer, application: Item) -> Response:
    return interest_page.show(place_of(request, db, viewer, application))


@router.post("/interest")
def declare(request: Request, db: Db, viewer: CurrentViewer, application: Item, form: Form) -> Response:
    """Who steps aside reads it no more, so they are led away from it."""
    said, answer = interest_page.declare(place_of(request, db, viewer, application), form)
    if said is None or said.kind is InterestKind.NOTHING:
        return answer
    if said.effect is InterestEffect.RECUSE:
        told = _("You have stepped aside from this application. You read it no more.")
        return redirect(request, f"/calls/{application.call_id}/applications", told)
    told = _("The panel reads what you declared. The chair says what comes of it.")
    return redirect(request, f"/applications/{application.id}/interest", told)


@router.post("/interests")
def raise_about(request: Request, db: Db, viewer: CurrentViewer, application: Item, form: Form) -> Response:
    return interest_page.raise_about(place_of(request, db, viewer, application), form)


@router.post("/interests/{interest_id}/resolution")
def resolve(
    request: Request, db: Db, viewer: CurrentViewer, application: ChairedItem, interest_id: UUID, form: Form
) -> Response:
    return interest_page.resolve(place_of(request, db, viewer, application), interest_id, form)
