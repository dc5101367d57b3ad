"""How the panel of the demonstration judges: who is eligible, three reviews each, a shortlist, interviews."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.demo import content
from app.demo.content import Row
from app.demo.seed_applications import CALL
from app.demo.seed_people import seated_as
from app.demo.story import MIDNIGHT, Act, Calendar, Stage
from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.panel import PanelReview
from app.rules.words import ApplicationState, Role
from app.services import interests_items, panel, panel_asking, panel_reviews
from app.services.interests_items import Said

APART = timedelta(minutes=7)
LONG_APART = timedelta(hours=2)
TALKED = 2  # days after the shortlist
Told = dict[str, Any]  # how the applications to one call were judged


def acts(calendar: Calendar) -> list[Act]:
    return [act for told in content.judged() for act in judging(calendar, told)]


def judging(calendar: Calendar, told: Told) -> list[Act]:
    days = told["days"]
    fates = {
        **dict.fromkeys(told["shortlisted"], "shortlisted"),
        **dict.fromkeys(told["declined"], "declined"),
    }
    found = [
        Act(calendar.at(days["checked"]) + place * APART, partial(check, told=told, key=key))
        for place, key in enumerate([*fates, *told["ineligible"]])
    ]
    found += [
        Act(calendar.at(days["sent"]), partial(send, told=told)),
        Act(calendar.at(days["asked"]), partial(ask, told=told)),
    ]
    found += [
        Act(calendar.at(days["filed"]) + place * LONG_APART, partial(file, told=told, row=row))
        for place, row in enumerate(told["reviews"])
    ]
    found += deciding(calendar, told, fates)
    return [*found, Act(calendar.at(days["closed"]), partial(close, told=told))]


def deciding(calendar: Calendar, told: Told, fates: dict[str, str]) -> Iterator[Act]:
    decided = told["days"]["decided"]
    for place, (key, fate) in enumerate(fates.items()):
        after = ApplicationState(fate)
        yield Act(calendar.at(decided) + place * APART, partial(decide, told=told, key=key, after=after))
    for place, (key, words) in enumerate(told["interviews"].items()):
        at = calendar.at(decided + TALKED) + place * LONG_APART
        yield Act(at, partial(note, told=told, key=key, words=words))


def call_of(stage: Stage, told: Told) -> Call:
    return stage.calls[told["call"]]


def application(stage: Stage, key: str, call: str = CALL) -> Application:
    return stage.applications[(call, key)]


def agency(stage: Stage) -> UUID:
    return stage.person(seated_as(Role.FACILITATOR, "agency"))


def check(stage: Stage, told: Told, key: str) -> None:
    reason = told["ineligible"].get(key, "")
    after = ApplicationState.INELIGIBLE if reason else ApplicationState.IN_REVIEW
    panel.check(stage.session, application(stage, key, told["call"]), after, reason, agency(stage))


def send(stage: Stage, told: Told) -> None:
    panel.send_to_review(stage.session, call_of(stage, told), agency(stage))


def ask(stage: Stage, told: Told) -> None:
    """As it is proposed: evenly, and nobody on what is theirs."""
    call = call_of(stage, told)
    rows = panel_asking.propose(stage.session, call)
    pairs = [(row.application.id, seat) for row in rows for seat in row.proposed]
    due: datetime = stage.calendar.at(told["days"]["due"], MIDNIGHT)
    made = panel_asking.ask(stage.session, call, pairs, due, agency(stage))
    keys = {seat.id: key for key, seat in stage.seats.items()}
    for review in sorted(made, key=lambda each: keys[each.seat_id]):
        stage.reviews.setdefault(review.application_id, []).append(review)


def file(stage: Stage, told: Told, row: Row) -> None:
    """One seat says what ties it to an application, and reviews it."""
    about = application(stage, row["application"], told["call"])
    review = stage.reviews[about.id][int(row["place"]) - 1]
    person = reviewer(stage, review)
    interests_items.say(stage.session, about, person, Said(), at=now())
    typed = answers(told, row)
    panel_reviews.file(stage.session, review, typed, review.version, person)


def reviewer(stage: Stage, review: PanelReview) -> UUID:
    return next(seat.person_id for seat in stage.seats.values() if seat.id == review.seat_id)


def answers(told: Told, row: Row) -> dict[str, str]:
    """Three marks with their words: an own sentence on one criterion, a short note on the others."""
    criteria = [each["id"] for each in content.offer(told["call"])["criteria"]]
    own = criteria[int(row["place"]) - 1]
    found = {"overall": told["words"]["overall"]}
    for each in criteria:
        found[f"{each}_grade"] = row[each]
        found[f"{each}_note"] = row["note"] if each == own else told["notes"][each][row[each]]
    return found


def decide(stage: Stage, told: Told, key: str, after: ApplicationState) -> None:
    about, reason = application(stage, key, told["call"]), told[after.value][key]
    panel.decide(stage.session, about, after, reason, agency(stage))


def note(stage: Stage, told: Told, key: str, words: str) -> None:
    present = (
        "Verónica Lastra, Nayra Condo, Mauricio Cepeda Luna; for the applicants the lead and one of the team"
    )
    about = application(stage, key, told["call"])
    panel.note(stage.session, about, now().date(), present, words, agency(stage))


def close(stage: Stage, told: Told) -> None:
    panel.close_shortlist(stage.session, call_of(stage, told), agency(stage))
