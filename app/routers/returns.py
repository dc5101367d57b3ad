"""Risks and rewards of a mission, and what the public already paid for a project."""

from decimal import Decimal
from typing import Annotated

from fastapi import Request
from pydantic import AfterValidator, Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.mission import Mission
from app.models.project import Project
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Problem, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules.texts import Limits
from app.services import conditions_read, lineage, public_inputs, returns
from app.services.public_inputs import InputText

router = noun_router()
ProjectToRead = Annotated[Project, load(Project, to=Permission.READ_MISSION)]
ProjectToFund = Annotated[Project, load(Project, to=Permission.FUND_PROJECT)]
MissionToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]


def three_letters(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Problem(_("Write the currency as three letters, for example CLP or EUR."))
    return code.upper()


class InputEntry(FormModel):
    what: Annotated[str, cleaned(Limits(3, 300, one_line=True))]
    payer: Annotated[str, cleaned(Limits(2, 300, one_line=True))]
    year: Annotated[int, Field(ge=1900, le=2200)]
    amount: Annotated[Decimal, Field(gt=0, le=10**15, decimal_places=2)]
    currency: Annotated[str, AfterValidator(three_letters)]
    evidence: Annotated[str, cleaned(Limits(5, 1_000))]


@router.get("/missions/{mission_id}/returns")
def ledger(request: Request, db: Db, mission: MissionToRead) -> Response:
    rows = returns.of_mission(db, mission)
    return render(
        request, "conditions/returns.html", mission=mission, rows=rows,
        warned=public_inputs.warned(db, [each.project for each in rows]),
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/projects/{project_id}/inputs")
def inputs(request: Request, db: Db, project: ProjectToRead) -> Response:
    return inputs_page(request, db, project, {}, {})


def inputs_page(
    request: Request, db: Session, project: Project, typed: dict[str, str], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    mission = db.get_one(Mission, project.mission_id)
    return render(
        request, "conditions/inputs.html", status=status, project=project, mission=mission,
        title=conditions_read.titles_of(db, [project])[project.id],
        paid=public_inputs.of_project(db, project), typed=typed, errors=errors,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/projects/{project_id}/inputs")
def tell(request: Request, db: Db, viewer: CurrentViewer, project: ProjectToFund, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, InputEntry)
    if entry is None:
        return inputs_page(request, db, project, values(form), errors, 422)
    typed = InputText(**entry.model_dump())
    refusal = tried(db, lambda: public_inputs.tell(db, project, typed, by), NotFound)
    if refusal is not None:
        return inputs_page(request, db, project, values(form), {"what": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/projects/{project.id}/inputs", _("It stands below, with its evidence."))


@router.post("/projects/{project_id}/inputs/{input_id}/removal")
def take_back(
    request: Request, db: Db, viewer: CurrentViewer, project: ProjectToFund, input_id: str
) -> Response:
    assert viewer.id is not None
    public_inputs.take_back(db, project, record_id(input_id), viewer.id)
    return redirect(request, f"/projects/{project.id}/inputs", _("It is taken back, and counts no more."))
