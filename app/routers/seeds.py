"""Seeds of an innovation call: what citizens' voices propose for its mission, and taking one up."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.conditions.applying import UNSEALED
from app.conditions.asking import call_phase
from app.i18n import _
from app.models.application import Application
from app.models.call import Call
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.pages import redirect, render
from app.services import applications, lineage, seeds

router = noun_router()
CallToRead = Annotated[Call, load(Call, to=Permission.READ_CALL)]
ToWrite = Annotated[Application, load(Application, to=Permission.WRITE_APPLICATION)]


@router.get("/calls/{call_id}/seeds")
def index(request: Request, db: Db, call: CallToRead) -> Response:
    offer = applications.wanted(db, call).offer
    listed = seeds.of_call(db, call, offer, is_unsealed=call_phase(call) in UNSEALED)
    return render(
        request, "applications/seeds.html", call=call, seeds=listed, stations=lineage.around_call(db, call)
    )


@router.post("/applications/{application_id}/seeds/{cluster_id}")
def adopt(request: Request, db: Db, viewer: CurrentViewer, application: ToWrite, cluster_id: str) -> Response:
    assert viewer.id is not None
    offer = applications.wanted(db, db.get_one(Call, application.call_id)).offer
    seeds.adopt(db, offer, application, record_id(cluster_id), viewer.id)
    told = _("Your application gives credit to this proposal. Its authors are told after the deadline.")
    return redirect(request, f"/applications/{application.id}#seeds", told)


@router.post("/applications/{application_id}/seeds/{cluster_id}/removal")
def drop(request: Request, db: Db, application: ToWrite, cluster_id: str) -> Response:
    seeds.drop(db, application, record_id(cluster_id))
    return redirect(
        request, f"/applications/{application.id}#seeds", _("Your application builds on it no more.")
    )
