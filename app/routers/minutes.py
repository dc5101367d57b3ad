"""The minutes of a decision: read by its committee, by everyone once it is certified, and added to by its secretary."""

from typing import Annotated
from uuid import uuid4

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.committee import Committee
from app.models.decision import Decision
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import texts
from app.services import lineage, minutes

router = noun_router("/decisions/{decision_id}/minutes")
ToRead = Annotated[Decision, load(Decision, to=Permission.READ_MINUTES)]
ToAddTo = Annotated[Decision, load(Decision, to=Permission.ADD_NOTE)]


class NoteEntry(FormModel):
    note: Annotated[str, cleaned(texts.COMMENT)]


@router.get("")
def show(request: Request, db: Db, decision: ToRead) -> Response:
    return page(request, db, decision, {})


def page(
    request: Request, db: Session, decision: Decision, typed: dict[str, str], errors: dict[str, str] | None = None
) -> Response:  # fmt: skip
    return render(
        request, "decisions/minutes.html", status=422 if errors else 200, decision=decision, typed=typed,
        committee=db.get_one(Committee, decision.committee_id), minutes=minutes.of(db, decision),
        errors=errors or {}, stations=lineage.of_decision(db, decision), form_key=uuid4().hex,
    )  # fmt: skip


@router.post("")
def add(request: Request, db: Db, viewer: CurrentViewer, decision: ToAddTo, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, NoteEntry)
    if entry is None:
        return page(request, db, decision, values(form), errors)
    form_key = values(form).get("form_key") or uuid4().hex
    minutes.add_note(db, decision, viewer.id, entry.note, form_key)
    told = _("Your note stands in the minutes, with today's date. It can be added to, never changed.")
    return redirect(request, f"/decisions/{decision.id}/minutes#add", told)
