"""News of a page that is open: what was said since, put beside what somebody is typing and never over it."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Request
from starlette.responses import Response

from app.models.decision import Decision
from app.models.mission import Mission
from app.permissions import Permission, can
from app.routers.deps import Db, load, noun_router
from app.routers.pages import is_htmx, redirect, render, viewer_of
from app.rules.phases import OUR_TIME
from app.rules.words import SubjectKind
from app.services import deliberation, news, remarks
from app.services.news import Mark, News

router = noun_router()
MissionToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
DecisionToRead = Annotated[Decision, load(Decision, to=Permission.READ_DECISION)]
ToEnter = Annotated[Mission, load(Mission, to=Permission.ENTER_CLOSED_DISCUSSION)]
NOTHING_NEW = 204
PAGES = ("comments", "objections")
MOST_SEEN = 100


def mark_in(request: Request) -> Mark:
    """Where the asking page stands; what cannot be read is now, which answers nothing."""
    asked = request.query_params
    try:
        at = datetime.fromisoformat(asked.get("since", ""))
        seen = frozenset(UUID(each) for each in asked.get("seen", "").split(",")[:MOST_SEEN] if each)
    except ValueError:
        return Mark(datetime.now(UTC))
    if at.year not in OUR_TIME:
        return Mark(datetime.now(UTC))
    return Mark(at if at.tzinfo else at.replace(tzinfo=UTC), seen)


@router.get("/missions/{mission_id}/news")
def of_mission(request: Request, db: Db, mission: MissionToRead) -> Response:
    name = request.query_params.get("page", "")
    name = name if name in PAGES else PAGES[0]
    found = news.since(db, SubjectKind.MISSION, mission.id, mark_in(request))
    facts = {
        "base": f"/missions/{mission.id}/{name}",
        "news_path": f"/missions/{mission.id}/news",
        "may_speak": can(db, viewer_of(request), Permission.SPEAK_ON_MISSION, mission),
    }
    about = deliberation.about(db, mission) if found.count else None
    return answer(request, found, name, {**facts, "about": about})


@router.get("/decisions/{decision_id}/news")
def of_decision(request: Request, db: Db, decision: DecisionToRead) -> Response:
    found = news.since(db, SubjectKind.DECISION, decision.id, mark_in(request))
    facts = {
        "base": f"/decisions/{decision.id}/comments",
        "news_path": f"/decisions/{decision.id}/news",
        "may_speak": can(db, viewer_of(request), Permission.SPEAK_ON_DECISION, decision),
    }
    return answer(request, found, "comments", {**facts, "about": None})


@router.get("/missions/{mission_id}/closed/news")
def behind_closed_doors(request: Request, db: Db, mission: ToEnter) -> Response:
    asked = request.query_params.get("committee", "")
    room = remarks.room(db, mission, viewer_of(request), asked)
    found = news.remarks_since(db, room.committee.id, mission.id, mark_in(request))
    facts = {
        "base": f"/missions/{mission.id}/closed",
        "news_path": f"/missions/{mission.id}/closed/news",
        "room": room,
        "about": None,
        "may_speak": room.is_open,
    }
    return answer(request, found, "closed", facts)


def answer(request: Request, found: News, name: str, facts: dict[str, Any]) -> Response:
    """Nothing where nothing is new; without htmx, the page itself."""
    if not is_htmx(request):
        return redirect(request, str(facts["base"]))
    here = relevant(found, name)
    if not here:
        return Response(status_code=NOTHING_NEW)
    return render(
        request, "conversations/_news.html", news=found, new=here, page_name=name, typed={}, errors={},
        form_key=uuid4().hex, room=facts.pop("room", None), **facts,
    )  # fmt: skip


def relevant(found: News, name: str) -> int:
    """How much of what is new the asking page shows."""
    if name == "objections":
        return len(found.objections) + len(found.answers)
    return len(found.remarks) if name == "closed" else len(found.comments)
