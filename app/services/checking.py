"""Checking: each author is asked whether the group their submission stands in is what they meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.grouping import Grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import clusters as rules
from app.rules import phases
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phases import Act
from app.rules.words import (
    N_,
    ClusterState,
    GroupingState,
    StatementKind,
    StatementState,
    SubjectKind,
)
from app.services import events

YES, NO = "yes", "no"


class InNoGroup(Conflict):
    sentence = N_("This submission stands in no group at the moment, so there is nothing to check.")


@dataclass(frozen=True)
class Question:
    """The group an author is asked about, and their answer if they gave one."""

    cluster: Cluster
    answer: str = ""
    words: str = ""


def question_for(session: Session, submission: Submission, call: Call) -> Question | None:
    """What the author of this submission is asked now; nothing outside the checking phase or without a group."""
    if not is_asked(submission, call):
        return None
    cluster = cluster_of(session, submission.id)
    return questions(session, [(submission, call, cluster)]).get(submission.id)


def questions(
    session: Session, standing: Sequence[tuple[Submission, Call, Cluster | None]]
) -> dict[UUID, Question]:
    """The same for many submissions and their groups at once."""
    asked = {each.id: cluster for each, call, cluster in standing if cluster and is_asked(each, call)}
    keys = [key(submission_id, cluster) for submission_id, cluster in asked.items()]
    known: dict[UUID, Statement] = {}
    if keys:
        given = session.exec(select(Statement).where(col(Statement.form_key).in_(keys)))
        known = {statement.subject_id: statement for statement in given}
    return {
        each: Question(cluster, known[each].rule, known[each].text) if each in known else Question(cluster)
        for each, cluster in asked.items()
    }


class Reached(NamedTuple):
    """Authors with an account: those asked about a group, and those in none, each with one of their voices."""

    asked: set[UUID]
    alone: dict[UUID, UUID]


def reached(session: Session, call_id: UUID) -> Reached:
    """Whoever has a voice in a group is asked about it; whoever has none there is told so, and not asked."""
    is_accepted = and_(
        col(Placement.submission_id) == col(Submission.id),
        col(Placement.grouping_id).in_(
            select(Grouping.id).where(Grouping.call_id == call_id, Grouping.state == GroupingState.ACCEPTED)
        ),
    )
    query = (
        select_columns(col(Submission.author_id), col(Submission.id), col(Placement.cluster_id))
        .join(Person, col(Person.id) == col(Submission.author_id))
        .outerjoin(Placement, is_accepted)
        .where(
            col(Submission.call_id) == call_id,
            col(Submission.state).in_(PUBLIC_STATES),
            col(Person.email).is_not(None),
        )
        .order_by(col(Submission.number))
    )
    rows = [(UUID(str(author)), voice, home) for author, voice, home in session.connection().execute(query)]
    asked = {author for author, _voice, cluster in rows if cluster is not None}
    alone: dict[UUID, UUID] = {}
    for author, voice, _cluster in rows:
        if author not in asked:
            alone.setdefault(author, voice)
    return Reached(asked, alone)


def is_asked(submission: Submission, call: Call) -> bool:
    return submission.state in PUBLIC_STATES and phases.allows(Act.CHECK, call_phase(call))


def cluster_of(session: Session, submission_id: UUID) -> Cluster | None:
    """The deepest group of the accepted grouping that holds this submission."""
    query = (
        select(Cluster)
        .join(Placement, col(Placement.cluster_id) == Cluster.id)
        .join(Grouping, col(Grouping.id) == Placement.grouping_id)
        .where(Placement.submission_id == submission_id, Grouping.state == GroupingState.ACCEPTED)
    )
    return session.exec(query).first()


def answer(session: Session, submission: Submission, person: Person, *, agrees: bool, words: str) -> Cluster:
    """Keep the author's answer, the last one counts; with enough agreement the group is checked."""
    call = session.get_one(Call, submission.call_id)
    phases.require_at(Act.CHECK, times_of(call), call.state, now())
    cluster = cluster_of(session, submission.id)
    if cluster is None or submission.state not in PUBLIC_STATES:
        raise InNoGroup()
    # Locked, so that the answers of two authors at once are both in the count.
    session.refresh(cluster, with_for_update=True)
    form_key, said = key(submission.id, cluster), YES if agrees else NO
    known = session.exec(select(Statement).where(Statement.form_key == form_key)).first()
    if known is not None:
        known.rule, known.text, known.created_at = said, words, now()
    else:
        known = Statement(
            kind=StatementKind.CHECKING, subject_kind=SubjectKind.SUBMISSION, subject_id=submission.id,
            author_id=person.id, text=words, rule=said, form_key=form_key,
        )  # fmt: skip
        session.add(known)
    session.flush()
    move_if_checked(session, cluster)
    events.record(
        session, "checking_answered", SubjectKind.SUBMISSION, submission.id, by=person.id,
        cluster=cluster.id, agrees=agrees, cluster_state=cluster.state,
        statement=known.id, statement_state=known.state,
    )  # fmt: skip
    return cluster


def move_if_checked(session: Session, cluster: Cluster) -> None:
    if cluster.state is not ClusterState.CONFIRMED:
        return
    agreeing, answering = answers_about(session, cluster)
    if rules.authors_agree(agreeing, answering, authors_in(session, cluster)):
        rules.require_move(cluster.state, ClusterState.CHECKED)
        cluster.state = ClusterState.CHECKED
        session.flush()


def answers_about(session: Session, cluster: Cluster) -> tuple[int, int]:
    """How many authors agree, and how many answered, about what now stands in this group."""
    counted = (
        select_columns(
            func.count(func.distinct(Statement.author_id)).filter(col(Statement.rule) == YES),
            func.count(func.distinct(Statement.author_id)),
        )
        .select_from(Statement)
        .join(Placement, col(Placement.submission_id) == Statement.subject_id)
        .where(
            col(Placement.cluster_id) == cluster.id,
            col(Statement.kind) == StatementKind.CHECKING,
            col(Statement.state) == StatementState.VISIBLE,
            func.right(Statement.form_key, 32) == cluster.key.hex,
        )
    )
    agreeing, answering = session.connection().execute(counted).one()
    return int(agreeing), int(answering)


def authors_in(session: Session, cluster: Cluster) -> int:
    """Authors who could be asked: those of the public submissions that stand in the group."""
    counted = (
        select_columns(func.count(func.distinct(Submission.author_id)))
        .select_from(Submission)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(col(Placement.cluster_id) == cluster.id, col(Submission.state).in_(PUBLIC_STATES))
    )
    return int(session.connection().execute(counted).scalar_one())


def objections_in(session: Session, grouping: Grouping) -> dict[UUID, Statement]:
    """Public voices whose authors say that the group they stand in now is not what they meant, oldest first.

    Whoever objects to a mission objects wherever in it the voice stands, until they answer about the project it is in.
    """
    above = aliased(Cluster)
    is_home, is_above = is_about(col(Cluster.key)), is_about(col(above.key))
    query = (
        select_columns(col(Statement.id), is_home)
        .select_from(Statement)
        .join(Placement, col(Placement.submission_id) == Statement.subject_id)
        .join(Cluster, col(Cluster.id) == Placement.cluster_id)
        .outerjoin(above, col(above.id) == Cluster.parent_id)
        .join(Submission, col(Submission.id) == Statement.subject_id)
        .where(
            col(Placement.grouping_id) == grouping.id,
            col(Submission.state).in_(PUBLIC_STATES),
            col(Statement.kind) == StatementKind.CHECKING,
            col(Statement.state) == StatementState.VISIBLE,
            or_(is_home, is_above),
        )
        .order_by(col(Statement.created_at), col(Statement.id))
    )
    rows = [
        (session.get_one(Statement, key), at_home) for key, at_home in session.connection().execute(query)
    ]
    answered = {statement.subject_id for statement, at_home in rows if at_home}
    return {
        statement.subject_id: statement
        for statement, at_home in rows
        if statement.rule == NO and (at_home or statement.subject_id not in answered)
    }


def is_about(group: Mapped[UUID]) -> ColumnElement[bool]:
    return func.right(Statement.form_key, 32) == func.replace(cast(group, String), "-", "")


def key(submission_id: UUID, cluster: Cluster) -> str:
    """One answer for each submission and group identity; the database keeps it to one."""
    return submission_id.hex + cluster.key.hex
