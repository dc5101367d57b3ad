"""Copies and starters: a call or a mission drafted anew from another one, or from four challenges as examples."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.conditions.asking import call_phase
from app.i18n import _, current
from app.models.call import Call, calls_of
from app.models.mission import Mission
from app.models.organisation import names_of
from app.permissions import Permission, demand
from app.routers.deps import CurrentViewer, Db, find, load, needs, noun_router
from app.routers.forms import Form, FormModel, read
from app.routers.pages import redirect, render, say
from app.rules.phases import Act, allows
from app.rules.words import CallKind, Role, ScopeKind
from app.services import copies, lineage, stages, starters
from app.services.calls import NotYourAgency
from app.viewer import Viewer

router = noun_router()
CallToFollow = Annotated[Call, load(Call, to=Permission.DRAFT_NEXT_STAGE)]
CallToCopy = Annotated[Call, load(Call, to=Permission.COPY_CALL)]
MissionToCopy = Annotated[Mission, load(Mission, to=Permission.COPY_MISSION)]


class AgencyEntry(FormModel):
    organisation_id: UUID


class CallEntry(FormModel):
    call_id: UUID


def agencies(db: Session, viewer: Viewer) -> list[tuple[str, str]]:
    ids = viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    return [(str(key), name) for key, name in names_of(db, ids).items()]


def homes(db: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """The consultations of one's agencies that still take a mission."""
    mine = calls_of(db, viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION))
    return [
        (str(each.id), each.told(current()).title)
        for each in mine
        if each.kind is CallKind.CONSULTATION and allows(Act.DRAFT_MISSION, call_phase(each))
    ]


def page(request: Request, subject: Call | Mission, errors: dict[str, str], **facts: Any) -> Response:
    status = 422 if errors else 200
    return render(request, "copies/edit.html", status=status, subject=subject, errors=errors, **facts)


def call_page(request: Request, db: Session, viewer: Viewer, call: Call, errors: dict[str, str]) -> Response:
    facts = {"stations": lineage.around_call(db, call), "title": call.told(current()).title, "base": "/calls"}
    return page(request, call, errors, choices_of=agencies(db, viewer), **facts)


@router.get("/calls/{call_id}/copies")
def copy_call_page(request: Request, db: Db, viewer: CurrentViewer, call: CallToCopy) -> Response:
    return call_page(request, db, viewer, call, {})


@router.post("/calls/{call_id}/copies")
def copy_call(request: Request, db: Db, viewer: CurrentViewer, call: CallToCopy, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, AgencyEntry)
    if entry is None:
        return call_page(request, db, viewer, call, errors)
    made = copies.copy_call(db, call, require_own(viewer, entry.organisation_id), viewer.id)
    return redirect(request, f"/calls/{made.id}", _("This is a draft of your own: change what you like."))


@router.post("/calls/{call_id}/next-stage")
def draft_next_stage(request: Request, db: Db, viewer: CurrentViewer, call: CallToFollow) -> Response:
    assert viewer.id is not None
    made = stages.draft_next(db, call, viewer.id)
    told = _(
        "This is the draft of the next stage: only those selected before may apply. Set its dates and its money."
    )
    return redirect(request, f"/calls/{made.id}", told)


def require_own(viewer: Viewer, organisation_id: UUID) -> UUID:
    if not viewer.holds(Role.FACILITATOR, ScopeKind.ORGANISATION, organisation_id):
        raise NotYourAgency()
    return organisation_id


def mission_page(
    request: Request, db: Session, viewer: Viewer, mission: Mission, errors: dict[str, str]
) -> Response:
    facts = {"stations": lineage.of_mission(db, mission), "title": mission.title, "base": "/missions"}
    return page(request, mission, errors, choices_of=homes(db, viewer), **facts)


@router.get("/missions/{mission_id}/copies")
def copy_mission_page(request: Request, db: Db, viewer: CurrentViewer, mission: MissionToCopy) -> Response:
    return mission_page(request, db, viewer, mission, {})


@router.post("/missions/{mission_id}/copies")
def copy_mission(
    request: Request, db: Db, viewer: CurrentViewer, mission: MissionToCopy, form: Form
) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, CallEntry)
    if entry is None:
        return mission_page(request, db, viewer, mission, errors)
    call = find(db, Call, entry.call_id)
    demand(db, viewer, Permission.DRAFT_MISSION, call)
    made = copies.copy_mission(db, mission, call, viewer.id)
    return redirect(request, f"/missions/{made.id}", _("This is a draft of your own: change what you like."))


@router.get("/starters", dependencies=[needs(Permission.CREATE_CALL)])
def show_starters(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    return starters_page(request, db, viewer, {})


def starters_page(request: Request, db: Session, viewer: Viewer, errors: dict[str, str]) -> Response:
    return render(
        request, "copies/starters.html", status=422 if errors else 200, listed=starters.listed(current()),
        choices_of=agencies(db, viewer), errors=errors,
    )  # fmt: skip


@router.post("/starters/{key}", dependencies=[needs(Permission.CREATE_CALL)])
def begin(request: Request, db: Db, viewer: CurrentViewer, key: str, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, AgencyEntry)
    if entry is None:
        return starters_page(request, db, viewer, errors)
    if not viewer.holds(Role.FACILITATOR, ScopeKind.ORGANISATION, entry.organisation_id):
        return starters_page(request, db, viewer, {"organisation_id": say(NotYourAgency().phrase)})
    made = starters.begin(db, key, entry.organisation_id, viewer.id, current())
    told = _("Three drafts are yours: a question, this mission, and an innovation call that serves it.")
    return redirect(request, f"/missions/{made.mission.id}", told)
