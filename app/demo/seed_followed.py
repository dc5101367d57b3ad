"""The question that follows from a review which adapts: drafted by it, written out, and answered by some already."""

from functools import partial
from typing import Any

from app.demo import content
from app.demo.seed_course import mission_of
from app.demo.seed_people import seated_as
from app.demo.seed_voices import NOTE, times_of
from app.demo.story import Act, Calendar, Stage
from app.models.course import CourseReview, course_reviews_of
from app.rules.words import CourseVerdict, Role, SubmissionKind
from app.services import calls, course, submissions
from app.services.calls import CallText
from app.services.drafts import Said

KEY = "followed"
DATES = ("opens", "closes", "sense_until", "check_until", "answer_due")


def acts(calendar: Calendar) -> list[Act]:
    told = content.course()[KEY]
    found = [
        Act(calendar.at(told["drafted"]), ask_anew),
        Act(calendar.at(told["edited"]), partial(write, told=told)),
        Act(calendar.at(told["published"]), publish),
    ]
    return found + [
        Act(calendar.at(voice["day"], 15 + place), partial(say, voice=voice), (voice["by"],))
        for place, voice in enumerate(told["voices"])
    ]


def facilitator(stage: Stage) -> Any:
    return stage.person(seated_as(Role.FACILITATOR, "agency"))


def adapted(stage: Stage) -> CourseReview:
    reviews = course_reviews_of(stage.session, mission_of(stage).id)
    return next(each for each in reviews if each.verdict is CourseVerdict.ADAPT)


def ask_anew(stage: Stage) -> None:
    call = course.ask_anew(stage.session, adapted(stage), facilitator(stage))
    call.is_demo, call.source_note = True, NOTE
    stage.calls[KEY] = call


def write(stage: Stage, told: dict[str, Any]) -> None:
    call = stage.calls[KEY]
    text = CallText(
        call.organisation_id, told["title"], told["question"], told["brief"], call.timezone,
        times_of(stage.calendar, {name: told[name] for name in DATES}), call.languages, call.places,
        {"es": {name: told[f"{name}_es"] for name in ("title", "question", "brief")}},
    )  # fmt: skip
    calls.edit(stage.session, call, text, call.version, facilitator(stage))


def publish(stage: Stage) -> None:
    calls.publish(stage.session, stage.calls[KEY], facilitator(stage))


def say(stage: Stage, voice: dict[str, Any]) -> None:
    person = stage.people[voice["by"]]
    said = Said(
        text=voice["text"],
        title=voice["title"],
        kind=SubmissionKind(voice["kind"]),
        language=voice["language"],
        place=person.place,
        group=person.group,
        speaks_for="organisation",
    )
    submissions.submit(stage.session, stage.calls[KEY], person, said, f"demo-followed-{voice['by']}")
