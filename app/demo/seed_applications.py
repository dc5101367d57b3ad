"""Who applies in the demonstration: drafted, submitted in time or not, withdrawn, or still being written."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from app.demo import content
from app.demo.seed_offers import MILLION
from app.demo.story import MIDNIGHT, Act, Calendar, Stage
from app.models.application import Application
from app.models.columns import now
from app.models.offer import latest_terms, offer_of
from app.rules import applications as rules
from app.rules.applications import TooLate
from app.rules.conditions import months_later
from app.rules.words import PaidBy
from app.services import applications, applications_save, applications_send, seeds

CALL, OPEN_CALL = "trials", "water"
STARTS, OPEN_STARTS = -214, 110  # days on which the work begins
SENT_BEFORE, LATE_BY = timedelta(days=6), timedelta(minutes=4)
WITHDRAWN = -284


def acts(calendar: Calendar) -> list[Act]:
    (told,) = [each for each in content.offers() if each["key"] == CALL]
    days = told["days"]
    found = [act for item in content.applications() for act in applying(calendar, days, item)]
    for item in content.late():
        closes = calendar.at(days["closes"], MIDNIGHT)
        found.append(Act(closes - SENT_BEFORE, partial(write, item=item, call=CALL), (item["by"],)))
        found.append(Act(closes + LATE_BY, partial(miss, item=item)))
    return [*found, *drafting(calendar)]


def applying(calendar: Calendar, days: dict[str, int], item: dict[str, Any]) -> Iterator[Act]:
    """Begun in the first weeks, sent in the last days, as people do."""
    chance = Random(f"applies {item['by']}")  # noqa: S311
    opens, closes = calendar.at(days["opens"]), calendar.at(days["closes"], MIDNIGHT)
    begun = opens + timedelta(days=chance.uniform(0.5, 20))
    sent = closes - SENT_BEFORE * chance.uniform(0.01, 1)
    yield Act(begun, partial(write, item=item, call=CALL), (item["by"],))
    yield Act(sent, partial(send, item=item))
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
    starts = stage.calendar.at(STARTS if call == CALL else OPEN_STARTS).date()
    rows = [
        {"what": what, "amount": str(amount * MILLION), "source": PaidBy(source).value}
        for what, amount, source in item["budget"]
    ]
    asked = sum(amount for _what, amount, source in item["budget"] if source == PaidBy.CALL) * MILLION
    form = {name: str(item[name]) for name in (*rules.PLAIN, "readiness")} | {
        "asked": str(asked),
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


def send(stage: Stage, item: dict[str, Any]) -> None:
    submit(stage, item, stage.applications[(CALL, item["by"])])


def miss(stage: Stage, item: dict[str, Any]) -> None:
    """Four minutes late is late: nothing is submitted, and what was written is kept."""
    with suppress(TooLate):
        send(stage, item)


def withdraw(stage: Stage, item: dict[str, Any]) -> None:
    made = stage.applications[(CALL, item["by"])]
    applications_send.withdraw(stage.session, made, stage.person(item["by"]))


def take_up(stage: Stage, item: dict[str, Any]) -> None:
    """Build on what citizens proposed, as far as their voices came together as proposals."""
    made = stage.applications[(OPEN_CALL, item["by"])]
    offer = offer_of(stage.session, made.call_id)
    assert offer is not None
    for cluster in seeds.offered(stage.session, offer)[:1]:
        seeds.adopt(stage.session, offer, made, cluster.id, stage.person(item["by"]))
