"""Missions as everyone reads them, and drafting one from a group of voices."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _, current
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.permissions import Permission, demand
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router, public
from app.routers.pages import redirect, render
from app.rules.deliberation import TAKES_WORDS
from app.rules.mission_sections import section_words
from app.rules.missions import EDITABLE
from app.rules.words import MissionState, Role, ScopeKind
from app.services import (
    deliberation,
    missions_draft,
    missions_list,
    missions_show,
    offers_edit,
    offers_show,
    visions_show,
    wordings,
)
from app.services.drafting_client import helper_of
from app.services.missions_list import Of
from app.viewer import Viewer

router = noun_router()
ReadableMission = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
ClusterToDraftFrom = Annotated[Cluster, load(Cluster, to=Permission.DRAFT_MISSION)]


@router.get("/missions")
@public("every mission is public from its first draft on")
def index(
    request: Request, db: Db, viewer: CurrentViewer, call: str = "", organisation: str = "", section: str = "",
    cursor: str = "",
) -> Response:  # fmt: skip
    asked = readable_call(db, viewer, call) if call else None
    agency = readable_agency(db, viewer, organisation) if organisation else None
    of = Of(asked.id if asked else None, agency.id if agency else None)
    one = missions_list.section(db, section, of, cursor) if section in missions_list.SECTIONS else None
    return render(
        request,
        "missions/index.html",
        sections=[one] if one else missions_list.sections(db, of),
        one=one,
        cursor=cursor,
        asked=asked,
        agency=agency,
        locale=current(),
    )


def readable_call(db: Db, viewer: Viewer, raw: str) -> Call:
    """The call of a filter; one that the viewer may not know of is not found."""
    call = find(db, Call, raw)
    demand(db, viewer, Permission.READ_CALL, call)
    return call


def readable_agency(db: Db, viewer: Viewer, raw: str) -> Organisation:
    """The agency of a filter; an organisation that not everybody knows as one is found by its stewards only."""
    agency = find(db, Organisation, raw)
    if not viewer.holds(Role.STEWARD, ScopeKind.ORGANISATION, agency.id):
        demand(db, viewer, Permission.READ_AGENCY, agency)
    return agency


@router.get("/missions/{mission_id}")
def show(request: Request, db: Db, mission: ReadableMission) -> Response:
    return render(
        request,
        "missions/show.html",
        page=missions_show.shown(db, mission),
        offered=offers_show.under(db, mission.id),
        may_offer=mission.state in offers_edit.SERVED,
        vision=visions_show.shown(db, mission),
        talk=deliberation.talk(db, mission.id),
        takes_words=mission.state in TAKES_WORDS,
        has_helper=helper_of(settings_of(request)) is not None,
        drafted=wordings.drafted_texts(wordings.accepted(db, mission)),
        is_editable=mission.state in EDITABLE,
        section_words=section_words,
    )


@router.post("/clusters/{cluster_id}/mission")
def draft(request: Request, db: Db, viewer: CurrentViewer, cluster: ClusterToDraftFrom) -> Response:
    assert viewer.id is not None
    known = missions_draft.existing(db, cluster)
    mission = missions_draft.draft(db, cluster, viewer.id, settings_of(request).origin)
    told = _("A candidate mission is drafted from what people said. Give it a title of its own.")
    page = "" if mission.state is MissionState.WITHDRAWN else "/edit"
    return redirect(request, f"/missions/{mission.id}{page}", told if known is None else "")
