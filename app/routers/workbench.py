"""The facilitator's workbench: start a grouping, see what is worth checking, correct it, undo."""

from collections.abc import Callable
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
from app.routers.bench_page import Work, answered, bench_page, cluster_of, tried, work_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form
from app.routers.pages import redirect
from app.rules.rates import Limited
from app.services import (
    corrections,
    corrections_gather,
    corrections_undo,
    corrections_voices,
    groupings,
    limits,
)

router = noun_router("/calls/{call_id}")
BenchCall = Annotated[Call, load(Call, to=Permission.READ_WORKBENCH)]
GroupableCall = Annotated[Call, load(Call, to=Permission.START_GROUPING)]
CorrectableCall = Annotated[Call, load(Call, to=Permission.CORRECT_CLUSTER)]
Seen = dict[UUID, UUID | None]
Done = tuple[str, str]  # where to go on, and what is now true


@router.get("/workbench")
def bench(
    request: Request,
    db: Db,
    call: BenchCall,
    cluster: str | None = None,
    show: str = "",
    after: str | None = None,
) -> Response:
    chosen = cluster_of(db, call, cluster) if cluster else None
    return bench_page(request, db, call, Work(chosen, show, after))


@router.post("/groupings")
def start(request: Request, db: Db, viewer: CurrentViewer, call: GroupableCall) -> Response:
    assert viewer.id is not None
    by = viewer.id
    limits.spend(db, Limited.GROUP, by)
    outcome = tried(db, lambda: groupings.start(db, call, by))
    notice = _("The grouping has started. Nothing changes for anyone until you accept what it finds.")
    return answered(
        request, db, call, Work(), outcome, lambda _made: redirect(request, back_to(call), notice)
    )


@router.post("/placements")
def correct_voices(
    request: Request, db: Db, viewer: CurrentViewer, call: CorrectableCall, form: Form
) -> Response:
    """Move, split off, gather or set apart the chosen voices; which of them is the button that was pressed."""
    assert viewer.id is not None
    by, seen, act = viewer.id, seen_places(form), ACTS.get(str(form.get("act", "")))
    if act is None:
        raise BadRequest()
    work = work_of(db, call, form, seen)
    outcome = tried(db, lambda: act(db, call, seen, form, by))
    return answered(request, db, call, work, outcome, lambda done: redirect(request, *done))


def back_to(call: Call) -> str:
    return f"/calls/{call.id}/workbench"


def move(db: Session, call: Call, seen: Seen, form: FormData, by: UUID) -> Done:
    if not form.get("target"):
        raise corrections_voices.NowhereToGo()
    target = cluster_of(db, call, str(form["target"]))
    corrections_voices.move(db, call, seen, target, by)
    return f"{back_to(call)}?cluster={target.id}", moved_notice(len(seen), target)


def set_apart(db: Session, call: Call, seen: Seen, form: FormData, by: UUID) -> Done:
    corrections_voices.set_apart(db, call, seen, str(form.get("reason", "")), by)
    notice = ngettext("One voice is set apart.", "%(num)s voices are set apart.", len(seen))
    return f"{back_to(call)}?show=ungrouped", notice


def split(db: Session, call: Call, seen: Seen, form: FormData, by: UUID) -> Done:
    origin = cluster_of(db, call, str(form.get("origin", "")))
    made = corrections.split(db, origin, list(seen), by, str(form.get("label", "")))[1]
    return f"{back_to(call)}?cluster={made.id}", _("They now stand in a group of their own.")


def gather(db: Session, call: Call, seen: Seen, form: FormData, by: UUID) -> Done:
    made = corrections_gather.gather(db, call, seen, by, str(form.get("label", "")))[1]
    return f"{back_to(call)}?cluster={made.id}", _("They now stand in a group of their own.")


ACTS: dict[str, Callable[[Session, Call, Seen, FormData, UUID], Done]] = {
    "move": move,
    "set_apart": set_apart,
    "split": split,
    "gather": gather,
}


def moved_notice(count: int, target: Cluster) -> str:
    return ngettext(
        "One voice now stands in “%(label)s”.",
        "%(num)s voices now stand in “%(label)s”.",
        count,
        label=target.label,
    )


def seen_places(form: FormData) -> Seen:
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
    by, correction = viewer.id, find(db, Correction, correction_id)
    if correction.call_id != call.id:
        raise NotFound()
    outcome = tried(db, lambda: corrections_undo.undo(db, correction, by))

    def told(changed: bool) -> Response:
        notice = (
            _("Undone: the groups are as they were before it.")
            if changed
            else _(
                "Undone: later runs no longer follow it. The groups shown now have changed since and stay."
            )
        )
        return redirect(request, f"{back_to(call)}#history", notice)

    return answered(request, db, call, Work(), outcome, told)
