"""The workbench of somebody who sits in a committee: what is done, what is theirs to do, what waits for others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import Ask, decision_phase
from app.conditions.taking_part import has_said, recused_on, voters_of
from app.models.ballot import ballot_of, has_voted
from app.models.columns import now
from app.models.committee import Committee, said_by
from app.models.decision import Decision, decisions_of_committee, missions_about
from app.models.mission import Mission
from app.models.review import Review, ReviewRound
from app.models.review_rounds import is_opened, stepped_aside
from app.rules.phrases import phrase
from app.rules.words import N_, DecisionState, MissionState, ScopeKind
from app.services import closing, decisions_freeze, decisions_lot, missions, panel_tasks, seconding
from app.services.committees_bench_office import offices
from app.services.committees_tasks import Bench, Filters, Task, Turn, Work, title_of
from app.viewer import Viewer

REMEMBERED = timedelta(days=90)
ASKED_ABOUT = (MissionState.IN_REVIEW, MissionState.ON_BALLOT)


def tasks(session: Session, committee: Committee, viewer: Viewer) -> list[Task]:
    """Mine first, what is due soonest before the rest; then what waits for others, then what is done."""
    bench = Bench(session, committee, viewer, now())
    query = select(Mission).where(Mission.organisation_id == committee.organisation_id)
    bench.missions = {each.id: each for each in session.exec(query)}
    found = [*reviews(bench), *panel_tasks.of(bench), *to_second(bench), *votes(bench), *offices(bench)]
    # A review and a ballot ask for interests themselves: nobody is sent to two pages for one thing.
    mine = [each for each in found if each.turn is Turn.MINE and each.work in (Work.REVIEW, Work.VOTE)]
    asked = {each for task in mine for each in task.about}
    found += [each for each in interests(bench) if each.turn is Turn.DONE or not asked & set(each.about)]
    return sorted(found, key=lambda each: place_of(each, bench.at))


def place_of(task: Task, at: datetime) -> tuple[int, timedelta, str]:
    """Mine, then waiting, the nearest day on top; what is done newest first; what has no day comes last."""
    turn = list(Turn).index(task.turn)
    if task.due is None:
        return turn, timedelta.max, task.title
    return turn, at - task.due if task.turn is Turn.DONE else task.due - at, task.title


@dataclass(frozen=True)
class ToDo:
    """What one committee waits for from one person."""

    committee: Committee
    tasks: list[Task]


def to_do(session: Session, viewer: Viewer) -> list[ToDo]:
    """What is mine to do in each committee where I sit, the nearest day on top."""
    seated = {
        each.scope_id: None
        for each in viewer.seats
        if each.scope_kind is ScopeKind.COMMITTEE and each.scope_id
    }
    found = [session.get_one(Committee, each) for each in seated]
    listed = [
        ToDo(each, [task for task in tasks(session, each, viewer) if task.turn is Turn.MINE])
        for each in found
    ]
    return sorted((each for each in listed if each.tasks), key=lambda each: each.committee.name)


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
                about=(mission.id,),
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
    at, zone = f"/missions/{mission.id}/reviews", missions.zone_of(bench.session, mission)
    waiting = {each.seat_id for each in rows if each.filed_at is None}
    everyone = {each.seat_id for each in rows}
    many = {"in_": len(everyone - waiting), "all": len(everyone)}
    unfiled = [each for each in own if each.filed_at is None]
    to_write = next(iter(unfiled), None)
    if asked.concluded_at is not None:
        words = phrase(N_("Its review is concluded"))
        return Task(Turn.DONE, Work.REVIEW, mission.title, words, at, asked.concluded_at)
    if to_write is not None:
        said = has_said(Ask(bench.session, bench.viewer, mission, bench.at))
        words = phrase(
            review_words(said, many_own=len(own)), filed=len(own) - len(unfiled), mine=len(own), **many
        )
        here = f"{at}/{to_write.id}"
        return Task(Turn.MINE, Work.REVIEW, mission.title, words, here, asked.due_at, (mission.id,), zone)
    if is_opened(bench.session, asked, bench.at):
        words = phrase(N_("The reviews are open: read them; %(in_)s of %(all)s are in"), **many)
    else:
        words = phrase(N_("%(in_)s of %(all)s reviews are in"), **many)
    return Task(Turn.WAITING, Work.REVIEW, mission.title, words, at, asked.due_at, zone=zone)


def review_words(said: bool, many_own: int) -> str:
    """What one who has to review is asked for: one review, or two of which some may be filed."""
    if many_own > 1:
        return (
            N_(
                "Write your reviews: you have filed %(filed)s of %(mine)s; %(in_)s of %(all)s reviewers are done"
            )
            if said
            else N_(
                "Say whether something ties you to it, and write your %(mine)s reviews; "
                "%(in_)s of %(all)s reviewers are done"
            )
        )
    return (
        N_("Write your review; %(in_)s of %(all)s reviews are in")
        if said
        else N_("Say whether something ties you to it, and write your review; %(in_)s of %(all)s are in")
    )


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
        if may_sign(bench, decision):
            turn, words = Turn.MINE, N_("Check the result and sign it")
    else:
        turn, due = Turn.DONE, decision.certified_at
    about = tuple(missions_about(bench.session, decision))
    return Task(
        turn, Work.VOTE, title_of(bench, decision), phrase(words), f"/decisions/{decision.id}", due,
        about, decision.timezone,
    )  # fmt: skip


def may_sign(bench: Bench, decision: Decision) -> bool:
    """Whether this result waits for the signature of somebody like me; a tie waits for its lot first."""
    if decisions_lot.waits(decision):
        return False
    return closing.shown(bench.session, decision, bench.viewer.id, bench.at).may_sign


def to_second(bench: Bench) -> Iterator[Task]:
    """Drafted questions that wait for somebody of another group, if I may be the one."""
    for decision in decisions_of_committee(bench.session, bench.committee.id):
        stands = seconding.of(bench.session, decision) if decision.state is DecisionState.DRAFT else None
        if stands and any(each.seat.id in bench.mine for each in stands.may):
            words = phrase(N_("Read it, and say whether you second that it be asked"))
            url = f"/decisions/{decision.id}#seconding"
            yield Task(Turn.MINE, Work.VOTE, title_of(bench, decision), words, url)


def is_cast(session: Session, decision: Decision, seat_id: UUID) -> bool:
    """Whether my own ballot is in; of nobody else is it asked."""
    if decisions_freeze.is_secret(decision):
        return has_voted(session, decision.id, [seat_id])
    return ballot_of(session, decision.id, seat_id) is not None


def facts_of(found: list[Task], filters: Filters) -> dict[str, Any]:
    """What the page shows of them."""
    of_work = [each for each in found if Filters(None, filters.work).keeps(each)]
    return {
        "tasks": [each for each in found if filters.keeps(each)],
        "counts": counts(of_work),
        "filters": filters,
    }
