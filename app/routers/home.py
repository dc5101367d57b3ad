"""The front page: what is being asked now, and what became of earlier questions."""

from fastapi import Request
from starlette.responses import Response

from app.routers.deps import noun_router, public
from app.routers.pages import render

router = noun_router()


@router.get("/")
@public("the front page")
def home(request: Request) -> Response:
    return render(request, "home.html")
