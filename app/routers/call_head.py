"""What the head of every page of a call shows: question, phase, who asks, the thread, the ways in."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from app.conditions import call_phase, times_of
from app.i18n import _, current
from app.models.call import Call
from app.models.organisation import Organisation
from app.rules import phases
from app.services import counts, drafts, lineage
from app.viewer import Viewer


def call_head(db: Session, viewer: Viewer, call: Call) -> dict[str, Any]:
    """What the head of every page of a call shows."""
    at = datetime.now(UTC)
    return {
        **entry(db, call),
        "timeline": phases.timeline(times_of(call), call.state, at),
        "stations": lineage.of_call(db, call),
        "draft": drafts.find(db, call.id, viewer),
        "tabs": tabs(call),
    }


def tabs(call: Call) -> list[tuple[str, str]]:
    """The ways into a call's voices."""
    base = f"/calls/{call.id}"
    return [
        (_("Question"), base),
        (_("Voices"), f"{base}/submissions"),
        (_("Groups"), f"{base}/groups"),
        (_("Map"), f"{base}/map"),
        (_("Answers"), f"{base}/answers"),
    ]


def entry(db: Session, call: Call) -> dict[str, Any]:
    return {
        "call": call,
        "told": call.told(current()),
        "phase": call_phase(call),
        "who": db.get_one(Organisation, call.organisation_id).name,
        "voices": counts.public_total(db, call.id),
        "next_date": phases.next_date(times_of(call), call.state, datetime.now(UTC)),
    }
