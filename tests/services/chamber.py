"""A committee of five groups and nine seats, a mission that lacks nothing, and votes on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from sqlmodel import Session

from app.models.ballot import Ballot, last_version
from app.models.columns import now
from app.models.committee import Committee, Interest, standing_interests
from app.models.decision import Decision
from app.models.mission import Indicator, Mission
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.project import Project
from app.models.seat import Seat
from app.models.term import Tag, Term
from app.rules.decisions import DecisionTimes
from app.rules.replay_kinds import Noun
from app.rules.words import (
    Choice,
    Direction,
    IndicatorLens,
    InterestEffect,
    InterestKind,
    MissionState,
    Role,
    ScopeKind,
    StakeholderGroup,
    SubjectKind,
)
from app.services import ballots, decisions, events, reviews_rounds
from tests import reviewed
from tests.committed import committed
from tests.people import make_committee, make_person, seat
from tests.services.drafted import Scene, make_mission

G = StakeholderGroup
SEATS = {G.PUBLIC: 1, G.PRIVATE: 2, G.THIRD: 2, G.ACADEMIA: 1, G.CITIZENS: 3}
QUESTION = "Shall the committee adopt this mission?"


def said(choice: Choice) -> dict[str, str]:
    """What a ballot holds that is for or against."""
    return {"choice": choice.value}


@dataclass
class Chamber:
    """Everyone around one question; `members` are named by group and number: "citizens 1"."""

    session: Session
    committee: Committee
    mission: Mission
    scene: Scene
    chair: Person
    secretary: Person
    members: dict[str, Person] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    decision: Decision | None = None

    def add_alternate(self, name: str) -> Person:
        person = make_person(self.session, f"Alternate {uuid4().hex[:8]}")
        self.seats[f"alternate of {name}"] = seat(
            self.session, person, Role.ALTERNATE, ScopeKind.COMMITTEE, self.committee.id,
            group=self.seats[name].group, alternate_for_id=self.seats[name].id, starts_at=self.seats[name].starts_at,
        )  # fmt: skip
        return person

    def put(self) -> Decision:
        if not reviews_rounds.is_reviewed(self.session, self.mission):
            reviewed.waive(self.session, self.committee, self.mission)
        self.decision = decisions.put_question(
            self.session, self.committee, self.mission, QUESTION, self.chair.id
        )
        return self.decision

    def notice(
        self, opens_in: float = -1, lasts: float = 14, at: datetime | None = None, *, asked: bool = True
    ) -> Decision:
        """Notice of a vote that opens in so many days; a negative number tells of one that is open already.

        Everybody has said that nothing ties them to it, unless they are not to be `asked`.
        """
        if asked:
            nothing_ties(self.session, self.mission, self.seats.values())
        decision = self.decision or self.put()
        opens = now() + timedelta(days=opens_in)
        times = DecisionTimes(opens, opens + timedelta(days=lasts))
        at = at or min(now(), opens - timedelta(hours=1))
        decisions.notice(self.session, decision, QUESTION, times, self.chair.id, at=at)
        return decision

    def cast(self, name: str, choice: Choice, reason: str = "", at: datetime | None = None) -> Ballot:
        assert self.decision is not None
        version = last_version(self.session, self.decision.id, self.seats[name].id) + 1
        person = self.members[name]
        return ballots.cast(self.session, self.decision, person.id, said(choice), reason, version, at=at)

    def cast_all(self, choice: Choice = Choice.FOR, **others: Choice) -> None:
        """Everyone votes the same, but for those named like `citizens_1`."""
        for name in self.members:
            self.cast(name, others.get(name.replace(" ", "_"), choice))


def nothing_ties(session: Session, mission: Mission, seats: Iterable[Seat]) -> None:
    """These seats were asked about the item, and there is nothing to declare."""
    known = {each.seat_id for each in standing_interests(session, [mission.id])}
    said = [
        Interest(
            seat_id=each.id, subject_kind=SubjectKind.MISSION, subject_id=mission.id, kind=InterestKind.NOTHING,
            declared_at=now() - timedelta(days=40),
        )
        for each in {seat.id: seat for seat in seats}.values()
        if each.id not in known
    ]  # fmt: skip
    session.add_all(said)
    session.flush()
    states = {Noun.INTEREST: {InterestEffect.DISCLOSE: [each.id for each in said]}}
    events.record(session, "nothing_declared", SubjectKind.MISSION, mission.id, states=states)


def make_ready_mission(session: Session) -> tuple[Mission, Scene]:
    """A framed mission whose every gate is met."""
    mission, scene = make_mission(session)
    goal = Term(scheme="sdg", code=f"{uuid4().int % 10**6}", label="Affordable and clean energy")
    session.add(goal)
    session.flush()
    target = Term(scheme="sdg", code=f"{goal.code}.1", label="Access for all", parent_id=goal.id)
    session.add(target)
    session.flush()
    session.add(Tag(term_id=target.id, subject_kind=SubjectKind.MISSION, subject_id=mission.id))
    session.add(
        Indicator(
            mission_id=mission.id, name="Homes with solar power", lens=IndicatorLens.USER, unit="percent",
            direction=Direction.UP, baseline=Decimal(12), goal=Decimal(60), due=date(2035, 12, 31),
            source="National energy survey", owner="Ministry of Energy",
        )
    )  # fmt: skip
    session.add_all(
        Project(mission_id=mission.id, title=title, route=title) for title in ("Roofs", "Storage", "Grids")
    )
    committed(session, mission)
    mission.title, mission.state = "Power made where we live, for everyone by 2035", MissionState.FRAMED
    session.flush()
    return mission, scene


def make_chamber(session: Session, *, is_reviewed: bool = True) -> Chamber:
    """A seated committee before a framed mission, whose review was waived unless it is still to come."""
    mission, scene = make_ready_mission(session)
    organisation = session.get_one(Organisation, mission.organisation_id)
    composition = {group.value: {"min": 1, "max": 3, "weight": 1} for group in G}
    committee = make_committee(
        session, organisation, name=f"Committee {uuid4().hex[:8]}", composition=composition
    )
    chair = make_person(session, f"Chair {uuid4().hex[:8]}")
    secretary = make_person(session, f"Secretary {uuid4().hex[:8]}")
    seat(session, chair, Role.CHAIR, ScopeKind.COMMITTEE, committee.id)
    seat(session, secretary, Role.SECRETARY, ScopeKind.COMMITTEE, committee.id)
    chamber = Chamber(session, committee, mission, scene, chair, secretary)
    since = now() - timedelta(days=60)
    for group, many in SEATS.items():
        for number in range(1, many + 1):
            name = f"{group} {number}"
            person = make_person(session, f"{group.title()} {number} {uuid4().hex[:8]}")
            chamber.members[name] = person
            chamber.seats[name] = seat(
                session, person, Role.MEMBER, ScopeKind.COMMITTEE, committee.id, group=group, starts_at=since
            )
    if is_reviewed:
        reviewed.waive(session, committee, mission)
    return chamber
