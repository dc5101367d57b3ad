"""Answers: what the agency says to each group of voices, with reasons, before a call counts as answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select, update

from app.conditions.asking import call_phase, times_of
from app.models.call import Call
from app.models.cluster import Cluster, clusters_of, projects_in
from app.models.columns import now
from app.models.grouping import accepted_grouping
from app.models.placement import Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import phases, ranges
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phases import Act
from app.rules.words import (
    CallState,
    ClusterLevel,
    StatementKind,
    StatementState,
    SubjectKind,
    SubmissionState,
)
from app.services import counts, events, home
from app.services.calls import AnswersMissing, tell_authors


@dataclass(frozen=True)
class Answered:
    """One group, or the voices in no group (`cluster` is None), with the answer given to it so far."""

    cluster: Cluster | None
    size: int
    answer: Statement | None

    @property
    def key(self) -> str:
        return str(self.cluster.key) if self.cluster else "ungrouped"


def overview(session: Session, call: Call) -> list[Answered]:
    """Every mission-level group of the accepted grouping, and the pile of those in none."""
    grouping = accepted_grouping(session, call.id)
    if grouping is None:
        return []
    clusters = clusters_of(session, grouping.id, ClusterLevel.MISSION)
    given = answers_by_subject(session, call)
    rows = [Answered(each, each.size, given.get(each.key)) for each in clusters if each.size]
    loose = len(members(session, call, None))
    return [*rows, Answered(None, loose, given.get(call.id))] if loose else rows


def outcome(session: Session, call: Call) -> dict[str, int]:
    """What came of a question, in counts: voices, groups, missions, those adopted, and certified votes."""
    return {
        "voices": counts.public_total(session, call.id),
        **home.reached(session, [call.id]).get(call.id, {}),
    }


def answers_by_subject(session: Session, call: Call) -> dict[UUID, Statement]:
    """The standing answer of each group by its lasting identity, and of the call itself for the rest."""
    query = select(Statement).where(
        Statement.kind == StatementKind.ANSWER,
        col(Statement.state) == StatementState.VISIBLE,
        col(Statement.subject_id).in_(
            [call.id, *session.exec(select(Cluster.key).where(Cluster.call_id == call.id).distinct())]
        ),
    )
    return {each.subject_id: each for each in session.exec(query.order_by(col(Statement.created_at)))}


def answer_to(session: Session, submission: Submission, cluster: Cluster | None) -> Statement | None:
    """The answer that a submission falls under: its mission-level group's, or that for voices in no group."""
    subject = submission.call_id
    if cluster is not None:
        mission_level = session.get(Cluster, cluster.parent_id) if cluster.parent_id else cluster
        subject = mission_level.key if mission_level else cluster.key
    query = select(Statement).where(
        Statement.kind == StatementKind.ANSWER,
        Statement.subject_id == subject,
        Statement.state == StatementState.VISIBLE,
    )
    return session.exec(query.order_by(col(Statement.created_at).desc())).first()


def answer(
    session: Session, call: Call, key: str, outcome: SubmissionState, reason: str, by: UUID
) -> Statement:
    """Answer one group; a later answer to the same group replaces the earlier, which stays readable as history."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.ANSWER, call_phase(call), times_of(call))
    subject = next(row for row in overview(session, call) if row.key == key)
    replaced = [subject.answer] if subject.answer else []
    for each in replaced:
        each.state = StatementState.RESOLVED
    statement = Statement(
        kind=StatementKind.ANSWER,
        subject_kind=SubjectKind.CLUSTER if subject.cluster else SubjectKind.CALL,
        subject_id=subject.cluster.key if subject.cluster else call.id,
        author_id=by,
        text=reason,
        outcome=outcome.value,
    )
    session.add(statement)
    session.flush()
    commitment = events.keep_text(session, SubjectKind.STATEMENT, statement.id, 1, reason, by)
    events.record(
        session,
        "group_answered",
        SubjectKind.CALL,
        call.id,
        by=by,
        subject=statement.subject_id,
        outcome=outcome,
        text=commitment,
        states={
            SubjectKind.STATEMENT: {
                StatementState.VISIBLE: [statement.id],
                StatementState.RESOLVED: [each.id for each in replaced],
            }
        },
    )
    return statement


def conclude(session: Session, call: Call, by: UUID, origin: str) -> None:
    """Every group has its answer: the call is answered and each submission carries its outcome and reason."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.CONCLUDE, call_phase(call), times_of(call))
    rows = overview(session, call)
    if not rows or any(row.answer is None for row in rows):
        raise AnswersMissing()
    decided: dict[str, list[int]] = {}
    for row in rows:
        assert row.answer is not None
        outcome, group = SubmissionState(row.answer.outcome), members(session, call, row.cluster)
        decided.setdefault(outcome, []).extend(decide(session, group, outcome, row.answer.text))
    call.state, call.answered_at = CallState.ANSWERED, now()
    events.record(
        session, "call_answered", SubjectKind.CALL, call.id, by=by,
        states={SubjectKind.SUBMISSION: ranges.by_state(decided)},
    )  # fmt: skip
    tell_authors(session, call, "call_answered", origin)


def members(session: Session, call: Call, cluster: Cluster | None) -> list[UUID]:
    """Public submissions in a mission-level group and its projects; None: those in no group."""
    grouping = accepted_grouping(session, call.id)
    if grouping is None:
        return []
    query = (
        select(Placement.submission_id)
        .join(Submission, col(Submission.id) == Placement.submission_id)
        .where(Placement.grouping_id == grouping.id, col(Submission.state).in_(PUBLIC_STATES))
    )
    if cluster is None:
        return list(session.exec(query.where(col(Placement.cluster_id).is_(None))))
    within = [cluster.id, *(each.id for each in projects_in(session, cluster.id))]
    return list(session.exec(query.where(col(Placement.cluster_id).in_(within))))


def decide(
    session: Session, submission_ids: list[UUID], outcome: SubmissionState, reason: str
) -> Sequence[int]:
    """Write the outcome to what is public; answers the numbers of what it was written to."""
    change = update(Submission).where(
        col(Submission.id).in_(submission_ids), col(Submission.state).in_(PUBLIC_STATES)
    )
    values = change.values(state=outcome, outcome_reason=reason[:2000], outcome_at=now())
    return session.execute(values.returning(col(Submission.number))).scalars().all()
