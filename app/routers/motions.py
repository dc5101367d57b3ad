"""Motions about a mission under way: what its steward asks the committee for, and what came of it."""

from typing import Annotated, Literal

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Conflict, NotFound
from app.i18n import _
from app.models.mission import Mission
from app.models.motion import Motion, motions_in
from app.routers.cited import asked_with, cited
from app.routers.deps import CurrentViewer, Db, find, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.words import MissionState, MotionAct, SubjectKind
from app.services import lineage, motions, motions_make

router = noun_router("/missions/{mission_id}/motions")
# What may be asked about the mission itself, in each of its states; other acts are asked for where their thing is.
ASKED = {
    MissionState.ACTIVE: (MotionAct.PAUSE, MotionAct.END),
    MissionState.PAUSED: (MotionAct.RESUME, MotionAct.END),
}


class MotionEntry(FormModel):
    act: Literal["pause", "resume", "end"]
    reason: Annotated[str, cleaned(texts.REASON)]


@router.get("")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, asked_with(request), {})


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    listed = [
        (each, motions.words(db, each), None if each.outcome else motions.before_the_committee(db, each))
        for each in motions_in(db, mission.id)
    ]
    return render(
        request, "missions/motions.html", status=status, mission=mission, listed=listed, typed=typed, errors=errors,
        acts=ASKED.get(mission.state, ()), stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("")
def make(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, MotionEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    act, reason = MotionAct(entry.act), entry.reason
    refusal = tried(
        db,
        lambda: motions_make.make(
            db, mission, act, SubjectKind.MISSION, mission.id, {}, reason, by, cited(form)
        ),
        NotFound,
    )
    if refusal is not None:
        return page(request, db, mission, values(form), {"form": say(refusal.phrase)}, refusal.status)
    told = _("The committee sees your motion. Its chair can put it to a vote.")
    return redirect(request, f"/missions/{mission.id}/motions", told)


@router.post("/{motion_id}/withdrawal")
def withdraw(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, motion_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, motion = viewer.id, find(db, Motion, motion_id)
    if motion.mission_id != mission.id:
        raise NotFound()
    refusal = tried(db, lambda: motions.withdraw(db, motion, by), NotFound)
    if isinstance(refusal, Conflict):
        return page(request, db, mission, {}, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/missions/{mission.id}/motions", _("The motion is withdrawn."))
