"""The map of a mission: a page, and its numbers for the drawing."""

from fastapi import Request
from starlette.responses import JSONResponse, Response

from app.i18n import _
from app.routers.deps import Db, noun_router
from app.routers.mission_asked import ToRead
from app.routers.pages import render
from app.rules import mapping
from app.services import lineage, missions_map

router = noun_router("/missions/{mission_id}")
NAMELESS = "A route whose words can no longer be read"


@router.get("/map")
def show(request: Request, db: Db, mission: ToRead) -> Response:
    return render(
        request, "missions/map.html", mission=mission, found=missions_map.mapped(db, mission),
        orphaned=mapping.ORPHANED, stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/map.json")
def drawing(db: Db, mission: ToRead) -> Response:
    return JSONResponse(missions_map.drawn(missions_map.mapped(db, mission), _(NAMELESS)))
