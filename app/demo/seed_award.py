"""How the calls of the demonstration are decided: by a vote, and with an answer to each application."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from app.demo import content
from app.demo.seed_decisions import COMMITTEE, PUT, SECONDED, notice, say_before, second, settling, voted_at
from app.demo.seed_panel import APART, Told, agency, application, call_of
from app.demo.seed_people import seated_as, voter_of
from app.demo.story import Act, Calendar, Stage
from app.models.columns import now
from app.rules.words import ApplicationState, DecisionKind, Role
from app.services import ballots, decisions_draft, feedback
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from app.services.feedback import Answer


def acts(calendar: Calendar) -> list[Act]:
    return [act for told in content.judged() for act in awarding(calendar, told)]


def awarding(calendar: Calendar, told: Told) -> list[Act]:
    vote = told["award"]
    noticed, seats = vote["noticed"], vote["approved"]
    found = [
        Act(calendar.at(noticed + PUT), partial(put, told=told, vote=vote)),
        Act(calendar.at(noticed + SECONDED), partial(second, told=vote)),
        Act(calendar.at(noticed), partial(notice, told=vote)),
    ]
    found += [
        Act(
            voted_at(calendar, vote, place / (len(seats) + 1)), partial(cast, told=told, vote=vote, seat=seat)
        )
        for place, seat in enumerate(seats, 1)
    ]
    concluded = Act(calendar.at(told["days"]["concluded"]), partial(conclude, told=told))
    return [*found, *settling(calendar, vote), *answering(calendar, told), concluded]


def put(stage: Stage, told: Told, vote: dict[str, Any]) -> None:
    """Every application on the shortlist stands on the ballot, at what it asks for."""
    call = call_of(stage, told)
    rule = RuleChoice(name="greedy", lot=vote["lot"], **vote["rule"])
    asked = Asked(vote["question"], rule, call=call.id, timezone=call.timezone)
    chair = stage.person(seated_as(Role.CHAIR, COMMITTEE))
    decision = decisions_draft.draft(
        stage.session, stage.committees[COMMITTEE], DecisionKind.PORTFOLIO, asked, chair
    )
    decision.created_at = now()
    stage.decisions[vote["key"]] = decision


def cast(stage: Stage, told: Told, vote: dict[str, Any], seat: str) -> None:
    key = voter_of(seat)
    say_before(stage, vote, key)
    mark = {"approved": [str(application(stage, each, told["call"]).id) for each in vote["approved"][seat]]}
    ballots.cast(stage.session, stage.decisions[vote["key"]], stage.person(key), mark, "", 1, at=now())


def answering(calendar: Calendar, told: Told) -> Iterator[Act]:
    begins = calendar.at(told["days"]["answered"])
    for place, key in enumerate([*told["answered"], *told["declined"], *told["ineligible"]]):
        yield Act(begins + place * APART, partial(answer, told=told, key=key))


def answer(stage: Stage, told: Told, key: str) -> None:
    """Why, what else may help, whom to ask, and how to contest it."""
    about, words = application(stage, key, told["call"]), told["words"]
    if key in told["answered"]:
        reason, more = f"{told['shortlisted'][key]} {words[about.state.value]}", told["answered"][key]
    else:
        part = "ineligible" if about.state is ApplicationState.INELIGIBLE else "declined"
        reason, more = told[part][key], words["again"]
    said = Answer(reason, more, words["ask_whom"], words["contest"])
    feedback.answer(stage.session, about, said, agency(stage))


def conclude(stage: Stage, told: Told) -> None:
    feedback.conclude(stage.session, call_of(stage, told), agency(stage))
