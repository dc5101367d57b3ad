"""The facilitator's workbench: start a grouping, see what is worth checking, correct it, undo."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import BadRequest, NotFound
from app.i18n import _, ngettext
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form
from app.routers.pages import redirect, render
from app.rules.rates import Limited
from app.services import (
    checking,
    corrections,
    corrections_undo,
    corrections_voices,
    groupings,
    groupings_bench,
    groupings_story,
    limits,
    lineage,
)

router = noun_router("/calls/{call_id}")
BenchCall = Annotated[Call, load(Call, to=Permission.READ_WORKBENCH)]
GroupableCall = Annotated[Call, load(Call, to=Permission.START_GROUPING)]
CorrectableCall = Annotated[Call, load(Call, to=Permission.CORRECT_CLUSTER)]


@router.get("/workbench")
def bench(
    request: Request,
    db: Db,
    call: BenchCall,
    cluster: str | None = None,
    show: str = "",
    after: str | None = None,
) -> Response:
    seen = groupings_bench.bench(db, call, settings_of(request).embedding_model)
    chosen = chosen_cluster(db, call, cluster) if cluster else None
    pile = show == "ungrouped" and chosen is None
    rows: list[groupings_bench.Doubt] = []
    following = None
    if seen.accepted and (chosen or pile):
        rows, following = groupings_bench.voices(db, seen.accepted, chosen, after)
    elif seen.accepted:
        rows = groupings_bench.doubts(db, seen.accepted)
    proposed = seen.latest if groupings_bench.is_proposed(seen.latest) else None
    return render(
        request,
        "workbench/show.html",
        call=call,
        bench=seen,
        chosen=next((line for line in every(seen.lines) if chosen and line.cluster.id == chosen.id), None),
        pile=pile,
        rows=rows,
        following=following,
        busy=groupings_bench.is_busy(seen.latest),
        story=groupings_story.story(db, proposed) if proposed else None,
        proposed=proposed,
        objections=checking.objections_to(db, chosen) if chosen else [],
        stations=lineage.around_call(db, call),
    )


def every(lines: list[groupings_bench.Line]) -> list[groupings_bench.Line]:
    return [line for mission in lines for line in (mission, *mission.projects)]


def chosen_cluster(db: Session, call: Call, raw: str) -> Cluster:
    cluster = find(db, Cluster, raw)
    if cluster.call_id != call.id:
        raise NotFound()
    return cluster


@router.post("/groupings")
def start(request: Request, db: Db, viewer: CurrentViewer, call: GroupableCall) -> Response:
    assert viewer.id is not None
    limits.spend(db, Limited.GROUP, viewer.id)
    groupings.start(db, call, viewer.id)
    notice = _("The grouping has started. Nothing changes for anyone until you accept what it finds.")
    return redirect(request, f"/calls/{call.id}/workbench", notice)


@router.post("/placements")
def correct_voices(
    request: Request, db: Db, viewer: CurrentViewer, call: CorrectableCall, form: Form
) -> Response:
    """Move, split off or set apart the chosen voices; which of them is the button that was pressed."""
    assert viewer.id is not None
    seen = seen_places(form)
    back = f"/calls/{call.id}/workbench"
    match str(form.get("act", "")):
        case "move":
            if not form.get("target"):
                raise corrections_voices.NowhereToGo()
            target = chosen_cluster(db, call, str(form["target"]))
            corrections_voices.move(db, call, seen, target, viewer.id)
            return redirect(request, f"{back}?cluster={target.id}", moved_notice(len(seen), target))
        case "set_apart":
            corrections_voices.set_apart(db, call, seen, str(form.get("reason", "")), viewer.id)
            notice = ngettext("One voice is set apart.", "%(num)s voices are set apart.", len(seen))
            return redirect(request, f"{back}?show=ungrouped", notice)
        case "split":
            origin = chosen_cluster(db, call, str(form.get("origin", "")))
            label = str(form.get("label", ""))
            made = corrections.split(db, origin, list(seen), viewer.id, label)[1]
            return redirect(
                request, f"{back}?cluster={made.id}", _("They now stand in a group of their own.")
            )
    raise BadRequest()


def moved_notice(count: int, target: Cluster) -> str:
    return ngettext(
        "One voice now stands in “%(label)s”.",
        "%(num)s voices now stand in “%(label)s”.",
        count,
        label=target.label,
    )


def seen_places(form: FormData) -> dict[UUID, UUID | None]:
    """The chosen voices, and where the page saw each of them."""
    try:
        pairs = [str(token).partition(":") for token in form.getlist("voice")]
        return {UUID(voice): UUID(home) if home else None for voice, _colon, home in pairs}
    except ValueError as malformed:
        raise BadRequest() from malformed


@router.post("/corrections/{correction_id}/undoing")
def undo(
    request: Request, db: Db, viewer: CurrentViewer, call: CorrectableCall, correction_id: str
) -> Response:
    assert viewer.id is not None
    correction = find(db, Correction, correction_id)
    if correction.call_id != call.id:
        raise NotFound()
    changed = corrections_undo.undo(db, correction, viewer.id)
    notice = (
        _("Undone: the groups are as they were before it.")
        if changed
        else _("Undone: later runs no longer follow it. The groups shown now have changed since and stay.")
    )
    return redirect(request, f"/calls/{call.id}/workbench#history", notice)
