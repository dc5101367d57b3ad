"""What else the committee of the demonstration is asked: people, dates, budgets, waivers, in every kind of vote."""

import secrets
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.demo import content
from app.demo.seed_decisions import (
    COMMITTEE,
    DECLARED,
    PUT,
    SECONDED,
    counting,
    declare,
    notice,
    say_before,
    second,
    settling,
    voted_at,
)
from app.demo.seed_motions import motion_of, move
from app.demo.seed_people import accounts, seated_as, voter_of
from app.demo.story import Act, Calendar, Stage
from app.models.amendment import amendments_of
from app.models.columns import now
from app.models.mission import clauses_of
from app.models.project import Project
from app.rules.words import AnswerState, DecisionKind, Role
from app.services import (
    absences,
    amendments,
    amendments_decide,
    ballots,
    ballots_secret,
    challenges,
    decisions_draft,
    decisions_freeze,
    decisions_lot,
)
from app.services.amendments import AmendmentText
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice

DRAWN = 2  # days after the end


def acts(calendar: Calendar) -> list[Act]:
    return [act for told in content.questions() for act in asking(calendar, told)]


def asking(calendar: Calendar, told: dict[str, Any]) -> list[Act]:
    told = {"dissents": [], "interests": [], **told}
    noticed, many = told["noticed"], len(told["ballots"]) + 1
    found = [
        Act(calendar.at(told.get("put", noticed + PUT)), partial(put, told=told)),
        Act(calendar.at(told.get("seconded_on", noticed + SECONDED)), partial(second, told=told)),
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
    if "motion" in told:
        found.append(Act(calendar.at(told["motion"]["on"]), partial(move, told=told)))
    if "amendment" in told:
        found += amending(calendar, told)
    if "absence" in told:
        found.append(Act(calendar.at(told["absence"]["on"]), partial(go_away, told=told)))
    if "lot_value" in told:
        found.append(Act(calendar.at(told["closes"] + DRAWN), partial(draw, told=told)))
    if "challenge" in told:
        found.append(Act(calendar.at(told["challenge"]["on"]), partial(challenge, told=told)))
        found.append(Act(calendar.at(told["challenge"]["answered"]), partial(answer, told=told)))
    return found + ended(calendar, told)


def ended(calendar: Calendar, told: dict[str, Any]) -> list[Act]:
    """Certified where the story says when; else counted when its end has passed, and left for two to sign."""
    if "certified" in told:
        return settling(calendar, told)
    return [counting(calendar, told)] if told["closes"] < 0 else []


def amending(calendar: Calendar, told: dict[str, Any]) -> list[Act]:
    """Somebody proposes other words for a clause, and its facilitator puts them to a vote."""
    asked = told["amendment"]
    return [
        Act(calendar.at(asked["proposed"]), partial(propose, told=told), who=(asked["by"],)),
        Act(calendar.at(asked["to_vote"]), partial(put_to_vote, told=told)),
    ]


def propose(stage: Stage, told: dict[str, Any]) -> None:
    asked, mission = told["amendment"], stage.missions[told["mission"]]
    clause = clauses_of(stage.session, mission.id)[asked["clause"] - 1]
    typed = AmendmentText(asked["words"], asked["reason"], clause.id)
    amendments.propose(stage.session, mission, stage.people[asked["by"]], typed, told["key"])


def put_to_vote(stage: Stage, told: dict[str, Any]) -> None:
    (proposed,) = [
        statement for statement, _ in amendments_of(stage.session, stage.missions[told["mission"]].id)
    ]
    by = next(key for key, each in accounts().items() if each["email"].startswith("facilitator@"))
    amendments_decide.answer(
        stage.session, proposed, stage.people[by], AnswerState.TO_VOTE, told["amendment"]["answer"]
    )


def amendment_of(stage: Stage, told: dict[str, Any]) -> UUID | None:
    if "amendment" not in told:
        return None
    (waiting,) = amendments_decide.amendments_for_vote(stage.session, stage.missions[told["mission"]])
    return waiting.statement_id


def go_away(stage: Stage, told: dict[str, Any]) -> None:
    """A member announces from when to when they are away; their alternate votes meanwhile."""
    away, person = told["absence"], stage.person(voter_of(told["absence"]["seat"]))
    last = stage.calendar.at(away["last"]).date()
    absences.announce(
        stage.session, stage.committees[COMMITTEE], stage.seats[away["seat"]].id, (None, last), person
    )


def put(stage: Stage, told: dict[str, Any]) -> None:
    """Drafted as a chair would on the page."""
    wanted: dict[str, Any] = {
        name: Fraction(value) if name == "share" else value for name, value in told["rule"].items()
    }
    mission = stage.missions[told["mission"]].id if "mission" in told else None
    projects = projects_of(stage, told)
    asked = Asked(
        told["question"],
        RuleChoice(**wanted),
        missions=[stage.missions[key].id for key in told.get("missions", [])],
        mission=mission,
        costs=dict(zip(projects, told["costs"], strict=True)) if "costs" in told else {},
        amendment=amendment_of(stage, told),
        motion=motion_of(stage, told),
        lines=told.get("options", []),
        timezone="America/Santiago",
    )
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    decision = decisions_draft.draft(
        stage.session, stage.committees[COMMITTEE], DecisionKind(told["kind"]), asked, chair
    )
    decision.created_at = now()
    stage.decisions[told["key"]] = decision


def projects_of(stage: Stage, told: dict[str, Any]) -> list[Any]:
    if "costs" not in told:
        return []
    query = select(Project.id).where(Project.mission_id == stage.missions[told["mission"]].id)
    return list(stage.session.exec(query.order_by(col(Project.created_at), col(Project.id))))


def voter(item: dict[str, Any]) -> str:
    """The key of whoever votes: the person in a seat, or the alternate who stepped in."""
    if "seat" in item:
        return voter_of(item["seat"])
    wanted = item["alternate_of"]
    return next(
        key
        for key, account in accounts().items()
        if any(seat.get("alternate_for") == wanted for seat in account["seats"])
    )


def cast(stage: Stage, told: dict[str, Any], item: dict[str, Any]) -> None:
    decision, person = stage.decisions[told["key"]], stage.person(voter(item))
    say_before(stage, told, voter(item))
    mark = marked(stage, told, item["mark"])
    if decisions_freeze.is_secret(decision):
        ballots_secret.cast(stage.session, decision, person, mark, secrets.token_hex(16), at=now())
    else:
        ballots.cast(stage.session, decision, person, mark, item.get("reason", ""), 1, at=now())


def marked(stage: Stage, told: dict[str, Any], mark: dict[str, Any]) -> dict[str, Any]:
    """A ballot as the page sends it: routes stand in the file by their place, missions by their key."""
    if "costs" in told:
        projects = projects_of(stage, told)
        return {"approved": [str(projects[place]) for place in mark["approved"]]}
    ids = {key: str(stage.missions[key].id) for key in told.get("missions", [])}
    if "ranking" in mark:
        return {"ranking": [[ids.get(option, option) for option in level] for level in mark["ranking"]]}
    if "approved" in mark:
        return {"approved": [ids.get(option, option) for option in mark["approved"]]}
    return dict(mark)


def draw(stage: Stage, told: dict[str, Any]) -> None:
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    decisions_lot.draw(stage.session, stage.decisions[told["key"]], told["lot_value"], chair, at=now())


def challenge(stage: Stage, told: dict[str, Any]) -> None:
    asked = told["challenge"]
    person = stage.person(voter_of(asked["seat"]))
    challenges.file(
        stage.session, stage.decisions[told["key"]], person, asked["ground"], affected=1, at=now()
    )


def answer(stage: Stage, told: dict[str, Any]) -> None:
    """By somebody of another agency, who has no seat in the committee."""
    by = stage.person(
        next(key for key, each in accounts().items() if each["email"].startswith("facilitator.towns"))
    )
    challenges.resolve(
        stage.session, stage.decisions[told["key"]], False, told["challenge"]["answer"], by, at=now()
    )
