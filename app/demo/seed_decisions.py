"""How the committee of the demonstration decides: the question, the notice, ballots, the count, the reasons."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.conditions.asking import Ask
from app.conditions.taking_part import has_said
from app.demo import content
from app.demo.seed_people import seated_as, voter_of
from app.demo.story import Act, Calendar, Stage
from app.models.columns import now
from app.models.decision import Decision
from app.models.mission import Mission
from app.rules.decisions import DecisionTimes
from app.rules.words import InterestEffect, InterestKind, Role
from app.services import (
    ballots,
    closing,
    decisions,
    decisions_certify,
    decisions_count,
    interests_items,
    seconding,
    signatures,
)
from app.services.interests_items import Said
from app.viewer import Viewer

PUT, SECONDED, DECLARED, DISSENTED = -2, -1, 0.5, 1.5  # days before notice, after notice, after the end
SECONDER = "third_1"
EVENING = 21
COMMITTEE = "committee"


def acts(calendar: Calendar) -> list[Act]:
    return [
        act
        for mission in content.missions()
        if "decision" in mission
        for act in deciding(calendar, mission["key"], mission["decision"])
    ]


def deciding(calendar: Calendar, mission: str, told: dict[str, Any]) -> list[Act]:
    noticed, many = told["noticed"], len(told["ballots"]) + 1
    found = [
        Act(calendar.at(noticed + PUT), partial(put, mission=mission, told=told)),
        Act(calendar.at(noticed + SECONDED), partial(second, told=told)),
        Act(calendar.at(noticed), partial(notice, told=told)),
    ]
    found += [
        Act(calendar.at(noticed + DECLARED), partial(declare, told=told, item=item))
        for item in told["interests"]
    ]
    found += [
        Act(voted_at(calendar, told, place / many), partial(cast, told=told, item=item))
        for place, item in enumerate(told["ballots"], 1)
    ]
    return found + settling(calendar, told) if "certified" in told else found


def settling(calendar: Calendar, told: dict[str, Any]) -> list[Act]:
    """The count, dissent, and the certification with its reasons."""
    dissents = [
        Act(calendar.at(told["closes"] + DISSENTED), partial(dissent, told=told, item=item))
        for item in told["dissents"]
    ]
    certified = Act(calendar.at(told["certified"]), partial(certify, told=told))
    return [counting(calendar, told), *dissents, certified]


def counting(calendar: Calendar, told: dict[str, Any]) -> Act:
    """An hour after the end of a vote."""
    return Act(times_of(calendar, told)[1] + timedelta(hours=1), partial(count, told=told))


def times_of(calendar: Calendar, told: dict[str, Any]) -> tuple[datetime, datetime]:
    return calendar.at(told["opens"]), calendar.at(told["closes"], EVENING)


def voted_at(calendar: Calendar, told: dict[str, Any], share: float) -> datetime:
    """Spread over the vote as far as it has come."""
    opens, closes = times_of(calendar, told)
    return opens + (min(closes, calendar.now) - opens) * share


def put(stage: Stage, mission: str, told: dict[str, Any]) -> None:
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    stage.decisions[told["key"]] = decisions.put_question(
        stage.session,
        stage.committees[COMMITTEE],
        stage.missions[mission],
        told["question"],
        chair,
        at=now(),
    )


def second(stage: Stage, told: dict[str, Any]) -> None:
    """Somebody of another group than the chair's agrees that it be asked."""
    by = stage.person(voter_of(told.get("seconded", SECONDER)))
    seconding.second(stage.session, stage.decisions[told["key"]], by, at=now())


def notice(stage: Stage, told: dict[str, Any]) -> None:
    times = DecisionTimes(*times_of(stage.calendar, told))
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    decisions.notice(stage.session, stage.decisions[told["key"]], told["question"], times, chair, at=now())


def declare(stage: Stage, told: dict[str, Any], item: dict[str, Any]) -> None:
    said = Said(InterestKind(item["kind"]), item["text"], InterestEffect(item["effect"]))
    person = stage.person(voter_of(item["seat"]))
    interests_items.say(stage.session, stage.decisions[told["key"]], person, said, at=now())


def say_before(stage: Stage, told: dict[str, Any], key: str) -> None:
    """Everyone is asked before they see a ballot: nothing ties those who declared nothing."""
    decision, person = stage.decisions[told["key"]], stage.people[key]
    if not has_said(Ask(stage.session, Viewer(person), decision)):
        about = stage.session.get(Mission, decision.mission_id) if decision.mission_id else None
        interests_items.say(stage.session, about or decision, person.id, Said(), at=now())


def cast(stage: Stage, told: dict[str, Any], item: dict[str, Any]) -> None:
    key = voter_of(item["seat"])
    say_before(stage, told, key)
    ballots.cast(
        stage.session,
        stage.decisions[told["key"]],
        stage.person(key),
        {"choice": item["choice"]},
        item["reason"],
        1,
        at=now(),
    )


def count(stage: Stage, told: dict[str, Any]) -> None:
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    decisions_count.close(stage.session, stage.decisions[told["key"]], chair, at=now())


def dissent(stage: Stage, told: dict[str, Any], item: dict[str, Any]) -> None:
    decisions_certify.dissent(
        stage.session,
        stage.decisions[told["key"]],
        stage.person(voter_of(item["seat"])),
        item["text"],
        at=now(),
    )


def certify(stage: Stage, told: dict[str, Any]) -> None:
    secretary = stage.person(seated_as(Role.SECRETARY, COMMITTEE))
    decision = stage.decisions[told["key"]]
    sign_by_two(stage, decision)
    decisions_certify.certify(stage.session, decision, told["reasons"], secretary, at=now())


def sign_by_two(stage: Stage, decision: Decision) -> None:
    """The first seats of two groups that nothing ties to the matter check the result and sign it."""
    done: set[str] = set()
    for voter in closing.possible(stage.session, decision):
        group = closing.speaks_for(decision, voter)
        if group not in done and len(done) < 2:
            closing.sign(stage.session, decision, voter.person_id, signatures.result_hash(decision), at=now())
            done.add(group)
