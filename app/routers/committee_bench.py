"""The workbench of a committee: what is done, mine to do and waiting; assigning items to reviewers; reminders."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData, QueryParams
from starlette.responses import Response

from app import permissions
from app.errors import Refusal
from app.i18n import _, ngettext
from app.models.committee import Committee
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, pairs_of, read, uuid_of, values
from app.routers.pages import local_path, redirect, render, say
from app.rules import assigning
from app.services import assignments, committees_bench, committees_owed, missions, reminders
from app.services.committees_tasks import Filters, Turn, Work
from app.viewer import Viewer

router = noun_router("/committees/{committee_id}")
SeatedCommittee = Annotated[Committee, load(Committee, to=Permission.READ_BENCH)]
LedCommittee = Annotated[Committee, load(Committee, to=Permission.ASSIGN_ITEMS)]
Chosen = TypeVar("Chosen", bound=StrEnum)
USUAL, LATEST = 3, date(2199, 12, 31)


class AssignEntry(FormModel):
    due: date


class ReminderEntry(FormModel):
    mission_id: Annotated[UUID | None, Maybe] = None
    seat_id: Annotated[UUID | None, Maybe] = None


class WantedEntry(FormModel):
    wanted: Annotated[int, Field(ge=1, le=assigning.MOST_EACH)] = USUAL


def filters_of(query: QueryParams) -> Filters:
    """Anything else in the address is no filter."""
    return Filters(one_of(Turn, query.get("turn")), one_of(Work, query.get("work")))


def one_of(enum: type[Chosen], raw: str | None) -> Chosen | None:
    return next((each for each in enum if each.value == raw), None)


@router.get("/workbench")
def show(request: Request, db: Db, viewer: CurrentViewer, committee: SeatedCommittee) -> Response:
    found = committees_bench.tasks(db, committee, viewer)
    filters = filters_of(request.query_params)
    leads = permissions.can(db, viewer, Permission.ASSIGN_ITEMS, committee)
    return render(
        request, "committees/workbench.html", committee=committee, leads=leads, turns=Turn, works=Work,
        here=f"/committees/{committee.id}/workbench{filters.query()}",
        owed=committees_owed.listed(db, committee) if leads else [],
        **committees_bench.facts_of(found, filters),
    )  # fmt: skip


@router.post("/reminders")
def remind(request: Request, db: Db, viewer: CurrentViewer, committee: LedCommittee, form: Form) -> Response:
    assert viewer.id is not None
    back = local_path(values(form).get("back"), f"/committees/{committee.id}/workbench")
    entry, _errors = read(form, ReminderEntry)
    only = [entry.seat_id] if entry and entry.seat_id else []
    mission = entry.mission_id if entry else None
    try:
        many = reminders.remind(db, committee, viewer.id, settings_of(request).origin, only, mission)
    except reminders.RemindedAlready as refusal:
        db.rollback()
        return redirect(request, back, say(refusal.phrase))
    return redirect(
        request, back, ngettext("%(num)s reminder was sent.", "%(num)s reminders were sent.", many)
    )


@router.get("/assignments")
def choose(request: Request, db: Db, committee: LedCommittee) -> Response:
    return assign_page(request, db, committee, request.query_params)


def assign_page(
    request: Request, db: Session, committee: Committee, asked: QueryParams | FormData, error: str = ""
) -> Response:
    """First which items and how many reviewers; then, once items are chosen, the proposal to look at and change."""
    entry, errors = read({"wanted": str(asked.get("wanted") or USUAL)}, WantedEntry)
    wanted = entry.wanted if entry else USUAL
    items = {each for raw in asked.getlist("item") if (each := uuid_of(str(raw)))}
    typed = {str(each) for each in asked.getlist("pair")}
    open_items = assignments.assignable(db, committee)
    zones = {missions.zone_of(db, mission): None for mission, _asked in open_items if mission.id in items}
    return render(
        request, "committees/assignments.html", zones=zones, status=422 if error else 200, committee=committee,
        error=error,
        errors=errors, wanted=wanted, chosen=items, due=str(asked.get("due") or ""), typed=typed if error else None,
        items=open_items, most=assigning.MOST_EACH,
        rows=assignments.propose(db, committee, items, wanted) if items else [],
        back=local_path(str(asked.get("back") or ""), ""),
    )  # fmt: skip


@router.post("/assignments")
def assign(request: Request, db: Db, viewer: CurrentViewer, committee: LedCommittee, form: Form) -> Response:
    assert viewer.id is not None
    entry, _errors = read(form, AssignEntry)
    if entry is None or entry.due > LATEST:
        return assign_page(request, db, committee, form, _("Say by which day the reviews are to be in."))
    try:
        made = given(request, db, viewer, committee, form, entry.due)
    except Refusal as refusal:
        db.rollback()
        return assign_page(request, db, committee, form, say(refusal.phrase))
    back = local_path(values(form).get("back"), f"/committees/{committee.id}/workbench")
    told = ngettext("%(num)s review was asked for.", "%(num)s reviews were asked for.", len(made))
    return redirect(request, back, told)


def given(
    request: Request, db: Session, viewer: Viewer, committee: Committee, form: FormData, due: date
) -> list[Any]:
    assert viewer.id is not None
    return assignments.assign(db, committee, pairs_of(form), due, viewer.id, settings_of(request).origin)
