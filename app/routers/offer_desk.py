"""What every form of an offer shows: its part beside the checklist of what the call still lacks."""

from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.models.call import Call
from app.routers.forms import FormModel
from app.routers.pages import render
from app.rules import offers as rules
from app.services import lineage, offers

PARTS = {
    "offer": "offers/edit_offer.html",
    "eligibility": "offers/edit_eligibility.html",
    "criteria": "offers/edit_criteria.html",
    "stages": "offers/edit_stages.html",
    "conditions": "offers/edit_conditions.html",
    "terms": "offers/edit_terms.html",
}


class VersionEntry(FormModel):
    version: int


def desk(
    request: Request, db: Session, call: Call, part: str, typed: dict[str, Any], errors: dict[str, str],
    status: int = 200, **facts: Any,
) -> Response:  # fmt: skip
    """One part of the editor."""
    offer = offers.offer_of(db, call)
    gates = rules.gates(offers.parts_of(db, call, offer))
    return render(
        request, PARTS[part], status=status, call=call, offer=offer, gates=gates, part=part,
        typed=typed, errors=errors, stations=lineage.around_call(db, call), **facts,
    )  # fmt: skip
