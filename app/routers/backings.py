"""Standing behind a mission for one's organisation, and no longer."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.pages import redirect
from app.services import backings

router = noun_router("/missions/{mission_id}/backing")
ToSpeak = Annotated[Mission, load(Mission, to=Permission.SPEAK_ON_MISSION)]


@router.post("")
def back(request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeak) -> Response:
    assert viewer.person is not None
    backings.back(db, mission, viewer.person)
    return redirect(request, f"/missions/{mission.id}", _("Your organisation stands behind this mission."))


@router.post("/removal")
def take_back(request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeak) -> Response:
    assert viewer.person is not None
    backings.take_back(db, mission, viewer.person)
    told = _("Your organisation no longer stands behind this mission.")
    return redirect(request, f"/missions/{mission.id}", told)
