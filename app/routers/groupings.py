"""One grouping: how far it is, what it proposes, coarser or finer, and the decision to accept all or part of it."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.errors import BadRequest
from app.i18n import _
from app.models.call import Call
from app.models.grouping import Grouping, accepted_grouping
from app.permissions import Permission
from app.routers.bench_page import Refused, Work, anew, answered, tried
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form
from app.routers.grouping_page import Wrong, asked_of, grouping_page, levels, step
from app.routers.pages import fragment, redirect, render
from app.rules.rates import Limited
from app.rules.words import ClusterLevel
from app.services import (
    groupings,
    groupings_bench,
    groupings_history,
    groupings_ladder,
    groupings_levels,
    groupings_partial,
    groupings_story,
    limits,
    lineage,
)
from app.services.groupings import PART_OF
from app.services.groupings_run import LEVELS

router = noun_router()
GROUPING = "/groupings/{grouping_id}"
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
ReadableGrouping = Annotated[Grouping, load(Grouping, to=Permission.READ_GROUPING)]
AcceptableGrouping = Annotated[Grouping, load(Grouping, to=Permission.ACCEPT_GROUPING)]


def back_to(grouping: Grouping) -> str:
    """The workbench; what was asked for on the page of a proposal leads to a page of its own."""
    comes_from_a_page = LEVELS in grouping.measures or PART_OF in grouping.measures
    return page_of(grouping) if comes_from_a_page else f"/calls/{grouping.call_id}/workbench"


def page_of(grouping: Grouping) -> str:
    return f"/groupings/{grouping.id}"


@router.get("/calls/{call_id}/groupings")
def index(request: Request, db: Db, call: ReadableCall, after: str | None = None) -> Response:
    past, stations = groupings_history.history(db, call.id, after), lineage.around_call(db, call, "group")
    return render(request, "groupings/index.html", call=call, past=past, after=after, stations=stations)


@router.get(GROUPING)
def show(
    request: Request, db: Db, grouping: ReadableGrouping, mission: str = "", project: str = ""
) -> Response:
    return grouping_page(request, db, grouping, (mission, project))


@router.get(GROUPING + "/moves")
def moves(request: Request, db: Db, grouping: ReadableGrouping, page: str = "1", level: str = "") -> Response:
    """Every voice that changes its group, or its project within it: from where, to where and how clearly."""
    call = db.get_one(Call, grouping.call_id)
    at = max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    wanted = ClusterLevel.PROJECT if level == ClusterLevel.PROJECT else ClusterLevel.MISSION
    found, stations = groupings_story.moves(db, grouping, wanted, at), lineage.around_call(db, call, "group")
    return render(
        request, "groupings/moves.html", grouping=grouping, call=call, found=found, page=at, stations=stations
    )


@router.get(GROUPING + "/progress")
def progress(request: Request, grouping: ReadableGrouping) -> Response:
    """A fragment that asks again every second until the run is done, then reloads the page around it."""
    back = back_to(grouping)
    if not groupings_bench.is_busy(grouping):
        return redirect(request, back)
    return fragment(request, "groupings/_progress.html", otherwise=back, grouping=grouping)


@router.get(GROUPING + "/levels")
def look(
    request: Request, db: Db, grouping: AcceptableGrouping, mission: str = "", project: str = ""
) -> Response:
    """The groups at other steps of the ladder, while somebody slides."""
    curve = groupings_ladder.curve(db, grouping.id)
    if curve is None or not groupings_bench.is_proposed(grouping):
        return redirect(request, page_of(grouping))
    facts = levels(db, grouping, curve, asked_of(curve, mission, project))
    return fragment(
        request, "groupings/_preview.html", otherwise=page_of(grouping), grouping=grouping, **facts
    )


@router.post(GROUPING + "/levels")
def choose(
    request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping, form: Form
) -> Response:
    """Put the voices together at these steps: another proposal, in place of this one."""
    assert viewer.id is not None
    by, steps = viewer.id, (str(form.get("mission", "")), str(form.get("project", "")))
    limits.spend(db, Limited.GROUP, by)
    at = [step(raw, -1) for raw in steps]
    outcome = tried(db, lambda: groupings_levels.choose(db, grouping, at[0], at[1], by))
    if isinstance(outcome, Refused):
        anew(request, db)
        return grouping_page(request, db, grouping, steps, wrong=Wrong(levels=outcome))
    return redirect(
        request, page_of(outcome), _("The groups at these levels are being worked out. Nothing changes yet.")
    )


@router.post(GROUPING + "/acceptance")
def accept(request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping) -> Response:
    call = db.get_one(Call, grouping.call_id)
    notice = (
        _("Everyone now sees this grouping. The one before stays readable.")
        if accepted_grouping(db, call.id)
        else _("Everyone now sees this grouping.")
    )
    outcome = tried(db, lambda: groupings.accept(db, grouping, viewer.id))
    return answered(request, db, call, Work(), outcome, lambda _made: redirect(request, bench(call), notice))


@router.post(GROUPING + "/partial-acceptance")
def accept_part(
    request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping, form: Form
) -> Response:
    """Accept the changes that were ticked, in a job; of the others everything stays as it is."""
    ticked = keys_of(form.getlist("group"))
    outcome = tried(db, lambda: groupings_partial.ask(db, grouping, ticked, viewer.id))
    if isinstance(outcome, Refused):
        anew(request, db)
        return grouping_page(request, db, grouping, ticked=ticked, wrong=Wrong(ticks=outcome))
    if PART_OF in outcome.measures:
        notice = _(
            "What you chose is being accepted. Until that is done, everyone sees what they saw before."
        )
        return redirect(request, page_of(outcome), notice)
    call = db.get_one(Call, grouping.call_id)
    return redirect(
        request, bench(call), _("Everyone now sees this grouping. The one before stays readable.")
    )


@router.post(GROUPING + "/discarding")
def discard(request: Request, db: Db, viewer: CurrentViewer, grouping: AcceptableGrouping) -> Response:
    assert viewer.id is not None
    by, call = viewer.id, db.get_one(Call, grouping.call_id)
    notice = _("Discarded. Everything is as it was before.")
    outcome = tried(db, lambda: groupings.discard(db, grouping, by))
    return answered(request, db, call, Work(), outcome, lambda _made: redirect(request, bench(call), notice))


def bench(call: Call) -> str:
    return f"/calls/{call.id}/workbench"


def keys_of(raw: Sequence[object]) -> frozenset[UUID]:
    try:
        return frozenset(UUID(str(one)) for one in raw)
    except ValueError as malformed:
        raise BadRequest() from malformed
