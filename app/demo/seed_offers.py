"""The innovation calls of the demonstration: drafted part by part, published, and asked about in public."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from app.demo import content
from app.demo.seed_voices import NOTE, facilitator, times_of
from app.demo.story import Act, Calendar, Stage
from app.models.offer import offer_of
from app.rules import eligibility
from app.rules.conditions import Measure
from app.rules.offers import Criterion
from app.rules.offers import Stage as OfferStage
from app.rules.words import CallKind, ConditionKind, Instrument
from app.services import calls, offer_questions, offers_edit
from app.services.calls import CallText
from app.services.offers_edit import ConditionText, OfferText

MILLION = 1_000_000
CURRENCY = "CLP"
DATES = ("opens", "closes", "sense_until", "check_until", "answer_due")


def acts(calendar: Calendar) -> list[Act]:
    return [act for told in content.offers() for act in posting(calendar, told)]


def posting(calendar: Calendar, told: dict[str, Any]) -> Iterator[Act]:
    days = told["days"]
    yield Act(calendar.at(days["drafted"]), partial(draft, told=told))
    yield Act(calendar.at(days["published"]), partial(publish, told=told))
    for place, item in enumerate(told["questions"]):
        asked = calendar.at(item["day"]) + timedelta(hours=place)
        yield Act(asked, partial(ask, told=told, item=item, place=place), (item["by"],))
        yield Act(calendar.at(item["answered"]), partial(answer, told=told, item=item, place=place))


def draft(stage: Stage, told: dict[str, Any]) -> None:
    """Everything that a call needs before anybody may apply, as a facilitator writes it on its pages."""
    by = stage.person(facilitator(told))
    days = {name: told["days"][name] for name in DATES}
    text = CallText(
        stage.organisations[told["organisation"]].id, told["title"], told["question"], told["brief"].strip(),
        told["timezone"], times_of(stage.calendar, days), ["en", "es"], [],
        {"es": {name: told[f"{name}_es"].strip() for name in ("title", "question", "brief")}},
        CallKind.INNOVATION,
    )  # fmt: skip
    call = calls.create(stage.session, text, by)
    call.is_demo, call.source_note = True, NOTE
    stage.calls[told["key"]] = call
    offers_edit.edit(stage.session, call, offered(stage, told), version(stage, told), by)
    rules = eligibility.read(told["eligibility"])
    offers_edit.set_eligibility(stage.session, call, rules, version(stage, told), by)
    wanted = [Criterion(**each) for each in told["criteria"]]
    offers_edit.set_criteria(stage.session, call, wanted, version(stage, told), by)
    steps = [
        OfferStage(each["title"], stage.calendar.at(each["day"]).date(), each["deliverable"])
        for each in told["stages"]
    ]
    offers_edit.set_stages(stage.session, call, steps, version(stage, told), by)
    offers_edit.set_terms(stage.session, call, told["terms"].strip(), version(stage, told), by)
    for each in told["conditions"]:
        condition = condition_text(stage.calendar, each)
        offers_edit.add_condition(stage.session, call, condition, version(stage, told), by)


def version(stage: Stage, told: dict[str, Any]) -> int:
    found = offer_of(stage.session, stage.calls[told["key"]].id)
    assert found is not None
    return found.version


def offered(stage: Stage, told: dict[str, Any]) -> OfferText:
    return OfferText(
        instrument=Instrument(told["instrument"]),
        mission_id=stage.missions[told["mission"]].id,
        challenge="",
        follows_call_id=stage.calls[told["follows"]].id if "follows" in told else None,
        is_for_roadmaps=told.get("is_for_roadmaps", False),
        budget=money(told, "budget"),
        currency=CURRENCY,
        ticket_least=money(told, "ticket_least"),
        ticket_most=money(told, "ticket_most"),
        panel_id=stage.committees["committee"].id,
        reviews_wanted=told["reviews_wanted"],
        is_blind=told["is_blind"],
        tells_declined=told["tells_declined"],
    )


def money(told: dict[str, Any], name: str) -> Decimal | None:
    """An amount of the file in full; a call for roadmaps has none."""
    return Decimal(told[name] * MILLION) if name in told else None


def condition_text(calendar: Calendar, told: dict[str, Any]) -> ConditionText:
    return ConditionText(
        ConditionKind(told["kind"]), told["clause"], told["parameter"], calendar.at(told["day"]).date(),
        measure(calendar, told["test"]).as_facts(),
    )  # fmt: skip


def measure(calendar: Calendar, told: dict[str, Any]) -> Measure:
    """A test as the file has it, with its last day counted from the day of seeding."""
    until = {"until": calendar.at(told["until"]).date().isoformat()} if "until" in told else {}
    return Measure.of({**told, **until})


def publish(stage: Stage, told: dict[str, Any]) -> None:
    calls.publish(stage.session, stage.calls[told["key"]], stage.person(facilitator(told)))


def ask(stage: Stage, told: dict[str, Any], item: dict[str, Any], place: int) -> None:
    asked = offer_questions.ask(
        stage.session, stage.calls[told["key"]], stage.people[item["by"]], item["text"], f"demo-{place}"
    )
    stage.asked[(told["key"], place)] = asked.id


def answer(stage: Stage, told: dict[str, Any], item: dict[str, Any], place: int) -> None:
    offer_questions.answer(
        stage.session, stage.calls[told["key"]], stage.asked[(told["key"], place)], item["answer"],
        stage.person(facilitator(told)),
    )  # fmt: skip
