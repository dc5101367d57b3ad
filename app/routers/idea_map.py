"""The idea map: a page, its points for the drawing, and the same as a table."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import JSONResponse, Response

from app.errors import NotFound
from app.models.call import Call
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.pages import render
from app.services import idea_map

router = noun_router("/calls/{call_id}")
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]


@router.get("/map")
def show(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    call: ReadableCall,
    after: str | None = None,
    unsure: bool = False,
) -> Response:
    drawn = idea_map.overview(db, call)
    listing = idea_map.table(db, drawn.grouping, after, only_unsure=unsure) if drawn.grouping else None
    head = call_head(db, viewer, call, "group")
    return render(
        request, "clusters/map.html", drawn=drawn, listing=listing, after=after, unsure=unsure, **head
    )


@router.get("/map.json")
def points(db: Db, call: ReadableCall, unsure: bool = False) -> Response:
    return JSONResponse(idea_map.points(db, call, only_unsure=unsure))


@router.get("/map/{submission_id}.json")
def words(db: Db, call: ReadableCall, submission_id: UUID) -> Response:
    found = idea_map.words(db, call, submission_id)
    if found is None:
        raise NotFound()
    return JSONResponse({"text": found})
