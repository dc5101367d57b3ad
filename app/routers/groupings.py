"""One grouping: how far it is, what it proposes, and the decision to accept or discard it."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.call import Call
from app.models.grouping import Grouping, accepted_grouping
from app.permissions import Permission
from app.routers.bench_page import Work, answered, tried
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.pages import fragment, redirect, render
from app.services import clusters, groupings, groupings_bench, groupings_story, groupings_words, lineage

router = noun_router("/groupings/{grouping_id}")
ReadableGrouping = Annotated[Grouping, load(Grouping, to=Permission.READ_GROUPING)]
AcceptableGrouping = Annotated[Grouping, load(Grouping, to=Permission.ACCEPT_GROUPING)]


def back_to(grouping: Grouping) -> str:
    return f"/calls/{grouping.call_id}/workbench"


@router.get("")
def show(request: Request, db: Db, grouping: ReadableGrouping) -> Response:
    call = db.get_one(Call, grouping.call_id)
    story = groupings_story.story(db, grouping)
    is_overtaken = groupings_bench.is_proposed(grouping) and groupings.is_overtaken(
        db, grouping, accepted_grouping(db, call.id)
    )
    return render(
        request, "groupings/show.html", grouping=grouping, call=call, story=story, is_overtaken=is_overtaken,
        groups=[clusters.Group(one, model=grouping.model) for one in story.missions],
        parameters=groupings_words.parameters(grouping), stations=lineage.around_call(db, call),
    )  # fmt: skip


@router.get("/progress")
def progress(request: Request, grouping: ReadableGrouping) -> Response:
    """A fragment that asks again every second until the run is done, then reloads the page around it."""
    back = back_to(grouping)
    if not groupings_bench.is_busy(grouping):
        return redirect(request, back)
    return fragment(request, "groupings/_progress.html", otherwise=back, grouping=grouping)


@router.post("/acceptance")
def accept(request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping) -> Response:
    call = db.get_one(Call, grouping.call_id)
    notice = (
        _("Everyone now sees this grouping. The one before stays readable.")
        if accepted_grouping(db, call.id)
        else _("Everyone now sees this grouping.")
    )
    outcome = tried(db, lambda: groupings.accept(db, grouping, viewer.id))
    return answered(
        request, db, call, Work(), outcome, lambda _made: redirect(request, back_to(grouping), notice)
    )


@router.post("/discarding")
def discard(request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping) -> Response:
    assert viewer.id is not None
    by, call = viewer.id, db.get_one(Call, grouping.call_id)
    notice = _("Discarded. Everything is as it was before.")
    outcome = tried(db, lambda: groupings.discard(db, grouping, by))
    return answered(
        request, db, call, Work(), outcome, lambda _made: redirect(request, back_to(grouping), notice)
    )
