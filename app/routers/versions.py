"""The versions of a mission's text: who, when and why, and any two side by side."""

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.routers.deps import Db, noun_router
from app.routers.mission_asked import ToRead
from app.routers.pages import render
from app.services import deliberation, missions_versions

router = noun_router("/missions/{mission_id}/versions")


@router.get("")
def show(request: Request, db: Db, mission: ToRead) -> Response:
    """Every version; the newest beside the one before it, unless two others are asked for."""
    versions = missions_versions.listed(db, mission)
    numbers = [each.number for each in versions]
    right = asked(request.query_params.get("right", ""), numbers[0] if numbers else 0)
    left = asked(request.query_params.get("left", ""), numbers[1] if len(numbers) > 1 else right)
    compared = missions_versions.compare(db, mission, left, right) if numbers else None
    return render(
        request, "missions/versions.html", about=deliberation.about(db, mission), versions=versions, compared=compared
    )  # fmt: skip


def asked(raw: str, otherwise: int) -> int:
    if not raw:
        return otherwise
    if not (raw.isascii() and raw.isdigit() and len(raw) < 7):
        raise NotFound()
    return int(raw)
