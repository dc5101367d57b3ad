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

# Days counted from the day of seeding, as everywhere.
CHECKED, SENT, ASKED, FILED, DUE, DECIDED, CLOSED = -283, -278, -277, -276, -262, -261, -257
APART = timedelta(minutes=7)
LONG_APART = timedelta(hours=2)


def acts(calendar: Calendar) -> list[Act]:
    told = content.panel()
    fates = {
        **dict.fromkeys(told["shortlisted"], "shortlisted"),
        **dict.fromkeys(told["declined"], "declined"),
    }
    found = [
        Act(calendar.at(CHECKED) + place * APART, partial(check, key=key))
        for place, key in enumerate([*fates, *told["ineligible"]])
    ]
    found += [Act(calendar.at(SENT), send), Act(calendar.at(ASKED), ask)]
    found += [
        Act(calendar.at(FILED) + place * LONG_APART, partial(file, row=row))
        for place, row in enumerate(content.panel_reviews())
    ]
    found += deciding(calendar, told, fates)
    return [*found, Act(calendar.at(CLOSED), close)]


def deciding(calendar: Calendar, told: dict[str, Any], fates: dict[str, str]) -> Iterator[Act]:
    for place, (key, fate) in enumerate(fates.items()):
        at = calendar.at(DECIDED) + place * APART
        yield Act(at, partial(decide, key=key, after=ApplicationState(fate), reason=told[fate][key]))
    for place, (key, words) in enumerate(told["interviews"].items()):
        at = calendar.at(DECIDED + 2) + place * LONG_APART
        yield Act(at, partial(note, key=key, words=words))


def call_of(stage: Stage) -> Call:
    return stage.calls[CALL]


def application(stage: Stage, key: str) -> Application:
    return stage.applications[(CALL, key)]


def agency(stage: Stage) -> UUID:
    return stage.person(seated_as(Role.FACILITATOR, "agency"))


def check(stage: Stage, key: str) -> None:
    told = content.panel()
    reason = told["ineligible"].get(key, "")
    after = ApplicationState.INELIGIBLE if reason else ApplicationState.IN_REVIEW
    panel.check(stage.session, application(stage, key), after, reason, agency(stage))


def send(stage: Stage) -> None:
    panel.send_to_review(stage.session, call_of(stage), agency(stage))


def ask(stage: Stage) -> None:
    """As it is proposed: evenly, and nobody on what is theirs."""
    call = call_of(stage)
    rows = panel_asking.propose(stage.session, call)
    pairs = [(row.application.id, seat) for row in rows for seat in row.proposed]
    due: datetime = stage.calendar.at(DUE, MIDNIGHT)
    made = panel_asking.ask(stage.session, call, pairs, due, agency(stage))
    keys = {seat.id: key for key, seat in stage.seats.items()}
    for review in sorted(made, key=lambda each: keys[each.seat_id]):
        stage.reviews.setdefault(review.application_id, []).append(review)


def file(stage: Stage, row: Row) -> None:
    """One seat says what ties it to an application, and reviews it."""
    about = application(stage, row["application"])
    review = stage.reviews[about.id][int(row["place"]) - 1]
    person = reviewer(stage, review)
    interests_items.say(stage.session, about, person, Said(), at=now())
    typed = answers(row)
    panel_reviews.file(stage.session, review, typed, review.version, person)


def reviewer(stage: Stage, review: PanelReview) -> UUID:
    return next(seat.person_id for seat in stage.seats.values() if seat.id == review.seat_id)


def answers(row: Row) -> dict[str, str]:
    """Three marks with their words: an own sentence on one criterion, a short note on the others."""
    told = content.panel()
    criteria = [each["id"] for each in content.offer(CALL)["criteria"]]
    own = criteria[int(row["place"]) - 1]
    found = {"overall": told["words"]["overall"]}
    for each in criteria:
        found[f"{each}_grade"] = row[each]
        found[f"{each}_note"] = row["note"] if each == own else told["notes"][each][row[each]]
    return found


def decide(stage: Stage, key: str, after: ApplicationState, reason: str) -> None:
    panel.decide(stage.session, application(stage, key), after, reason, agency(stage))


def note(stage: Stage, key: str, words: str) -> None:
    present = (
        "Verónica Lastra, Nayra Condo, Mauricio Cepeda Luna; for the applicants the lead and one of the team"
    )
    panel.note(stage.session, application(stage, key), now().date(), present, words, agency(stage))


def close(stage: Stage) -> None:
    panel.close_shortlist(stage.session, call_of(stage), agency(stage))
