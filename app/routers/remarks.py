"""The closed discussion of a committee on a mission: for those who sit in the room, and a 404 for everyone else."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.mission import Mission
from app.models.remark import Remark
from app.permissions import Permission, can
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.mission_asked import ToRead
from app.routers.pages import redirect, render, viewer_of
from app.rules import texts
from app.rules.rates import Limited
from app.services import deliberation, limits, news, remarks

router = noun_router("/missions/{mission_id}/closed")
ToEnter = Annotated[Mission, load(Mission, to=Permission.ENTER_CLOSED_DISCUSSION)]


class RemarkEntry(FormModel):
    remark: Annotated[str, cleaned(texts.COMMENT)]
    parent: Annotated[UUID | None, Maybe] = None


@router.get("")
def show(request: Request, db: Db, mission: ToEnter) -> Response:
    return page(request, db, mission, {})


def page(
    request: Request, db: Session, mission: Mission, typed: dict[str, str], errors: dict[str, str] | None = None
) -> Response:  # fmt: skip
    asked = request.query_params
    committee = typed.get("committee", "") or asked.get("committee", "")
    room = remarks.room(db, mission, viewer_of(request), committee, asked.get("page", ""))
    return render(
        request, "missions/closed.html", status=422 if errors else 200, room=room, typed=typed,
        errors=errors or {}, about=deliberation.about(db, mission), form_key=uuid4().hex,
        since=news.closed_mark(db, room.committee.id, mission.id),
    )  # fmt: skip


@router.post("")
def say(request: Request, db: Db, viewer: CurrentViewer, mission: ToEnter, form: Form) -> Response:
    typed = values(form)
    entry, errors = read(form, RemarkEntry)
    if entry is None:
        return page(request, db, mission, typed, errors)
    limits.spend(db, Limited.COMMENT, viewer.id)
    form_key, committee = typed.get("form_key") or uuid4().hex, typed.get("committee", "")
    made = remarks.say(db, mission, viewer, entry.remark, form_key, committee, entry.parent)
    here = f"/missions/{mission.id}/closed?committee={made.committee_id}#remark-{made.id}"
    return redirect(request, here, _("Said behind closed doors: only those in the room read it."))


@router.post("/{remark_id}/withdrawal")
def withdraw(request: Request, db: Db, viewer: CurrentViewer, mission: ToRead, remark_id: str) -> Response:
    """Its author alone, also when they have left the room since: words stay their author's own."""
    remark = remarks.withdraw(db, mission, viewer, find(db, Remark, remark_id).id)
    here = f"/missions/{mission.id}/closed?committee={remark.committee_id}"
    is_inside = can(db, viewer, Permission.ENTER_CLOSED_DISCUSSION, mission)
    told = _("What you wrote is withdrawn: its words are erased.")
    return redirect(request, here if is_inside else f"/missions/{mission.id}", told)
