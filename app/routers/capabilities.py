"""What an agency is able to do, scored with evidence; and who holds the roles of delivery in a project."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.capability import roles_in
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.texts import Limits
from app.rules.words import Capability
from app.services import capabilities, conditions_read, lineage
from app.services.capabilities import RoleText, ScoreText

router = noun_router()
Agency = Annotated[Organisation, load(Organisation, to=Permission.READ_AGENCY)]
OwnAgency = Annotated[Organisation, load(Organisation, to=Permission.SCORE_AGENCY)]
ProjectToRead = Annotated[Project, load(Project, to=Permission.READ_MISSION)]
ProjectToFund = Annotated[Project, load(Project, to=Permission.FUND_PROJECT)]


class ScoreEntry(FormModel):
    capability: Capability
    year: Annotated[int, Field(ge=1900, le=2200)]
    score: Annotated[int, Field(ge=1, le=5)]
    words: Annotated[str, cleaned(texts.REASON)]
    document: Annotated[str, cleaned(Limits(0, 1_000, one_line=True))] = ""
    event: Annotated[Annotated[int, Field(ge=1, le=2**53)] | None, Maybe] = None


class RoleEntry(FormModel):
    title: Annotated[str, cleaned(texts.LABEL)]
    skill: Annotated[str, cleaned(texts.LABEL)]
    holder: Annotated[str, cleaned(texts.LABEL)]
    where: Literal["in_house", "outside"]
    since: date

    def text(self) -> RoleText:
        return RoleText(self.title, self.skill, self.holder, self.where == "in_house", self.since)


@router.get("/organisations/{organisation_id}/capabilities")
def show(request: Request, db: Db, organisation: Agency) -> Response:
    return agency_page(request, db, organisation, {}, {})


def agency_page(
    request: Request, db: Session, organisation: Organisation, typed: dict[str, str], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "conditions/capabilities.html", status=status, organisation=organisation,
        reads=capabilities.of_organisation(db, organisation),
        in_house=capabilities.in_house_of(db, organisation), typed=typed, errors=errors,
    )  # fmt: skip


@router.post("/organisations/{organisation_id}/capabilities")
def score(request: Request, db: Db, viewer: CurrentViewer, organisation: OwnAgency, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, ScoreEntry)
    if entry is not None and entry.document and not entry.document.startswith(("https://", "http://")):
        entry, errors = None, {"document": _("Write the whole address, from https:// on.")}
    if entry is None:
        return agency_page(request, db, organisation, values(form), errors, 422)
    typed = ScoreText(**entry.model_dump())
    refusal = tried(db, lambda: capabilities.score(db, organisation, typed, by), NotFound)
    if refusal is not None:
        problem = {"document": say(refusal.phrase)}
        return agency_page(request, db, organisation, values(form), problem, refusal.status)
    told = _("The score stands below, with what shows it.")
    return redirect(request, f"/organisations/{organisation.id}/capabilities", told)


@router.get("/projects/{project_id}/delivery")
def delivery(request: Request, db: Db, project: ProjectToRead) -> Response:
    return delivery_page(request, db, project, {}, {})


def delivery_page(
    request: Request, db: Session, project: Project, typed: dict[str, str], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    mission, roles = db.get_one(Mission, project.mission_id), roles_in(db, [project.id])
    return render(
        request, "conditions/delivery.html", status=status, project=project, mission=mission,
        title=conditions_read.titles_of(db, [project])[project.id], roles=roles,
        in_house=capabilities.in_house(roles), typed=typed, errors=errors,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/projects/{project_id}/delivery")
def give(request: Request, db: Db, viewer: CurrentViewer, project: ProjectToFund, form: Form) -> Response:
    """A new role, or with `role_id` somebody else for one that there is."""
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, RoleEntry)
    if entry is None:
        return delivery_page(request, db, project, values(form), errors, 422)
    text, before = entry.text(), form.get("role_id")

    def act() -> None:
        if before:
            capabilities.hand_over(db, project, record_id(before), text, by)
        else:
            capabilities.give_role(db, project, text, by)

    refusal = tried(db, act, NotFound)
    if refusal is not None:
        return delivery_page(
            request, db, project, values(form), {"since": say(refusal.phrase)}, refusal.status
        )
    return redirect(request, f"/projects/{project.id}/delivery", _("The role stands below."))
