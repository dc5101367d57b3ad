"""Hidings: by which rule a text or a comment is hidden, by whom and why, and the one appeal against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.person import Person
from app.models.seat import Seat, is_live
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.moderation import RULES, title_of
from app.rules.words import Role, ScopeKind, StatementKind


@dataclass(frozen=True)
class Hiding:
    """The latest hiding of one subject; an appeal against an earlier one is none against this."""

    at: datetime
    rule: str
    reason: str
    by_id: UUID | None
    appeal: Statement | None = None
    answer: Statement | None = None

    @property
    def title(self) -> str:
        return title_of(self.rule)


def hidings(session: Session, subject_ids: Sequence[UUID]) -> dict[UUID, Hiding]:
    """The hiding of each of these that moderators here decided on, in one statement."""
    if not subject_ids:
        return {}
    query = select(Statement).where(
        col(Statement.subject_id).in_(subject_ids),
        col(Statement.kind).in_((StatementKind.REASON, StatementKind.APPEAL)),
    )
    found: dict[UUID, list[Statement]] = {}
    for each in sorted(session.exec(query), key=lambda said: (said.created_at, place_of(said))):
        found.setdefault(each.subject_id, []).append(each)
    told = {subject: hiding_of(said) for subject, said in found.items()}
    return {subject: hiding for subject, hiding in told.items() if hiding is not None}


def place_of(said: Statement) -> int:
    """Of what was said at the same instant: first the hiding, then the appeal, then the answer to it."""
    return 1 if said.kind is StatementKind.APPEAL else 0 if said.rule in RULES else 2


def hiding_of(said: Iterable[Statement]) -> Hiding | None:
    """Read what was said about one subject, oldest first."""
    why: Statement | None = None
    appeal: Statement | None = None
    answer: Statement | None = None
    for each in said:
        if each.kind is StatementKind.REASON and each.rule in RULES:
            why, appeal, answer = each, None, None
        elif each.kind is StatementKind.APPEAL:
            appeal = each
        elif appeal is not None and each.parent_id == appeal.id:
            answer = each
    if why is None:
        return None
    return Hiding(why.created_at, why.rule, why.text, why.author_id, appeal, answer)


def moderators_of(session: Session, organisation_id: UUID) -> list[Person]:
    """Everyone who moderates for an agency now; who is suspended, or never proved the address, cannot."""
    seated = select(Seat.person_id).where(
        Seat.role == Role.FACILITATOR,
        Seat.scope_kind == ScopeKind.ORGANISATION,
        Seat.scope_id == organisation_id,
        *is_live(now()),
    )
    query = select(Person).where(
        col(Person.id).in_(seated),
        col(Person.suspended_at).is_(None),
        col(Person.email_confirmed_at).is_not(None),
    )
    return list(session.exec(query))


def may_decide(person: Person, submission: Submission, author_id: UUID | None) -> bool:
    """Nobody decides on what they or their organisation said."""
    own = submission.organisation_id is not None and person.organisation_id == submission.organisation_id
    return person.id not in (author_id, submission.author_id) and not own
