"""Decisions up to the vote: the chair puts the question on a framed mission and gives notice, which freezes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.conditions import decision_phase, recused_seats
from app.errors import Conflict
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.seat import live_seats_in
from app.rules import composition, gates, hashing, phases
from app.rules import decisions as rules
from app.rules import missions as mission_rules
from app.rules.composition import Step
from app.rules.decisions import DecisionTimes
from app.rules.phases import Act
from app.rules.replay_kinds import Noun
from app.rules.voting import electorate
from app.rules.words import N_, DecisionState, InterestEffect, MissionState, ScopeKind, SubjectKind
from app.services import (
    committees,
    decisions_compare,
    decisions_freeze,
    events,
    lineage_rows,
    missions,
    missions_draft,
    notifications,
    objections,
    votes_of_seats,
)


class MissionElsewhere(Conflict):
    sentence: ClassVar[str] = N_("This committee decides on the missions of its own organisation.")


class NotFramed(Conflict):
    sentence: ClassVar[str] = N_(
        "Only a framed mission is put to a vote; this one is “%(state)s”. "
        "Its facilitator frames it when nothing is missing."
    )


class AskedAlready(Conflict):
    sentence: ClassVar[str] = N_("A question on this mission is before the committee already.")


class SeatsEndTooSoon(Conflict):
    """A seat on the list of voters lasts as long as the vote, or its group would go unheard."""

    sentence: ClassVar[str] = N_(
        "Seats that end before the vote closes are not on its list of voters, and without them: %(missing)s "
        "Let the vote close earlier, or seat others first."
    )


@dataclass(frozen=True)
class Readiness:
    """What a notice needs besides its dates: a seated committee and a mission with nothing missing."""

    bench: committees.Bench
    gates: list[gates.Gate]
    state: MissionState

    @property
    def is_ready(self) -> bool:
        met = all(gate.met for gate in self.gates)
        return met and self.bench.is_constituted and self.state is MissionState.FRAMED


def hold(
    session: Session, decision: Decision, at: datetime | None = None, *, shared: bool = False
) -> datetime:
    """Lock the decision and answer the instant that rules what follows.

    It is read from the database's clock after the lock is held, so that a ballot and a closing that wait
    for one another are judged by one clock, in the order in which they got the row. `at` is for telling
    what happened earlier, such as a demonstration's history.
    """
    session.refresh(decision, with_for_update={"read": shared})
    return at or session.exec(select(func.clock_timestamp())).one()


def record(
    session: Session, kind: str, decision: Decision, at: datetime, by: UUID | None, **facts: Any
) -> None:
    """The event of an act on a decision, at the instant the act was judged by."""
    event = events.record(session, kind, SubjectKind.DECISION, decision.id, by=by, **facts)
    event.at = at


def readiness(session: Session, committee: Committee, mission: Mission) -> Readiness:
    needed = [*missions.gates_of(session, mission), objections.gate(session, mission)]
    return Readiness(committees.bench(session, committee), needed, mission.state)


def put_question(
    session: Session,
    committee: Committee,
    mission: Mission,
    question: str,
    by: UUID,
    at: datetime | None = None,
) -> Decision:
    """Draft a decision on a framed mission; one question on a mission at a time."""
    session.refresh(mission, with_for_update=True)
    require_question_possible(session, committee, mission)
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)
    composition.require_constituted(committees.standings(committee, seats), Step.PUT_QUESTION)
    decision = Decision(committee_id=committee.id, mission_id=mission.id, question=question)
    if at is not None:
        decision.created_at = at
    try:
        with session.begin_nested():
            session.add(decision)
            session.flush()
    except IntegrityError as problem:
        raise AskedAlready() from problem
    record(
        session, "question_put", decision, decision.created_at, by, committee=committee.id, mission=mission.id
    )
    return decision


def require_question_possible(session: Session, committee: Committee, mission: Mission) -> None:
    if mission.organisation_id != committee.organisation_id:
        raise MissionElsewhere()
    if mission.state is not MissionState.FRAMED:
        raise NotFramed(state=mission.state)
    gates.require_met(missions.facts_of(session, mission))


def withdraw_question(session: Session, decision: Decision, by: UUID) -> None:
    """Take back a question that was not noticed: nobody but the chair knew of it."""
    at = hold(session, decision)
    phases.require(Act.NOTICE, decision_phase(decision, at))
    record(session, "question_withdrawn", decision, at, by, mission=decision.mission_id)
    session.delete(decision)
    session.flush()


def notice(
    session: Session, decision: Decision, question: str, times: DecisionTimes, by: UUID,
    origin: str = "", at: datetime | None = None, seen: str | None = None,
) -> None:  # fmt: skip
    """Freeze question, text, options, rule, electorate and times, and tell everyone concerned.

    `seen` is the fingerprint of the text as whoever gives notice has read it: no other is frozen.
    """
    at = hold(session, decision, at)
    rules.require_move(decision.state, DecisionState.NOTICED)
    rules.require_times(times, at)
    committee = session.get_one(Committee, decision.committee_id)
    session.refresh(committee, with_for_update=True)
    mission = session.get_one(Mission, decision.mission_id)
    session.refresh(mission, with_for_update=True)
    if seen is not None:
        decisions_compare.require_seen(session, mission, seen)
    require_question_possible(session, committee, mission)
    objections.require_answered(session, mission)
    require_seated(session, committee, at, times)
    mission_rules.require_move(mission.state, MissionState.ON_BALLOT)
    snapshot, words = decisions_freeze.keep_text(session, decision, mission, by)
    decision.question, decision.options = question, decisions_freeze.options(snapshot)
    decision.rule = decisions_freeze.rule_of(committee).as_facts()
    decision.electorate = electorate.as_facts(
        decisions_freeze.electorate_of(session, committee, at, times.closes_at)
    )
    decision.noticed_at, decision.opens_at, decision.closes_at = at, times.opens_at, times.closes_at
    decision.frozen_hash = hashing.digest(decisions_freeze.document(decision))
    decision.state, mission.state = DecisionState.NOTICED, MissionState.ON_BALLOT
    passed = [each.id for each in votes_of_seats.pass_on(session, decision, at)]
    states = {"states": {Noun.INTEREST: {InterestEffect.RECUSE: passed}}} if passed else {}
    record(
        session, "decision_noticed", decision, at, by,
        committee=committee.id, mission=mission.id, mission_state=mission.state, frozen=decision.frozen_hash,
        snapshot=snapshot, words=words, opens_at=times.opens_at, closes_at=times.closes_at, **states,
    )  # fmt: skip
    session.flush()
    tell_electorate(session, decision, mission, origin)
    tell_authors(session, decision, mission, "decision_noticed", origin)


def require_seated(session: Session, committee: Committee, at: datetime, times: DecisionTimes) -> None:
    """Every group must be heard by seats that last until the vote closes: only those are on the list of voters."""
    now_seated = live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)
    composition.require_constituted(committees.standings(committee, now_seated))
    assert times.closes_at is not None
    lasting = decisions_freeze.seats_throughout(session, committee, at, times.closes_at)
    standings = committees.standings(committee, lasting)
    if missing := composition.gaps(standings):
        raise SeatsEndTooSoon(missing=missing)


def tell_electorate(session: Session, decision: Decision, mission: Mission, origin: str) -> None:
    frozen = electorate.from_facts(decision.electorate)
    people = [voter.person_id for voter in electorate.voters(frozen, recused_seats(session, decision))]
    notifications.tell(
        session, people, "vote_asked", SubjectKind.DECISION, decision.id, origin, title=mission.title
    )


def tell_authors(session: Session, decision: Decision, mission: Mission, kind: str, origin: str) -> None:
    """Everyone whose words stand in the mission's group, and everyone who follows the mission."""
    cluster = lineage_rows.cluster_of(session, mission)
    people = missions_draft.authors_in(session, cluster) if cluster else []
    people += notifications.followers(session, SubjectKind.MISSION, mission.id)
    notifications.tell(session, people, kind, SubjectKind.DECISION, decision.id, origin, title=mission.title)
