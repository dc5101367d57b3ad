"""Offering to group again: what is offered for a question now, and telling its facilitators once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.conditions import asking
from app.models.call import Call
from app.models.columns import now
from app.models.grouping import Grouping
from app.models.notification import Notification
from app.models.seat import live_seats_in
from app.rules import phases, regrouping
from app.rules.phases import Act
from app.rules.regrouping import Growth, Offer
from app.rules.words import GroupingState, Role, ScopeKind, SubjectKind
from app.services import notifications
from app.services.clusters_counts import STATES
from app.services.groupings_run import UNFINISHED

KINDS = ("grouping_offered", "grouping_offered_first")
READ = (GroupingState.PROPOSED, GroupingState.ACCEPTED, GroupingState.SUPERSEDED, GroupingState.DISCARDED)
# A draft that became public later counts from when it was handed in, an imported text from when it was brought in.
VOICES = text(
    "SELECT count(*) AS voices, "
    "count(*) FILTER (WHERE greatest(created_at, coalesce(submitted_at, created_at)) > :night) AS since "
    "FROM submission WHERE call_id = :call AND state = ANY(:states)"
)
GONE = text(
    "SELECT count(*) FROM placement JOIN submission ON submission.id = placement.submission_id "
    "WHERE placement.grouping_id = :grouping AND submission.state <> ALL(:states)"
)


@dataclass(frozen=True)
class Offered:
    """What is offered, and how many voices no run has read."""

    offer: Offer
    new: int
    voices: int


def offered(session: Session, call: Call) -> Offered | None:
    """What to offer for a question now: nothing where it is being grouped, or can be grouped no more."""
    if asking.call_phase(call) not in phases.OPENS[Act.GROUP]:
        return None
    runs = runs_of(session, call.id)
    if runs and runs[0].state in UNFINISHED:
        return None
    at = now()
    last = runs[0].finished_at or runs[0].created_at if runs else None
    if last is not None and at < last + regrouping.REST:
        return None  # asked first, for it spares the counting
    found = grown(session, call, next((one for one in runs if one.state in READ), None), last, at)
    offer = regrouping.offer(found, at)
    return Offered(offer, found.new, found.voices) if offer else None


def runs_of(session: Session, call_id: UUID) -> list[Grouping]:
    """The latest runs of a question, the newest first."""
    query = select(Grouping).where(Grouping.call_id == call_id)
    return list(session.exec(query.order_by(col(Grouping.created_at).desc()).limit(20)))


def grown(session: Session, call: Call, read: Grouping | None, last: datetime | None, at: datetime) -> Growth:
    """How many public voices came since a run read them; those it read and that left since are no loss of new ones."""
    night = regrouping.last_night(at, call.timezone)
    facts = {"call": call.id, "night": night, "states": STATES}
    voices, since = session.connection().execute(VOICES, facts).one()
    if read is None:
        return Growth(voices, voices, voices - since, None, last)
    gone = session.connection().execute(GONE, {"grouping": read.id, "states": STATES}).scalar_one()
    known = int(read.measures.get("voices", read.size))
    new = max(0, voices - (known - gone))
    return Growth(voices, new, max(0, new - since), known, last)


def tell_due(session: Session, origin: str = "") -> int:
    """Tell the facilitators of each question to which grouping is offered, once between two runs; how many were."""
    told = 0
    query = select(Call).where(col(Call.state).in_(phases.OPENS[Act.GROUP])).order_by(col(Call.id))
    for call in session.exec(query).all():
        if is_told(session, call):
            continue
        found = offered(session, call)
        if found is not None:
            told += tell(session, call, found, origin)
    return told


def is_told(session: Session, call: Call) -> bool:
    """Whether its facilitators know already: nobody is reminded of what they let lie, until another run."""
    runs = runs_of(session, call.id)
    query = select(Notification.id).where(
        col(Notification.kind).in_(KINDS),
        Notification.subject_kind == SubjectKind.CALL,
        Notification.subject_id == call.id,
    )
    if runs:
        query = query.where(Notification.created_at >= runs[0].created_at)
    return session.exec(query.limit(1)).first() is not None


def tell(session: Session, call: Call, found: Offered, origin: str) -> int:
    seats = live_seats_in(session, ScopeKind.ORGANISATION, call.organisation_id)
    people = {seat.person_id for seat in seats if seat.role is Role.FACILITATOR}
    kind = KINDS[found.offer is Offer.FIRST]
    notifications.tell(
        session, people, kind, SubjectKind.CALL, call.id, origin,
        title=call.title, voices=found.new, page="/workbench",
    )  # fmt: skip
    session.flush()
    return len(people)
