"""Questions about an innovation call and the agency's answers: public, so that all who apply know the same."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, NotFound
from app.models.call import Call
from app.models.hidings import Hiding, hidings
from app.models.person import Person
from app.models.seat import live_seats_in
from app.models.statement import Statement
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import N_, Role, ScopeKind, StatementKind, StatementState, SubjectKind
from app.services import notifications, spoken, statements

MOST = 500


class AnsweredAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "A colleague answered this question while you were writing. The answer stands below."
    )


@dataclass(frozen=True)
class Question:
    """One question, with its answer once there is one; who asked is not told: applicants compete."""

    statement: Statement
    answer: Statement | None
    hiding: Hiding | None

    @property
    def is_shown(self) -> bool:
        """What was withdrawn leaves a mark only where it was answered."""
        return self.answer is not None or self.statement.state is not StatementState.WITHDRAWN


def listed(session: Session, call_id: UUID) -> list[Question]:
    """Every question of a call with its answer, the newest first."""
    query = select(Statement).where(
        Statement.subject_kind == SubjectKind.CALL,
        Statement.subject_id == call_id,
        col(Statement.kind).in_((StatementKind.COMMENT, StatementKind.ANSWER)),
    )
    found = list(
        session.exec(query.order_by(col(Statement.created_at).desc(), col(Statement.id)).limit(2 * MOST))
    )
    answers = {each.parent_id: each for each in found if each.kind is StatementKind.ANSWER}
    asked = [each for each in found if each.kind is StatementKind.COMMENT]
    why = hidings(session, [each.id for each in asked if each.state is StatementState.HIDDEN])
    questions = [Question(each, answers.get(each.id), why.get(each.id)) for each in asked]
    return [each for each in questions if each.is_shown]


def ask(session: Session, call: Call, person: Person, words: str, form_key: str) -> Statement:
    """Ask what all who apply will read; possible until the deadline."""
    phases.require(Act.ASK_ABOUT, call_phase(call), times_of(call))
    key = statements.keyed("asked", str(person.id), form_key)
    if (known := statements.with_key(session, key)) is not None:
        return known
    made = Statement(
        kind=StatementKind.COMMENT, subject_kind=SubjectKind.CALL, subject_id=call.id, author_id=person.id,
        text=words, form_key=key,
    )  # fmt: skip
    kept = spoken.keep(session, made, "asked_about_offer", person.id)
    if kept is made:
        told = [each for each in facilitators_of(session, call) if each != person.id]
        spoken.tell(session, told, call.title, made, "asked_about_offer")
    return kept


def facilitators_of(session: Session, call: Call) -> list[UUID]:
    seats = live_seats_in(session, ScopeKind.ORGANISATION, call.organisation_id)
    return [each.person_id for each in seats if each.role is Role.FACILITATOR]


def answer(session: Session, call: Call, question_id: UUID, words: str, by: UUID) -> Statement:
    """Answer a question once, for everybody; whoever asked is told."""
    question = session.get(Statement, question_id, with_for_update=True)
    wanted = (StatementKind.COMMENT, SubjectKind.CALL, call.id, StatementState.VISIBLE)
    if (
        question is None
        or (question.kind, question.subject_kind, question.subject_id, question.state) != wanted
    ):
        raise NotFound()
    query = select(Statement.id).where(
        Statement.parent_id == question.id, Statement.kind == StatementKind.ANSWER
    )
    if session.exec(query).first() is not None:
        raise AnsweredAlready()
    made = Statement(
        kind=StatementKind.ANSWER, subject_kind=SubjectKind.CALL, subject_id=call.id, author_id=by,
        parent_id=question.id, text=words,
    )  # fmt: skip
    kept = spoken.keep(session, made, "answered_about_offer", by)
    if question.author_id is not None:
        page = f"/questions#said-{question.id}"
        notifications.tell(
            session,
            [question.author_id],
            "answered_about_offer",
            SubjectKind.CALL,
            call.id,
            title=call.title,
            page=page,
        )
    return kept
