"""Files of an application: sent with it, and handed out to whoever may read it, to be saved and never shown."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.application import Application
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, file, tried
from app.routers.pages import redirect, render, say
from app.rules import files
from app.rules.rates import Limited
from app.services import applications_show, attachments, limits

router = noun_router()
ToRead = Annotated[Application, load(Application, to=Permission.READ_APPLICATION)]
ToWrite = Annotated[Application, load(Application, to=Permission.WRITE_APPLICATION)]
# A browser that shows it all the same runs nothing in it, and knows of no session.
NO_RIGHTS = "default-src 'none'; sandbox"


@router.post("/applications/{application_id}/files")
def add(request: Request, db: Db, viewer: CurrentViewer, application: ToWrite, form: Form) -> Response:
    assert viewer.id is not None
    by, given, keeper = viewer.id, file(form, "file"), request.app.state.files
    limits.spend(db, Limited.UPLOAD, viewer.id)
    if given is None:
        return refused(request, db, viewer, application, _("Please choose a file."), 422)
    name, content = given.filename or "", given.file.read(files.LARGEST + 1)
    refusal = tried(db, lambda: attachments.add(db, keeper, application, name, content, by))
    if isinstance(refusal, Refusal):
        return refused(request, db, viewer, application, say(refusal.phrase), refusal.status)
    return redirect(request, f"/applications/{application.id}#files", _("The file is kept with your draft."))


def refused(
    request: Request, db: Db, viewer: CurrentViewer, application: Application, problem: str, status: int
) -> Response:
    page = applications_show.shown(db, application, viewer)
    return render(
        request, "applications/show.html", status=status, page=page, errors={"file": problem}, typed={}
    )


@router.post("/applications/{application_id}/files/{attachment_id}/removal")
def remove(request: Request, db: Db, application: ToWrite, attachment_id: str) -> Response:
    found = attachments.find(db, application, record_id(attachment_id))
    attachments.remove(db, application, found)
    return redirect(request, f"/applications/{application.id}#files", _("The file is removed."))


@router.get("/files/{application_id}/{attachment_id}")
def download(request: Request, db: Db, application: ToRead, attachment_id: str) -> Response:
    """The whole file each time: whoever asks for a part of it is asked who they are like everyone."""
    found = attachments.find(db, application, record_id(attachment_id))
    ascii_name = found.name.encode("ascii", "ignore").decode() or "file"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": NO_RIGHTS,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    content = request.app.state.files.store.get(found.stored_as)
    return Response(content, media_type=found.media_type, headers=headers)
