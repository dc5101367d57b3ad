"""Amendments: anyone proposes other words for a clause, or a new clause, and writes them anew."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.amendment import Amendment, state_of
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import deliberation, hashing, word_diffs
from app.rules.words import (
    N_,
    AnswerState,
    LinkKind,
    StatementKind,
    StatementState,
    SubjectKind,
)
from app.services import events, missions, spoken, statements

A = AnswerState


class SameWords(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "These are the words that stand there already. Change what should be different."
    )


class OtherWindow(Conflict):
    sentence: ClassVar[str] = N_(
        "You changed this proposal in another window. Both texts stand below: bring them together, and save again."
    )


@dataclass(frozen=True)
class AmendmentText:
    """What somebody proposes; `clause_id` is None for a new clause, which `section` then places."""

    words: str
    reason: str
    clause_id: UUID | None = None
    section: str = ""


def propose(
    session: Session, mission: Mission, person: Person, typed: AmendmentText, form_key: str
) -> Statement:
    """Propose other words. The mission's row is held, so that no notice and no edit passes between."""
    key = statements.keyed("amendment", str(person.id), form_key)
    if (known := statements.with_key(session, key)) is not None:
        return known
    session.refresh(mission, with_for_update={"read": True})
    deliberation.require_taking(mission.state)
    clause = clause_of(session, mission, typed.clause_id)
    present = text_of(session, clause)
    if same(typed.words, present):
        raise SameWords()
    made = Statement(
        kind=StatementKind.AMENDMENT, subject_kind=SubjectKind.MISSION, subject_id=mission.id,
        about_id=clause.id if clause else None, author_id=person.id, group=person.group,
        text=typed.words, form_key=key,
    )  # fmt: skip
    kept = spoken.keep(
        session, made, "amendment_proposed", person.id, amendment=made.id, amendment_state=A.OPEN
    )
    if kept is not made:
        return kept
    session.add(
        Amendment(
            statement_id=made.id, mission_id=mission.id, section=clause.section if clause else typed.section,
            reason=typed.reason, base_version=mission.version, base_hash=fingerprint(clause),
        )
    )  # fmt: skip
    session.flush()
    keep_sources(session, made, clause)
    spoken.tell_stewards(session, mission, made, "amendment_proposed")
    return made


def revise(session: Session, statement: Statement, typed: AmendmentText, version: int, by: UUID) -> None:
    """Its author writes it anew against the clause of today; never over what another window wrote."""
    mission = session.get_one(Mission, statement.subject_id)
    session.refresh(mission, with_for_update={"read": True})
    deliberation.require_taking(mission.state)
    amendment = held(session, statement)
    if statement.author_id != by or statement.state is not StatementState.VISIBLE:
        raise NotFound()
    if state_of(statement) is not A.OPEN:
        raise deliberation.AnsweredAlready()
    if amendment.version != version:
        raise OtherWindow()
    clause = session.get(Clause, statement.about_id) if statement.about_id else None
    if same(typed.words, text_of(session, clause)):
        raise SameWords()
    statement.text, amendment.reason = typed.words, typed.reason
    amendment.version += 1
    amendment.base_version, amendment.base_hash = mission.version, fingerprint(clause)
    keep_sources(session, statement, clause)
    text_hash = events.keep_text(
        session, SubjectKind.STATEMENT, statement.id, next_number(session, statement), typed.words, by
    )
    events.record(
        session, "amendment_revised", SubjectKind.STATEMENT, statement.id, by=by,
        text_hash=text_hash, version=amendment.version, **spoken.about(statement),
    )  # fmt: skip
    session.flush()


def held(session: Session, statement: Statement) -> Amendment:
    """An amendment with its row held until the end of the transaction."""
    session.refresh(statement, with_for_update=True)
    amendment = session.get_one(Amendment, statement.id)
    session.refresh(amendment)
    return amendment


def next_number(session: Session, statement: Statement) -> int:
    return len(events.versions(session, SubjectKind.STATEMENT, statement.id)) + 1


def clause_of(session: Session, mission: Mission, clause_id: UUID | None) -> Clause | None:
    key = spoken.clause_in(session, mission, clause_id)
    return session.get_one(Clause, key) if key else None


def text_of(session: Session, clause: Clause | None) -> str:
    """The words of a clause as far as they may be read."""
    if clause is None:
        return ""
    links = missions.sources_of(session, [clause])[clause.id]
    return missions.words_of(clause.text, links, missions.unreadable(session, links))


def same(one: str, other: str) -> bool:
    return one.split() == other.split()


def fingerprint(clause: Clause | None) -> str:
    return hashing.digest(clause.text) if clause else ""


def keep_sources(session: Session, statement: Statement, clause: Clause | None) -> None:
    """An amendment that goes on using somebody's words goes when these are taken back."""
    known = {link.to_id: link for link in sources_of(session, [statement.id]).get(statement.id, [])}
    wanted = quoted_by(session, statement.text, clause)
    for key, link in known.items():
        if key not in wanted:
            session.delete(link)
    for key, kind in wanted.items():
        if key not in known:
            session.add(
                Link(
                    kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.STATEMENT, from_id=statement.id,
                    to_kind=kind, to_id=key, note=missions.QUOTED,
                )
            )  # fmt: skip
    session.flush()


def quoted_by(session: Session, words: str, clause: Clause | None) -> dict[UUID, SubjectKind]:
    """The voices and earlier amendments that a clause quotes, whose words a new text still holds."""
    links = missions.sources_of(session, [clause])[clause.id] if clause else []
    quoted = {link.to_id: link.to_kind for link in links if link.note == missions.QUOTED}
    said = said_by(session, quoted)
    return {key: kind for key, kind in quoted.items() if word_diffs.keeps_words(words, said.get(key, ""))}


def said_by(session: Session, sources: dict[UUID, SubjectKind]) -> dict[UUID, str]:
    voices = [key for key, kind in sources.items() if kind is SubjectKind.SUBMISSION]
    others = [key for key, kind in sources.items() if kind is SubjectKind.STATEMENT]
    told: dict[UUID, str] = {}
    if voices:
        query = select(Submission.id, Submission.text).where(col(Submission.id).in_(voices))
        told |= dict(session.exec(query).all())
    if others:
        told |= dict(
            session.exec(select(Statement.id, Statement.text).where(col(Statement.id).in_(others))).all()
        )
    return told


def sources_of(session: Session, statement_ids: list[UUID]) -> dict[UUID, list[Link]]:
    """Whose words each amendment goes on using."""
    query = select(Link).where(
        Link.kind == LinkKind.DERIVES_FROM,
        Link.from_kind == SubjectKind.STATEMENT,
        col(Link.from_id).in_(statement_ids),
    )
    found: dict[UUID, list[Link]] = {}
    for link in session.exec(query) if statement_ids else ():
        found.setdefault(link.from_id, []).append(link)
    return found
