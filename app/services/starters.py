"""Starters: four challenges to begin from, each with a question to people, a mission and an innovation call."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.errors import NotFound
from app.models.call import Call
from app.models.columns import now
from app.models.mission import Clause, Indicator, Mission
from app.models.offer import Offer, OfferTerms
from app.rules.mission_sections import GOAL, WHY
from app.rules.words import CallKind, ConditionKind, Direction, IndicatorLens, Instrument, Origin
from app.services import copies, offers_edit

FILE = Path(__file__).parent.parent / "starters" / "starters.toml"
YEAR = timedelta(days=365)
WEEKS = (0, 4, 7, 9, 13)


@dataclass(frozen=True)
class Begun:
    """What somebody who starts gets: three drafts that they change as they like."""

    question: Call
    mission: Mission
    offer: Call


@cache
def document() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def said(text: dict[str, str] | str, locale: str) -> str:
    """A text in the reader's language, else in English."""
    return text if isinstance(text, str) else text.get(locale, text["en"])


def spoken(facts: dict[str, Any], locale: str) -> dict[str, Any]:
    """The same facts with every text in one language."""
    return {
        name: (said(told, locale) if "en" in told else spoken(told, locale))
        if isinstance(told, dict)
        else told
        for name, told in facts.items()
    }


def listed(locale: str) -> list[dict[str, Any]]:
    return [spoken(each, locale) for each in document()["starters"]]


def find(key: str) -> dict[str, Any]:
    for each in document()["starters"]:
        if each["key"] == key:
            return dict(each)
    raise NotFound()


def begin(session: Session, key: str, organisation_id: UUID, by: UUID, locale: str) -> Begun:
    """Draft a question, a candidate mission with its indicator, and an innovation call that serves it."""
    starter = find(key)
    question = draft_call(session, starter, organisation_id, by, "name", "question", CallKind.CONSULTATION)
    mission = draft_mission(session, starter, question, by, locale)
    offer = draft_call(session, starter, organisation_id, by, "call", "seeks", CallKind.INNOVATION)
    draft_offer(session, starter, offer, mission, by, locale)
    return Begun(question, mission, offer)


def draft_call(
    session: Session, starter: dict[str, Any], organisation_id: UUID, by: UUID, title: str, question: str,
    kind: CallKind,
) -> Call:  # fmt: skip
    opens = copies.next_opening()
    dates: dict[str, Any] = {
        name: opens + timedelta(weeks=n) for name, n in zip(copies.DATES, WEEKS, strict=True)
    }
    words: dict[str, dict[str, str]] = {
        "title": starter[title],
        "question": starter[question],
        "brief": starter["brief"],
    }
    call = Call(
        kind=kind, organisation_id=organisation_id, timezone=document()["common"]["timezone"], languages=["en", "es"],
        translations={"es": {name: told["es"] for name, told in words.items()}}, created_by_id=by,
        **dates | {name: told["en"] for name, told in words.items()},
    )  # fmt: skip
    session.add(call)
    session.flush()
    copies.drafted(session, call, by, None)
    return call


def draft_mission(session: Session, starter: dict[str, Any], call: Call, by: UUID, locale: str) -> Mission:
    told = spoken(starter, locale)
    mission = Mission(
        call_id=call.id, organisation_id=call.organisation_id, title=told["title"], affected=told["affected"]
    )
    session.add(mission)
    session.flush()
    for place, (section, text) in enumerate(((WHY, told["why"]), (GOAL, told["goal"])), 1):
        session.add(
            Clause(mission_id=mission.id, position=place, section=section, text=text, origin=Origin.AGENCY)
        )
    measure, today = told["indicator"], now().date()
    session.add(
        Indicator(
            mission_id=mission.id, name=measure["name"], lens=IndicatorLens(measure["lens"]), unit=measure["unit"],
            direction=Direction(measure["direction"]), baseline=Decimal(measure["baseline"]), baseline_at=today,
            goal=Decimal(measure["goal"]), due=today + measure["years"] * YEAR, source=measure["source"],
        )
    )  # fmt: skip
    copies.told(session, mission, by, None)
    return mission


def draft_offer(
    session: Session, starter: dict[str, Any], call: Call, mission: Mission, by: UUID, locale: str
) -> None:
    common, day = document()["common"], call.opens_at.date()
    stages = [spoken(each, locale) for each in common["stages"]]
    session.add(
        Offer(
            call_id=call.id, instrument=Instrument(starter["instrument"]), mission_id=mission.id,
            budget=Decimal(starter["budget"]), ticket_least=Decimal(starter["least"]),
            ticket_most=Decimal(starter["most"]), criteria=[spoken(each, locale) for each in common["criteria"]],
            stages=[{"title": each["title"], "due": (day + timedelta(days=each["days"])).isoformat(),
                     "deliverable": each["deliverable"]} for each in stages],
        )
    )  # fmt: skip
    text = said(common["terms"], locale)
    session.add(OfferTerms(call_id=call.id, number=1, text=text, text_hash=offers_edit.terms_hash(text)))
    for each in (spoken(condition, locale) for condition in common["conditions"]):
        test = {"compare": each["compare"], "what": each["what"], "value": each.get("value"),
                "unit": each.get("unit", ""), "every": 0, "until": None}  # fmt: skip
        copies.add_condition(
            session, call.id, ConditionKind(each["kind"]), each["clause"], "", test, None, by
        )
    session.flush()
