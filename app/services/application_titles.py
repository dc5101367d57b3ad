"""What applications are called where anyone reads it: by their number until their call is answered, then by title."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.application import Application
from app.models.call import Call
from app.models.offer import Offer
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, ApplicationState, CallState

# From the answer on, what became of the applications is public.
TOLD = (CallState.ANSWERED, CallState.ARCHIVED)
GONE = N_("An application that was withdrawn")
NUMBERED = N_("Application no. %(number)s")


def readable(session: Session, keys: Collection[UUID]) -> dict[UUID, Phrase]:
    """What each is called by anyone; in one statement. One that is declined in silence keeps its number."""
    query = (
        select(Application, Call, Offer)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Offer, col(Offer.call_id) == Application.call_id)
        .where(col(Application.id).in_(keys))
    )
    found = session.exec(query).all() if keys else []
    return {
        each.id: called(each, call.state, tells_declined=offer.tells_declined) for each, call, offer in found
    }


def called(application: Application, state: CallState, *, tells_declined: bool) -> Phrase:
    if application.state is ApplicationState.WITHDRAWN:
        return Phrase(GONE)
    if state in TOLD and (tells_declined or application.state is ApplicationState.SELECTED):
        return Phrase("%(title)s", {"title": application.title})
    return phrase(NUMBERED, number=str(application.number))
