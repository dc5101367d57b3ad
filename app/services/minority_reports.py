"""Minority reports: what a stakeholder group on the losing side says, signed by its seats, before certification."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.errors import Conflict, Forbidden, NotFound
from app.models.ballot import Ballot, counted_ballots
from app.models.decision import Decision
from app.models.seat import seat_names
from app.models.statement import Statement
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import N_, StakeholderGroup, StatementKind, StatementState, SubjectKind
from app.services import (
    decisions,
    decisions_certify,
    decisions_freeze,
    decisions_show,
    events,
    statements,
)

GROUPS = "group"  # the outcome that tells a group's report from the dissent of one seat


class GroupNotOnTheLosingSide(Forbidden):
    sentence: ClassVar[str] = N_(
        "A minority report speaks for a stakeholder group most of whose counted votes are on the losing side."
    )


class ReportFiled(Conflict):
    sentence: ClassVar[str] = N_(
        "Your group has filed its report already: sign it, or file your seat's own dissent."
    )


@dataclass(frozen=True)
class Minority:
    """For the page of a decision: whose reports are signed by whom, and what this viewer may do."""

    signed: dict[UUID, list[str]] = field(default_factory=dict)
    may_report: StakeholderGroup | None = None
    may_sign: frozenset[UUID] = frozenset()


def losing_groups(session: Session, decision: Decision) -> set[StakeholderGroup]:
    """Groups most of whose counted ballots lost; of a secret vote nobody may know."""
    if not decision.outcome or decisions_freeze.is_secret(decision):
        return set()
    groups, counted = decisions_show.groups_of(decision), decisions_show.counted_seats(decision)
    ballots = [each for each in counted_ballots(session, decision.id) if each.seat_id in counted]
    voted = Counter(groups[each.seat_id] for each in ballots)
    lost = Counter(groups[each.seat_id] for each in ballots if decisions_certify.lost(decision, each))
    return {group for group, many in lost.items() if 2 * many > voted[group]}


def file(
    session: Session, decision: Decision, person_id: UUID, words: str, at: datetime | None = None
) -> Statement:
    """One report for a group, by one of its seats that lost; the others sign it."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.DISSENT, decision_phase(decision, at))
    ballot, group = losing_ballot(session, decision, person_id)
    made = Statement(
        kind=StatementKind.DISSENT, subject_kind=SubjectKind.DECISION, subject_id=decision.id,
        author_id=person_id, seat_id=ballot.seat_id, group=group, text=words, outcome=GROUPS,
        form_key=f"report-{decision.id.hex}-{group.value}"[:64], created_at=at,
    )  # fmt: skip
    if statements.add_once(session, made) is not None:
        raise ReportFiled()
    session.flush()
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, words, person_id)
    decisions.record(
        session, "dissent_filed", decision, at, person_id, group=group,
        statement=made.id, statement_state=made.state, seat=ballot.seat_id, text_hash=text_hash,
    )  # fmt: skip
    return made


def sign(
    session: Session, decision: Decision, report_id: UUID, person_id: UUID, at: datetime | None = None
) -> Statement:
    """Another losing seat of the same group puts its name under the report; twice is once."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.DISSENT, decision_phase(decision, at))
    report = session.get(Statement, report_id)
    if report is None or report.subject_id != decision.id or report.outcome != GROUPS:
        raise NotFound()
    ballot, group = losing_ballot(session, decision, person_id)
    if group is not report.group or ballot.seat_id == report.seat_id:
        raise GroupNotOnTheLosingSide()
    made = Statement(
        kind=StatementKind.DISSENT, subject_kind=SubjectKind.DECISION, subject_id=decision.id,
        author_id=person_id, seat_id=ballot.seat_id, group=group, parent_id=report.id, text="",
        form_key=statements.keyed("signature", str(report.id), str(ballot.seat_id)), created_at=at,
    )  # fmt: skip
    if (first := statements.add_once(session, made)) is not None:
        return first
    decisions.record(
        session, "report_signed", decision, at, person_id,
        statement=made.id, statement_state=made.state, seat=ballot.seat_id,
    )  # fmt: skip
    return made


def losing_ballot(session: Session, decision: Decision, person_id: UUID) -> tuple[Ballot, StakeholderGroup]:
    """This person's counted ballot on the losing side, and its group if most of that lost too."""
    ballot = decisions_certify.may_dissent(session, decision, person_id)
    if ballot is None:
        raise decisions_certify.NotOnTheLosingSide()
    group = decisions_show.groups_of(decision)[ballot.seat_id]
    if group not in losing_groups(session, decision):
        raise GroupNotOnTheLosingSide()
    return ballot, group


def of(session: Session, decision: Decision, person_id: UUID | None, *, is_time: bool) -> Minority:
    """`is_time`: dissent may be filed now, by this viewer."""
    query = select(Statement).where(
        Statement.subject_kind == SubjectKind.DECISION,
        Statement.subject_id == decision.id,
        Statement.kind == StatementKind.DISSENT,
        Statement.state == StatementState.VISIBLE,
    )
    found = list(session.exec(query.order_by(col(Statement.created_at), col(Statement.id))))
    reports = {each.id: each for each in found if each.outcome == GROUPS}
    names = seat_names(session, {each.seat_id for each in found if each.seat_id})
    signed: dict[UUID, list[str]] = {key: [] for key in reports}
    for each in found:
        if each.parent_id in reports and each.seat_id is not None:
            signed[each.parent_id].append(names.get(each.seat_id, ""))
    if person_id is None or not is_time:
        return Minority(signed)
    try:
        ballot, group = losing_ballot(session, decision, person_id)
    except Forbidden:
        return Minority(signed)
    mine = {each.parent_id or each.id for each in found if each.seat_id == ballot.seat_id}
    of_group = [each for each in reports.values() if each.group is group]
    may_sign = frozenset(each.id for each in of_group if each.id not in mine)
    return Minority(signed, None if of_group else group, may_sign)
