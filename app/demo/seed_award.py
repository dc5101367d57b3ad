"""How the call of the demonstration is decided: a vote under its budget, and an answer to each application."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from app.demo import content
from app.demo.seed_decisions import COMMITTEE, PUT, SECONDED, notice, say_before, second, settling, voted_at
from app.demo.seed_panel import APART, agency, application, call_of
from app.demo.seed_people import seated_as, voter_of
from app.demo.story import Act, Calendar, Stage
from app.models.columns import now
from app.rules.words import ApplicationState, DecisionKind, Role
from app.services import ballots, decisions_draft, feedback
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from app.services.feedback import Answer

ANSWERED, CONCLUDED = -236, -233


def acts(calendar: Calendar) -> list[Act]:
    told = content.award()
    noticed, seats = told["noticed"], told["approved"]
    found = [
        Act(calendar.at(noticed + PUT), partial(put, told=told)),
        Act(calendar.at(noticed + SECONDED), partial(second, told=told)),
        Act(calendar.at(noticed), partial(notice, told=told)),
    ]
    found += [
        Act(voted_at(calendar, told, place / (len(seats) + 1)), partial(cast, told=told, seat=seat))
        for place, seat in enumerate(seats, 1)
    ]
    return [*found, *settling(calendar, told), *answering(calendar), Act(calendar.at(CONCLUDED), conclude)]


def put(stage: Stage, told: dict[str, Any]) -> None:
    """Every application on the shortlist stands on the ballot, at what it asks for."""
    call = call_of(stage)
    asked = Asked(
        told["question"], RuleChoice(name="greedy", lower_cost_first=True, lot=told["lot"]), call=call.id,
        timezone=call.timezone,
    )  # fmt: skip
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    decision = decisions_draft.draft(
        stage.session, stage.committees[COMMITTEE], DecisionKind.PORTFOLIO, asked, chair
    )
    decision.created_at = now()
    stage.decisions[told["key"]] = decision


def cast(stage: Stage, told: dict[str, Any], seat: str) -> None:
    key = voter_of(seat)
    say_before(stage, told, key)
    mark = {"approved": [str(application(stage, each).id) for each in told["approved"][seat]]}
    ballots.cast(stage.session, stage.decisions[told["key"]], stage.person(key), mark, "", 1, at=now())


def answering(calendar: Calendar) -> Iterator[Act]:
    told = content.panel()
    for place, key in enumerate([*told["answered"], *told["declined"], *told["ineligible"]]):
        yield Act(calendar.at(ANSWERED) + place * APART, partial(answer, key=key))


def answer(stage: Stage, key: str) -> None:
    """Why, what else may help, whom to ask, and how to contest it."""
    told, about = content.panel(), application(stage, key)
    words = told["words"]
    if key in told["answered"]:
        reason, more = f"{told['shortlisted'][key]} {words[about.state.value]}", told["answered"][key]
    else:
        part = "ineligible" if about.state is ApplicationState.INELIGIBLE else "declined"
        reason, more = told[part][key], words["again"]
    said = Answer(reason, more, words["ask_whom"], words["contest"])
    feedback.answer(stage.session, about, said, agency(stage))


def conclude(stage: Stage) -> None:
    feedback.conclude(stage.session, call_of(stage), agency(stage))
