"""The portfolio of a mission: what is tried, by whom, at which risk; and what a steward tells of each project."""

from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Conflict, NotAcceptable
from app.i18n import _
from app.models.mission import Mission
from app.models.motion import waiting_motions
from app.models.organisation import all_organisations
from app.models.project import Project
from app.routers.deps import CurrentViewer, Db, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.words import Instrument, MotionAct, SubjectKind
from app.services import (
    lineage,
    motions,
    motions_make,
    portfolio,
    portfolio_facts,
    portfolio_risk,
    portfolio_votes,
    terms,
)
from app.services.portfolio_facts import ProjectFacts

router = noun_router("/missions/{mission_id}/portfolio")


MANY = ("sectors", "disciplines")


class RiskEntry(FormModel):
    share: Annotated[int, Field(ge=0, le=100)]
    reason: Annotated[str, cleaned(texts.REASON)]


class ProjectEntry(FormModel):
    instrument: Annotated[Instrument | None, Maybe] = None
    funder_organisation_id: Annotated[UUID | None, Maybe] = None
    contract_minimum: Annotated[
        Annotated[Decimal, Field(ge=0, le=10**15, decimal_places=2)] | None, Maybe
    ] = None
    sectors: list[str] = Field(default_factory=list, max_length=60)
    disciplines: list[str] = Field(default_factory=list, max_length=60)
    version: int

    @property
    def told(self) -> ProjectFacts:
        return ProjectFacts(
            self.instrument, self.funder_organisation_id, self.contract_minimum, tuple(self.sectors),
            tuple(self.disciplines),
        )  # fmt: skip


@router.get("")
def show(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {}, {})


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    asked = [each for each in waiting_motions(db, [mission.id]) if each.act is MotionAct.SET_RISK]
    return render(
        request, "missions/portfolio.html", status=status, mission=mission, page=portfolio.shown(db, mission),
        asked=[(each, motions.words(db, each)) for each in asked], typed=typed, errors=errors,
        may_ask=mission.state in portfolio_risk.OPEN and not asked,
        share_vote=portfolio_risk.vote_behind(db, mission),
        votes=portfolio_votes.of_mission(db, mission.id), stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/risk")
def ask_for_risk(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, RiskEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    refusal = tried(db, partial(move, db, mission, entry, by))
    if refusal is not None:
        return page(request, db, mission, values(form), {"share": say(refusal.phrase)}, refusal.status)
    told = _("The committee sees your motion. Its chair can put it to a vote.")
    return redirect(request, f"/missions/{mission.id}/portfolio#risk", told)


def move(db: Session, mission: Mission, entry: RiskEntry, by: UUID) -> None:
    facts = {"share": entry.share}
    motions_make.make(
        db, mission, MotionAct.SET_RISK, SubjectKind.MISSION, mission.id, facts, entry.reason, by
    )


@router.get("/{route_id}")
def describe(request: Request, db: Db, mission: ToSteer, route_id: str) -> Response:
    project = portfolio_facts.find(db, mission, record_id(route_id))
    typed: dict[str, object] = {
        "instrument": project.instrument or "", "funder_organisation_id": project.funder_organisation_id or "",
        "contract_minimum": "" if project.contract_minimum is None else project.contract_minimum,
        "sectors": portfolio_facts.tagged(db, project, terms.SECTOR),
        "disciplines": portfolio_facts.tagged(db, project, terms.DISCIPLINE),
    }  # fmt: skip
    return describing(request, db, mission, project, typed, {})


def describing(
    request: Request, db: Session, mission: Mission, project: Project, typed: dict[str, object],
    errors: dict[str, str], status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "missions/project_facts.html", status=status, mission=mission, project=project, typed=typed,
        errors=errors, title=dict(portfolio.titles(db, mission))[project.id],
        organisations=all_organisations(db), sectors=terms.roots(terms.SECTOR),
        disciplines=terms.roots(terms.DISCIPLINE), stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/{route_id}")
def keep_description(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, route_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, project = viewer.id, portfolio_facts.find(db, mission, record_id(route_id))
    typed: dict[str, object] = {**values(form), **{each: form.getlist(each) for each in MANY}}
    entry, errors = read(form, ProjectEntry)
    if entry is None:
        return describing(request, db, mission, project, typed, errors, 422)
    refusal = tried(db, lambda: portfolio_facts.write(db, project, entry.told, entry.version, by))
    if isinstance(refusal, (Conflict, NotAcceptable)):
        told = {"instrument": say(refusal.phrase)}
        return describing(request, db, mission, project, typed, told, refusal.status)
    return redirect(
        request, f"/missions/{mission.id}/portfolio", _("What you told of the project stands below.")
    )
