"""Conversations: comments with their replies, two deep, on a voice, a mission or a decision, a page at a time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, cast, func, or_, tuple_, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.decision import Decision
from app.models.hidings import Hiding, hidings
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.rules import keyset
from app.rules.deliberation import Withdrawn
from app.rules.moderation import title_of
from app.rules.words import MissionState, StatementKind, StatementState, SubjectKind
from app.services import spoken, statements

PAGE = 30
MOST_REPLIES = 500  # of one page; a longer exchange says that it goes on
SORT = "comments"
BEGINNING = datetime(1, 1, 1, tzinfo=UTC), UUID(int=0)
ABOUT = {Mission: SubjectKind.MISSION, Decision: SubjectKind.DECISION}


@dataclass(frozen=True)
class Comment:
    """One comment with its author's name and the replies to it; the words are empty where they may not be read."""

    statement: Statement
    author: str
    replies: list["Comment"] = field(default_factory=list)
    hiding: Hiding | None = None

    @property
    def rule(self) -> str:
        return title_of(self.statement.rule)

    @property
    def is_shown(self) -> bool:
        """What was withdrawn leaves a mark only where somebody replied to it."""
        return bool(self.replies) or self.statement.state is not StatementState.WITHDRAWN


@dataclass(frozen=True)
class Conversation:
    """One page of it; `is_cut` where more was said in reply than a page holds."""

    comments: list[Comment]
    next: str | None = None
    is_cut: bool = False


def _comments() -> "object":
    """One statement for a page: the comments after a place, the replies to them, and the replies to these."""
    after = tuple_(bindparam("at", type_=DateTime(timezone=True)), bindparam("after", type_=Uuid()))
    clause = cast(bindparam("about_id"), Uuid())
    root, reply, deeper = (aliased(Statement) for _each in range(3))
    roots = (
        select(root.id)
        .where(
            root.subject_kind == bindparam("subject_kind"),
            root.subject_id == bindparam("subject_id"),
            root.kind == StatementKind.COMMENT,
            col(root.parent_id).is_(None),
            or_(clause.is_(None), col(root.about_id) == clause),
            tuple_(col(root.created_at), col(root.id)) > after,
        )
        .order_by(col(root.created_at), col(root.id))
        .limit(PAGE + 1)
        .cte("roots")
    )
    first = select(reply.id).where(col(reply.parent_id).in_(select(roots.c.id))).cte("first")
    second = select(deeper.id).where(col(deeper.parent_id).in_(select(first.c.id)))
    wanted = union(select(roots.c.id), select(first.c.id), second)
    return (
        select(Statement, Person.name)
        .outerjoin(Person, col(Person.id) == Statement.author_id)
        .where(col(Statement.id).in_(wanted), col(Statement.kind) == StatementKind.COMMENT)
        .order_by(col(Statement.parent_id).is_not(None), col(Statement.created_at), col(Statement.id))
        .limit(PAGE + 1 + MOST_REPLIES)
    )


COMMENTS = _comments()


def page(
    session: Session, kind: SubjectKind, subject_id: UUID, cursor: str = "", about_id: UUID | None = None
) -> Conversation:
    """Comments in the order in which they were made, each with its replies."""
    at, after = keyset.decode(cursor, SORT, keyset.MOMENT) if cursor else BEGINNING
    asked = {"subject_kind": kind, "subject_id": subject_id, "about_id": about_id, "at": at, "after": after}
    told = session.exec(COMMENTS, params=asked).all()  # type: ignore[call-overload]
    why = hidings(session, [row[0].id for row in told if row[0].state is StatementState.HIDDEN])
    found = {row[0].id: Comment(row[0], row[1] or "", hiding=why.get(row[0].id)) for row in told}
    for each in found.values():
        if (parent := each.statement.parent_id) is not None and parent in found:
            found[parent].replies.append(each)
    roots = [each for each in found.values() if each.statement.parent_id is None]
    last = roots[PAGE - 1].statement if len(roots) > PAGE else None
    shown = roots[:PAGE]
    for each in reversed(list(found.values())):  # what answers something comes after it
        each.replies[:] = [reply for reply in each.replies if reply.is_shown]
    return Conversation(
        [each for each in shown if each.is_shown],
        keyset.encode(SORT, [last.created_at, last.id]) if last else None,
        len(found) - len(roots) >= MOST_REPLIES,
    )


def say(
    session: Session, subject: Mission | Decision, person: Person, words: str, form_key: str,
    parent_id: UUID | None = None, clause_id: UUID | None = None,
) -> Statement:  # fmt: skip
    """Comment on a mission, one of its clauses or a decision; or reply to a comment there."""
    key = statements.keyed("said", str(person.id), form_key)
    if (known := statements.with_key(session, key)) is not None:
        return known
    if isinstance(subject, Mission):
        session.refresh(subject, with_for_update={"read": True})
        if subject.state is MissionState.WITHDRAWN:
            raise Withdrawn()
    parent = comment_on(session, subject, parent_id) if parent_id else None
    about_id = spoken.clause_in(session, subject, clause_id) if isinstance(subject, Mission) else None
    made = Statement(
        kind=StatementKind.COMMENT, subject_kind=ABOUT[type(subject)], subject_id=subject.id,
        about_id=parent.about_id if parent else about_id, author_id=person.id, group=person.group,
        parent_id=statements.place_for(session, parent) if parent else None, text=words, form_key=key,
    )  # fmt: skip
    kept = spoken.keep(session, made, "words_said", person.id)
    if kept is made and parent is not None and parent.author_id not in (None, person.id):
        spoken.tell(session, [parent.author_id], spoken.title_of(session, made), made, "words_answered")
    return kept


def comment_on(session: Session, subject: Mission | Decision, statement_id: UUID) -> Statement:
    """A comment on this very mission or decision that can be read now."""
    found = session.get(Statement, statement_id)
    wanted = (StatementKind.COMMENT, ABOUT[type(subject)], subject.id, StatementState.VISIBLE)
    if found is None or (found.kind, found.subject_kind, found.subject_id, found.state) != wanted:
        raise NotFound()
    return found


def count(session: Session, kind: SubjectKind, subject_id: UUID) -> int:
    """Comments and replies that can be read now."""
    query = select(func.count()).where(
        Statement.subject_kind == kind,
        Statement.subject_id == subject_id,
        Statement.kind == StatementKind.COMMENT,
        Statement.state == StatementState.VISIBLE,
    )
    return session.exec(query).one()
