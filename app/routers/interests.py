"""Interests in an item: what members are asked at first sight of it, what they raise, and what the chair resolves."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.mission import Mission
from app.permissions import Permission
from app.routers import interest_page
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form
from app.routers.interest_page import Place
from app.services import lineage
from app.viewer import Viewer

router = noun_router("/missions/{mission_id}")
Item = Annotated[Mission, load(Mission, to=Permission.DECLARE_ON_ITEM)]
ChairedItem = Annotated[Mission, load(Mission, to=Permission.RESOLVE_INTEREST)]


def place_of(request: Request, db: Session, viewer: Viewer, mission: Mission) -> Place:
    crumb = (_("Missions"), "/missions")
    path = f"/missions/{mission.id}"
    return Place(request, db, viewer, mission, path, crumb, lineage.of_mission(db, mission))


@router.get("/interest")
def show(request: Request, db: Db, viewer: CurrentViewer, mission: Item) -> Response:
    return interest_page.show(place_of(request, db, viewer, mission))


@router.post("/interest")
def declare(request: Request, db: Db, viewer: CurrentViewer, mission: Item, form: Form) -> Response:
    _said, answer = interest_page.declare(place_of(request, db, viewer, mission), form)
    return answer


@router.post("/interests")
def raise_about(request: Request, db: Db, viewer: CurrentViewer, mission: Item, form: Form) -> Response:
    return interest_page.raise_about(place_of(request, db, viewer, mission), form)


@router.post("/interests/{interest_id}/resolution")
def resolve(
    request: Request, db: Db, viewer: CurrentViewer, mission: ChairedItem, interest_id: UUID, form: Form
) -> Response:
    return interest_page.resolve(place_of(request, db, viewer, mission), interest_id, form)
