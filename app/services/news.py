"""What was said since a page was opened: asked for every few seconds, so one short statement and mostly nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models.amendment import state_of
from app.models.columns import now
from app.models.mission import Mission
from app.models.person import Person
from app.models.remark import Remark
from app.models.statement import Statement
from app.rules.words import AnswerState, StatementKind, StatementState, SubjectKind
from app.services import objections, remarks
from app.services.conversations import Comment
from app.services.objections import Objection
from app.services.remarks import Said

# What was written before another's act was committed may carry an earlier instant: so far back it is looked for again.
OVERLAP = timedelta(seconds=20)
MOST = 50


@dataclass(frozen=True)
class Mark:
    """Where a page stands: the instant it was made, and what it already shows from shortly before."""

    at: datetime
    seen: frozenset[UUID] = frozenset()

    @property
    def told(self) -> str:
        return ",".join(str(each) for each in sorted(self.seen))

    def following(self, found: Sequence[Statement] | Sequence[Remark], at: datetime) -> "Mark":
        recent = {each.id for each in found if each.created_at > at - OVERLAP}
        return Mark(at, frozenset(recent | (self.seen if self.at > at - OVERLAP else frozenset())))


@dataclass(frozen=True)
class News:
    """What is new, in the order in which it was said, and the mark to ask with next."""

    mark: Mark
    comments: list[Comment] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    answers: list[Statement] = field(default_factory=list)
    remarks: list[Said] = field(default_factory=list)
    outcomes: dict[UUID, AnswerState] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.comments) + len(self.objections) + len(self.answers) + len(self.remarks)


def mark(session: Session, kind: SubjectKind, subject_id: UUID) -> Mark:
    """Where a page that is made now stands."""
    at = now()
    found = session.exec(said_since(kind, subject_id, at - OVERLAP)).all()
    return Mark(at, frozenset(each.id for each in found))


def said_since(kind: SubjectKind, subject_id: UUID, since: datetime):  # type: ignore[no-untyped-def]
    """Comments and objections on a subject, and answers to objections against it."""
    asked = select(Statement.id).where(
        Statement.subject_kind == kind,
        Statement.subject_id == subject_id,
        Statement.kind == StatementKind.OBJECTION,
    )
    on_it = (col(Statement.subject_kind) == kind) & (col(Statement.subject_id) == subject_id)
    answer = (col(Statement.kind) == StatementKind.ANSWER) & col(Statement.subject_id).in_(asked)
    kinds = (StatementKind.COMMENT, StatementKind.OBJECTION)
    return (
        select(Statement)
        .where(
            or_(on_it & col(Statement.kind).in_(kinds), answer),
            col(Statement.created_at) > since,
            Statement.state == StatementState.VISIBLE,
        )
        .order_by(col(Statement.created_at), col(Statement.id))
        .limit(MOST)
    )


def since(session: Session, kind: SubjectKind, subject_id: UUID, before: Mark) -> News:
    """What was said on a mission or a decision since this mark, with the names of its authors."""
    at = now()
    found = list(session.exec(said_since(kind, subject_id, before.at - OVERLAP)))
    fresh = [each for each in found if each.id not in before.seen]
    following = Mark(at, before.seen).following(found, at)
    if not fresh:
        return News(following)
    people = {each.author_id for each in fresh}
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    told = {each.id: names.get(each.author_id, "") if each.author_id else "" for each in fresh}
    objected = [each for each in fresh if each.kind is StatementKind.OBJECTION]
    shown: list[Objection] = []
    if objected and kind is SubjectKind.MISSION:
        shown = objections.with_answers(session, session.get_one(Mission, subject_id), objected, told)
    return News(
        following,
        [Comment(each, told[each.id]) for each in fresh if each.kind is StatementKind.COMMENT],
        shown,
        [each for each in fresh if each.kind is StatementKind.ANSWER],
        outcomes=outcomes_of(session, fresh),
    )


def outcomes_of(session: Session, fresh: Sequence[Statement]) -> dict[UUID, AnswerState]:
    """What became of the objections that were answered since."""
    asked = {each.subject_id for each in fresh if each.kind is StatementKind.ANSWER}
    query = select(Statement).where(col(Statement.id).in_(asked))
    return {each.id: state_of(each) for each in session.exec(query)} if asked else {}


def remarks_since(session: Session, committee_id: UUID, mission_id: UUID, before: Mark) -> News:
    """The same behind closed doors; whoever asks has been let in by the permission of the page."""
    at = now()
    query = select(Remark).where(
        Remark.committee_id == committee_id,
        Remark.mission_id == mission_id,
        Remark.created_at > before.at - OVERLAP,
        Remark.state == StatementState.VISIBLE,
    )
    found = list(session.exec(query.order_by(col(Remark.created_at), col(Remark.id)).limit(MOST)))
    fresh = [each for each in found if each.id not in before.seen]
    following = Mark(at, before.seen).following(found, at)
    return News(following, remarks=remarks.named(session, fresh) if fresh else [])


def closed_mark(session: Session, committee_id: UUID, mission_id: UUID) -> Mark:
    at = now()
    query = select(Remark.id).where(
        Remark.committee_id == committee_id, Remark.mission_id == mission_id, Remark.created_at > at - OVERLAP
    )
    return Mark(at, frozenset(session.exec(query).all()))
