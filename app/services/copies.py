"""Copies: a call, or a mission, drafted anew from another one; its words come along, what happened to it does not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.conditions.asking import call_phase, times_of
from app.models.call import Call
from app.models.columns import now
from app.models.condition import Condition, ConditionVersion
from app.models.mission import Clause, Indicator, Mission, clauses_of, indicators_of
from app.models.offer import Offer, OfferTerms, latest_terms
from app.models.term import Tag
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import CallKind, Origin, SubjectKind
from app.services import events, missions, missions_text, offers, offers_edit

OPENS_IN = timedelta(days=7)
DATES = ("opens_at", "closes_at", "sense_until", "check_until", "answer_due")
# What of an offer is the agency's to choose anew: its panel, and which call went before.
OF_OFFER = ("instrument", "challenge", "is_for_roadmaps", "budget", "currency", "ticket_least", "ticket_most",
            "eligibility", "criteria", "reviews_wanted", "is_blind", "tells_declined",
            "tells_notes")  # fmt: skip
OF_INDICATOR = (
    "position",
    "verifier",
    "name",
    "lens",
    "unit",
    "direction",
    "baseline",
    "baseline_at",
    "goal",
    "due",
    "source",
)


def copy_call(session: Session, source: Call, organisation_id: UUID, by: UUID) -> Call:
    """A draft with the words of a call, whose dates lie as far apart; it opens in a week."""
    later = next_opening() - source.opens_at
    call = redrafted(source, organisation_id, by, **moved(source, DATES, later))
    session.add(call)
    session.flush()
    if source.kind is CallKind.INNOVATION:
        copy_offer(session, source, call, later, by)
    drafted(session, call, by, source.id)
    return call


def redrafted(source: Call, organisation_id: UUID, by: UUID, **changes: Any) -> Call:
    words = {
        "title": source.title, "question": source.question, "brief": source.brief,
        "translations": dict(source.translations),
    }  # fmt: skip
    return Call(
        kind=source.kind, organisation_id=organisation_id, timezone=source.timezone, languages=list(source.languages),
        places=list(source.places), created_by_id=by, **{**words, **changes},
    )  # fmt: skip


def moved(source: Call, names: Iterable[str], later: timedelta) -> dict[str, Any]:
    return {name: shifted(getattr(source, name), later) for name in names}


def next_opening() -> datetime:
    return (now() + OPENS_IN).replace(hour=9, minute=0, second=0, microsecond=0)


def shifted(moment: datetime | None, later: timedelta) -> datetime | None:
    return moment + later if moment else None


def drafted(session: Session, call: Call, by: UUID, copied_from: UUID | None) -> None:
    dates = {name: getattr(call, name) for name in DATES}
    events.record(
        session, "call_copied", SubjectKind.CALL, call.id, by=by, organisation=call.organisation_id,
        copied_from=copied_from, call_kind=call.kind, **dates,
    )  # fmt: skip


def copy_offer(
    session: Session, source: Call, call: Call, later: timedelta, by: UUID, **changes: Any
) -> None:
    """The whole offer, with the newest terms as the first version and each condition in its present words."""
    before = offers.offer_of(session, source)
    own = source.organisation_id == call.organisation_id
    facts = {
        "stages": [moved_stage(each, later) for each in before.stages],
        "mission_id": before.mission_id if own or knows(session, before) else None,
        "panel_id": before.panel_id if own else None,
        **{name: getattr(before, name) for name in OF_OFFER},
    }  # fmt: skip
    session.add(Offer(call_id=call.id, **{**facts, **changes}))
    terms = latest_terms(session, source.id)
    if terms is not None:
        session.add(OfferTerms(call_id=call.id, number=1, text=terms.text, text_hash=terms.text_hash))
    for condition, said in offers_edit.conditions_of(session, source.id):
        due = said.due + later if said.due else None
        add_condition(session, call.id, condition.kind, said.clause, said.parameter, said.test, due, by)


def knows(session: Session, offer: Offer) -> bool:
    return offer.mission_id is not None and offers.is_public(session, offer.mission_id)


def moved_stage(stage: Mapping[str, Any], later: timedelta) -> dict[str, Any]:
    return {**stage, "due": (date.fromisoformat(stage["due"]) + later).isoformat()}


def add_condition(
    session: Session, call_id: UUID, kind: Any, clause: str, parameter: str, test: Mapping[str, Any],
    due: date | None, by: UUID,
) -> None:  # fmt: skip
    condition = Condition(call_id=call_id, kind=kind, due=due)
    session.add(condition)
    session.flush()
    session.add(
        ConditionVersion(
            condition_id=condition.id, number=1, clause=clause, parameter=parameter, test=dict(test), due=due, by_id=by
        )
    )  # fmt: skip


def copy_mission(session: Session, source: Mission, call: Call, by: UUID) -> Mission:
    """A candidate with the words and indicators of another mission, and with none of its votes, voices or readings.

    Clauses that still quote a voice stay behind: its author may take those words back, and they go then everywhere.
    """
    phases.require(Act.DRAFT_MISSION, call_phase(call), times_of(call))
    mission = Mission(
        call_id=call.id, organisation_id=call.organisation_id, title=source.title, affected=source.affected
    )
    session.add(mission)
    session.flush()
    listed = clauses_of(session, source.id)
    quoting = missions.sources_of(session, listed)
    free = [each for each in listed if all(link.note != missions.QUOTED for link in quoting[each.id])]
    for place, clause in enumerate(free, 1):
        made: dict[str, Any] = {"section": clause.section, "text": clause.text, "origin": Origin.AGENCY}
        session.add(Clause(mission_id=mission.id, position=place, **made))
    for indicator in indicators_of(session, source.id):
        facts = {name: getattr(indicator, name) for name in OF_INDICATOR}
        session.add(Indicator(mission_id=mission.id, **facts))
    for tag in session.exec(
        select(Tag).where(Tag.subject_kind == SubjectKind.MISSION, Tag.subject_id == source.id)
    ):
        session.add(Tag(term_id=tag.term_id, subject_kind=SubjectKind.MISSION, subject_id=mission.id))
    told(session, mission, by, source.id)
    return mission


def told(session: Session, mission: Mission, by: UUID, copied_from: UUID | None) -> None:
    session.flush()
    words = missions_text.keep(session, mission, by)
    events.record(
        session, "mission_copied", SubjectKind.MISSION, mission.id, by=by, call=mission.call_id, words=words,
        copied_from=copied_from,
    )  # fmt: skip
