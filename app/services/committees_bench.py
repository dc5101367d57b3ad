"""The workbench of somebody who sits in a committee: what is done, what is theirs to do, what waits for others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import Ask, decision_phase
from app.conditions.taking_part import has_said, recused_on, voters_of
from app.models.ballot import ballot_of, has_voted
from app.models.columns import now
from app.models.committee import Committee, said_by, standing_interests
from app.models.decision import Decision, decisions_of_committee, missions_about
from app.models.mission import Mission
from app.models.review import Review, ReviewRound
from app.models.review_rounds import is_opened, stepped_aside
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, DecisionState, MissionState, Role
from app.services import decisions_freeze, interests_resolve
from app.viewer import Viewer

REMEMBERED = timedelta(days=90)
ASKED_ABOUT = (MissionState.IN_REVIEW, MissionState.ON_BALLOT)
COUNTED = (DecisionState.CARRIED, DecisionState.LOST, DecisionState.TIED, DecisionState.INQUORATE)


class Turn(StrEnum):
    """Whose turn it is."""

    MINE = auto()
    WAITING = auto()
    DONE = auto()


class Work(StrEnum):
    """What kind of work a line of the bench is."""

    INTEREST = auto()
    REVIEW = auto()
    VOTE = auto()
    OFFICE = auto()


@dataclass(frozen=True)
class Task:
    """One line: what it is about, what there is to do or to wait for, and where."""

    turn: Turn
    work: Work
    title: str
    words: Phrase
    url: str
    due: datetime | None = None


@dataclass(frozen=True)
class Filters:
    """What the address says; they survive every act."""

    turn: Turn | None = None
    work: Work | None = None

    def keeps(self, task: Task) -> bool:
        return self.turn in (None, task.turn) and self.work in (None, task.work)

    def query(self, **changes: str) -> str:
        """The part of the address behind the question mark, with some of it changed."""
        facts = {"turn": self.turn or "", "work": self.work or "", **changes}
        kept = [f"{name}={value}" for name, value in facts.items() if value]
        return "?" + "&".join(kept) if kept else ""


@dataclass
class Bench:
    """Everything the lines are made of, read once."""

    session: Session
    committee: Committee
    viewer: Viewer
    at: datetime
    missions: dict[UUID, Mission] = field(default_factory=dict)

    @property
    def mine(self) -> set[UUID]:
        return {seat.id for seat in self.viewer.seats_in(self.committee.id)}

    def holds(self, *roles: Role) -> bool:
        return any(seat.role in roles for seat in self.viewer.seats_in(self.committee.id))


def tasks(session: Session, committee: Committee, viewer: Viewer) -> list[Task]:
    """Mine first, what is due soonest before the rest; then what waits for others, then what is done."""
    bench = Bench(session, committee, viewer, now())
    query = select(Mission).where(Mission.organisation_id == committee.organisation_id)
    bench.missions = {each.id: each for each in session.exec(query)}
    found = [*interests(bench), *reviews(bench), *votes(bench), *offices(bench)]
    late = datetime.max.replace(tzinfo=bench.at.tzinfo)
    return sorted(found, key=lambda each: (list(Turn).index(each.turn), each.due or late, each.title))


def counts(found: list[Task]) -> dict[Turn, int]:
    return {turn: sum(1 for each in found if each.turn is turn) for turn in Turn}


def interests(bench: Bench) -> Iterator[Task]:
    """Items before the committee of which I have not said whether something ties me to them."""
    before = [each for each in bench.missions.values() if each.state in ASKED_ABOUT]
    said = said_by(bench.session, bench.viewer.id, [each.id for each in before]) if bench.viewer.id else set()
    for mission in before:
        url = f"/missions/{mission.id}/interest"
        if mission.id not in said:
            yield Task(
                Turn.MINE,
                Work.INTEREST,
                mission.title,
                phrase(N_("Say whether something ties you to it")),
                url,
            )
        else:
            aside = bench.mine & recused_on(bench.session, mission)
            words = (
                N_("You stepped aside")
                if aside
                else N_("You have said what ties you to it, or that nothing does")
            )
            yield Task(Turn.DONE, Work.INTEREST, mission.title, phrase(words), url)


def reviews(bench: Bench) -> Iterator[Task]:
    """The rounds of this committee in which one of my seats is asked."""
    query = (
        select(ReviewRound)
        .join(Review, col(Review.round_id) == ReviewRound.id)
        .where(ReviewRound.committee_id == bench.committee.id, col(Review.seat_id).in_(bench.mine))
        .distinct()
    )
    for asked in bench.session.exec(query):
        rows = list(bench.session.exec(select(Review).where(Review.round_id == asked.id)))
        mission = bench.missions.get(asked.mission_id)
        aside = stepped_aside(bench.session, asked.mission_id)
        own = [each for each in rows if each.seat_id in bench.mine - aside]
        if mission is not None and own:
            yield review_task(
                bench, mission, asked, own, [each for each in rows if each.seat_id not in aside]
            )


def review_task(
    bench: Bench, mission: Mission, asked: ReviewRound, own: list[Review], rows: list[Review]
) -> Task:
    at = f"/missions/{mission.id}/reviews"
    waiting = {each.seat_id for each in rows if each.filed_at is None}
    everyone = {each.seat_id for each in rows}
    many = {"in_": len(everyone - waiting), "all": len(everyone)}
    to_write = next((each for each in own if each.filed_at is None), None)
    if asked.concluded_at is not None:
        return Task(Turn.DONE, Work.REVIEW, mission.title, phrase(N_("Its review is concluded")), at)
    if to_write is not None:
        words = phrase(N_("Write your review; %(in_)s of %(all)s reviews are in"), **many)
        return Task(Turn.MINE, Work.REVIEW, mission.title, words, f"{at}/{to_write.id}", asked.due_at)
    if is_opened(bench.session, asked, bench.at):
        words = phrase(N_("The reviews are open: read them; %(in_)s of %(all)s are in"), **many)
    else:
        words = phrase(N_("%(in_)s of %(all)s reviews are in"), **many)
    return Task(Turn.WAITING, Work.REVIEW, mission.title, words, at, asked.due_at)


def votes(bench: Bench) -> Iterator[Task]:
    """Votes in which one of my seats holds a ballot, or my seat is on the list."""
    for decision in decisions_of_committee(bench.session, bench.committee.id):
        phase = decision_phase(decision, bench.at)
        if phase is DecisionState.DRAFT or (
            decision.certified_at and decision.certified_at < bench.at - REMEMBERED
        ):
            continue
        voter = next((v for v in voters_of(bench.session, decision) if v.person_id == bench.viewer.id), None)
        if voter is not None:
            yield vote_task(bench, decision, phase, voter.seat_id)


def vote_task(bench: Bench, decision: Decision, phase: DecisionState, seat_id: UUID) -> Task:
    url, title = f"/decisions/{decision.id}", title_of(bench, decision)
    turn, words, due = Turn.WAITING, N_("Decided and certified"), None
    if phase is DecisionState.NOTICED:
        words, due = N_("The vote opens on this day"), decision.opens_at
    elif phase is DecisionState.OPEN:
        due = decision.closes_at
        words = N_("Your ballot is recorded; the vote is open until this day")
        if not is_cast(bench.session, decision, seat_id):
            turn, words = Turn.MINE, N_("Cast your ballot")
            if not has_said(Ask(bench.session, bench.viewer, decision, bench.at)):
                words = N_("Say whether something ties you to it, and cast your ballot")
    elif phase is DecisionState.CLOSED:
        words = N_("The vote has ended and is not counted yet")
    elif decision.certified_at is None:
        words = N_("It is counted and waits for certification")
    else:
        turn = Turn.DONE
    return Task(turn, Work.VOTE, title, phrase(words), url, due)


def is_cast(session: Session, decision: Decision, seat_id: UUID) -> bool:
    """Whether my own ballot is in; of nobody else is it asked."""
    if decisions_freeze.is_secret(decision):
        return has_voted(session, decision.id, [seat_id])
    return ballot_of(session, decision.id, seat_id) is not None


def title_of(bench: Bench, decision: Decision) -> str:
    about = missions_about(bench.session, decision)
    mission = bench.missions.get(about[0]) if len(about) == 1 else None
    return mission.title if mission else decision.question


def offices(bench: Bench) -> Iterator[Task]:
    """What the chair, the deputy and the secretary have to do."""
    if bench.holds(Role.CHAIR, Role.DEPUTY):
        yield from to_resolve(bench)
        yield from to_conclude(bench)
    for decision in decisions_of_committee(bench.session, bench.committee.id):
        title, url = title_of(bench, decision), f"/decisions/{decision.id}"
        phase = decision_phase(decision, bench.at)
        if phase is DecisionState.CLOSED and bench.holds(Role.CHAIR, Role.DEPUTY):
            yield Task(Turn.MINE, Work.OFFICE, title, phrase(N_("Count the votes")), url)
        if decision.state in COUNTED and bench.holds(Role.SECRETARY):
            yield Task(
                Turn.MINE, Work.OFFICE, title, phrase(N_("Certify the result")), f"{url}/certification"
            )


def to_resolve(bench: Bench) -> Iterator[Task]:
    for interest in standing_interests(bench.session, list(bench.missions)):
        if not interest.is_open:
            continue
        if bench.viewer.id in interests_resolve.case_of(bench.session, interest).resolvers():
            url = f"/missions/{interest.subject_id}/interest#interest-{interest.id}"
            words = phrase(N_("Say what comes of a declared interest"))
            yield Task(Turn.MINE, Work.OFFICE, bench.missions[interest.subject_id].title, words, url)


def to_conclude(bench: Bench) -> Iterator[Task]:
    query = select(ReviewRound).where(
        ReviewRound.committee_id == bench.committee.id, col(ReviewRound.concluded_at).is_(None)
    )
    for asked in bench.session.exec(query):
        mission = bench.missions.get(asked.mission_id)
        if mission is not None and is_opened(bench.session, asked, bench.at):
            words = phrase(N_("The reviews are open: conclude them"))
            yield Task(Turn.MINE, Work.OFFICE, mission.title, words, f"/missions/{mission.id}/reviews")


def facts_of(found: list[Task], filters: Filters) -> dict[str, Any]:
    """What the page shows of them."""
    of_work = [each for each in found if Filters(None, filters.work).keeps(each)]
    return {
        "tasks": [each for each in found if filters.keeps(each)],
        "counts": counts(of_work),
        "filters": filters,
    }
