"""Objections against a mission: reading them, making one, and the steward's answer to each."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.mission import Mission
from app.models.statement import Statement
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render
from app.rules import texts
from app.rules.rates import Limited
from app.rules.words import AnswerState, StatementKind, SubjectKind
from app.services import deliberation, limits, news, objections

router = noun_router("/missions/{mission_id}/objections")
ToSpeakOn = Annotated[Mission, load(Mission, to=Permission.SPEAK_ON_MISSION)]


class ObjectionEntry(FormModel):
    objection: Annotated[str, cleaned(texts.OBJECTION)]
    clause: Annotated[UUID | None, Maybe] = None


class AnswerEntry(FormModel):
    outcome: Literal["accepted", "declined"]
    reason: Annotated[str, cleaned(texts.REASON)]


@router.get("")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    asked = request.query_params
    return page(request, db, mission, {"clause": asked.get("clause", "")}, cursor=asked.get("page", ""))


def page(
    request: Request, db: Session, mission: Mission, typed: dict[str, str],
    errors: dict[str, str] | None = None, cursor: str = "",
) -> Response:  # fmt: skip
    """All of them, with what was typed into the form that was refused, if one was."""
    return render(
        request, "missions/objections.html", status=422 if errors else 200, typed=typed, errors=errors or {},
        about=deliberation.about(db, mission), listed=objections.listed(db, mission, cursor),
        form_key=uuid4().hex, since=news.mark(db, SubjectKind.MISSION, mission.id),
    )  # fmt: skip


@router.post("")
def make(request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeakOn, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, ObjectionEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors)
    limits.spend(db, Limited.OBJECT, viewer.id)
    form_key = values(form).get("form_key") or uuid4().hex
    made = objections.make(db, mission, viewer.person, entry.objection, form_key, entry.clause)
    told = _("Your objection is public. No vote is announced before it is answered; you are told when it is.")
    return redirect(request, f"/missions/{mission.id}/objections#said-{made.id}", told)


@router.post("/{statement_id}/answer")
def answer(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, statement_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    objection = one_of(db, mission, statement_id)
    entry, errors = read(form, AnswerEntry)
    if entry is None:
        return page(request, db, mission, typed_for(objection, form), errors)
    outcome, origin = AnswerState(entry.outcome), settings_of(request).origin
    objections.answer(db, objection, viewer.person, outcome, entry.reason, origin)
    told = _("Your answer is public, and whoever objected is told.")
    return redirect(request, f"/missions/{mission.id}/objections#said-{objection.id}", told)


def one_of(db: Session, mission: Mission, raw: str) -> Statement:
    """An objection against this very mission."""
    found = find(db, Statement, raw)
    if (found.kind, found.subject_id) != (StatementKind.OBJECTION, mission.id):
        raise NotFound()
    return found


def typed_for(objection: Statement, form: FormData) -> dict[str, str]:
    """What was typed, and for which of the objections on the page."""
    return {**values(form), "answering": str(objection.id)}
