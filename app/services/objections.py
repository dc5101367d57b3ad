"""Objections against a mission or one of its clauses: made by anyone, answered before a ballot, never overlooked."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select

from app.models.amendment import answers_to, state_of
from app.models.columns import now
from app.models.hidings import Hiding, hidings
from app.models.mission import Mission, clauses_of
from app.models.person import Person
from app.models.statement import Statement
from app.rules import deliberation, keyset, texts
from app.rules.deliberation import OF_OBJECTIONS, QUOTED_AT_MOST
from app.rules.gates import Gate
from app.rules.words import AnswerState, StatementKind, StatementState, SubjectKind
from app.services import events, spoken, statements

PAGE = 30
SORT = "objections"
A = AnswerState
# Hiding the words of an objection does not answer it; withdrawing it does away with it.
WAITS = (
    col(Statement.kind) == StatementKind.OBJECTION,
    col(Statement.outcome) == "",
    col(Statement.state) != StatementState.WITHDRAWN,
)


@dataclass(frozen=True)
class Objection:
    """One objection as a page shows it, with the number of the clause it is about and its answer, if there is one."""

    statement: Statement
    author: str
    answer: Statement | None = None
    clause_number: int | None = None
    hiding: Hiding | None = None

    @property
    def state(self) -> AnswerState:
        return state_of(self.statement)

    @property
    def is_open(self) -> bool:
        return self.state is A.OPEN and self.statement.state is not StatementState.WITHDRAWN


@dataclass(frozen=True)
class Page:
    objections: list[Objection]
    next: str | None = None


def make(
    session: Session, mission: Mission, person: Person, words: str, form_key: str, clause_id: UUID | None = None
) -> Statement:  # fmt: skip
    """Object to a mission, or to one clause of it. The row is held, so that no notice passes between."""
    key = statements.keyed("objection", str(person.id), form_key)
    if (known := statements.with_key(session, key)) is not None:
        return known
    session.refresh(mission, with_for_update={"read": True})
    deliberation.require_taking(mission.state)
    made = Statement(
        kind=StatementKind.OBJECTION, subject_kind=SubjectKind.MISSION, subject_id=mission.id,
        about_id=spoken.clause_in(session, mission, clause_id), author_id=person.id, group=person.group,
        text=words, form_key=key,
    )  # fmt: skip
    kept = spoken.keep(session, made, "objection_made", person.id, objection=made.id, objection_state=A.OPEN)
    if kept is made:
        spoken.tell_stewards(session, mission, made, "objection_made")
    return kept


def answer(
    session: Session, objection: Statement, by: Person, outcome: AnswerState, reason: str, origin: str = ""
) -> Statement:
    """Accept or decline an objection, with a reason that everyone reads; the objector is told."""
    mission = session.get_one(Mission, objection.subject_id)
    session.refresh(objection, with_for_update=True)
    if objection.author_id == by.id:
        raise spoken.AnotherAnswers()
    if outcome not in OF_OBJECTIONS or objection.state is StatementState.WITHDRAWN:
        raise deliberation.AnsweredAlready()
    deliberation.require_answer(state_of(objection), outcome, reason=reason)
    objection.outcome, objection.resolved_at = outcome, now()
    given = add_answer(session, objection, by.id, reason)
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, given.id, 1, reason, by.id)
    events.record(
        session, "objection_answered", SubjectKind.STATEMENT, objection.id, by=by.id, text_hash=text_hash,
        outcome=outcome, objection=objection.id, objection_state=outcome,
        statement=given.id, statement_state=given.state, **spoken.about(objection),
    )  # fmt: skip
    spoken.tell_author(session, mission.title, objection, f"objection_{outcome}", origin)
    return given


def add_answer(session: Session, asked: Statement, by: UUID, reason: str) -> Statement:
    """The one public answer to an objection or an amendment: a second one is refused by its key."""
    given = Statement(
        kind=StatementKind.ANSWER, subject_kind=SubjectKind.STATEMENT, subject_id=asked.id, parent_id=asked.id,
        author_id=by, text=reason, form_key=f"answer-{asked.id.hex}",
    )  # fmt: skip
    session.add(given)
    session.flush()
    return given


def waiting(session: Session, mission_id: UUID) -> list[str]:
    """The beginnings of all objections that wait for an answer, the oldest first; a hidden one says only that."""
    query = (
        select(Statement.text, Statement.state)
        .where(Statement.subject_kind == SubjectKind.MISSION, Statement.subject_id == mission_id, *WAITS)
        .order_by(col(Statement.created_at), col(Statement.id))
    )
    return [
        texts.shortened(" ".join(text.split()), QUOTED_AT_MOST) if state is StatementState.VISIBLE else "…"
        for text, state in session.exec(query)
    ]


def gate(session: Session, mission: Mission) -> Gate:
    """Beside the gates of a mission's text, in the list of what a ballot needs."""
    return deliberation.gate(waiting(session, mission.id))


def require_answered(session: Session, mission: Mission) -> None:
    """Refuse a ballot while an objection waits; the caller holds the mission's row."""
    deliberation.require_answered(waiting(session, mission.id))


def counts(session: Session, mission_id: UUID) -> tuple[int, int]:
    """How many objections there are that can be known of, and how many of them wait."""
    everything = func.count()
    open_ones = func.count().filter(col(Statement.outcome) == "")
    query = select(everything, open_ones).where(
        Statement.subject_kind == SubjectKind.MISSION,
        Statement.subject_id == mission_id,
        Statement.kind == StatementKind.OBJECTION,
        Statement.state != StatementState.WITHDRAWN,
    )
    found = session.exec(query).one()
    return int(found[0]), int(found[1])


def listed(session: Session, mission: Mission, cursor: str = "") -> Page:
    """Those that wait first, then those answered; each in the order in which they were made."""
    rank = col(Statement.outcome) != ""
    query = (
        select(Statement, Person.name, rank)
        .outerjoin(Person, col(Person.id) == Statement.author_id)
        .where(
            Statement.subject_kind == SubjectKind.MISSION,
            Statement.subject_id == mission.id,
            Statement.kind == StatementKind.OBJECTION,
            (col(Statement.state) != StatementState.WITHDRAWN) | rank,
        )
        .order_by(rank, col(Statement.created_at), col(Statement.id))
    )
    if cursor:
        after = keyset.decode(cursor, SORT, (int, *keyset.MOMENT))
        query = query.where(
            tuple_(rank, col(Statement.created_at), col(Statement.id)) > (bool(after[0]), after[1], after[2])
        )
    found = session.exec(query.limit(PAGE + 1)).all()
    shown = [row[0] for row in found[:PAGE]]
    names = {row[0].id: row[1] or "" for row in found}
    last = shown[-1] if len(found) > PAGE else None
    following = (
        keyset.encode(SORT, [int(bool(last.outcome)), last.created_at, last.id]) if last is not None else None
    )
    return Page(with_answers(session, mission, shown, names), following)


def with_answers(
    session: Session, mission: Mission, shown: list[Statement], names: dict[UUID, str]
) -> list[Objection]:
    ids = [each.id for each in shown]
    given, why, numbers = answers_to(session, ids), hidings(session, ids), numbers_of(session, mission)
    return [
        Objection(
            each, names[each.id], given.get(each.id),
            numbers.get(each.about_id) if each.about_id else None, why.get(each.id),
        )
        for each in shown
    ]  # fmt: skip


def numbers_of(session: Session, mission: Mission) -> dict[UUID, int]:
    """The place of each clause, from 1 on, as people name them."""
    return {clause.id: number for number, clause in enumerate(clauses_of(session, mission.id), 1)}
