"""One grouping: how far it is, what it proposes, and the decision to accept or discard it."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.call import Call
from app.models.grouping import Grouping
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.pages import fragment, redirect, render
from app.services import groupings, groupings_bench, groupings_story, lineage

router = noun_router("/groupings/{grouping_id}")
ReadableGrouping = Annotated[Grouping, load(Grouping, to=Permission.READ_GROUPING)]
AcceptableGrouping = Annotated[Grouping, load(Grouping, to=Permission.ACCEPT_GROUPING)]


@router.get("")
def show(request: Request, db: Db, grouping: ReadableGrouping) -> Response:
    call = db.get_one(Call, grouping.call_id)
    story = groupings_story.story(db, grouping)
    stations = lineage.around_call(db, call)
    return render(
        request, "groupings/show.html", grouping=grouping, call=call, story=story, stations=stations
    )


@router.get("/progress")
def progress(request: Request, grouping: ReadableGrouping) -> Response:
    """A fragment that asks again every second until the run is done, then reloads the page around it."""
    back = f"/calls/{grouping.call_id}/workbench"
    if not groupings_bench.is_busy(grouping):
        return redirect(request, back)
    return fragment(request, "groupings/_progress.html", otherwise=back, grouping=grouping)


@router.post("/acceptance")
def accept(request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping) -> Response:
    accepted = groupings.accept(db, grouping, viewer.id)
    notice = _("Everyone now sees this grouping. The one before stays readable.")
    return redirect(request, f"/calls/{accepted.call_id}/workbench", notice)


@router.post("/discarding")
def discard(request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping) -> Response:
    assert viewer.id is not None
    groupings.discard(db, grouping, viewer.id)
    return redirect(
        request, f"/calls/{grouping.call_id}/workbench", _("Discarded. Everything is as it was before.")
    )
