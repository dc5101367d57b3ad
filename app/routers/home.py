"""The front page: what is being asked now, and what became of earlier questions."""

from fastapi import Request
from starlette.responses import Response

from app.i18n import current
from app.routers.deps import CurrentViewer, Db, noun_router, public
from app.routers.pages import render
from app.services import committees_bench
from app.services import home as home_service

router = noun_router()


@router.get("/")
@public("the front page")
def home(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    return render(
        request, "home.html", page=home_service.page(db, current()), to_do=committees_bench.to_do(db, viewer)
    )
