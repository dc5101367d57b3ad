"""Decisions up to the vote: the chair puts the question on a framed mission and gives notice, which freezes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import voters_of
from app.errors import Conflict
from app.models.call import Call
from app.models.committee import Committee
from app.models.decision import Decision, missions_about
from app.models.mission import Mission
from app.models.seat import live_seats_in
from app.rules import composition, hashing, phases
from app.rules import decisions as rules
from app.rules import notice as notice_rules
from app.rules.composition import Step
from app.rules.decisions import DecisionTimes
from app.rules.notice import SecondedOtherwise, SeconderMissing
from app.rules.phases import Act
from app.rules.voting import electorate
from app.rules.words import N_, DecisionKind, DecisionState, InterestEffect, ScopeKind, SubjectKind
from app.services import (
    awards_ask,
    awards_conflicts,
    committees,
    decisions_compare,
    decisions_freeze,
    decisions_matter,
    decisions_rule,
    decisions_words,
    events,
    lineage_rows,
    missions_draft,
    notifications,
    revotes,
    votes_of_seats,
)


class AskedAlready(Conflict):
    sentence: ClassVar[str] = N_("A question on this mission is before the committee already.")


class SeatsEndTooSoon(Conflict):
    """A seat on the list of voters lasts as long as the vote, or its group would go unheard."""

    sentence: ClassVar[str] = N_(
        "Seats that end before the vote closes are not on its list of voters, and without them: %(missing)s "
        "Let the vote close earlier, or seat others first."
    )


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


def put_question(
    session: Session,
    committee: Committee,
    mission: Mission,
    question: str,
    by: UUID,
    at: datetime | None = None,
) -> Decision:
    """Draft the question whether to adopt a framed mission; one question on a mission at a time."""
    session.refresh(mission, with_for_update=True)
    decisions_matter.require_question_possible(session, committee, mission)
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)
    composition.require_constituted(committees.standings(committee, seats), Step.PUT_QUESTION)
    decision = Decision(committee_id=committee.id, mission_id=mission.id, question=question)
    decision.timezone = session.get_one(Call, mission.call_id).timezone
    if at is not None:
        decision.created_at = at
    return keep_draft(session, decision, by)


def keep_draft(session: Session, decision: Decision, by: UUID) -> Decision:
    decision.put_by_id = by
    try:
        with session.begin_nested():
            session.add(decision)
            session.flush()
    except IntegrityError as problem:
        raise AskedAlready() from problem
    facts = {"committee": decision.committee_id, "mission": decision.mission_id, "call": decision.call_id}
    record(session, "question_put", decision, decision.created_at, by, **facts)
    return decision


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

    `seen` is the fingerprint of what would be frozen as whoever gives notice has read it: no other is frozen.
    """
    at = hold(session, decision, at)
    rules.require_move(decision.state, DecisionState.NOTICED)
    rules.require_times(times, at)
    committee = session.get_one(Committee, decision.committee_id)
    session.refresh(committee, with_for_update=True)
    about = held_missions(session, decision)
    awards_ask.require_as_drafted(session, decision, committee)
    require_seconded(decision, committee, question)
    notice_rules.require_in_time(at, times.opens_at, committee.notice_hours, decision.timezone)
    if seen is not None:
        decisions_compare.require_seen(session, decision, about, seen)
    decisions_matter.require_possible(session, decision, committee, about)
    revotes.before_notice(session, decision, about, at)
    require_seated(session, committee, at, times)
    snapshot, words = decisions_freeze.keep_text(session, decision, about, by)
    texts = decisions_freeze.texts_by_option(session, decision, about)
    decision.question, decision.options = question, decisions_freeze.options(decision, snapshot, texts)
    decision.electorate = electorate.as_facts(
        decisions_freeze.electorate_of(session, committee, at, times.closes_at)
    )
    decisions_rule.settle(decision, committee, decisions_matter.served_before(session, decision, about))
    decisions_rule.require_countable(decision)
    decision.noticed_at, decision.opens_at, decision.closes_at = at, times.opens_at, times.closes_at
    decision.frozen_hash = hashing.digest(decisions_freeze.document(decision))
    decision.state = DecisionState.NOTICED
    moved = decisions_matter.put_on_ballot(decision, about)
    passed = [each.id for each in votes_of_seats.pass_on(session, decision, at)]
    passed += [each.id for each in awards_conflicts.step_aside(session, decision, at)]
    record(
        session, "decision_noticed", decision, at, by, committee=committee.id, missions=[each.id for each in about],
        frozen=decision.frozen_hash, snapshot=snapshot, words=words, opens_at=times.opens_at,
        closes_at=times.closes_at, states=decisions_matter.states_of(moved, {InterestEffect.RECUSE: passed}),
    )  # fmt: skip
    session.flush()
    tell_electorate(session, decision, origin)
    tell_authors(session, decision, about, "decision_noticed", origin)


def require_seconded(decision: Decision, committee: Committee, question: str) -> None:
    """Where the committee wants a seconder: there is one, of this very question."""
    if not committee.needs_seconder:
        return
    if decision.seconded_by_id is None:
        raise SeconderMissing()
    if decision.seconded_hash != fingerprint(decision, question):
        raise SecondedOtherwise()


def fingerprint(decision: Decision, question: str) -> str:
    """The hash of what is seconded: what is asked, what can be chosen, and how it is counted."""
    return hashing.digest([question, decision.options, decision.rule, decision.terms])


def held_missions(session: Session, decision: Decision) -> list[Mission]:
    """The missions it is about, held in the order of their ids, so that two who hold several never wait in a ring."""
    found = [session.get_one(Mission, each) for each in sorted(missions_about(session, decision))]
    for mission in found:
        session.refresh(mission, with_for_update=True)
    return found


def require_seated(session: Session, committee: Committee, at: datetime, times: DecisionTimes) -> None:
    """Every group must be heard by seats that last until the vote closes: only those are on the list of voters."""
    now_seated = live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)
    composition.require_constituted(committees.standings(committee, now_seated))
    assert times.closes_at is not None
    lasting = decisions_freeze.seats_throughout(session, committee, at, times.closes_at)
    standings = committees.standings(committee, lasting)
    if missing := composition.gaps(standings):
        raise SeatsEndTooSoon(missing=missing)


def title_of(session: Session, decision: Decision) -> str:
    """What a decision is called where it is told of: the mission that is to be adopted, or its question."""
    if decision.mission_id is not None and decision.kind is DecisionKind.ADOPT:
        return session.get_one(Mission, decision.mission_id).title
    if decision.call_id is not None:
        return session.get_one(Call, decision.call_id).title
    return decision.question


def tell_electorate(session: Session, decision: Decision, origin: str) -> None:
    people = [voter.person_id for voter in voters_of(session, decision)]
    title = title_of(session, decision)
    notifications.tell(session, people, "vote_asked", SubjectKind.DECISION, decision.id, origin, title=title)


def tell_authors(
    session: Session, decision: Decision, about: Sequence[Mission], kind: str, origin: str
) -> None:
    """Everyone whose words stand in a mission's group, and everyone who follows the mission.

    Where a question does not make a mission what it comes to, it is told by its own words.
    """
    adopts = decision.kind in decisions_matter.ADOPTING
    kind = kind if adopts else f"{kind}_about"
    for mission in about:
        facts: dict[str, Any] = {"title": mission.title if adopts else decision.question}
        if decision.outcome and not adopts:
            facts["outcome"] = notifications.stored(decisions_words.told_outcome(session, decision))
        cluster = lineage_rows.cluster_of(session, mission)
        people = missions_draft.authors_in(session, cluster) if cluster else []
        people += notifications.followers(session, SubjectKind.MISSION, mission.id)
        notifications.tell(session, people, kind, SubjectKind.DECISION, decision.id, origin, **facts)
