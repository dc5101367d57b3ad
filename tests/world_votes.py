"""The missions of the town with nothing missing, and one decision in each state that a vote comes through."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from app.models.absence import Absence
from app.models.columns import now
from app.models.committee import Committee, Interest
from app.models.decision import Decision
from app.models.link import Link
from app.models.mission import Clause, Indicator, Mission
from app.models.project import Project
from app.models.seat import live_seats_in
from app.models.term import Tag, Term
from app.rules.decisions import DecisionTimes
from app.rules.words import (
    Choice,
    DecisionState,
    Direction,
    IndicatorLens,
    InterestEffect,
    InterestKind,
    LinkKind,
    MissionState,
    Origin,
    ScopeKind,
    StakeholderGroup,
    SubjectKind,
    SubmissionState,
)
from app.services import ballots, decisions, decisions_certify, decisions_count
from tests import reviewed
from tests.committed import committed
from tests.factories import make_submission
from tests.services.chamber import nothing_ties
from tests.services.signed import sign_by_two

if TYPE_CHECKING:
    from tests.world import World

DAY = timedelta(days=1)
S, D = SubmissionState, DecisionState
SPEAKERS = (StakeholderGroup.CITIZENS, StakeholderGroup.ACADEMIA, StakeholderGroup.PRIVATE)


def framed(session: Session, world: "World", title: str) -> Mission:
    """A mission with nothing missing: a target, an indicator, three routes, three groups behind its words."""
    call = world.calls["answered"]
    mission = add(session, Mission(
        call_id=call.id, organisation_id=call.organisation_id, title=title, state=MissionState.FRAMED
    ))  # fmt: skip
    for place, group in enumerate(SPEAKERS):
        voice = make_submission(
            session, call, text=f"{title}: said by {group.value}.", group=group, state=S.GROUPED
        )
        clause = Clause(
            mission_id=mission.id,
            position=place + 1,
            section="goal",
            text=voice.text,
            origin=Origin.SUBMISSION,
        )
        source = {"from_kind": SubjectKind.CLAUSE, "to_kind": SubjectKind.SUBMISSION, "to_id": voice.id}
        world.records["clause"] = add(session, clause)
        add(session, Link(kind=LinkKind.DERIVES_FROM, from_id=clause.id, note="quoted", **source))
        route = Project(mission_id=mission.id, title=f"Route {group.value}", route=group.value)
        world.records["route"] = add(session, route)
    add(session, Indicator(
        mission_id=mission.id, name="Shaded streets", lens=IndicatorLens.USER, unit="km", direction=Direction.UP,
        baseline=1, goal=9, due=date(2035, 12, 31), source="City survey", owner="City works",
    ))  # fmt: skip
    committed(session, mission)
    add(session, Tag(term_id=target(session).id, subject_kind=SubjectKind.MISSION, subject_id=mission.id))
    return mission


def target(session: Session) -> Term:
    from sqlmodel import select

    known = session.exec(select(Term).where(Term.code == "11.7")).first()
    if known is not None:
        return known
    goal = add(session, Term(scheme="sdg", code="11", label="Cities"))
    return add(session, Term(scheme="sdg", code="11.7", label="Green public places", parent_id=goal.id))


def votes(session: Session, world: "World", committee: Committee) -> None:
    """One decision in each state that a vote comes through, with Rita stepped aside from the open one."""
    put(session, world, committee, D.DRAFT, None)
    put(session, world, committee, D.NOTICED, 1 * DAY)
    put(session, world, committee, D.OPEN, -1 * DAY)
    put(session, world, committee, D.CLOSED, -9 * DAY)
    for name, choice in ((D.CARRIED, Choice.FOR), (D.LOST, Choice.AGAINST), (D.CERTIFIED, Choice.FOR)):
        decision, at = put(session, world, committee, name, -9 * DAY)
        vote(session, world, decision, choice, at)
        decisions_count.close(session, decision, world.people["chair"].id)
    done = world.decisions[D.CERTIFIED]
    sign_by_two(session, done)
    decisions_certify.certify(session, done, "All five groups were for it.", world.people["secretary"].id)
    vote(session, world, world.decisions[D.OPEN], Choice.FOR, now(), only="alice", reason="xqballot reason")
    rita, opened = world.records["seat_rita"].id, world.decisions[D.OPEN].id
    world.records["interest"] = add(session, Interest(
        seat_id=rita, subject_kind=SubjectKind.DECISION, subject_id=opened, kind=InterestKind.EMPLOYER,
        text="My firm sells shade.", effect=InterestEffect.RECUSE,
    ))  # fmt: skip
    world.records["link"] = add(session, Link(
        kind=LinkKind.SPILLS_OVER_TO, from_kind=SubjectKind.MISSION, from_id=world.missions[D.UPHELD].id,
        to_kind=SubjectKind.ORGANISATION, to_id=world.records["agency"].id, assumption="Shade cools the town hall too.",
    ))  # fmt: skip
    world.records["absence"] = add(session, Absence(
        seat_id=world.records["seat_tom"].id, starts_at=now() + 30 * DAY, ends_at=now() + 40 * DAY,
        said_by_id=world.people["tom"].id,
    ))  # fmt: skip


def put(
    session: Session, world: "World", committee: Committee, name: DecisionState, opens: timedelta | None
) -> tuple[Decision, datetime]:
    chair, at = world.people["chair"].id, now() - 10 * DAY
    question = "xqquestion: shall we?" if opens is None else f"Shall we adopt it, the {name.value} way?"
    reviewed.waive(session, committee, world.missions[name])
    decision = decisions.put_question(session, committee, world.missions[name], question, chair, at)
    world.decisions[name] = decision
    asked = live_seats_in(session, ScopeKind.COMMITTEE, committee.id)
    nothing_ties(session, world.missions[name], asked)
    if opens is not None:
        times = DecisionTimes(now() + opens, now() + opens + 5 * DAY)
        decisions.notice(session, decision, question, times, chair, at=at if opens < timedelta() else None)
    return decision, now() + (opens or timedelta()) + DAY


def vote(
    session: Session,
    world: "World",
    decision: Decision,
    choice: Choice,
    at: datetime,
    only: str = "",
    reason: str = "",
) -> None:
    for name in [only] if only else ["paula", "priya", "tom", "rita", "alice"]:
        ballots.cast(session, decision, world.people[name].id, {"choice": choice.value}, reason, 1, at)


def add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
