"""Innovation calls of the missions that were adopted, some open, and the applications to them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.bench.country import phrasing
from app.bench.country.world import Aim, World
from app.models import application, call, condition, offer
from app.rules import hashing
from app.rules.words import (
    ApplicationState,
    CallKind,
    CallState,
    ConditionKind,
    Instrument,
    MissionState,
    Role,
    SubjectKind,
)

A = ApplicationState
TERMS = "What comes out belongs to whoever made it; the public may use it without paying."
CRITERIA = [
    {"id": "use", "title": "Use", "question": "Who gains from it?", "help": "", "weight": 60, "words": 300},
    {"id": "way", "title": "Way", "question": "How will you do it?", "help": "", "weight": 40, "words": 300},
]
APPLICATIONS = 30
OPEN_EVERY = 4  # of so many calls one still takes applications
SELECTED = 20


def seed(world: World) -> None:
    among = (MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED)
    offering = [(aim, world.key()) for aim in world.aims if aim.state in among]
    numbered = [(number, aim, key) for number, (aim, key) in enumerate(offering)]
    world.pour(call.Call, [call_row(world, *each) for each in numbered])
    world.pour(offer.Offer, [offer_row(*each) for each in numbered])
    world.pour(offer.OfferTerms, [terms_row(world, key) for _number, _aim, key in numbered])
    offered = condition_rows(world, numbered)
    world.pour(condition.Condition, [row for row, _version in offered])
    world.pour(condition.ConditionVersion, [version for _row, version in offered])
    rows = [row for each in numbered for row in application_rows(world, *each)]
    world.pour(application.Application, rows)
    world.pour(
        application.Teammate,
        (
            {"id": world.key(), "application_id": row["id"], "person_id": row["created_by_id"], "role": Role.LEAD}
            for row in rows
        ),
    )  # fmt: skip


def call_row(world: World, number: int, aim: Aim, key: UUID) -> dict[str, Any]:
    is_open = number % OPEN_EVERY == 0
    opens = world.now - timedelta(days=10) if is_open else aim.at + timedelta(days=100)
    closes = opens + timedelta(days=30)
    times = {
        "opens_at": opens, "closes_at": closes, "sense_until": closes + timedelta(days=10),
        "check_until": closes + timedelta(days=30), "answer_due": closes + timedelta(days=40),
    }  # fmt: skip
    told: dict[str, Any] = {name: hashing.instant(at) for name, at in times.items()}
    world.say(opens, "call_drafted", SubjectKind.CALL, key, call_kind="innovation", **told)
    world.say(opens, "call_published", SubjectKind.CALL, key, **told)
    if not is_open:
        world.say(times["answer_due"], "call_answered", SubjectKind.CALL, key, states={})
    return {
        "id": key, "kind": CallKind.INNOVATION, "state": CallState.PUBLISHED if is_open else CallState.ANSWERED,
        "title": f"Ways for: {aim.title}"[:200], "question": f"Who takes part in this: {aim.title}?"[:500],
        "brief": "What is offered, to whom, and by which criteria.", "organisation_id": aim.asked.body.agency, **times,
        "languages": ["en"], "is_demo": True, "created_at": opens, "published_at": opens,
        "answered_at": None if is_open else times["answer_due"],
    }  # fmt: skip


def offer_row(number: int, aim: Aim, key: UUID) -> dict[str, Any]:
    stage = {
        "title": "Trial",
        "due": f"{aim.at.year + 2}-06-30",
        "deliverable": "A winter that it stood through",
    }
    return {
        "call_id": key, "instrument": list(Instrument)[number % len(Instrument)], "mission_id": aim.key,
        "challenge": "Homes without shade.", "budget": Decimal(4_000_000), "ticket_least": Decimal(10_000),
        "ticket_most": Decimal(400_000), "criteria": CRITERIA, "stages": [stage], "panel_id": aim.asked.body.key,
        "eligibility": [{"kind": "own_share", "least": "20"}],
    }  # fmt: skip


def terms_row(world: World, key: UUID) -> dict[str, Any]:
    return {"id": world.key(), "call_id": key, "number": 1, "text": TERMS, "text_hash": hashing.digest(TERMS)}


def condition_rows(
    world: World, numbered: list[tuple[int, Aim, UUID]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What every contract of the call starts from."""
    found = []
    for _number, _aim, call_id in numbered:
        key = world.key()
        clause = "Results, failed trials and costs are published."
        found.append(
            (
                {"id": key, "call_id": call_id, "kind": ConditionKind.KNOWLEDGE},
                {"id": world.key(), "condition_id": key, "number": 1, "clause": clause, "test": {"compare": "yes"}},
            )
        )  # fmt: skip
    return found


def application_rows(world: World, number: int, aim: Aim, call_id: UUID) -> Iterator[dict[str, Any]]:
    """Of one organisation each; to an open call they are sealed, to a closed one they are decided."""
    is_open = number % OPEN_EVERY == 0
    at = world.now - timedelta(days=5) if is_open else aim.at + timedelta(days=125)
    every = [key for among in world.organisations.values() for key in among]
    ids: list[str] = []
    for place in range(min(APPLICATIONS, len(every))):
        key, who = world.key(), world.people[(number * APPLICATIONS + place) % len(world.people)]
        state = A.SUBMITTED if is_open else A.SELECTED if place < SELECTED else A.DECLINED
        receipt = hashing.digest(key)
        ids.append(str(key))
        world.say(
            at, "application_submitted", SubjectKind.APPLICATION, key, by=who.key, state="submitted", call=call_id,
            receipt=receipt, version=2,
        )  # fmt: skip
        yield {
            "id": key, "call_id": call_id, "organisation_id": every[(number * 7 + place) % len(every)], "state": state,
            "title": phrasing.project(number, place), "summary": "What we do, where, and with whom.",
            "hypothesis": "If neighbours look after it, it costs half as much.", "route": f"Way {place % 9 + 1}",
            "readiness": 1 + place % 9, "asked": Decimal(50_000 + 1000 * place), "receipt": receipt,
            "answers": {"use": "Ten thousand homes.", "way": "With a cooperative in each street."},
            "budget": [{"what": "Wages", "amount": str(50_000 + 1000 * place), "source": "call"}],
            "outcome_reason": "Others came closer to the goal." if state is A.DECLINED else "",
            "outcome_at": None if is_open else at + timedelta(days=40), "submitted_at": at, "version": 2,
            "created_at": at, "created_by_id": who.key,
        }  # fmt: skip
    if not is_open:
        tell_outcome(world, aim, call_id, ids)


def tell_outcome(world: World, aim: Aim, call_id: UUID, ids: list[str]) -> None:
    """What became of the applications, once the call is answered: by the order in which they came."""
    states = {"selected": ids[:SELECTED], "declined": ids[SELECTED:]}
    world.say(
        aim.at + timedelta(days=166),
        "offer_edited",
        SubjectKind.CALL,
        call_id,
        states={"application": states},
    )
