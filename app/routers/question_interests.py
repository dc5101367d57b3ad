"""Interests in a question: the same as in a mission; of a question on one mission they are that mission's."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.decision import Decision
from app.models.mission import Mission
from app.permissions import Permission
from app.routers import interest_page
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form
from app.routers.interest_page import Place
from app.routers.pages import redirect
from app.rules.words import InterestEffect
from app.services import interests, lineage
from app.viewer import Viewer

router = noun_router("/decisions/{decision_id}")
Item = Annotated[Decision, load(Decision, to=Permission.DECLARE_ON_ITEM)]
ChairedItem = Annotated[Decision, load(Decision, to=Permission.RESOLVE_INTEREST)]


def place_of(request: Request, db: Session, viewer: Viewer, decision: Decision) -> Place:
    item = decision if decision.mission_id is None else db.get_one(Mission, decision.mission_id)
    path, crumb = f"/decisions/{decision.id}", (_("Decisions"), "/committees")
    return Place(request, db, viewer, item, path, crumb, lineage.of_decision(db, decision))


@router.get("/interest")
def show(request: Request, db: Db, viewer: CurrentViewer, decision: Item) -> Response:
    return interest_page.show(place_of(request, db, viewer, decision))


@router.post("/interest")
def declare(request: Request, db: Db, viewer: CurrentViewer, decision: Item, form: Form) -> Response:
    place = place_of(request, db, viewer, decision)
    said, answer = interest_page.declare(place, form)
    if said is not None and said.effect is InterestEffect.RECUSE and decision.electorate:
        told = stepped_aside(interests.stand_in_for(db, decision, place.by))
        return redirect(request, f"/decisions/{decision.id}", told)
    return answer


def stepped_aside(stand_in: str) -> str:
    if stand_in:
        facts = {"name": stand_in}
        return _(
            "You have stepped aside from this item. %(name)s, your alternate, votes in your place.", **facts
        )
    return _("You have stepped aside from this item. Your seat counts nowhere in it.")


@router.post("/interests")
def raise_about(request: Request, db: Db, viewer: CurrentViewer, decision: Item, form: Form) -> Response:
    return interest_page.raise_about(place_of(request, db, viewer, decision), form)


@router.post("/interests/{interest_id}/resolution")
def resolve(
    request: Request, db: Db, viewer: CurrentViewer, decision: ChairedItem, interest_id: UUID, form: Form
) -> Response:
    return interest_page.resolve(place_of(request, db, viewer, decision), interest_id, form)
