"""What the head of every page of a call shows: question, phase, who asks, the thread, the ways in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from app.conditions.asking import call_phase, times_of
from app.i18n import _, current
from app.models.call import Call
from app.models.organisation import names_of
from app.rules import timelines
from app.rules.words import CallKind
from app.services import counts, drafts, lineage, offers
from app.viewer import Viewer


def call_head(db: Session, viewer: Viewer, call: Call, here: str = "voice") -> dict[str, Any]:
    """What the head of every page of a call shows; `here` is the stop of the thread where the page stands."""
    at = datetime.now(UTC)
    return {
        **entry(db, call),
        "timeline": timelines.timeline(times_of(call), call.state, at, moves_of(call)),
        "stations": lineage.of_call(db, call, here),
        "draft": drafts.find(db, call.id, viewer),
        "tabs": tabs(call),
    }


def moves_of(call: Call) -> timelines.Moves:
    return timelines.Moves(call.checking_at, call.answered_at)


def tabs(call: Call) -> list[tuple[str, str]]:
    """The ways into a call's voices, or into what an innovation call offers and asks."""
    base = f"/calls/{call.id}"
    if call.kind is CallKind.INNOVATION:
        return [
            (_("Call"), base),
            (_("May we apply?"), f"{base}/eligibility"),
            (_("Questions and answers"), f"{base}/questions"),
            (_("Terms"), f"{base}/terms"),
            (_("Outcome"), f"{base}/outcome"),
            (_("Lineage"), f"{base}/lineage"),
        ]
    return [
        (_("Question"), base),
        (_("Voices"), f"{base}/submissions"),
        (_("Groups"), f"{base}/groups"),
        (_("Map"), f"{base}/map"),
        (_("Answers"), f"{base}/answers"),
        (_("Lineage"), f"{base}/lineage"),
    ]


def entry(db: Session, call: Call) -> dict[str, Any]:
    return entries(db, [call])[0]


def entries(db: Session, listed: Sequence[Call]) -> list[dict[str, Any]]:
    """What lists of calls say of each, in three statements at most however many there are."""
    owners = names_of(db, {call.organisation_id for call in listed})
    voices = counts.totals_of(db, [call.id for call in listed])
    offered = offers.found(db, [call.id for call in listed if call.kind is CallKind.INNOVATION])
    return [
        {
            "call": call,
            "told": call.told(current()),
            "phase": call_phase(call),
            "who": owners[call.organisation_id],
            "voices": voices.get(call.id, 0),
            "offer": offered.get(call.id),
            "next_date": timelines.next_date(times_of(call), call.state, datetime.now(UTC)),
        }
        for call in listed
    ]
