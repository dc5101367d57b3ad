"""What notice freezes: the mission's text, the options, the rule, the electorate, the times, and one hash of it all."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.application import receipts_of
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.link import links_from
from app.models.mission import Mission, clauses_of
from app.models.project import projects_of
from app.models.seat import Seat, live_seats_in
from app.rules import hashing
from app.rules.voting import electorate, ruling
from app.rules.voting.electorate import ElectorSeat
from app.rules.voting.ruling import Question
from app.rules.voting.tally import Terms
from app.rules.words import N_, DecisionKind, Direction, IndicatorLens, LinkKind, Role, ScopeKind, SubjectKind
from app.services import events, missions

FIRST_FORMAT = "comission-decision/1"  # votes on one mission by group majority, noticed by earlier versions
LONGEST_TEXT = 50_000
DAYS, NUMBERS = ("baseline_at", "due"), ("baseline", "goal")
NO_TEXTS: Mapping[str, str] = MappingProxyType({})
ADOPT = "adopt"  # the one option of a vote for or against a mission


class TextTooLong(Conflict):
    sentence: ClassVar[str] = N_("The mission's text is too long to be put to a vote. Shorten it first.")


def texts_by_option(session: Session, decision: Decision, about: Sequence[Mission]) -> dict[str, str]:
    """The hash of each mission's text, or the receipt of each application, by the option that stands for it."""
    if decision.call_id is not None:
        return receipts_of(session, [UUID(each["subject_id"]) for each in decision.options])
    if decision.mission_id is not None:
        return {}
    return {str(mission.id): hashing.digest(text_of(session, mission)) for mission in about}


def text_of(session: Session, mission: Mission) -> dict[str, Any]:
    """The mission as it stands, and which of its clauses and routes are still somebody's very own words."""
    clauses = [clause.id for clause in clauses_of(session, mission.id)]
    routes = [route.id for route in projects_of(session, mission.id)]
    quoted: dict[str, list[str]] = {}
    for kind, ids in ((SubjectKind.CLAUSE, clauses), (SubjectKind.PROJECT, routes)):
        for link in links_from(session, LinkKind.DERIVES_FROM, kind, ids):
            if link.note == missions.QUOTED:
                quoted.setdefault(str(link.from_id), []).append(str(link.to_id))
    ordered = {key: sorted(quoted[key]) for key in sorted(quoted)}
    return {**missions.snapshot(session, mission), "quoted": ordered}


def keep_text(session: Session, decision: Decision, about: Sequence[Mission], by: UUID) -> tuple[str, str]:
    """Keep the text of the missions with the decision; answers its hash and the salted one for the event."""
    if not about:
        return "", ""
    texts = [text_of(session, mission) for mission in about]
    kept = texts[0] if decision.mission_id is not None else {"missions": texts}
    words = hashing.canonical(kept).decode()
    if len(words) > LONGEST_TEXT:
        raise TextTooLong()
    salted = events.keep_text(session, SubjectKind.DECISION, decision.id, 1, words, by)
    return hashing.digest(kept), salted


def fingerprint(session: Session, decision: Decision, about: Sequence[Mission]) -> str:
    """The hash of all that would be frozen of the missions and the question; a form carries it."""
    texts = [text_of(session, mission) for mission in about]
    return hashing.digest(
        {"texts": texts, "options": decision.options, "rule": decision.rule, "terms": decision.terms}
    )


def frozen_texts(session: Session, decision: Decision) -> list[dict[str, Any]]:
    """The texts as they were put to the vote, without words that their authors have taken back since."""
    kept = next(
        (each for each in events.versions(session, SubjectKind.DECISION, decision.id) if each.number == 1),
        None,
    )
    if kept is None or kept.words is None:
        return []
    found: dict[str, Any] = json.loads(kept.words)
    texts: list[dict[str, Any]] = found.get("missions", [found])
    for text in texts:
        gone = taken_back(session, text["quoted"])
        for part in (*text["clauses"], *text["routes"]):
            if part["id"] in gone:
                part |= {"text": "", "title": "", "summary": "", "route": "", "is_taken_back": True}
    return texts


def readable(text: dict[str, Any]) -> dict[str, Any]:
    """The same text with its dates and numbers as such, so that a page can tell them in the reader's language."""
    told = [
        {
            **each,
            **{name: date.fromisoformat(each[name]) if each[name] else None for name in DAYS},
            **{name: Decimal(each[name]) if each[name] else None for name in NUMBERS},
            "lens": IndicatorLens(each["lens"]) if each["lens"] else None,
            "direction": Direction(each["direction"]) if each["direction"] else None,
        }
        for each in text["indicators"]
    ]
    return {**text, "indicators": told}


def taken_back(session: Session, quoted: dict[str, list[str]]) -> set[str]:
    """The clauses and routes that quote a submission or an amendment which may no longer be read."""
    wanted = {UUID(each) for ids in quoted.values() for each in ids}
    gone = {str(each) for each in missions.unreadable_among(session, wanted, wanted)}
    return {part for part, ids in quoted.items() if gone & set(ids)}


def adoption(snapshot: str) -> list[dict[str, Any]]:
    """The one option of a vote for or against: it names the hash of the text it is about."""
    return [{"id": ADOPT, "title": N_("Adopt this mission"), "snapshot": snapshot}]


def options(decision: Decision, snapshot: str, texts: Mapping[str, str] = NO_TEXTS) -> list[dict[str, Any]]:
    """The options as they are frozen: each that is a mission names the hash of the text it is about."""
    if decision.kind is DecisionKind.ADOPT:
        return adoption(snapshot)
    return [{**each, "snapshot": texts.get(each["id"], "")} for each in decision.options]


def question_of(decision: Decision) -> Question:
    """What is asked, as counting reads it; a vote noticed by an earlier version is read in today's shape."""
    if decision.format == FIRST_FORMAT:
        options = adoption("")
        required = decision.rule.get("required", [])
        terms = {**Terms().as_facts(), "quorum": decision.rule.get("quorum", "1/2"), "required": required}
        return ruling.question(str(decision.id), options, decision.rule, terms)
    return ruling.question(
        str(decision.id), decision.options, decision.rule, decision.terms, decision.lot_value
    )


def is_secret(decision: Decision) -> bool:
    return bool(decision.terms.get("secret"))


def seats_throughout(session: Session, committee: Committee, at: datetime, until: datetime) -> list[Seat]:
    """Every seat held from this instant until the vote closes: nobody on the list loses the seat meanwhile."""
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)
    return [seat for seat in seats if seat.lasts_until(until)]


def electorate_of(
    session: Session, committee: Committee, at: datetime, until: datetime | None = None
) -> tuple[ElectorSeat, ...]:
    """Every voting seat held from this instant until the vote closes, with its named alternate."""
    seats = seats_throughout(session, committee, at, until or at)
    alternates = {seat.alternate_for_id: seat for seat in reversed(seats) if seat.role is Role.ALTERNATE}
    return electorate.freeze(
        elector(seat, alternates.get(seat.id)) for seat in seats if seat.role is Role.MEMBER
    )


def elector(seat: Seat, alternate: Seat | None) -> ElectorSeat:
    assert seat.group is not None
    return ElectorSeat(
        seat.id,
        seat.person_id,
        seat.group,
        alternate.id if alternate else None,
        alternate.person_id if alternate else None,
    )


def public_electorate(decision: Decision) -> list[dict[str, str | None]]:
    """The electorate by seat: a seat votes, and its person's id would join what they do elsewhere to it."""
    return [
        {
            "seat": str(each.seat_id),
            "group": each.group.value,
            "alternate": str(each.alternate_seat_id) if each.alternate_seat_id else None,
        }
        for each in electorate.from_facts(decision.electorate)
    ]


def document(decision: Decision) -> dict[str, Any]:
    """Everything the notice froze, as it is hashed and published."""
    later: dict[str, Any] = {} if decision.format == FIRST_FORMAT else {
        "kind": decision.kind, "terms": decision.terms, "timezone": decision.timezone
    }  # fmt: skip
    if decision.call_id is not None:
        later["call"] = decision.call_id
    facts: dict[str, Any] = hashing.plain(
        {
            **later,
            "format": decision.format,
            "decision": decision.id,
            "committee": decision.committee_id,
            "mission": decision.mission_id,
            "question": decision.question,
            "options": decision.options,
            "rule": decision.rule,
            "electorate": public_electorate(decision),
            "noticed_at": decision.noticed_at,
            "opens_at": decision.opens_at,
            "closes_at": decision.closes_at,
        }
    )
    return facts


def is_intact(decision: Decision) -> bool:
    """Whether what is stored still has the hash that the notice wrote."""
    return decision.frozen_hash == hashing.digest(document(decision))
