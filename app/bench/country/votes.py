"""Votes that adopted missions and divided budgets, counted by their rules; reviews waived, and of the course."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from app.bench.country.missions import REASON
from app.bench.country.world import Aim, World
from app.models import ballot, course, decision, review
from app.models.ballot import Ballot
from app.models.committee import Committee
from app.models.count_run import CountRun
from app.models.decision import Decision
from app.rules import hashing
from app.rules.voting import electorate, quorum, ruling
from app.rules.voting.electorate import ElectorSeat
from app.rules.voting.profile import Vote, read_mark
from app.rules.words import (
    CourseKind,
    CourseVerdict,
    DecisionKind,
    DecisionState,
    MissionState,
    ReviewVerdict,
    SubjectKind,
)
from app.services import (
    ballots,
    count_runs,
    decisions_count,
    decisions_draft,
    decisions_freeze,
    decisions_rule,
)
from app.services import decisions_pictures_portfolios as portfolios
from app.services.decisions_rule import RuleChoice

M = MissionState
VOTED_ON = {M.ADOPTED, M.REJECTED, M.RETURNED}
OPTIONS, FEW = 40, 12
DIVIDING = ("equal_shares", *("phragmen", "greedy") * 5)
RECALLED = 20


def seed(world: World) -> None:
    world.pour(
        review.ReviewRound, (round_row(world, aim) for aim in world.aims if aim.state is not M.WITHDRAWN)
    )
    committees = {each.id: each for each in world.session.exec(select(Committee))}
    made: list[tuple[Decision, list[Ballot]]] = []
    for aim in world.aims:
        committee = committees[aim.asked.body.key]
        if aim.state in VOTED_ON or aim.is_under_way or aim.state is M.ON_BALLOT:
            made.append(adoption(world, aim, committee))
        if aim.is_under_way and len(aim.routes) > 1:
            made.append(division(world, aim, committee))
            tell_course(world, aim)
    world.pour(decision.Decision, [columns(each) for each, _ballots in made])
    world.pour(ballot.Ballot, (columns(each) for _decision, cast in made for each in cast))
    world.pour(CountRun, (columns(each) for each in world.compared))
    under_way = [aim for aim in world.aims if aim.is_under_way]
    rounds = [row for aim in under_way for row in course_rows(world, aim)]
    world.pour(course.CourseReview, rounds)
    world.pour(course.Recall, (row for each in rounds for row in recall_rows(world, each)))


def columns(record: Any) -> dict[str, Any]:
    return {each.name: getattr(record, each.name) for each in record.__table__.columns}


def round_row(world: World, aim: Aim) -> dict[str, Any]:
    """A review that was waived, with its reason; where the mission is in review it waits."""
    key, at = world.key(), aim.at + timedelta(days=30)
    if aim.state is M.IN_REVIEW:
        world.say(
            at, "review_sent", SubjectKind.MISSION, aim.key, round=key, mission=aim.key, mission_state="in_review",
            states={"review": {}},
        )  # fmt: skip
        at, done = world.now - timedelta(days=3), None
    else:
        world.say(at, "review_waived", SubjectKind.MISSION, aim.key, round=key)
        done = at
    return {
        "id": key, "committee_id": aim.asked.body.key, "mission_id": aim.key, "number": 1, "mission_version": 3,
        "opens_at": at, "due_at": at + timedelta(days=14), "verdict": ReviewVerdict.WAIVED if done else None,
        "reason": REASON if done else "", "concluded_at": done, "created_at": at,
    }  # fmt: skip


def adoption(world: World, aim: Aim, committee: Committee) -> tuple[Decision, list[Ballot]]:
    """For or against: carried where it was adopted, lost where it was not, open where it is on the ballot."""
    is_open = aim.state is M.ON_BALLOT
    at = world.now - timedelta(days=3) if is_open else aim.at + timedelta(days=60)
    made = Decision(
        id=world.key(), committee_id=committee.id, kind=DecisionKind.ADOPT, mission_id=aim.key,
        question="Shall the committee adopt this mission?", options=decisions_freeze.adoption(hashing.digest(aim.key)),
    )  # fmt: skip
    decisions_rule.choose(made, committee, RuleChoice())
    wanted = "against" if aim.state in (M.REJECTED, M.RETURNED) else "for"
    cast = voted(world, aim, committee, made, at, lambda _place: {"choice": wanted})
    becomes = aim.state if aim.state in VOTED_ON else M.ADOPTED
    tell(world, aim, made, at, states={} if is_open else {"mission": {becomes.value: [str(aim.key)]}})
    if is_open:
        reopened(made)
    return made, [] if is_open else cast


def division(world: World, aim: Aim, committee: Committee) -> tuple[Decision, list[Ballot]]:
    """A budget for about half of what the projects cost; by equal shares, which take longer to count, among few."""
    name = DIVIDING[len(world.divided) % len(DIVIDING)]
    routes = aim.routes[: FEW if name == DIVIDING[0] else OPTIONS]
    made = Decision(
        id=world.key(), committee_id=committee.id, kind=DecisionKind.PORTFOLIO, mission_id=aim.key,
        question="Which projects get the money?",
        options=[decisions_draft.option(SubjectKind.PROJECT, each.key) | {"cost": each.cents} for each in routes],
    )  # fmt: skip
    world.divided.append(made.id)
    budget = sum(each.cents for each in routes) // 2
    decisions_rule.choose(made, committee, RuleChoice(name=name, budget=budget))
    at = aim.at + timedelta(days=100)

    def mark(place: int) -> dict[str, Any]:
        return {"approved": [str(each.key) for number, each in enumerate(routes) if (number + place) % 3]}

    cast = voted(world, aim, committee, made, at, mark)
    tell(world, aim, made, at, states={})
    return made, cast


def voted(
    world: World, aim: Aim, committee: Committee, made: Decision, at: datetime, mark: Any
) -> list[Ballot]:
    """Notice, ballots of every seat, the count by the rule, and the certification."""
    seats = aim.asked.body.seats
    frozen = electorate.freeze(ElectorSeat(key, who.key, who.group) for key, who in seats.items())
    made.electorate = electorate.as_facts(frozen)
    decisions_rule.settle(made, committee)
    made.noticed_at, made.opens_at, made.closes_at = at, at + timedelta(days=2), at + timedelta(days=9)
    made.created_at, made.closed_at = at, made.closes_at
    made.frozen_hash = hashing.digest(decisions_freeze.document(made))
    cast = [
        Ballot(
            id=world.key(), decision_id=made.id, seat_id=each.seat_id, version=1, mark=mark(place),
            cast_at=at + timedelta(days=3),
        )
        for place, each in enumerate(frozen)
    ]  # fmt: skip
    asked = decisions_freeze.question_of(made)
    allowed = electorate.voters(frozen)
    present = quorum.presence(
        asked.terms.quorum, asked.terms.required, frozen, allowed, {each.seat_id for each in cast}
    )
    groups = {each.seat_id: each.group.value for each in frozen}
    votes = [Vote(read_mark(asked.mark, each.mark, asked.options), groups[each.seat_id]) for each in cast]
    decisions_count.keep(made, ruling.counted(asked, present, votes))
    if portfolios.is_compared(asked):
        run = CountRun(decision_id=made.id, attempt=0, begun_at=made.closes_at)
        count_runs.finish(run, made.closes_at, portfolios.compared(asked, votes))
        world.compared.append(run)
    made.ballots_hash = ballots.commitment(made, cast)
    made.state, made.reasons = DecisionState.CERTIFIED, REASON
    made.certified_at, made.certified_by_seat_id = at + timedelta(days=12), aim.asked.body.secretary
    return cast


def reopened(made: Decision) -> None:
    """A vote that is still going on: noticed, and nothing counted."""
    made.state, made.reasons, made.outcome, made.result, made.ballots_hash = (
        DecisionState.NOTICED,
        "",
        "",
        {},
        "",
    )
    made.closed_at = made.certified_at = made.certified_by_seat_id = None


def tell(world: World, aim: Aim, made: Decision, at: datetime, states: dict[str, Any]) -> None:
    of, key = SubjectKind.DECISION, made.id
    assert made.opens_at is not None
    assert made.closes_at is not None
    times: dict[str, Any] = {
        "opens_at": hashing.instant(made.opens_at),
        "closes_at": hashing.instant(made.closes_at),
    }
    told: dict[str, Any] = {"states": {}}
    if made.kind is DecisionKind.ADOPT:
        told = {"mission_state": "on_ballot", "mission": aim.key}
    world.say(at, "question_put", of, key, committee=made.committee_id)
    world.say(at, "decision_noticed", of, key, frozen=made.frozen_hash, **told, **times)
    if aim.state is M.ON_BALLOT:
        return
    assert made.certified_at is not None
    world.say(
        made.closes_at, "decision_counted", of, key, outcome=made.outcome, ballots_hash=made.ballots_hash
    )
    world.say(made.certified_at, "decision_certified", of, key, outcome=made.outcome, states=states)


def tell_course(world: World, aim: Aim) -> None:
    """Launched after the votes; what became of it since."""
    of, launched = SubjectKind.MISSION, aim.at + timedelta(days=120)
    world.say(launched, "mission_launched", of, aim.key)
    later = world.now - timedelta(days=30)
    if aim.state is M.ACHIEVED:
        world.say(later, "mission_achieved", of, aim.key)
    elif aim.state in (M.PAUSED, M.ENDED_NOT_MET):
        facts: dict[str, Any] = {"mission": aim.key, "mission_state": aim.state.value}
        world.say(later, "mission_edited", of, aim.key, state=aim.state.value, **facts)


def course_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    """Every half year since the start one that said to go on; a vote ended what was not met."""
    at, number = aim.at + timedelta(days=300), 0
    while at < world.now:
        number += 1
        key = world.key()
        world.say(
            at,
            "course_review_opened",
            SubjectKind.MISSION,
            aim.key,
            review=key,
            number=number,
            asked=RECALLED,
        )
        world.say(
            at + timedelta(days=10), "course_review_concluded", SubjectKind.MISSION, aim.key, review=key,
            verdict="continue", states={},
        )  # fmt: skip
        yield {
            "id": key, "mission_id": aim.key, "number": number, "kind": CourseKind.REFLEXIVE, "reason": REASON,
            "verdict": CourseVerdict.CONTINUE, "next_on": (at + timedelta(days=180)).date(), "opened_at": at,
            "concluded_at": at + timedelta(days=10),
        }  # fmt: skip
        at += timedelta(days=170)


def recall_rows(world: World, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    start = int(world.random.random() * len(world.people))
    for step in range(min(RECALLED, len(world.people))):
        who: UUID = world.people[(start + step) % len(world.people)].key
        felt = {"felt": "better" if step % 3 else "same", "answered_at": row["concluded_at"]}
        yield {"review_id": row["id"], "person_id": who, "asked_at": row["opened_at"], **felt}
