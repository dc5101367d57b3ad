"""Conditions on public money: those of a project, those of a mission, and a new one."""

import csv
import io
from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.condition import Condition
from app.models.mission import Mission
from app.models.project import Project
from app.permissions import Permission
from app.routers.condition_page import Day, NewEntry, list_page, one_page, own_side, typed_text
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules.texts import csv_safe
from app.rules.words import ConditionState
from app.services import conditions, conditions_read, contracts, lineage

router = noun_router()
ProjectToRead = Annotated[Project, load(Project, to=Permission.READ_MISSION)]
ProjectToAgree = Annotated[Project, load(Project, to=Permission.AGREE_CONDITION)]
ProjectToFund = Annotated[Project, load(Project, to=Permission.FUND_PROJECT)]
MissionToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
ConditionToRead = Annotated[Condition, load(Condition, to=Permission.READ_MISSION)]
WORST_FIRST = (ConditionState.BREACHED, ConditionState.DUE)
COLUMNS = (
    "condition",
    "project",
    "kind",
    "state",
    "clause",
    "first_check",
    "check",
    "check_state",
    "evidence",
)


class LeadEntry(FormModel):
    lead_organisation_id: UUID


class ContractEntry(FormModel):
    starts: Day
    ends: Day


@router.get("/projects/{project_id}/conditions")
def index(request: Request, db: Db, viewer: CurrentViewer, project: ProjectToRead) -> Response:
    return list_page(request, db, viewer, project, {}, {})


@router.post("/projects/{project_id}/conditions")
def propose(request: Request, db: Db, viewer: CurrentViewer, project: ProjectToAgree, form: Form) -> Response:
    (side, by), origin = own_side(db, viewer, project), settings_of(request).origin
    entry, text, errors = typed_text(form, NewEntry)
    if text is None:
        return list_page(request, db, viewer, project, values(form), errors, 422)
    refusal = tried(db, lambda: conditions.propose(db, project, entry.kind, text, side, by, origin), NotFound)
    if refusal is not None:
        return list_page(
            request, db, viewer, project, values(form), {"form": say(refusal.phrase)}, refusal.status
        )
    told = _("The condition is proposed. It binds when the other side says yes too.")
    return redirect(request, f"/projects/{project.id}/conditions", told)


@router.post("/projects/{project_id}/lead")
def name_lead(
    request: Request, db: Db, viewer: CurrentViewer, project: ProjectToFund, form: Form
) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, LeadEntry)
    if entry is None:
        return list_page(request, db, viewer, project, values(form), errors, 422)
    lead = entry.lead_organisation_id
    refusal = tried(db, lambda: contracts.name_lead(db, project, lead, by), NotFound)
    if refusal is not None:
        return list_page(request, db, viewer, project, {}, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(
        request, f"/projects/{project.id}/conditions", _("Its people now speak for the other side.")
    )


@router.post("/projects/{project_id}/contract")
def contract(request: Request, db: Db, viewer: CurrentViewer, project: ProjectToFund, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, ContractEntry)
    if entry is None:
        return list_page(request, db, viewer, project, values(form), errors, 422)
    days = (entry.starts, entry.ends)
    refusal = tried(db, lambda: contracts.contract(db, project, *days, by, origin), NotFound)
    if refusal is not None:
        return list_page(
            request, db, viewer, project, values(form), {"form": say(refusal.phrase)}, refusal.status
        )
    told = _("The project is contracted: its conditions are in force, and their days stand in its calendar.")
    return redirect(request, f"/projects/{project.id}/conditions", told)


@router.get("/conditions/{condition_id}")
def show(request: Request, db: Db, viewer: CurrentViewer, condition: ConditionToRead) -> Response:
    return one_page(request, db, viewer, condition, {}, {})


@router.get("/missions/{mission_id}/conditions")
def of_mission(request: Request, db: Db, mission: MissionToRead) -> Response:
    reads = conditions_read.of_mission(db, mission)
    order = {state: place for place, state in enumerate(WORST_FIRST)}
    return render(
        request, "conditions/mission.html", mission=mission,
        reads=sorted(reads, key=lambda each: order.get(each.state, len(order))),
        counts={state: len([each for each in reads if each.state is state]) for state in ConditionState},
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/missions/{mission_id}/conditions.csv")
def table(db: Db, mission: MissionToRead) -> Response:
    """One row for each check, and one for a condition that has none yet."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in conditions_read.of_mission(db, mission):
        row = (
            each.condition.id,
            each.project.id,
            each.condition.kind,
            each.state,
            csv_safe(each.shown.clause),
        )
        for check in each.checks:
            proofs = len(each.proofs_for(check.due))
            writer.writerow((*row, each.shown.due, check.due, check.state, proofs))
        if not each.checks:
            writer.writerow((*row, each.shown.due, "", "", ""))
    headers = {"Content-Disposition": f'attachment; filename="conditions-{mission.id}.csv"'}
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
