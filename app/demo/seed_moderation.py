"""What moderators and authors do in the demonstration: hiding by a rule, appeals, reports, taking back."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from app.demo import content
from app.demo.seed_voices import facilitator, said_at
from app.demo.story import Act, Calendar, Stage
from app.rules.moderation import HidingRule
from app.services import moderation, statements, submissions

MORNING_AFTER = 1
KEPT = "Read by a moderator. It breaks none of the rules; whether it answers the question is another matter."


def acts(calendar: Calendar) -> list[Act]:
    known = {row["key"]: (told, row) for told in content.calls() for row in content.voices(told["key"])}
    words = content.words()
    found: list[Act] = []
    for item in words["hidden"]:
        told, row = known[item["submission"]]
        at = calendar.waking(said_at(calendar, told, row), MORNING_AFTER, f"hide {row['key']}")
        found.append(Act(at, partial(hide, item=item, by=facilitator(told))))
        if "appeal" in item:
            found.append(
                Act(calendar.past(item["appeal_on_day"], 15), partial(appeal, item=item, by=row["author"]))
            )
    for item in words["withdrawn"]:
        _told, row = known[item["submission"]]
        found.append(Act(calendar.past(item["day"], 16), partial(withdraw, key=row["key"], by=row["author"])))
    for item in words["reports"]:
        found += reporting(calendar, item, facilitator(known[item["submission"]][0]))
    return found


def reporting(calendar: Calendar, item: dict[str, Any], by: str) -> Iterator[Act]:
    yield Act(calendar.past(item["day"], 18), partial(report, item=item), (item["author"],))
    if "resolved_on_day" in item:
        yield Act(calendar.past(item["resolved_on_day"], 14), partial(keep, key=item["submission"], by=by))


def hide(stage: Stage, item: dict[str, Any], by: str) -> None:
    moderation.hide(
        stage.session,
        stage.voices[item["submission"]],
        stage.people[by],
        HidingRule(item["rule"]),
        item["note"],
        "",
    )


def appeal(stage: Stage, item: dict[str, Any], by: str) -> None:
    statements.appeal(stage.session, stage.voices[item["submission"]], stage.people[by], item["appeal"])


def withdraw(stage: Stage, key: str, by: str) -> None:
    submissions.withdraw(stage.session, stage.voices[key], stage.person(by))


def report(stage: Stage, item: dict[str, Any]) -> None:
    statements.report(
        stage.session, stage.voices[item["submission"]], stage.people[item["author"]], item["text"]
    )


def keep(stage: Stage, key: str, by: str) -> None:
    submission = stage.voices[key]
    moderation.keep_visible(stage.session, submission, submission.id, stage.people[by], KEPT)
