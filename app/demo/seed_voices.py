"""What is asked in the demonstration and what people say: calls, submissions, endorsements, comments."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo import content
from app.demo.content import Row
from app.demo.seed_endorsements import endorsing
from app.demo.seed_people import seated_as
from app.demo.story import MIDNIGHT, Act, Calendar, Stage
from app.rules.phases import CallTimes
from app.rules.words import CallState, Role, StakeholderGroup, SubmissionKind
from app.services import calls, statements, submissions
from app.services.calls import CallText
from app.services.drafts import Said

DRAFTED, PUBLISHED = -16, -7  # days before opening
NOTE = "A demonstration: everyone and everything in it is invented."


def acts(calendar: Calendar) -> list[Act]:
    found: list[Act] = []
    for told in content.calls():
        days = told["days"]
        for day, do in ((DRAFTED, draft_call), (PUBLISHED, publish_call)):
            found.append(Act(calendar.at(days["opens"] + day), partial(do, told=told)))
        for row in content.voices(told["key"]):
            found.append(
                Act(said_at(calendar, told, row), partial(submit, told=told, row=row), (row["author"],))
            )
            found += endorsing(row, said_at(calendar, told, row), ends(calendar, told))
    return [*found, *commenting(calendar)]


def times_of(calendar: Calendar, days: dict[str, int]) -> CallTimes:
    """A question opens in the morning; everything ends at midnight of the place."""
    ends = {
        f"{name}_at" if name == "closes" else name: calendar.at(day, MIDNIGHT) for name, day in days.items()
    }
    return CallTimes.of(
        {**{k: v for k, v in ends.items() if k != "opens"}, "opens_at": calendar.at(days["opens"])}
    )


def draft_call(stage: Stage, told: dict[str, Any]) -> None:
    text = CallText(
        organisation_id=stage.organisations[told["organisation"]].id,
        title=told["title"],
        question=told["question"],
        brief=told["brief"].strip(),
        timezone=told["timezone"],
        times=times_of(stage.calendar, told["days"]),
        languages=told["languages"],
        places=told["places"],
        translations={
            "es": {
                "title": told["title_es"],
                "question": told["question_es"],
                "brief": told["brief_es"].strip(),
            }
        },
    )
    call = calls.create(stage.session, text, stage.person(facilitator(told)))
    call.is_demo, call.source_note = True, NOTE
    stage.calls[told["key"]] = call


def publish_call(stage: Stage, told: dict[str, Any]) -> None:
    calls.publish(stage.session, stage.calls[told["key"]], stage.person(facilitator(told)))


def facilitator(told: dict[str, Any]) -> str:
    """The key of the person who asks, for the organisation that asks."""
    return seated_as(Role.FACILITATOR, told["organisation"])


def said_at(calendar: Calendar, told: dict[str, Any], row: Row) -> datetime:
    opens = calendar.at(told["days"]["opens"])
    return min(
        calendar.waking(opens, int(row["days_after_opening"]), row["key"]),
        ends(calendar, told) - timedelta(hours=2),
    )


def ends(calendar: Calendar, told: dict[str, Any]) -> datetime:
    """When people can say no more: at closing, or at the time of telling while the question is open."""
    still_open = told["state"] == CallState.OPEN
    return calendar.now if still_open else calendar.at(told["days"]["closes"], MIDNIGHT)


def submit(stage: Stage, told: dict[str, Any], row: Row) -> None:
    said = Said(
        text=row["text"],
        title=row["title"],
        kind=SubmissionKind(row["kind"]),
        language=row["language"],
        place=row["place"],
        group=StakeholderGroup(row["group"]),
        speaks_for="organisation",
    )
    call, person = stage.calls[told["key"]], stage.people[row["author"]]
    stage.voices[row["key"]] = submissions.submit(stage.session, call, person, said, f"demo-{row['key']}")


def commenting(calendar: Calendar) -> Iterator[Act]:
    said = {
        row["key"]: said_at(calendar, told, row)
        for told in content.calls()
        for row in content.voices(told["key"])
    }
    for number, row in enumerate(content.comments()):
        at = calendar.waking(said[row["submission"]], int(row["days_after_submission"]), f"comment {number}")
        yield Act(min(at, calendar.past(0)), partial(comment, row=row, number=number), (row["author"],))


def comment(stage: Stage, row: Row, number: int) -> None:
    statements.comment(
        stage.session,
        stage.voices[row["submission"]],
        stage.people[row["author"]],
        row["text"],
        f"demo-{number}",
        None,
    )
