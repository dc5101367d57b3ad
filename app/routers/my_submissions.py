"""My submissions: the drafts I have not sent, and what became of all that I sent."""

from fastapi import Request
from starlette.responses import Response

from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, needs, noun_router
from app.routers.pages import render
from app.services import my_submissions

router = noun_router("/me/submissions")


@router.get("", dependencies=[needs(Permission.READ_OWN)])
def index(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    page = my_submissions.page(db, viewer.person, request.query_params.get("page", ""))
    return render(request, "submissions/mine.html", page=page, errors={}, typed={})
