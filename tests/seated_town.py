"""One agency with a call, a committee and everyone who may ask: the stage of the table of permissions."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.cluster import Cluster
from app.models.columns import now
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.lesson import Lesson
from app.models.mission import Mission
from app.models.project import Project
from app.models.review import Review, ReviewRound
from app.models.seat import live_seats_of
from app.models.statement import Statement
from app.rules.voting import electorate
from app.rules.words import (
    CallState,
    ClusterLevel,
    DecisionState,
    GroupingState,
    Instrument,
    InterestEffect,
    InterestKind,
    MissionState,
    Role,
    ScopeKind,
    StakeholderGroup,
    StatementKind,
    SubjectKind,
)
from app.services import decisions_freeze, lessons
from app.viewer import VISITOR, Viewer
from tests.factories import make_call, make_submission
from tests.offered import make_offer
from tests.people import (
    make_admin,
    make_committee,
    make_facilitator,
    make_member,
    make_organisation,
    make_person,
    seat,
)

C, D = CallState, DecisionState
UNDER_THE_CALL = (
    "call", "submission", "grouping", "cluster", "mission", "statement", "round", "review", "project", "lesson",
)  # fmt: skip


@dataclass
class Town:
    """One agency with a call and everything under it, its committee, and everyone who may ask."""

    session: Session
    viewers: dict[str, Viewer]
    subjects: dict[str, Any]
    decisions: dict[DecisionState, Decision] = field(default_factory=dict)

    def subject(self, on: str, phase: Any) -> Any:
        if on == "decision":
            return self.decisions[phase]
        if on == "offer":
            set_phase(self.subjects["offer"], phase)
        if on in UNDER_THE_CALL:
            set_phase(self.subjects["call"], phase)
        return self.subjects.get(on)


def set_phase(call: Any, phase: CallState) -> None:
    """Dates and stored state that make the clock say this phase."""
    opens, length = {C.PUBLISHED: 5, C.OPEN: -5}.get(phase, -30), timedelta(days=20)
    call.state = C.PUBLISHED if phase in (C.OPEN, C.SENSEMAKING) else phase
    call.cancelled_reason = "Asked twice by mistake." if phase is C.CANCELLED else ""
    call.opens_at = now() + timedelta(days=opens)
    call.closes_at = call.opens_at + length


def make_town(session: Session) -> Town:
    agency, other = make_organisation(session), make_organisation(session, "Port Authority")
    committee, elsewhere = (
        make_committee(session, agency),
        make_committee(session, other, name="Port committee"),
    )
    people = {
        "dave": make_person(session, "Dave"), "bob": make_person(session, "Bob"), "erin": make_admin(session),
        "carol": make_facilitator(session, agency), "otto": make_facilitator(session, other, "Otto"),
        "alice": make_member(session, committee, "Alice", StakeholderGroup.CITIZENS)[0],
        "recused": make_member(session, committee, "Rita", StakeholderGroup.ACADEMIA)[0],
        "outsider": make_member(session, elsewhere, "Oscar", StakeholderGroup.CITIZENS)[0],
    }  # fmt: skip
    people["stella"] = make_person(session, "Stella")
    seat(session, people["stella"], Role.STEWARD, ScopeKind.ORGANISATION, agency.id)
    for role in (Role.CHAIR, Role.DEPUTY, Role.SECRETARY):
        people[role.value] = make_person(session, role.value.title())
        seat(session, people[role.value], role, ScopeKind.COMMITTEE, committee.id)
    for name, stands_for in (("standin", "recused"), ("spare", "alice")):
        people[name] = make_person(session, name.title())
        principal = live_seats_of(session, people[stands_for].id)[0]
        seat(
            session,
            people[name],
            Role.ALTERNATE,
            ScopeKind.COMMITTEE,
            committee.id,
            alternate_for_id=principal.id,
        )
    call = make_call(session, agency)
    grouping = Grouping(call_id=call.id, state=GroupingState.ACCEPTED)
    session.add(grouping)
    session.flush()
    cluster = Cluster(grouping_id=grouping.id, call_id=call.id, level=ClusterLevel.MISSION, label="Shade")
    mission = Mission(call_id=call.id, organisation_id=agency.id, title="Shade", state=MissionState.FRAMED)
    session.add_all([cluster, mission])
    session.flush()
    firm = make_organisation(session, "Sun and Storage Ltd")
    people["dave"].organisation_id = firm.id
    project = Project(mission_id=mission.id, title="Shade that stores", lead_organisation_id=firm.id)
    session.add(project)
    submission = make_submission(session, call, people["bob"])
    statement = Statement(
        kind=StatementKind.OBJECTION, subject_kind=SubjectKind.MISSION, subject_id=mission.id,
        author_id=people["bob"].id, text="Shade for whom?",
    )  # fmt: skip
    session.add(statement)
    session.flush()
    learned = lessons.add(session, mission, "Ask first who is at home at noon.", people["carol"].id)
    viewers = {n: Viewer(p, tuple(live_seats_of(session, p.id))) for n, p in people.items()} | {
        "visitor": VISITOR
    }
    subjects = {
        "call": call,
        "offer": make_offer(
            session, agency, panel_id=committee.id, instrument=Instrument.CHALLENGE_PRIZE
        ).call,
        "submission": submission,
        "grouping": grouping,
        "cluster": cluster,
        "mission": mission,
        "committee": committee,
        "project": project,
        "agency": agency,
        "statement": statement,
        "lesson": session.get_one(Lesson, learned.id),
        "nothing": None,
    }
    for name in ("alice", "standin", "chair", "deputy", "secretary"):
        said = {"subject_kind": SubjectKind.MISSION, "subject_id": mission.id, "kind": InterestKind.NOTHING}
        session.add(Interest(seat_id=viewers[name].seats[0].id, **said))
    subjects |= asked_for_review(session, committee, mission, viewers["alice"].seats[0].id)
    made = Town(session, viewers, subjects)
    made.decisions = {state: make_decision(made, state) for state in DecisionState}
    return made


def asked_for_review(session: Session, committee: Any, mission: Mission, seat_id: UUID) -> dict[str, Any]:
    """A round that is blind, with one review to write."""
    asked = ReviewRound(
        committee_id=committee.id, mission_id=mission.id, number=1, mission_version=1,
        opens_at=now() - timedelta(days=1), due_at=now() + timedelta(days=9),
    )  # fmt: skip
    session.add(asked)
    session.flush()
    review = Review(round_id=asked.id, seat_id=seat_id)
    session.add(review)
    session.flush()
    return {"round": asked, "review": review}


def make_decision(town: Town, phase: DecisionState) -> Decision:
    """A decision as the clock shows it in this phase; Rita stepped aside from each."""
    committee, opens = town.subjects["committee"], {D.NOTICED: 1, D.OPEN: -1}.get(phase, -9)
    decision = Decision(
        committee_id=committee.id, mission_id=town.subjects["mission"].id, question="Shall we?",
        state=D.NOTICED if phase in (D.OPEN, D.CLOSED) else phase,
        electorate=electorate.as_facts(decisions_freeze.electorate_of(town.session, committee, now())),
        opens_at=now() + timedelta(days=opens), closes_at=now() + timedelta(days=opens + 3),
    )  # fmt: skip
    rita = town.viewers["recused"].seats[0].id
    town.session.add(recusal(rita, decision))
    for name in ("alice", "standin"):
        said = {"subject_kind": SubjectKind.DECISION, "subject_id": decision.id, "kind": InterestKind.NOTHING}
        town.session.add(Interest(seat_id=town.viewers[name].seats[0].id, **said))
    town.session.flush()
    return decision


def recusal(seat_id: UUID, decision: Decision) -> Interest:
    assert decision.opens_at
    return Interest(
        seat_id=seat_id, subject_kind=SubjectKind.DECISION, subject_id=decision.id,
        kind=InterestKind.EMPLOYER, effect=InterestEffect.RECUSE, declared_at=decision.opens_at - timedelta(days=1),
    )  # fmt: skip
