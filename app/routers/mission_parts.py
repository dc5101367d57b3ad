"""The parts of a mission, each on a page of its own: a clause with its sources, a rival route."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.mission import Clause, Mission
from app.models.organisation import all_organisations
from app.models.project import Project
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.merging import Clash
from app.rules.mission_sections import GOAL, SECTIONS
from app.rules.texts import Limits
from app.rules.words import Origin, SubjectKind
from app.services import (
    lessons_near,
    lineage,
    missions,
    missions_clauses,
    missions_merge,
    missions_routes,
    missions_sources,
)
from app.services.missions_clauses import ClauseText
from app.services.missions_edit import MissionChanged, NotEditable, require_editable
from app.services.missions_routes import RouteText

router = noun_router("/missions")
EditedMission = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]
Version = Annotated[int, Field(ge=1)]
SOURCES_AT_MOST = 200
Readiness = Annotated[int, Field(ge=1, le=9)] | None


class VersionEntry(FormModel):
    version: Version


class ClauseEntry(VersionEntry):
    section: Annotated[str, cleaned(Limits(0, 60, one_line=True))] = ""
    text: Annotated[str, cleaned(texts.CLAUSE)]
    origin: Origin
    position: Annotated[int, Field(ge=1, le=1000)] = 1000
    submissions: list[UUID] = Field(default_factory=list, max_length=SOURCES_AT_MOST)
    clusters: list[UUID] = Field(default_factory=list, max_length=SOURCES_AT_MOST)

    def words(self) -> ClauseText:
        return ClauseText(**self.model_dump(exclude={"version"}))


class RouteEntry(VersionEntry):
    title: Annotated[str, cleaned(texts.TITLE)]
    summary: Annotated[str, cleaned(Limits(0, 4000))] = ""
    route: Annotated[str, cleaned(Limits(0, 120, one_line=True))] = ""
    lead_organisation_id: Annotated[UUID | None, Maybe] = None
    readiness: Annotated[Readiness, Maybe] = None

    def words(self) -> RouteText:
        return RouteText(**self.model_dump(exclude={"version"}))


def clause_page(
    request: Request,
    db: Db,
    mission: Mission,
    clause: Clause | None,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
    status: int = 200,
    clashes: Sequence[Clash] = (),
) -> Response:
    require_editable(mission)
    ticked = [UUID(each) for each in typed["submissions"] if is_id(each)]
    query = texts.clean(typed.get("q", ""), texts.SHORT).text[:200]
    sources, groups = missions_clauses.candidates(db, mission, query, ticked)
    return render(
        request, "missions/clause.html", status=status, mission=mission, clause=clause, typed=typed,
        errors=errors or {}, sources=sources, groups=groups, sections=SECTIONS,
        stations=lineage.of_mission(db, mission), clashes=clashes, labels=missions_merge.LABELS,
    )  # fmt: skip


def is_id(raw: str) -> bool:
    try:
        UUID(raw)
    except ValueError:
        return False
    return True


def typed_clause(db: Db, clause: Clause | None) -> dict[str, Any]:
    """The fields of a clause as one would type them; a new one starts as a goal that the agency writes."""
    if clause is None:
        return {
            "section": GOAL,
            "text": "",
            "origin": Origin.AGENCY.value,
            "position": "",
            "submissions": [],
            "clusters": [],
        }
    links = missions.sources_of(db, [clause])[clause.id]
    gone = missions.unreadable(db, links)
    return {
        "section": clause.section,
        "text": missions.words_of(clause.text, links, gone),
        "origin": clause.origin.value,
        "position": clause.position,
        "submissions": [str(each) for each in missions_sources.submission_ids(links)],
        "clusters": [str(link.to_id) for link in links if link.to_kind is SubjectKind.CLUSTER],
    }


@router.get("/{mission_id}/clauses/new")
def new_clause(request: Request, db: Db, mission: EditedMission) -> Response:
    return clause_page(request, db, mission, None, typed_clause(db, None))


@router.post("/{mission_id}/clauses")
def add_clause(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form
) -> Response:
    assert viewer.id is not None
    return keep_clause(request, db, viewer.id, mission, None, form)


@router.get("/{mission_id}/clauses/{clause_id}")
def edit_clause(request: Request, db: Db, mission: EditedMission, clause_id: str) -> Response:
    clause = missions_clauses.find(db, mission, record_id(clause_id))
    return clause_page(request, db, mission, clause, typed_clause(db, clause))


@router.post("/{mission_id}/clauses/{clause_id}")
def change_clause(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, clause_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    try:
        clause = missions_clauses.find(db, mission, record_id(clause_id))
    except NotFound:
        # A colleague removed it meanwhile: what was typed is not lost with it.
        gone = {"text": say(MissionChanged().phrase)}
        return clause_page(request, db, mission, None, typed_in(form), gone, MissionChanged.status)
    return keep_clause(request, db, viewer.id, mission, clause, form)


def keep_clause(
    request: Request, db: Db, by: UUID, mission: Mission, clause: Clause | None, form: FormData
) -> Response:
    """Save a clause; or show it again, with what was searched for or with what is wrong."""
    typed = typed_in(form)
    if form.get("search"):
        return clause_page(request, db, mission, clause, typed)
    entry, errors = read({**typed, "position": typed["position"] or 1000}, ClauseEntry)
    status = 422
    if entry is not None:
        try:
            missions_clauses.write(db, mission, clause, entry.words(), entry.version, by)
            return redirect(request, f"/missions/{mission.id}/edit#text", _("Saved."))
        except NotEditable:
            raise
        except Refusal as refusal:
            db.rollback()
            errors, status = {"text": say(refusal.phrase)}, refusal.status
            if isinstance(refusal, MissionChanged) and clause is not None:
                base = missions_merge.clause_started_from(db, mission, clause.id, entry.version)
                found = missions_merge.together(base, typed, typed_clause(db, clause))
                return clause_page(request, db, mission, clause, found.fields, errors, status, found.clashes)
    return clause_page(request, db, mission, clause, typed, errors, status)


def typed_in(form: FormData) -> dict[str, Any]:
    lists = {name: [str(each) for each in form.getlist(name)] for name in ("submissions", "clusters")}
    return {"section": "", "text": "", "origin": "", "position": "", **values(form), **lists}


BLANK = dict.fromkeys(("title", "summary", "route", "lead_organisation_id", "readiness"), "")


def route_page(
    request: Request,
    db: Db,
    mission: Mission,
    route: Project | None,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
    status: int = 200,
    clashes: Sequence[Clash] = (),
) -> Response:
    require_editable(mission)
    return render(
        request, "missions/route.html", status=status, mission=mission, route=route, typed=typed,
        near=lessons_near.near(db, f"{mission.title} {typed.get('title', '')} {typed.get('summary', '')}"),
        errors=errors or {}, organisations=all_organisations(db), stations=lineage.of_mission(db, mission),
        clashes=clashes, labels=missions_merge.LABELS,
    )  # fmt: skip


def typed_route(db: Db, route: Project) -> dict[str, Any]:
    """The fields of a route as one would type them."""
    typed = {name: getattr(route, name) for name in ("summary", "route", "lead_organisation_id", "readiness")}
    return {"title": missions_routes.title_of(db, route), **typed}


@router.get("/{mission_id}/routes/new")
def new_route(request: Request, db: Db, mission: EditedMission) -> Response:
    return route_page(request, db, mission, None, dict(BLANK))


@router.post("/{mission_id}/routes")
def add_route(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form
) -> Response:
    assert viewer.id is not None
    return keep_route(request, db, viewer.id, mission, None, form)


@router.get("/{mission_id}/routes/{route_id}")
def edit_route(request: Request, db: Db, mission: EditedMission, route_id: str) -> Response:
    route = missions_routes.find(db, mission, record_id(route_id))
    return route_page(request, db, mission, route, typed_route(db, route))


@router.post("/{mission_id}/routes/{route_id}")
def change_route(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, route_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    route = missions_routes.find(db, mission, record_id(route_id))
    return keep_route(request, db, viewer.id, mission, route, form)


def keep_route(
    request: Request, db: Db, by: UUID, mission: Mission, route: Project | None, form: FormData
) -> Response:
    typed = {**BLANK, **values(form)}
    entry, errors = read(form, RouteEntry)
    status = 422
    if entry is not None:
        try:
            missions_routes.write(db, mission, route, entry.words(), entry.version, by)
            return redirect(request, f"/missions/{mission.id}/edit#routes", _("Saved."))
        except NotEditable:
            raise
        except Refusal as refusal:
            db.rollback()
            errors, status = {"title": say(refusal.phrase)}, refusal.status
            if isinstance(refusal, MissionChanged) and route is not None:
                base = missions_merge.route_started_from(db, mission, route.id, entry.version)
                found = missions_merge.together(base, typed, typed_route(db, route))
                return route_page(request, db, mission, route, found.fields, errors, status, found.clashes)
    return route_page(request, db, mission, route, typed, errors, status)
