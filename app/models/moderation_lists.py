"""What waits for moderators, and what they decided: each list a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, literal_column, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.call import Call
from app.models.decision import Decision
from app.models.hidings import Hiding, hidings
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import keyset
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.moderation import title_of
from app.rules.words import StatementKind, StatementState, SubjectKind, SubmissionState

PAGE = 20
WAITS: ColumnElement[bool] = literal_column("submission.state = 'submitted'")
UNRESOLVED: ColumnElement[bool] = literal_column(
    "statement.kind IN ('report', 'appeal') AND statement.resolved_at IS NULL"
)
DECIDED: ColumnElement[bool] = literal_column("statement.kind = 'reason' AND statement.rule <> ''")
UPHELD, DISMISSED, NO_ACTION, RESTORED = "appeal_upheld", "appeal_dismissed", "no_action", "restored"
OUTCOMES = (UPHELD, DISMISSED, NO_ACTION, RESTORED)
ONLY_MODERATOR = "only_moderator"  # an appeal was decided by who hid it, since the agency has nobody else
GONE: ColumnElement[bool] = literal_column("submission.state = 'withdrawn'")


@dataclass(frozen=True)
class Waiting:
    """One thing for a moderator to look at: a submission, or a comment on one, and why it is in the queue."""

    submission: Submission
    author: str
    comment: Statement | None = None
    reports: list[Statement] = field(default_factory=list)
    appeal: Statement | None = None
    hiding: Hiding | None = None

    @property
    def subject(self) -> Submission | Statement:
        return self.comment or self.submission

    @property
    def rule(self) -> str:
        """By which rule it is hidden; a text that came hidden with an import has its own."""
        return title_of(self.hiding.rule if self.hiding else self.submission.hidden_rule)

    @property
    def reason(self) -> str:
        return self.hiding.reason if self.hiding else self.submission.hidden_reason


@dataclass(frozen=True)
class WaitingPage:
    items: list[Waiting]
    next: str | None = None


@dataclass(frozen=True)
class Decided:
    """One line of the public log: never the hidden words, never whose they were."""

    at: datetime
    rule: str
    reason: str
    subject_kind: SubjectKind
    call_id: UUID | None
    call_title: str
    outcome: str
    by_hider: bool = False


@dataclass(frozen=True)
class LogPage:
    lines: list[Decided]
    next: str | None = None


def submitted(session: Session, call_id: UUID, cursor: str = "") -> WaitingPage:
    """Texts that are not public yet, the oldest first."""
    query = (
        select(Submission, col(Person.name))
        .join(Person, col(Person.id) == Submission.author_id)
        .where(col(Submission.call_id) == call_id, WAITS)
        .order_by(col(Submission.number))
    )
    if cursor:
        (number,) = keyset.decode(cursor, "submitted", [int])
        query = query.where(col(Submission.number) > number)
    rows = session.execute(limited(query)).all()
    items = [Waiting(row[0], row[1]) for row in rows[:PAGE]]
    last = keyset.encode("submitted", [items[-1].submission.number or 0]) if len(rows) > PAGE else None
    return WaitingPage(items, last)


def limited(query: Any) -> Any:
    return query.limit(PAGE + 1)


def reported(session: Session, call_id: UUID, cursor: str = "") -> WaitingPage:
    """Public texts and comments that somebody reported and no moderator has looked at yet."""
    return unresolved(session, call_id, StatementKind.REPORT, cursor)


def appealed(session: Session, call_id: UUID, cursor: str = "") -> WaitingPage:
    return unresolved(session, call_id, StatementKind.APPEAL, cursor)


def unresolved(session: Session, call_id: UUID, kind: StatementKind, cursor: str) -> WaitingPage:
    """One item for each subject, in the order in which its first report or appeal came."""
    comment = aliased(Statement)
    first = func.min(col(Statement.created_at))
    about = func.coalesce(col(comment.subject_id), col(Statement.subject_id))
    query = (
        select(
            col(Submission.id), col(Statement.subject_kind), col(Statement.subject_id), first.label("first")
        )
        .select_from(Statement)
        .outerjoin(
            comment,
            and_(
                col(Statement.subject_kind) == SubjectKind.STATEMENT,
                col(comment.id) == col(Statement.subject_id),
            ),
        )
        .join(Submission, col(Submission.id) == about)
        .where(UNRESOLVED, ~GONE, col(Statement.kind) == kind, col(Submission.call_id) == call_id)
        .group_by(col(Submission.id), col(Statement.subject_kind), col(Statement.subject_id))
        .order_by(first, col(Statement.subject_id))
    )
    if cursor:
        at, subject = keyset.decode(cursor, kind.value, [datetime, UUID])
        query = query.having(tuple_(first, col(Statement.subject_id)) > tuple_(at, subject))
    rows = session.connection().execute(limited(query)).all()
    shown = rows[:PAGE]
    last = keyset.encode(kind.value, [shown[-1].first, shown[-1].subject_id]) if len(rows) > PAGE else None
    return WaitingPage(gathered(session, kind, [(row[0], row[1], row[2]) for row in shown]), last)


def hidden(session: Session, call_id: UUID, cursor: str = "") -> WaitingPage:
    """What is hidden now, voices and comments, the latest first: a slip is found here, and undone."""
    voices: Any = select(
        col(Submission.id), literal(SubjectKind.SUBMISSION.value).label("kind"), col(Submission.id).label("subject_id"),
        func.coalesce(col(Submission.hidden_at), col(Submission.created_at)).label("at"),
    ).where(col(Submission.call_id) == call_id, col(Submission.state) == SubmissionState.HIDDEN)  # fmt: skip
    comments: Any = (
        select(
            col(Submission.id), literal(SubjectKind.STATEMENT.value).label("kind"),
            col(Statement.id).label("subject_id"), col(Statement.created_at).label("at"),
        )
        .join(Submission, col(Submission.id) == Statement.subject_id)
        .where(
            col(Submission.call_id) == call_id, ~GONE,
            col(Statement.kind) == StatementKind.COMMENT, col(Statement.state) == StatementState.HIDDEN,
        )
    )  # fmt: skip
    both = union_all(voices, comments).subquery()
    query = select(both).order_by(both.c.at.desc(), both.c.subject_id.desc())
    if cursor:
        at, subject = keyset.decode(cursor, "hidden", [datetime, UUID])
        query = query.where(tuple_(both.c.at, both.c.subject_id) < tuple_(at, subject))
    rows = session.connection().execute(limited(query)).all()
    shown = rows[:PAGE]
    last = keyset.encode("hidden", [shown[-1].at, shown[-1].subject_id]) if len(rows) > PAGE else None
    found = [(row.id, SubjectKind(row.kind), row.subject_id) for row in shown]
    return WaitingPage(gathered(session, StatementKind.APPEAL, found), last)


def gathered(
    session: Session, kind: StatementKind, found: Sequence[tuple[UUID, SubjectKind, UUID]]
) -> list[Waiting]:
    """Load submissions, comments and reports of a page, each in one statement."""
    if not found:
        return []
    submissions = with_authors(session, [each[0] for each in found])
    subjects = [each[2] for each in found]
    about = and_(col(Statement.subject_id).in_(subjects), col(Statement.kind) == kind, UNRESOLVED)
    query = select(Statement).where(or_(about, col(Statement.id).in_(subjects)))
    said = session.scalars(query.order_by(col(Statement.created_at))).all()
    comments = {each.id: each for each in said if each.id in set(subjects)}
    why = hidings(session, subjects) if kind is StatementKind.APPEAL else {}

    def of(subject_id: UUID, kind: StatementKind) -> list[Statement]:
        return [each for each in said if each.subject_id == subject_id and each.kind is kind]

    return [
        Waiting(
            *submissions[submission_id],
            comment=comments.get(subject_id),
            reports=of(subject_id, StatementKind.REPORT),
            appeal=next(iter(of(subject_id, StatementKind.APPEAL)), None),
            hiding=why.get(subject_id),
        )
        for submission_id, _kind, subject_id in found
    ]


def with_authors(session: Session, submission_ids: Sequence[UUID]) -> dict[UUID, tuple[Submission, str]]:
    query = select(Submission, col(Person.name)).join(Person, col(Person.id) == Submission.author_id)
    found = session.execute(query.where(col(Submission.id).in_(submission_ids)))
    return {row[0].id: (row[0], row[1]) for row in found}


def counts(session: Session, call_id: UUID) -> dict[str, int]:
    """How much waits in each list of a call."""
    waits = select(func.count()).select_from(Submission).where(col(Submission.call_id) == call_id, WAITS)
    comment = aliased(Statement)
    about = func.coalesce(col(comment.subject_id), col(Statement.subject_id))
    said = (
        select(col(Statement.kind), func.count(func.distinct(col(Statement.subject_id))))
        .select_from(Statement)
        .outerjoin(
            comment,
            and_(
                col(Statement.subject_kind) == SubjectKind.STATEMENT,
                col(comment.id) == col(Statement.subject_id),
            ),
        )
        .join(Submission, col(Submission.id) == about)
        .where(UNRESOLVED, ~GONE, col(Submission.call_id) == call_id)
        .group_by(col(Statement.kind))
    )
    connection = session.connection()
    found = {str(row[0]): int(row[1]) for row in connection.execute(said)}
    return {
        "submitted": int(connection.execute(waits).scalar_one()),
        "reported": found.get(StatementKind.REPORT, 0),
        "appealed": found.get(StatementKind.APPEAL, 0),
    }


def log(session: Session, cursor: str = "") -> LogPage:
    """What moderators decided, the latest first; nothing of a question that is still a draft."""
    comment, voted_on = aliased(Statement), aliased(Mission)
    about = func.coalesce(col(comment.subject_id), col(Statement.subject_id))
    call_id = func.coalesce(col(Submission.call_id), col(Mission.call_id), col(voted_on.call_id))
    query = (
        select(Statement, col(Call.id), func.coalesce(col(Call.title), col(Decision.question)))
        .outerjoin(
            comment,
            and_(
                col(Statement.subject_kind) == SubjectKind.STATEMENT,
                col(comment.id) == col(Statement.subject_id),
            ),
        )
        .outerjoin(Submission, col(Submission.id) == about)
        .outerjoin(Mission, col(Mission.id) == about)
        .outerjoin(Decision, col(Decision.id) == about)
        .outerjoin(voted_on, col(voted_on.id) == Decision.mission_id)
        .outerjoin(Call, col(Call.id) == call_id)
        .where(DECIDED, or_(col(Call.state).in_(PUBLIC_CALL_STATES), col(Call.id).is_(None)))
        .order_by(col(Statement.created_at).desc(), col(Statement.id).desc())
    )
    if cursor:
        at, last_id = keyset.decode(cursor, "log", [datetime, UUID])
        query = query.where(tuple_(col(Statement.created_at), col(Statement.id)) < tuple_(at, last_id))
    rows = session.execute(limited(query)).all()
    lines = [line_of(row[0], row[1], row[2]) for row in rows[:PAGE]]
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return LogPage(lines, keyset.encode("log", [last.created_at, last.id]) if last else None)


def line_of(statement: Statement, call_id: UUID | None, call_title: str) -> Decided:
    outcome = statement.rule if statement.rule in OUTCOMES else "hidden"
    return Decided(
        statement.created_at,
        statement.rule,
        statement.text,
        statement.subject_kind,
        call_id,
        call_title,
        outcome,
        statement.outcome == ONLY_MODERATOR,
    )
