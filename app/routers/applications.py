"""Applications to an innovation call: begun, written by a team, submitted once, withdrawn, and where they stand."""

import re
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from app.errors import Refusal, TooMany
from app.i18n import _
from app.models.application import Application, version_of
from app.models.call import Call
from app.models.columns import now
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, needs, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, read, tried, values
from app.routers.meaning import model_for
from app.routers.pages import fragment, is_htmx, redirect, render, say
from app.rules import applications as rules
from app.rules.rates import Limited
from app.services import (
    applications,
    applications_near,
    applications_save,
    applications_send,
    applications_show,
    lessons_near,
    limits,
    stages,
)
from app.services.applications_save import Saved
from app.viewer import Viewer

router = noun_router()
ToApplyTo = Annotated[Call, load(Call, to=Permission.APPLY)]
ToSee = Annotated[Application, load(Application, to=Permission.SEE_APPLICATION)]
ToRead = Annotated[Application, load(Application, to=Permission.READ_APPLICATION)]
ToWrite = Annotated[Application, load(Application, to=Permission.WRITE_APPLICATION)]
ToLead = Annotated[Application, load(Application, to=Permission.LEAD_APPLICATION)]
LABELS = applications_show.LABELS
WINDOW = re.compile(r"[0-9a-f]{32}")


class SendEntry(FormModel):
    version: Annotated[int, Field(ge=1, le=10**9)]
    terms: Annotated[UUID | None, Maybe] = None


@router.post("/calls/{call_id}/applications")
def begin(request: Request, db: Db, viewer: CurrentViewer, call: ToApplyTo) -> Response:
    assert viewer.person is not None
    limits.spend(db, Limited.APPLY, viewer.id)
    made = applications.begin(db, call, viewer.person)
    return redirect(request, f"/applications/{made.id}/edit")


@router.get("/me/applications", dependencies=[needs(Permission.READ_OWN)])
def mine(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    listed = applications.of_person(db, viewer.person.id) if viewer.is_confirmed else []
    return render(request, "applications/mine.html", listed=listed)


@router.get("/applications/{application_id}")
def show(request: Request, db: Db, viewer: CurrentViewer, application: ToSee) -> Response:
    page = applications_show.shown(db, application, viewer)
    if page.me is not None and page.me.joined_at is None:
        return render(request, "applications/join.html", page=page)
    if page.me is None:
        return redirect(request, f"/applications/{application.id}/selection")
    return render(request, "applications/show.html", page=page, errors={}, typed={})


@router.get("/applications/{application_id}/edit")
def edit_page(request: Request, db: Db, viewer: CurrentViewer, application: ToWrite) -> Response:
    return form_page(request, db, viewer, application)


def form_page(
    request: Request, db: Session, viewer: Viewer, application: Application, *, status: int = 200,
    fields: dict[str, Any] | None = None, clashes: list[Any] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """The form as it is saved, or with what was typed into it and a colleague's words beside."""
    page = applications_show.shown(db, application, viewer)
    if not page.may_write:
        return redirect(request, f"/applications/{application.id}")
    typed = page.fields if fields is None else fields
    criteria = page.offer.criteria
    labels = LABELS | {rules.ANSWER + each["id"]: each["title"] for each in criteria}
    return render(
        request, "applications/edit.html", status=status, page=page, typed=typed, clashes=clashes or [],
        labels=labels, errors=errors or {},
        near=applications_near.near(db, application, page.call.languages, model_for(request, db, viewer)),
        saved=Saved(application.version), kept_at=application.updated_at, window=uuid4().hex,
    )  # fmt: skip


def sent_fields(db: Session, application: Application, form: FormData) -> dict[str, Any]:
    """What the form holds, as it is kept."""
    call = db.get_one(Call, application.call_id)
    columns = [[str(each) for each in form.getlist(name)] for name in ("what", "amount", "source")]
    rows = [dict(zip(("what", "amount", "source"), row, strict=True)) for row in zip(*columns, strict=False)]
    return rules.typed(values(form), rows, applications.wanted(db, call).offer.criteria)


def seen_in(form: FormData) -> int:
    raw = values(form).get("version", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def window_in(form: FormData) -> str:
    """The name that our page gave itself; anything else is none."""
    raw = values(form).get("window", "")
    return raw if WINDOW.fullmatch(raw) else ""


@router.post("/applications/{application_id}/edit")
def edit(request: Request, db: Db, viewer: CurrentViewer, application: ToWrite, form: Form) -> Response:
    """Save all that is typed; the button says where to go on."""
    assert viewer.id is not None
    fields = sent_fields(db, application, form)
    found = applications_save.save_whole(db, application, fields, seen_in(form), viewer.id, window_in(form))
    if found.clashes:
        return form_page(
            request, db, viewer, application, status=409, fields=found.fields, clashes=found.clashes
        )
    if "uses" in form or "uses_no_more" in form:
        return mark_lesson(request, db, viewer, application, form)
    if "earlier" in form:
        stages.start_from_earlier(db, application, viewer.id)
        told = _(
            "Your words of the stage before are here. Dates, readiness and money are for you to say anew."
        )
        return redirect(request, f"/applications/{application.id}/edit", told)
    if "send" in form:
        return redirect(request, f"/applications/{application.id}/submission")
    where = "#budget-lines" if "more" in form else ""
    return redirect(request, f"/applications/{application.id}/edit{where}", _("All that you typed is saved."))


def mark_lesson(
    request: Request, db: Session, viewer: Viewer, application: Application, form: FormData
) -> Response:
    """The team says that its draft uses a lesson, or no longer does; what it typed is saved by then."""
    assert viewer.id is not None
    back, chosen = f"/applications/{application.id}/edit#before", values(form)
    if key := chosen.get("uses_no_more"):
        lessons_near.use_no_more(db, application, record_id(key))
        return redirect(request, back, _("Your draft no longer counts among those that use this lesson."))
    lessons_near.use(db, application, record_id(chosen.get("uses")), viewer.id)
    return redirect(request, back, _("Your draft counts among those that use this lesson."))


@router.post("/applications/{application_id}/draft")
def keep(request: Request, db: Db, viewer: CurrentViewer, application: ToWrite, form: Form) -> Response:
    """Save while somebody types; over the limit the window still holds it, so nothing is said."""
    assert viewer.id is not None
    saved, kept_at = Saved(seen_in(form)), None
    try:
        limits.spend(db, Limited.SAVE_DRAFT, viewer.id)
        fields = sent_fields(db, application, form)
        saved, kept_at = (
            applications_save.save_typed(db, application, fields, saved.seen, viewer.id, window_in(form)),
            now(),
        )
    except TooMany:
        pass
    page = applications_show.shown(db, application, viewer)
    model = model_for(request, db, viewer) if is_htmx(request) else None
    near = applications_near.near(db, application, page.call.languages, model) if is_htmx(request) else None
    return fragment(
        request, "applications/_typed.html", otherwise=f"/applications/{application.id}/edit",
        page=page, saved=saved, kept_at=kept_at, near=near, labels=LABELS,
    )  # fmt: skip


@router.get("/applications/{application_id}/versions")
def versions(request: Request, db: Db, viewer: CurrentViewer, application: ToWrite) -> Response:
    """Who saved what; with a number the words as that version held them."""
    page = applications_show.shown(db, application, viewer)
    asked = request.query_params.get("number", "")
    chosen = (
        version_of(db, application.id, int(asked))
        if asked.isascii() and asked.isdigit() and len(asked) < 9
        else None
    )
    labels = LABELS | {rules.ANSWER + each["id"]: each["title"] for each in page.offer.criteria}
    return render(
        request, "applications/versions.html", page=page, labels=labels, chosen=chosen,
        listed=applications_show.versions(db, application),
    )  # fmt: skip


@router.get("/applications/{application_id}/submission")
def check(request: Request, db: Db, viewer: CurrentViewer, application: ToLead) -> Response:
    return check_page(request, db, viewer, application)


def check_page(
    request: Request,
    db: Session,
    viewer: Viewer,
    application: Application,
    problem: str = "",
    status: int = 200,
) -> Response:
    """All that will be submitted, what is still to do, and the terms to accept."""
    page = applications_show.shown(db, application, viewer)
    if not page.is_draft:
        return redirect(request, f"/applications/{application.id}")
    return render(
        request, "applications/submission.html", status=status, page=page, problem=problem, labels=LABELS
    )


@router.post("/applications/{application_id}/submission")
def submit(request: Request, db: Db, viewer: CurrentViewer, application: ToLead, form: Form) -> Response:
    """Late or in time is told by when the request reached us."""
    assert viewer.id is not None
    by, (entry, _errors) = viewer.id, read(form, SendEntry)
    if entry is None:
        return redirect(request, f"/applications/{application.id}/submission")
    sent = entry
    arrived = request.state.arrived
    refusal = tried(db, lambda: applications_send.submit(
        db, application, by, arrived=arrived, seen=sent.version, terms=sent.terms
    ))  # fmt: skip
    if isinstance(refusal, Refusal):
        return check_page(request, db, viewer, application, say(refusal.phrase), refusal.status)
    told = _("Your application is submitted. Keep the receipt: it proves what you sent, and when.")
    return redirect(request, f"/applications/{application.id}", told)


@router.get("/applications/{application_id}/receipt")
def receipt(request: Request, db: Db, application: ToWrite) -> Response:
    """Everything that was submitted, with its salt: for the team alone."""
    name = f"receipt-{application.id}.json"  # its number would tell how many were begun before it
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JSONResponse(applications_send.receipt_file(db, application), headers=headers)


@router.get("/applications/{application_id}/withdrawal")
def ask_withdrawal(request: Request, db: Db, viewer: CurrentViewer, application: ToLead) -> Response:
    page = applications_show.shown(db, application, viewer)
    return render(request, "applications/withdrawal.html", page=page)


@router.post("/applications/{application_id}/withdrawal")
def withdraw(request: Request, db: Db, viewer: CurrentViewer, application: ToLead) -> Response:
    assert viewer.id is not None
    applications_send.withdraw(db, application, viewer.id)
    told = _("The application is withdrawn: nobody but your team can read it.")
    return redirect(request, f"/applications/{application.id}", told)


@router.post("/applications/{application_id}/removal")
def remove(request: Request, db: Db, application: ToLead) -> Response:
    """A draft that is thrown away leaves nothing behind."""
    applications_send.delete_draft(db, application)
    return redirect(request, "/me/applications", _("The draft is deleted, with its files."))
