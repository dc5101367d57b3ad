"""Wordings drafted by a machine: asked for, shown with their sources, accepted or declined; only with a helper set."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.errors import BadRequest, NotFound
from app.i18n import _
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form
from app.routers.pages import redirect, render
from app.rules.mission_sections import section_words
from app.rules.rates import Limited
from app.rules.words import N_
from app.services import drafting, limits, lineage, wordings
from app.services.drafting_client import helper_of
from app.viewer import Viewer

router = noun_router()
NamedGroup = Annotated[Cluster, load(Cluster, to=Permission.CORRECT_CLUSTER)]
EditedMission = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]
NOW_TRUE = {
    "accept": N_("Accepted. Everyone who reads it also reads that a machine drafted it."),
    "decline": N_("Declined. Nobody else sees it."),
    "take_back": N_("Taken back. Nobody sees it any more."),
}


@router.get("/clusters/{cluster_id}/wording")
def of_group(request: Request, db: Db, cluster: NamedGroup) -> Response:
    return page(request, db, cluster)


@router.get("/missions/{mission_id}/wording")
def of_mission(request: Request, db: Db, mission: EditedMission) -> Response:
    return page(request, db, mission)


@router.post("/clusters/{cluster_id}/wording")
def ask_about_group(request: Request, db: Db, viewer: CurrentViewer, cluster: NamedGroup) -> Response:
    return ask(request, db, viewer, cluster)


@router.post("/missions/{mission_id}/wording")
def ask_about_mission(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission) -> Response:
    return ask(request, db, viewer, mission)


@router.post("/clusters/{cluster_id}/wording/{wording_id}")
def judge_of_group(
    request: Request, db: Db, viewer: CurrentViewer, cluster: NamedGroup, wording_id: str, form: Form
) -> Response:
    return judge(request, db, viewer, cluster, wording_id, form)


@router.post("/missions/{mission_id}/wording/{wording_id}")
def judge_of_mission(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, wording_id: str, form: Form
) -> Response:
    return judge(request, db, viewer, mission, wording_id, form)


def address(record: Cluster | Mission) -> str:
    return f"/{'clusters' if isinstance(record, Cluster) else 'missions'}/{record.id}"


def require_helper(request: Request) -> None:
    """Where no helper is set there is nothing at these addresses."""
    if helper_of(settings_of(request)) is None:
        raise NotFound()


def page(request: Request, db: Db, record: Cluster | Mission) -> Response:
    require_helper(request)
    call = db.get_one(Call, record.call_id)
    stations = (
        lineage.of_cluster(db, record) if isinstance(record, Cluster) else lineage.of_mission(db, record)
    )
    return render(
        request, "wordings/show.html", desk=wordings.desk(db, record), call=call, address=address(record),
        name=record.label if isinstance(record, Cluster) else record.title,
        stations=stations, section_words=section_words,
    )  # fmt: skip


def ask(request: Request, db: Db, viewer: Viewer, record: Cluster | Mission) -> Response:
    require_helper(request)
    assert viewer.id is not None
    limits.spend(db, Limited.DRAFT_WORDING, viewer.id)
    drafting.ask(db, record, viewer.id)
    told = _("Asked. What comes back is checked against the voices first; reload this page in a moment.")
    return redirect(request, f"{address(record)}/wording", told)


def judge(
    request: Request, db: Db, viewer: Viewer, record: Cluster | Mission, wording_id: str, form: Any
) -> Response:
    require_helper(request)
    assert viewer.id is not None
    act = str(form.get("act", ""))
    try:
        key = UUID(wording_id)
    except ValueError:
        raise NotFound() from None
    if act not in wordings.ACTS:
        raise BadRequest()
    wordings.ACTS[act](db, record, key, viewer.id)
    return redirect(request, f"{address(record)}/wording", _(NOW_TRUE[act]))
