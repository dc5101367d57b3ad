"""What people say about a mission, a decision or a call: said, withdrawn, reported; all of it by the same acts."""

from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import NotFound, Refusal
from app.models.call import Call
from app.models.decision import Decision
from app.models.mission import Clause, Mission
from app.models.person import Person
from app.models.pledge import forget_proof
from app.models.seat import live_seats_in
from app.models.statement import Statement
from app.rules.words import N_, Role, ScopeKind, StatementKind, StatementState, SubjectKind
from app.services import events, notifications, statements

SPOKEN_KINDS = frozenset(
    {StatementKind.COMMENT, StatementKind.OBJECTION, StatementKind.AMENDMENT, StatementKind.PLEDGE}
)
SPOKEN_ON = frozenset({SubjectKind.MISSION, SubjectKind.DECISION, SubjectKind.CALL})
PAGES = {
    (SubjectKind.MISSION, StatementKind.COMMENT): "/missions/{}/comments",
    (SubjectKind.MISSION, StatementKind.OBJECTION): "/missions/{}/objections",
    (SubjectKind.MISSION, StatementKind.AMENDMENT): "/missions/{}/amendments",
    (SubjectKind.MISSION, StatementKind.PLEDGE): "/missions/{}/pledges",
    (SubjectKind.DECISION, StatementKind.COMMENT): "/decisions/{}/comments",
    (SubjectKind.CALL, StatementKind.COMMENT): "/calls/{}/questions",
}


class AnotherAnswers(Refusal):
    status: ClassVar[int] = 403
    sentence: ClassVar[str] = N_("Nobody decides on what they or their organisation submitted.")


def page_of(statement: Statement) -> str:
    """The place of a statement on its page; its page alone for what is no comment, objection or amendment."""
    path = PAGES.get((statement.subject_kind, statement.kind))
    if path is None:
        raise NotFound()
    return f"{path.format(statement.subject_id)}#said-{statement.id}"


def part_of(statement: Statement) -> str:
    """The same place, as a notification keeps it: what follows the address of the mission or the decision."""
    return page_of(statement).partition(str(statement.subject_id))[2]


def require_spoken(statement: Statement) -> None:
    """Words on a voice have their own routes, and what moderators and members write for the record stands."""
    if statement.kind not in SPOKEN_KINDS or statement.subject_kind not in SPOKEN_ON:
        raise NotFound()


def clause_in(session: Session, mission: Mission, clause_id: UUID | None) -> UUID | None:
    """The clause that is meant, if it is one of this mission."""
    if clause_id is None:
        return None
    clause = session.get(Clause, clause_id)
    if clause is None or clause.mission_id != mission.id:
        raise NotFound()
    return clause.id


def keep(session: Session, made: Statement, kind: str, by: UUID, **facts: Any) -> Statement:
    """Write a statement, its words and its event; the first one where the same form arrived twice."""
    if (first := statements.add_once(session, made)) is not None:
        return first
    session.flush()
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, made.text, by)
    events.record(
        session, kind, SubjectKind.STATEMENT, made.id, by=by, text_hash=text_hash, **about(made), **facts
    )
    return made


def about(statement: Statement) -> dict[str, Any]:
    """What an event says of where a statement stands."""
    found: dict[str, Any] = {statement.subject_kind.value: statement.subject_id}
    return found | ({"clause": statement.about_id} if statement.about_id else {})


def withdraw(session: Session, statement: Statement, by: UUID) -> None:
    """Its author takes it back: the words are erased everywhere; answers and replies to it stay."""
    require_spoken(statement)
    session.refresh(statement, with_for_update=True)
    if statement.author_id != by:
        raise NotFound()
    if statement.state is StatementState.WITHDRAWN:
        return
    statement.state, statement.text = StatementState.WITHDRAWN, ""
    events.erase_texts(session, SubjectKind.STATEMENT, statement.id)
    forget_proof(session, statement.id)
    closed = statements.close_all(session, statement)
    events.record(
        session, "words_withdrawn", SubjectKind.STATEMENT, statement.id, by=by, **about(statement),
        states={SubjectKind.STATEMENT: {StatementState.RESOLVED: [each.id for each in closed]}},
    )  # fmt: skip


def report(session: Session, statement: Statement, person: Person, reason: str) -> Statement:
    """Ask the moderators to look at it; one report per person, hiding nothing."""
    require_spoken(statement)
    if statement.state is not StatementState.VISIBLE:
        raise NotFound()
    key = statements.keyed("report", str(person.id), str(statement.id))
    if (known := statements.with_key(session, key)) is not None:
        return known
    made = Statement(
        kind=StatementKind.REPORT, subject_kind=SubjectKind.STATEMENT, subject_id=statement.id,
        author_id=person.id, text=reason, form_key=key,
    )  # fmt: skip
    if (first := statements.add_once(session, made)) is not None:
        return first
    events.record(
        session, "report_made", SubjectKind.STATEMENT, statement.id, by=person.id,
        statement=made.id, statement_state=made.state,
    )  # fmt: skip
    return made


def appeal(session: Session, statement: Statement, person: Person, words: str) -> Statement:
    """Its author asks that the hiding be looked at again, once for each hiding."""
    require_spoken(statement)
    return statements.appeal_against(session, statement, person, words)


def stewards_of(session: Session, mission: Mission) -> list[UUID]:
    """Everyone who answers for a mission now: stewards and facilitators of its agency."""
    seats = live_seats_in(session, ScopeKind.ORGANISATION, mission.organisation_id)
    return [each.person_id for each in seats if each.role in (Role.STEWARD, Role.FACILITATOR)]


def tell_stewards(session: Session, mission: Mission, statement: Statement, kind: str) -> None:
    people = [each for each in stewards_of(session, mission) if each != statement.author_id]
    tell(session, people, mission.title, statement, kind)


def title_of(session: Session, statement: Statement) -> str:
    """What the mission, the decision or the call is called that a statement is about."""
    if statement.subject_kind is SubjectKind.CALL:
        return session.get_one(Call, statement.subject_id).title
    if statement.subject_kind is SubjectKind.DECISION:
        return session.get_one(Decision, statement.subject_id).question
    return session.get_one(Mission, statement.subject_id).title


def tell(
    session: Session, people: list[UUID], title: str, statement: Statement, kind: str, origin: str = "",
    **facts: str,
) -> None:  # fmt: skip
    """Told of the place where the statement stands, on the page of its mission or its decision."""
    notifications.tell(
        session, people, kind, statement.subject_kind, statement.subject_id, origin,
        title=title, page=part_of(statement), **facts,
    )  # fmt: skip


def tell_author(
    session: Session, title: str, statement: Statement, kind: str, origin: str = "", **facts: str
) -> None:
    if statement.author_id is not None:
        tell(session, [statement.author_id], title, statement, kind, origin, **facts)
