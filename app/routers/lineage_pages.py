"""The lineage of a call, of a mission and of one submission: drawn, told as a table, and as numbers for the drawing."""

from typing import Annotated

from fastapi import Request
from starlette.responses import JSONResponse, Response

from app.i18n import _, current
from app.models.call import Call
from app.models.mission import Mission
from app.models.submission import Submission
from app.permissions import Permission
from app.routers.deps import Db, load, noun_router
from app.routers.pages import render
from app.rules.texts import shortened
from app.services import lineage, lineage_flow, lineage_flows
from app.services.lineage_flow import Flow
from app.services.lineage_stations import Station

router = noun_router()
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
ReadableMission = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
ReadableSubmission = Annotated[Submission, load(Submission, to=Permission.READ_SUBMISSION)]
Crumbs = list[tuple[str, str]]


def page(
    request: Request,
    flow: Flow,
    crumbs: Crumbs,
    eyebrow: str,
    stations: list[Station],
    lead: str,
    mission: Mission | None = None,
) -> Response:
    return render(
        request, "lineage/show.html", flow=flow, crumbs=crumbs, eyebrow=eyebrow, stations=stations, lead=lead,
        mission=mission, source=f"{request.url.path}.json",
    )  # fmt: skip


@router.get("/calls/{call_id}/lineage")
def of_call(request: Request, db: Db, call: ReadableCall) -> Response:
    told = call.told(current())
    crumbs = [(_("Questions"), "/calls"), (told.title, f"/calls/{call.id}")]
    lead = _("From every voice to what was learned: what this question led to, and where it has not led yet.")
    return page(
        request, lineage_flows.of_call(db, call), crumbs, told.question, lineage.of_call(db, call), lead
    )


@router.get("/calls/{call_id}/lineage.json")
def call_drawing(db: Db, call: ReadableCall) -> Response:
    return JSONResponse(lineage_flow.drawn(lineage_flows.of_call(db, call)))


@router.get("/missions/{mission_id}/lineage")
def of_mission(request: Request, db: Db, mission: ReadableMission) -> Response:
    crumbs = [(_("Missions"), "/missions"), (mission.title, f"/missions/{mission.id}")]
    lead = _("The voices behind this mission, and everything that followed from it so far.")
    flow = lineage_flows.of_mission(db, mission)
    return page(request, flow, crumbs, mission.title, lineage.of_mission(db, mission), lead, mission)


@router.get("/missions/{mission_id}/lineage.json")
def mission_drawing(db: Db, mission: ReadableMission) -> Response:
    return JSONResponse(lineage_flow.drawn(lineage_flows.of_mission(db, mission)))


@router.get("/submissions/{submission_id}/lineage")
def of_submission(request: Request, db: Db, submission: ReadableSubmission) -> Response:
    call = db.get_one(Call, submission.call_id)
    name = submission.title or _("Voice %(number)s") % {"number": submission.number}
    crumbs = [
        (_("Questions"), "/calls"),
        (call.told(current()).title, f"/calls/{call.id}"),
        (name, f"/submissions/{submission.id}"),
    ]
    lead = _("One voice among others: where it stands, and everything that came of it so far.")
    said, stations = shortened(submission.text, 160), lineage.of_submission(db, submission)
    return page(request, lineage_flows.of_submission(db, submission), crumbs, said, stations, lead)


@router.get("/submissions/{submission_id}/lineage.json")
def submission_drawing(db: Db, submission: ReadableSubmission) -> Response:
    return JSONResponse(lineage_flow.drawn(lineage_flows.of_submission(db, submission)))
