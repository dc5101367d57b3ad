"""Who applies in the demonstration: drafted, submitted in time or not, withdrawn, or still being written."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from sqlmodel import select

from app.demo import content
from app.demo.seed_offers import MILLION
from app.demo.story import MIDNIGHT, Act, Calendar, Stage
from app.models.application import Application
from app.models.columns import now
from app.models.offer import latest_terms, offer_of
from app.models.placement import Placement
from app.rules import applications as rules
from app.rules.applications import TooLate
from app.rules.conditions import months_later
from app.rules.words import PaidBy
from app.services import applications, applications_save, applications_send, seeds

CALL, OPEN_CALL, ROADS = "trials", "water", "roads"
STARTS, OPEN_STARTS = -214, 110  # days on which the work begins
BEGIN_WITHIN = 20  # days
SENT_BEFORE, LATE_BY = timedelta(days=6), timedelta(minutes=4)
TAKEN_UP = timedelta(hours=2)  # after a draft was begun
TOLD = timedelta(minutes=10)  # after the deadline
WITHDRAWN = -284


def acts(calendar: Calendar) -> list[Act]:
    answers = ((CALL, content.applications()), (ROADS, content.roads()["applications"]))
    found = [act for call, items in answers for item in items for act in applying(calendar, call, item)]
    closes = calendar.at(content.offer(CALL)["days"]["closes"], MIDNIGHT)
    for item in content.late():
        found.append(Act(closes - SENT_BEFORE, partial(write, item=item, call=CALL), (item["by"],)))
        found.append(Act(closes + LATE_BY, partial(miss, item=item)))
    return [*found, Act(closes + TOLD, tell_authors), *drafting(calendar)]


def applying(calendar: Calendar, call: str, item: dict[str, Any]) -> Iterator[Act]:
    """Begun in the first weeks, sent in the last days, as people do."""
    days = content.offer(call)["days"]
    chance = Random(f"applies {item['by']}")  # noqa: S311
    opens, closes = calendar.at(days["opens"]), calendar.at(days["closes"], MIDNIGHT)
    latest = min(BEGIN_WITHIN, (closes - SENT_BEFORE - opens).days - 1)
    begun = opens + timedelta(days=chance.uniform(0.5, latest))
    sent = closes - SENT_BEFORE * chance.uniform(0.01, 1)
    yield Act(begun, partial(write, item=item, call=call), (item["by"],))
    if "seed" in item:
        yield Act(begun + TAKEN_UP, partial(build_on, item=item))
    yield Act(sent, partial(send, item=item, call=call))
    if item.get("withdrawn"):
        yield Act(calendar.at(WITHDRAWN), partial(withdraw, item=item))


def drafting(calendar: Calendar) -> Iterator[Act]:
    """What is being written for the call that is open today."""
    for item in content.drafts():
        yield Act(calendar.at(item["day"]), partial(write, item=item, call=OPEN_CALL), (item["by"],))
        yield Act(calendar.at(item["day"], 14), partial(take_up, item=item))


def write(stage: Stage, item: dict[str, Any], call: str) -> None:
    person = stage.people[item["by"]]
    made = applications.begin(stage.session, stage.calls[call], person)
    fields = fields_of(stage, item, call)
    applications_save.save_typed(stage.session, made, fields, made.version, person.id)
    stage.applications[(call, item["by"])] = made


def fields_of(stage: Stage, item: dict[str, Any], call: str) -> dict[str, Any]:
    """The form as its page would hold it; what is asked for is what the lines ask of the call."""
    offer = offer_of(stage.session, stage.calls[call].id)
    assert offer is not None
    starts = stage.calendar.at(item.get("starts", STARTS if call == CALL else OPEN_STARTS)).date()
    rows = [
        {"what": what, "amount": str(amount * MILLION), "source": PaidBy(source).value}
        for what, amount, source in item["budget"]
    ]
    asked = sum(amount for _what, amount, source in item["budget"] if source == PaidBy.CALL) * MILLION
    form = {name: str(item[name]) for name in (*rules.PLAIN, "readiness")} | {
        "asked": str(asked) if rows else "",
        "starts": starts.isoformat(),
        "ends": (months_later(starts, item["months"]) - timedelta(days=1)).isoformat(),
        "fact-partners": str(item.get("partners", "")),
    }
    form |= {rules.ANSWER + each["id"]: item[each["id"]] for each in offer.criteria}
    return rules.typed(form, rows, offer.criteria)


def submit(stage: Stage, item: dict[str, Any], made: Application) -> None:
    """Sent at the story's own instant, with the terms that stand."""
    terms = latest_terms(stage.session, made.call_id)
    applications_send.submit(
        stage.session, made, stage.person(item["by"]), arrived=now(), seen=made.version,
        terms=terms.id if terms else None,
    )  # fmt: skip


def send(stage: Stage, item: dict[str, Any], call: str = CALL) -> None:
    submit(stage, item, stage.applications[(call, item["by"])])


def miss(stage: Stage, item: dict[str, Any]) -> None:
    """Four minutes late is late: nothing is submitted, and what was written is kept."""
    with suppress(TooLate):
        send(stage, item)


def withdraw(stage: Stage, item: dict[str, Any]) -> None:
    made = stage.applications[(CALL, item["by"])]
    applications_send.withdraw(stage.session, made, stage.person(item["by"]))


def build_on(stage: Stage, item: dict[str, Any]) -> None:
    """Take up the proposal in which a voice stands that the applicants have read."""
    made = stage.applications[(CALL, item["by"])]
    offer = offer_of(stage.session, made.call_id)
    assert offer is not None
    query = select(Placement.cluster_id).where(Placement.submission_id == stage.voices[item["seed"]].id)
    homes = set(stage.session.exec(query))
    for cluster in seeds.offered(stage.session, offer):
        if cluster.id in homes:
            seeds.adopt(stage.session, offer, made, cluster.id, stage.person(item["by"]))


def tell_authors(stage: Stage) -> None:
    """Whose words an application builds on learns it when all are in."""
    seeds.tell_due(stage.session, "")


def take_up(stage: Stage, item: dict[str, Any]) -> None:
    """Build on what citizens proposed, as far as their voices came together as proposals."""
    made = stage.applications[(OPEN_CALL, item["by"])]
    offer = offer_of(stage.session, made.call_id)
    assert offer is not None
    for cluster in seeds.offered(stage.session, offer)[:1]:
        seeds.adopt(stage.session, offer, made, cluster.id, stage.person(item["by"]))
