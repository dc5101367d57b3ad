"""The public log: every event by its number and hash, and in words those that anyone may know of."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from app.conditions.asking import Ask
from app.conditions.seeing import may_see
from app.errors import Unavailable
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.committee import Committee
from app.models.condition import Condition
from app.models.decision import Decision
from app.models.event import Event
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.seat import Seat
from app.models.signature import SigningKey
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import event_kinds, hashing, keyset
from app.rules.disclosure import shows_words
from app.rules.hashing import Verification
from app.rules.words import N_, ScopeKind, SubjectKind
from app.services import events, signatures
from app.services.signatures import Compared
from app.viewer import VISITOR

PAGE = 50
CHAIN_PAGE = 1_000
SORT = "newest"
MODELS: dict[SubjectKind, type[SQLModel]] = {
    SubjectKind.CALL: Call,
    SubjectKind.SUBMISSION: Submission,
    SubjectKind.GROUPING: Grouping,
    SubjectKind.CLUSTER: Cluster,
    SubjectKind.MISSION: Mission,
    SubjectKind.COMMITTEE: Committee,
    SubjectKind.CONDITION: Condition,
    SubjectKind.PROJECT: Project,
    SubjectKind.DECISION: Decision,
    SubjectKind.STATEMENT: Statement,
    SubjectKind.ORGANISATION: Organisation,
    SubjectKind.SEAT: Seat,
    SubjectKind.KEY: SigningKey,
}
PATHS = {
    SubjectKind.CALL: "/calls/{}",
    SubjectKind.SUBMISSION: "/submissions/{}",
    SubjectKind.CLUSTER: "/clusters/{}",
    SubjectKind.MISSION: "/missions/{}",
    SubjectKind.COMMITTEE: "/committees/{}",
    SubjectKind.CONDITION: "/conditions/{}",
    SubjectKind.PROJECT: "/projects/{}",
    SubjectKind.DECISION: "/decisions/{}",
    SubjectKind.KEY: "/events/keys",
}
Subject = tuple[SubjectKind, UUID]
Subjects = dict[tuple[type[SQLModel], UUID], SQLModel]


class VerifyingAlready(Unavailable):
    sentence: ClassVar[str] = N_(
        "The chain is being verified for someone else. Please try again in a minute."
    )


@dataclass(frozen=True)
class Line:
    """One event as anyone may read it; `kind` is None where only its number and hash are shown."""

    seq: int | None
    hash: str | None
    kind: str | None = None
    at: datetime | None = None
    subject_kind: SubjectKind | None = None
    url: str | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    next: str | None


def page(session: Session, cursor: str = "", subject: Subject | None = None) -> Page:
    """Fifty events, newest first. The log is the same for everyone: it is shown as to a visitor."""
    query = select(Event)
    if subject is not None:
        query = query.where(Event.subject_kind == subject[0], Event.subject_id == subject[1])
    if cursor:
        (before,) = keyset.decode(cursor, SORT, (int,))
        query = query.where(col(Event.id) < before)
    found = session.exec(query.order_by(col(Event.id).desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    following = keyset.encode(SORT, [shown[-1].id or 0]) if len(found) > PAGE else None
    told = lines(session, shown)
    if subject is not None:
        # Beside the name of its subject even a bare number tells: how often a text was reported, for one.
        told = [each for each in told if each.kind is not None]
    return Page(told, following)


def lines(session: Session, found: Sequence[Event]) -> list[Line]:
    subjects = load(session, {(event.subject_kind, event.subject_id) for event in found})
    return [line(session, event, subjects) for event in found]


def open_among(session: Session, asked: Sequence[Subject]) -> list[Subject]:
    """Those of these things that anyone may know of."""
    subjects = load(session, set(asked))
    return [each for each in asked if is_known(session, each, subjects)]


def is_known(session: Session, subject: Subject, subjects: Subjects) -> bool:
    model = MODELS.get(subject[0])
    found = subjects.get((model, subject[1])) if model else None
    return found is not None and is_open(session, found)


def line(session: Session, event: Event, subjects: Subjects) -> Line:
    name = event_kinds.name(event.kind)
    if name is None or not is_known(session, (event.subject_kind, event.subject_id), subjects):
        return Line(event.seq, event.hash)
    path = PATHS.get(event.subject_kind)
    return Line(
        event.seq, event.hash, name, event.at, event.subject_kind,
        path.format(event.subject_id) if path else None, shown_facts(event.facts),
    )  # fmt: skip


def is_open(session: Session, subject: SQLModel) -> bool:
    """Whether anyone may know what happened to this: words that are gone take their history with them."""
    if isinstance(subject, Submission):
        return shows_words(subject.state)
    if isinstance(subject, Seat):
        return subject.scope_kind is ScopeKind.COMMITTEE
    if isinstance(subject, Statement) and subject.subject_kind is SubjectKind.SUBMISSION:
        about = session.get(Submission, subject.subject_id)
        return about is not None and shows_words(about.state) and may_see(Ask(session, VISITOR, subject))
    return may_see(Ask(session, VISITOR, subject))


def shown_facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Ids, states and hashes; whatever else an event may hold is not repeated here."""
    shown = [(key, facts[key]) for key in event_kinds.SHOWN_FACTS if facts.get(key) not in (None, "", [])]
    return [
        (key, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for key, value in shown
    ]


def load(session: Session, asked: Set[Subject]) -> Subjects:
    """Subjects in one statement a kind, with what the question of their being public looks at."""
    subjects: Subjects = {}
    for kind, model in MODELS.items():
        subjects |= rows(session, model, {key for each, key in asked if each is kind})
    held = list(subjects.values())
    wider: tuple[tuple[type[SQLModel], set[UUID]], ...] = (
        (Grouping, {each.grouping_id for each in held if isinstance(each, Cluster)}),
        (Submission, {each.subject_id for each in held if isinstance(each, Statement)}),
        (Call, {each.call_id for each in held if isinstance(each, (Grouping, Cluster, Mission, Submission))}),
        (Committee, {each.committee_id for each in held if isinstance(each, Decision)}),
    )
    # Held here, they stay in the session: asking about one subject after the other costs no further statements.
    for model, ids in wider:
        subjects |= rows(session, model, {key for key in ids if (model, key) not in subjects})
    return subjects


def rows(session: Session, model: type[SQLModel], ids: set[UUID]) -> Subjects:
    if not ids:
        return {}
    key: Any = model.__table__.c.id  # type: ignore[attr-defined]
    return {(model, row.id): row for row in session.exec(select(model).where(key.in_(ids)))}  # type: ignore[attr-defined]


def verify(session: Session) -> Verification:
    """Walk the whole chain, for one reader at a time: it reads every event there is."""
    walk_alone(session)
    return events.verify(session)


def compare(session: Session, note: str) -> Compared:
    """Hold a checkpoint that somebody kept against the log as it is now."""
    walk_alone(session)
    return signatures.compare(session, note)


def walk_alone(session: Session) -> None:
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended("verification of the chain", 0))
    if not session.connection().execute(select_columns(lock)).scalar_one():
        raise VerifyingAlready()


def chain(session: Session, after: int) -> list[dict[str, Any]]:
    """Sealed events in order with the digest of each, so that anyone can link them again; words as in the log."""
    query = select(Event).where(col(Event.seq) > after).order_by(col(Event.seq)).limit(CHAIN_PAGE)
    found = session.exec(query).all()
    return [chain_facts(event, told) for event, told in zip(found, lines(session, found), strict=True)]


def chain_facts(event: Event, told: Line) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "seq": event.seq,
        "digest": hashing.digest(events.facts_of(event)),
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }
    if told.kind is not None:
        facts |= {
            "kind": event.kind,
            "at": hashing.instant(event.at),
            "subject_kind": event.subject_kind.value,
            "subject": str(event.subject_id),
            "facts": dict(told.facts),
        }
    return facts
