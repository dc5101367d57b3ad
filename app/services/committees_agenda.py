"""The agenda of a committee, as everyone reads it: its items in order, where each stands, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.errors import NotFound
from app.models.call import Call
from app.models.committee import AgendaPlace, Committee
from app.models.decision import Decision, decisions_about
from app.models.mission import Mission
from app.models.review import ReviewRound, latest_rounds
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, DecisionState, MissionState, SubjectKind
from app.services import events, reviews_rounds

BEFORE_IT = (
    MissionState.CANDIDATE,
    MissionState.FRAMED,
    MissionState.IN_REVIEW,
    MissionState.ON_BALLOT,
    MissionState.RETURNED,
)
LISTED = 100
NEXT = {
    MissionState.CANDIDATE: N_("Next: its facilitator frames it when nothing is missing"),
    MissionState.RETURNED: N_("Next: it is worked on again"),
}
OF_VOTES = {
    DecisionState.NOTICED: N_("Next: voting opens"),
    DecisionState.OPEN: N_("Voting is open until"),
    DecisionState.CLOSED: N_("Next: the votes are counted"),
}


@dataclass(frozen=True)
class Item:
    """One candidate mission before the committee, and what comes next on which day."""

    mission: Mission
    next: Phrase
    url: str
    when: datetime | None = None


def missions_of(session: Session, committee: Committee) -> list[Mission]:
    """Candidates of the committee's organisation: those that were given a place, then the others by age."""
    query = (
        select(Mission)
        .join(Call, col(Call.id) == Mission.call_id)
        .outerjoin(
            AgendaPlace,
            (col(AgendaPlace.mission_id) == Mission.id) & (col(AgendaPlace.committee_id) == committee.id),
        )
        .where(
            Mission.organisation_id == committee.organisation_id,
            col(Mission.state).in_(BEFORE_IT),
            col(Call.state).in_(PUBLIC_CALL_STATES),
        )
        .order_by(col(AgendaPlace.position).asc().nulls_last(), col(Mission.created_at), col(Mission.id))
    )
    return list(session.exec(query.limit(LISTED)))


def listed(session: Session, committee: Committee) -> list[Item]:
    missions = missions_of(session, committee)
    ids = [each.id for each in missions]
    latest: dict[UUID, Decision] = {}
    for mission_id, decision in decisions_about(session, ids):
        latest.setdefault(mission_id, decision)
    rounds = latest_rounds(session, ids)
    return [item(each, latest.get(each.id), rounds.get(each.id)) for each in missions]


def item(mission: Mission, decision: Decision | None, asked: ReviewRound | None) -> Item:
    at = f"/missions/{mission.id}"
    if mission.state is MissionState.ON_BALLOT and decision is not None:
        return voted_on(mission, decision)
    if mission.state is MissionState.IN_REVIEW and asked is not None and asked.concluded_at is None:
        # How many reviews are in is told to the committee only, on its workbench.
        return Item(mission, phrase(N_("In review until")), f"{at}/reviews", asked.due_at)
    if mission.state in (MissionState.FRAMED, MissionState.IN_REVIEW):
        ready = reviews_rounds.rests_on(mission, asked)
        words = N_("Next: a vote on it is announced") if ready else N_("Next: it goes to reviewers")
        return Item(mission, phrase(words), at)
    return Item(
        mission,
        phrase(NEXT[mission.state])
        if mission.state in NEXT
        else phrase(N_("Next: a vote on it is announced")),
        at,
    )


def voted_on(mission: Mission, decision: Decision) -> Item:
    phase = decision_phase(decision)
    when = {DecisionState.NOTICED: decision.opens_at, DecisionState.OPEN: decision.closes_at}.get(phase)
    words = OF_VOTES.get(phase, N_("Next: the result is certified"))
    return Item(mission, phrase(words), f"/decisions/{decision.id}", when)


def move(session: Session, committee: Committee, mission_id: UUID, up: bool, by: UUID) -> None:
    """Move an item one place up or down; from then on every item of today has its place."""
    session.refresh(committee, with_for_update=True)
    order = [each.id for each in missions_of(session, committee)]
    if mission_id not in order:
        raise NotFound()
    place = order.index(mission_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for number, each in enumerate(order):
        session.merge(AgendaPlace(committee_id=committee.id, mission_id=each, position=number))
    events.record(
        session, "agenda_ordered", SubjectKind.COMMITTEE, committee.id, by=by, missions=order
    )  # fmt: skip
    session.flush()
