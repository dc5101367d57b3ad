"""Calls as everyone reads them, and the acts that move them along."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.call import Call, calls_of, live_calls, past_calls
from app.permissions import Permission
from app.routers.call_head import call_head, entries
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router, public
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import keyset, texts
from app.rules.words import CallKind, CallState, Role, ScopeKind
from app.services import calls, course, coverage, lineage, offers_show, submissions_list

router = noun_router("/calls")
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
Publishable = Annotated[Call, load(Call, to=Permission.PUBLISH_CALL)]
Cancellable = Annotated[Call, load(Call, to=Permission.CANCEL_CALL)]
Movable = Annotated[Call, load(Call, to=Permission.MOVE_CALL)]
# How the list of questions is told: what one can answer now first, what is over last.
SECTIONS: tuple[tuple[str, tuple[CallState, ...]], ...] = (
    ("open", (CallState.OPEN,)),
    ("coming", (CallState.PUBLISHED,)),
    (
        "working",
        (
            CallState.SENSEMAKING,
            CallState.CHECKING,
            CallState.ELIGIBILITY,
            CallState.REVIEW,
            CallState.DECISION,
        ),
    ),
    ("done", (CallState.ANSWERED, CallState.ARCHIVED, CallState.CANCELLED)),
)


PAGE, SORT = 20, "latest"  # of what is over; what is not is all told


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


@router.get("")
@public("lists only calls that anyone may know of, and one's own agency's drafts")
def index(request: Request, db: Db, viewer: CurrentViewer, cursor: str = "") -> Response:
    mine = viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    after: Any = keyset.decode(cursor, SORT, (datetime, UUID)) if cursor else None
    past = past_calls(db, PAGE + 1, after)
    live, drafts = ([], []) if cursor else (live_calls(db), calls_of(db, mine))
    listed = entries(db, [*live, *past[:PAGE]])
    sections = [(name, [each for each in listed if each["phase"] in states]) for name, states in SECTIONS]
    last = past[PAGE - 1] if len(past) > PAGE else None
    return render(
        request, "calls/index.html", sections=sections, may_create=bool(mine), cursor=cursor,
        drafts=entries(db, [call for call in drafts if call.state is CallState.DRAFT]),
        next=keyset.encode(SORT, [last.closes_at, last.id]) if last else None,
    )  # fmt: skip


@router.get("/{call_id}")
def show(request: Request, db: Db, viewer: CurrentViewer, call: ReadableCall) -> Response:
    if call.kind is CallKind.INNOVATION:
        page = offers_show.page(db, call)
        return render(request, "offers/show.html", page=page, **call_head(db, viewer, call))
    listing = submissions_list.newest(db, call, viewer)
    found = coverage.of_call(db, call) if call.expected else None
    behind = course.behind(db, call)
    return render(
        request, "calls/show.html", listing=listing, found=found, behind=behind, **call_head(db, viewer, call)
    )


@router.post("/{call_id}/publication")
def publish(request: Request, db: Db, viewer: CurrentViewer, call: Publishable) -> Response:
    assert viewer.id is not None
    calls.publish(db, call, viewer.id, settings_of(request).origin)
    is_offer = call.kind is CallKind.INNOVATION
    told = _("The innovation call is public.") if is_offer else _("The question is public.")
    return redirect(request, f"/calls/{call.id}", told)


@router.get("/{call_id}/cancellation")
def cancel_page(request: Request, db: Db, call: Cancellable) -> Response:
    return cancellation(request, db, call, {}, {})


def cancellation(
    request: Request, db: Db, call: Call, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    status, stations = 422 if errors else 200, lineage.around_call(db, call)
    return render(
        request, "calls/cancel.html", status=status, call=call, typed=typed, errors=errors, stations=stations
    )


@router.post("/{call_id}/cancellation")
def cancel(request: Request, db: Db, viewer: CurrentViewer, call: Cancellable, form: Form) -> Response:
    assert viewer.id is not None
    reason, errors = read(form, ReasonEntry)
    if reason is None:
        return cancellation(request, db, call, values(form), errors)
    calls.cancel(db, call, reason.reason, viewer.id, settings_of(request).origin)
    return redirect(
        request, f"/calls/{call.id}", _("The question is cancelled; everyone who took part is told why.")
    )


@router.post("/{call_id}/checking")
def start_checking(request: Request, db: Db, viewer: CurrentViewer, call: Movable) -> Response:
    assert viewer.id is not None
    calls.start_checking(db, call, viewer.id, settings_of(request).origin)
    return redirect(request, f"/calls/{call.id}", _("Authors are asked whether this is what they meant."))


@router.post("/{call_id}/archive")
def archive(request: Request, db: Db, viewer: CurrentViewer, call: Movable) -> Response:
    assert viewer.id is not None
    calls.archive(db, call, viewer.id)
    return redirect(request, f"/calls/{call.id}", _("The question is archived."))
