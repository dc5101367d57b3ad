"""A mission on one page that a minister and a citizen can both read, on the screen, on paper and as PDF."""

from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.models.mission import Mission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, noun_router
from app.routers.mission_asked import ToRead
from app.routers.pages import render, written
from app.rules.rates import Limited
from app.services import dashboard, limits, lineage, papers, progress

router = noun_router("/missions/{mission_id}")


def facts(request: Request, db: Session, mission: Mission) -> dict[str, Any]:
    """The same public rows for the page and for the file."""
    page = dashboard.shown(db, mission) if dashboard.is_appraised(mission) else None
    return {
        "mission": mission, "page": page, "state": page.state if page else progress.state(db, mission),
        "origin": settings_of(request).origin, "has_paper": papers.may_print(),
    }  # fmt: skip


@router.get("/dashboard")
def show(request: Request, db: Db, mission: ToRead) -> Response:
    known = facts(request, db, mission)
    return render(request, "dashboards/show.html", **known, stations=lineage.of_mission(db, mission))


@router.get("/dashboard.pdf")
def paper(request: Request, db: Db, viewer: CurrentViewer, mission: ToRead) -> Response:
    """Made anew each time, so that what was taken back a moment ago is not in it."""
    if not dashboard.is_appraised(mission):
        raise NotFound()
    papers.require_printer()
    limits.spend(db, Limited.PAPER, viewer.id or viewer.address_hash)
    html = written(request, "dashboards/paper.html", **facts(request, db, mission))
    headers = {
        "Content-Disposition": f'attachment; filename="mission-{mission.id}.pdf"', "Cache-Control": "no-store",
    }  # fmt: skip
    made = papers.make(html, settings_of(request).origin)
    return Response(made, media_type="application/pdf", headers=headers)
