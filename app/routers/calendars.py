"""Calendars of projects and missions, as pages and as feeds that calendar programs subscribe to."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.models.mission import Mission
from app.models.project import Project
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import Db, load, noun_router
from app.routers.pages import render
from app.services import calendars, conditions_read, lineage
from app.services.calendars import Day

router = noun_router()
ProjectToRead = Annotated[Project, load(Project, to=Permission.READ_MISSION)]
MissionToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]


@router.get("/projects/{project_id}/calendar")
def of_project(request: Request, db: Db, project: ProjectToRead) -> Response:
    mission, found = db.get_one(Mission, project.mission_id), calendars.of_project(db, project)
    title = conditions_read.titles_of(db, [project])[project.id]
    return page(request, db, mission, found, title, f"/projects/{project.id}")


@router.get("/missions/{mission_id}/calendar")
def of_mission(request: Request, db: Db, mission: MissionToRead) -> Response:
    found = calendars.of_mission(db, mission)
    return page(request, db, mission, found, mission.title, f"/missions/{mission.id}")


def page(
    request: Request, db: Session, mission: Mission, found: list[Day], title: str, address: str
) -> Response:
    coming, past = calendars.ahead(found, conditions_read.today_for(db, mission.id))
    return render(
        request, "conditions/calendar.html", mission=mission, title=title, coming=coming, past=past,
        address=address, feed_url=f"{settings_of(request).origin}{address}/calendar.ics",
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/projects/{project_id}/calendar.ics")
def feed_of_project(request: Request, db: Db, project: ProjectToRead) -> Response:
    title = conditions_read.titles_of(db, [project])[project.id]
    return feed(request, title, calendars.of_project(db, project))


@router.get("/missions/{mission_id}/calendar.ics")
def feed_of_mission(request: Request, db: Db, mission: MissionToRead) -> Response:
    return feed(request, mission.title, calendars.of_mission(db, mission))


def feed(request: Request, title: str, found: list[Day]) -> Response:
    """Everyone may read it, so that no program needs a password for it."""
    written = calendars.feed(title, found, settings_of(request).origin)
    headers = {
        "Content-Disposition": 'inline; filename="calendar.ics"',
        "Cache-Control": "public, max-age=600",
    }
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)
