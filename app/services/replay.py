"""Replaying the log: every state at an instant from the events alone, and whether the records say the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, select
from sqlmodel import Session, SQLModel, col

from app.models.application import Application
from app.models.assignment import Assignment
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.committee import Committee, Interest
from app.models.condition import Condition
from app.models.correction import Correction
from app.models.decision import Decision
from app.models.event import Event
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.motion import Motion
from app.models.panel import PanelReview
from app.models.project import Project
from app.models.remark import Remark
from app.models.review import Review
from app.models.seat import Seat
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import hashing, replay
from app.rules.replay import DATES, Comparison, Reading, Replay, Told
from app.rules.replay_kinds import (
    COMMENTS,
    ENDED,
    ENDORSEMENTS,
    GIVEN,
    STANDING,
    SUPERSEDED,
    UNDONE,
    Noun,
)
from app.rules.words import (
    N_,
    AnswerState,
    ApplicationState,
    CommitteeState,
    GroupingState,
    StatementKind,
    SubjectKind,
    SubmissionState,
)
from app.services import event_log

BATCH = 5_000
Column = Any  # of a table, or an expression on one
NAMED = 20
# What can be named in public; of the rest it is said how many.
NOUNS = {
    Noun.CALL: N_("Question"),
    Noun.SUBMISSION: N_("Voice"),
    Noun.GROUPING: N_("Grouping"),
    Noun.CLUSTER: N_("Group"),
    Noun.MISSION: N_("Mission"),
    Noun.DECISION: N_("Decision"),
    Noun.STATEMENT: N_("Statement"),
    Noun.SEAT: N_("Seat"),
    Noun.COMMITTEE: N_("Committee"),
}


def states_at(session: Session, at: datetime | None = None) -> Replay:
    """What the events written until an instant say; all of them where none is named."""
    event = Event.__table__.c  # type: ignore[attr-defined]
    query = select(event.kind, event.subject_kind, event.subject_id, event.facts).order_by(event.id)
    if at is not None:
        query = query.where(event.at <= at)
    found = Replay(numbers_of_submissions(session))
    for row in stream(session, query):
        found.add(Told(row.kind, row.subject_kind, str(row.subject_id), row.facts))
    return found


def differences(session: Session) -> Comparison:
    """Everything whose state is not what its events say. The two agree only as read in one snapshot."""
    return replay.compare(states_at(session), records(session))


def numbers_of_submissions(session: Session) -> dict[int, str]:
    """A number is given by the database once and never changed, so it names a submission as well as its id."""
    query = select(col(Submission.number), col(Submission.id))
    return {number: str(key) for number, key in stream(session, query)}


def records(session: Session) -> dict[str, dict[str, Reading]]:
    """The state of everything as its record has it now."""
    return {
        noun: {str(row.id): reading(row) for row in stream(session, query)} for noun, query in RECORDS.items()
    }


def reading(row: Any) -> Reading:
    return {name: hashing.plain(value) for name, value in row._mapping.items() if name != "id"}


def stream(session: Session, query: Any) -> Iterator[Any]:
    """Rows as they come: neither a long log nor its subjects stay in the session."""
    yield from session.connection().execute(query.execution_options(yield_per=BATCH))


def columns(model: type[SQLModel], state: Column | None = None, **others: Column) -> Select[Any]:
    """A record's id and its reading: the state, and what is counted or dated."""
    own = model.__table__.c  # type: ignore[attr-defined]
    told = own.state if state is None else state
    return select(own.id, told.label("state"), *(each.label(name) for name, each in others.items()))


def dates(model: type[SQLModel], noun: Noun) -> dict[str, Column]:
    return {name: model.__table__.c[name] for name in DATES[noun]}  # type: ignore[attr-defined]


ANSWER_STATE = case((col(Statement.outcome) == "", AnswerState.OPEN.value), else_=col(Statement.outcome))
RECORDS: dict[Noun, Select[Any]] = {
    Noun.CALL: columns(Call, **dates(Call, Noun.CALL)),
    Noun.SUBMISSION: columns(
        Submission,
        **{ENDORSEMENTS: col(Submission.endorsement_count), COMMENTS: col(Submission.comment_count)},
    ).where(col(Submission.state) != SubmissionState.DRAFT),
    # That a queued run has begun is progress, told by its job.
    Noun.GROUPING: columns(
        Grouping,
        case(
            (col(Grouping.state) == GroupingState.RUNNING, GroupingState.QUEUED.value),
            else_=col(Grouping.state),
        ),
    ),
    Noun.CLUSTER: columns(Cluster),
    Noun.CORRECTION: columns(Correction, case((col(Correction.undone_at).is_(None), STANDING), else_=UNDONE)),
    Noun.MISSION: columns(Mission),
    Noun.PROJECT: columns(Project),
    Noun.DECISION: columns(Decision, **dates(Decision, Noun.DECISION)),
    Noun.REVIEW: columns(Review),
    Noun.INTEREST: columns(
        Interest, case((col(Interest.superseded_at).is_not(None), SUPERSEDED), else_=col(Interest.effect))
    ),
    Noun.STATEMENT: columns(Statement),
    Noun.OBJECTION: columns(Statement, ANSWER_STATE).where(col(Statement.kind) == StatementKind.OBJECTION),
    Noun.AMENDMENT: columns(Statement, ANSWER_STATE).where(col(Statement.kind) == StatementKind.AMENDMENT),
    Noun.REMARK: columns(Remark),
    Noun.SEAT: columns(
        Seat, case((col(Seat.ends_at).is_(None), GIVEN), else_=ENDED), **dates(Seat, Noun.SEAT)
    ),
    Noun.APPLICATION: columns(Application).where(col(Application.state) != ApplicationState.DRAFT),
    Noun.PANEL_REVIEW: columns(PanelReview),
    Noun.CONDITION: columns(Condition).where(col(Condition.project_id).is_not(None)),
    Noun.MOTION: columns(Motion, case((col(Motion.outcome).is_(None), STANDING), else_=col(Motion.outcome))),
    # One that is forming has had nothing told of it.
    Noun.COMMITTEE: columns(Committee).where(col(Committee.state) != CommitteeState.FORMING),
    Noun.ASSIGNMENT: columns(Assignment, case((col(Assignment.ended_at).is_(None), GIVEN), else_=ENDED)),
}


@dataclass(frozen=True)
class Named:
    """One thing that differs: what it is, its id, and its page if it has one."""

    noun: str
    id: UUID
    url: str | None


@dataclass(frozen=True)
class Report:
    """A comparison as anyone may read it: what differs is named where anyone may know that it exists."""

    compared: Comparison
    named: tuple[Named, ...]

    @property
    def unnamed(self) -> int:
        return len(self.compared.differing) - len(self.named)


def report(session: Session) -> Report:
    """What the page of the verification tells about the states."""
    compared = differences(session)
    asked = [
        (SubjectKind(each.noun), UUID(each.id))
        for each in compared.differing
        if each.noun in NOUNS and each.kept is not None
    ]
    return Report(compared, tuple(named(*each) for each in event_log.open_among(session, asked[:NAMED])))


def named(kind: SubjectKind, key: UUID) -> Named:
    path = event_log.PATHS.get(kind)
    return Named(NOUNS[Noun(kind)], key, path.format(key) if path else None)


def told(session: Session, at: datetime | None = None) -> tuple[dict[str, Any], str]:
    """What `comission replay` prints: how the records compare, or every state as of an instant."""
    if at is None:
        compared = differences(session)
        differing = [vars(each) for each in compared.differing]
        return vars(compared) | {"differing": differing}, "\n".join(sentences(compared))
    found = states_at(session, at)
    states = {
        noun: {key: {**known, "state": replay.effective(noun, known, at)} for key, known in readings.items()}
        for noun, readings in found.found.items()
    }
    counted = {
        noun: Counter(known["state"] for known in each.values()) for noun, each in states.items() if each
    }
    lines = [f"{found.events} events until {at.isoformat()}:"]
    lines += [
        f"{noun}: " + ", ".join(f"{many} {state}" for state, many in sorted(each.items()))
        for noun, each in counted.items()
    ]
    return {"at": at, "events": found.events, "unknown": sorted(found.unknown), "states": states}, "\n".join(
        lines
    )


def sentences(compared: Comparison) -> Iterator[str]:
    yield (
        f"{compared.events} events: {compared.states} states were rebuilt, {len(compared.differing)} differ from the "
        f"records, {compared.unknown} cannot be told."
    )
    for each in compared.differing:
        yield f"{each.noun} {each.id}: the events tell {plainly(each.told)}; the record holds {plainly(each.kept)}."


def plainly(known: Reading | None) -> str:
    if known is None:
        return "nothing"
    return ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
