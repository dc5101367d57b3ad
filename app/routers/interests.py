"""Interests in an item: what members are asked at first sight of it, what they raise, and what the chair resolves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.interest_entry import OPTIONAL, WORDS, DeclaredEntry, now_true, told_in_full
from app.routers.pages import local_path, redirect, render, say
from app.rules.interests import DECLARED
from app.rules.rates import Limited
from app.rules.words import InterestEffect, InterestKind
from app.services import interests_items, interests_resolve, interests_show, limits, lineage
from app.viewer import Viewer

router = noun_router("/missions/{mission_id}")
Item = Annotated[Mission, load(Mission, to=Permission.DECLARE_ON_ITEM)]
ChairedItem = Annotated[Mission, load(Mission, to=Permission.RESOLVE_INTEREST)]


class RaisedEntry(FormModel):
    seat_id: UUID
    kind: InterestKind
    text: Annotated[str, cleaned(WORDS)]


class ResolvedEntry(FormModel):
    effect: InterestEffect
    reason: Annotated[str, cleaned(OPTIONAL)] = ""


def page(
    request: Request, db: Session, viewer: Viewer, mission: Mission, back: str, *, status: int = 200,
    typed: dict[str, Any] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    assert viewer.id is not None
    return render(
        request, "committees/interests.html", status=status, mission=mission, back=back, kinds=DECLARED,
        shown=interests_show.shown(db, mission, viewer.id), stations=lineage.of_mission(db, mission),
        typed=typed or {}, errors=errors or {},
    )  # fmt: skip


@router.get("/interest")
def show(request: Request, db: Db, viewer: CurrentViewer, mission: Item) -> Response:
    return page(request, db, viewer, mission, local_path(request.query_params.get("next"), ""))


@router.post("/interest")
def declare(request: Request, db: Db, viewer: CurrentViewer, mission: Item, form: Form) -> Response:
    assert viewer.id is not None
    typed, back = values(form), local_path(values(form).get("next"), "")
    entry, errors = read(form, DeclaredEntry)
    if entry is None:
        return page(
            request, db, viewer, mission, back, status=422, typed=typed, errors=told_in_full(errors, typed)
        )
    try:
        interests_items.say(db, mission, viewer.id, entry.said(), settings_of(request).origin)
    except Refusal as refusal:
        db.rollback()
        errors = {"declared": say(refusal.phrase)}
        return page(request, db, viewer, mission, back, status=refusal.status, typed=typed, errors=errors)
    return redirect(request, back or f"/missions/{mission.id}/interest", now_true(entry.said()))


@router.post("/interests")
def raise_about(request: Request, db: Db, viewer: CurrentViewer, mission: Item, form: Form) -> Response:
    assert viewer.id is not None
    limits.spend(db, Limited.REPORT, viewer.id)
    entry, errors = read(form, RaisedEntry)
    typed = {f"raised_{name}": value for name, value in values(form).items()}
    if entry is None:
        errors = {f"raised_{name}": words for name, words in errors.items()}
        return page(request, db, viewer, mission, "", status=422, typed=typed, errors=errors)
    try:
        origin = settings_of(request).origin
        interests_resolve.raise_about(db, mission, entry.seat_id, viewer.id, entry.kind, entry.text, origin)
    except Refusal as refusal:
        db.rollback()
        errors = {"raised_text": say(refusal.phrase)}
        return page(request, db, viewer, mission, "", status=refusal.status, typed=typed, errors=errors)
    told = _("The person is told what you raised, and the chair resolves it.")
    return redirect(request, f"/missions/{mission.id}/interest", told)


@router.post("/interests/{interest_id}/resolution")
def resolve(
    request: Request, db: Db, viewer: CurrentViewer, mission: ChairedItem, interest_id: UUID, form: Form
) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ResolvedEntry)
    key = interest_id.hex
    typed = {f"{name}-{key}": value for name, value in values(form).items()}
    if entry is not None:
        try:
            origin = settings_of(request).origin
            interests_resolve.resolve(db, mission, interest_id, viewer.id, entry.effect, entry.reason, origin)
            return redirect(request, f"/missions/{mission.id}/interest", _("The interest is resolved."))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            db.rollback()
            errors = {"reason": say(refusal.phrase)}
    told = {f"{name}-{key}": words for name, words in errors.items()}
    return page(request, db, viewer, mission, "", status=422, typed=typed, errors=told)
