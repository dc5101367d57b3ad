"""Withdrawing a mission that was drafted by mistake, and taking it up again."""

from typing import Annotated

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app.i18n import _
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.services import lineage, missions_edit, missions_withdraw
from app.services.missions_edit import NotEditable

router = noun_router("/missions")
EditedMission = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]


class ReasonEntry(FormModel):
    version: Annotated[int, Field(ge=1)]
    reason: Annotated[str, cleaned(texts.REASON)]


def withdrawal(
    request: Request,
    db: Db,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    missions_edit.require_editable(mission)
    stations = lineage.of_mission(db, mission)
    facts = {"mission": mission, "typed": typed, "errors": errors, "stations": stations}
    return render(request, "missions/withdrawal.html", status=status, **facts)


@router.get("/{mission_id}/withdrawal")
def withdrawal_page(request: Request, db: Db, mission: EditedMission) -> Response:
    return withdrawal(request, db, mission, {}, {})


@router.post("/{mission_id}/withdrawal")
def withdraw(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form) -> Response:
    assert viewer.id is not None
    by, status, origin = viewer.id, 422, settings_of(request).origin
    entry, errors = read(form, ReasonEntry)
    if entry is not None:
        refusal = tried(
            db,
            lambda: missions_withdraw.withdraw(db, mission, entry.reason, entry.version, by, origin),
            NotEditable,
        )
        if refusal is None:
            now_true = _("The mission is withdrawn. Its page stays, with your reason.")
            return redirect(request, f"/missions/{mission.id}", now_true)
        errors, status = {"reason": say(refusal.phrase)}, refusal.status
    return withdrawal(request, db, mission, values(form), errors, status)


@router.post("/{mission_id}/restoration")
def take_up_again(request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission) -> Response:
    assert viewer.id is not None
    missions_withdraw.take_up_again(db, mission, viewer.id)
    return redirect(
        request, f"/missions/{mission.id}/edit", _("The mission is a candidate again, as it was left.")
    )
