"""Minutes of a decision, made from its events; the secretary adds dated notes, and nobody changes anything."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.models.columns import now
from app.models.decision import Decision, missions_about
from app.models.event import Event
from app.models.person import Person
from app.models.statement import Statement
from app.rules import minutes as rules
from app.rules.disclosure import shows_count
from app.rules.phrases import Phrase
from app.rules.words import StatementKind, StatementState, SubjectKind
from app.services import decisions, decisions_show, events, interests, minutes_absences, statements
from app.services.decisions_show import Elector, Result
from app.services.minutes_absences import Away

MOST_LINES = 500


@dataclass(frozen=True)
class Line:
    """One entry: what happened, or what the secretary noted; `detail` is what it came to, where there is more."""

    at: datetime
    sentence: Phrase
    detail: Phrase | None = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True)
class Seat:
    """A seat on the list of voters, and what the minutes say of it; `took_part` is None while nobody may know.

    `was_away` is whether its holder was away at some time while the vote was open.
    """

    elector: Elector
    took_part: bool | None
    was_away: bool = False


@dataclass(frozen=True)
class Minutes:
    """As they stand now; `voted` is how many ballots a secret vote had, once it is counted."""

    lines: list[Line]
    seats: list[Seat]
    is_secret: bool
    voted: int | None
    is_public: bool


def of(session: Session, decision: Decision) -> Minutes:
    """Everything the minutes say; nothing in them tells of ballots before the vote is counted."""
    phase = decision_phase(decision)
    result = decisions_show.result(session, decision) if shows_count(phase) else None
    away = minutes_absences.within(session, decision)
    lines = [*told(session, decision, result), *declared(session, decision), *noted(session, decision)]
    lines += [absent(each) for each in away]
    is_secret = bool(decision.terms.get("secret"))
    return Minutes(
        sorted(lines, key=lambda line: line.at),
        seats(session, decision, result, minutes_absences.seats_away(decision, away), is_secret=is_secret),
        is_secret,
        sum(each.cast for each in result.presence) if result and is_secret else None,
        decision.certified_at is not None,
    )


def told(session: Session, decision: Decision, result: Result | None) -> list[Line]:
    """The events of the decision and of its missions until it was certified, as far as minutes tell of them."""
    about = missions_about(session, decision)
    said = select(Statement.id).where(
        Statement.subject_kind == SubjectKind.MISSION,
        col(Statement.subject_id).in_(about),
        col(Statement.kind).in_((StatementKind.OBJECTION, StatementKind.AMENDMENT)),
    )
    places = [
        and_(col(Event.subject_kind) == SubjectKind.DECISION, col(Event.subject_id) == decision.id),
        and_(col(Event.subject_kind) == SubjectKind.MISSION, col(Event.subject_id).in_(about)),
        and_(col(Event.subject_kind) == SubjectKind.STATEMENT, col(Event.subject_id).in_(said)),
    ]
    query = (
        select(Event)
        .where(col(Event.kind).in_(rules.EVERY_KIND), or_(*places))
        .order_by(col(Event.id))
        .limit(MOST_LINES)
    )
    until = decision.certified_at or now()
    found = [event for event in session.exec(query) if event.at <= until]
    return [line for event in found if (line := line_of(event, decision, result)) is not None]


def line_of(event: Event, decision: Decision, result: Result | None) -> Line | None:
    if event.kind in rules.AFTER_THE_COUNT and result is None:
        return None
    words = rules.sentence(event.kind, str(event.facts.get("part", "")))
    if words is None:
        return None
    detail = result.sentence if event.kind == "decision_counted" and result else None
    note = decision.reasons if event.kind == "decision_certified" else ""
    return Line(event.at, Phrase(words), detail, note)


def declared(session: Session, decision: Decision) -> list[Line]:
    """Who declared an interest, of which kind, and whether they stepped aside."""
    return [
        Line(each.interest.declared_at, Phrase(rules.DECLARED, {
            "name": each.name, "kind": each.interest.kind, "effect": each.interest.effect,
        }))
        for each in interests.declared_on(session, decision)
    ]  # fmt: skip


def absent(away: Away) -> Line:
    """Told at the instant at which it was announced, or began where it was announced before."""
    words = rules.AWAY_UNTIL if away.is_back_early else rules.AWAY
    facts = {"name": away.name, "starts": away.starts, "ends": away.ends}
    return Line(max(away.said_at, away.starts), Phrase(words, facts))


def noted(session: Session, decision: Decision) -> list[Line]:
    query = (
        select(Statement, Person.name)
        .outerjoin(Person, col(Person.id) == Statement.author_id)
        .where(
            Statement.subject_kind == SubjectKind.DECISION,
            Statement.subject_id == decision.id,
            Statement.kind == StatementKind.NOTE,
        )
        .order_by(col(Statement.created_at), col(Statement.id))
    )
    return [
        Line(statement.created_at, Phrase(rules.NOTED), None, statement.text, name or "")
        for statement, name in session.exec(query)
    ]


def seats(
    session: Session, decision: Decision, result: Result | None, away: Collection[UUID], *, is_secret: bool
) -> list[Seat]:
    """The list of voters; of an open vote that is counted, who took part, as its result publishes it."""
    electors = decisions_show.electors(session, decision)
    if result is None or is_secret:
        return [Seat(each, None, each.seat_id in away) for each in electors]
    voted = decisions_show.seats_that_voted(session, decision)
    return [Seat(each, each.seat_id in voted, each.seat_id in away) for each in electors]


def add_note(session: Session, decision: Decision, by: UUID, words: str, form_key: str) -> Statement:
    """The secretary adds to the minutes, with the day; what stands there is never changed."""
    key = statements.keyed("note", str(by), form_key)
    if (known := statements.with_key(session, key)) is not None:
        return known
    at = decisions.hold(session, decision, shared=True)
    made = Statement(
        kind=StatementKind.NOTE, subject_kind=SubjectKind.DECISION, subject_id=decision.id, author_id=by,
        text=words, form_key=key, created_at=at,
    )  # fmt: skip
    if (first := statements.add_once(session, made)) is not None:
        return first
    session.flush()
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, words, by)
    decisions.record(
        session, "note_added", decision, at, by,
        statement=made.id, statement_state=StatementState.VISIBLE, text_hash=text_hash,
    )  # fmt: skip
    return made
