"""What becomes of an amendment: accepted into the text, declined, or put to a vote; always with a public reason."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.amendment import Amendment, amendments_of, state_of
from app.models.columns import now
from app.models.link import Link
from app.models.mission import Clause, Mission, clauses_of
from app.models.person import Person
from app.models.seat import live_seats_of
from app.models.statement import Statement
from app.rules import deliberation, hashing, word_diffs
from app.rules.words import (
    N_,
    AnswerState,
    LinkKind,
    Origin,
    Role,
    ScopeKind,
    StatementState,
    SubjectKind,
)
from app.services import (
    amendments,
    amendments_show,
    events,
    missions,
    missions_clauses,
    missions_edit,
    missions_text,
    objections,
    spoken,
)
from app.services.amendments_show import Standing

A = AnswerState
AS_IT_STANDS = "as-it-stands"


class LookAgain(Conflict):
    sentence: ClassVar[str] = N_(
        "The clause has changed in the same place since this was proposed, so it cannot be put in by itself. "
        "Ask its author to write it anew, or edit the clause and say so in your answer."
    )


class NotAsShown(Conflict):
    sentence: ClassVar[str] = N_(
        "The clause or the proposal changed since you opened this page. Read how it stands now, then decide."
    )


@dataclass(frozen=True)
class VoteOption:
    """One of the two things a vote on an amendment chooses between; `snapshot` commits to the words it is about."""

    id: str
    words: str
    snapshot: str

    def as_facts(self) -> dict[str, str]:
        return {"id": self.id, "words": self.words, "snapshot": self.snapshot}


@dataclass(frozen=True)
class AmendmentToVote:
    """An amendment that its steward put to a vote, with what a decision freezes of it.

    `proposed` and `present` are the words themselves: whoever freezes them keeps them as a text that can be erased.
    """

    statement_id: UUID
    clause_id: UUID | None
    proposed: str
    present: str
    options: tuple[VoteOption, VoteOption]


def accept(
    session: Session, statement: Statement, by: Person, reason: str, version: int, seen: str, origin: str = ""
) -> None:
    """Put the words into the mission: a new version of it, from the amendment, as one act with its answer."""
    mission = missions_edit.locked(session, session.get_one(Mission, statement.subject_id), version)
    amendment = open_one(session, statement, by.id)
    shown = amendments_show.one(session, mission, statement)
    if shown.standing in (Standing.CLASHES, Standing.GONE):
        raise LookAgain()
    if shown.seen != seen:
        raise NotAsShown()
    deliberation.require_answer(state_of(statement), A.ACCEPTED, reason=reason)
    settle(statement, A.ACCEPTED)
    given = objections.add_answer(session, statement, by.id, reason)
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, given.id, 1, reason, by.id)
    put_in(session, mission, statement, amendment, shown.applied)
    missions_edit.changed(
        session, mission, "amendment", by.id, amendment=statement.id, amendment_state=A.ACCEPTED,
        statement=given.id, statement_state=given.state, reason=text_hash,
    )  # fmt: skip
    spoken.tell_author(session, mission.title, statement, "amendment_accepted", origin)


def answer(
    session: Session, statement: Statement, by: Person, outcome: AnswerState, reason: str, origin: str = ""
) -> Statement:
    """Decline it, or put it to a vote; whoever proposed it is told, and everyone reads why."""
    mission = session.get_one(Mission, statement.subject_id)
    session.refresh(mission, with_for_update={"read": True})
    deliberation.require_taking(mission.state)
    open_one(session, statement, by.id)
    if outcome is A.ACCEPTED:
        raise LookAgain()
    deliberation.require_answer(state_of(statement), outcome, reason=reason)
    settle(statement, outcome)
    given = objections.add_answer(session, statement, by.id, reason)
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, given.id, 1, reason, by.id)
    events.record(
        session, "amendment_answered", SubjectKind.STATEMENT, statement.id, by=by.id, text_hash=text_hash,
        outcome=outcome, amendment=statement.id, amendment_state=outcome,
        statement=given.id, statement_state=given.state, **spoken.about(statement),
    )  # fmt: skip
    spoken.tell_author(session, mission.title, statement, f"amendment_{outcome}", origin)
    return given


def open_one(session: Session, statement: Statement, by: UUID) -> Amendment:
    """An amendment that waits, with its row held; never one's own."""
    amendment = amendments.held(session, statement)
    if statement.author_id == by:
        raise spoken.AnotherAnswers()
    if statement.state is not StatementState.VISIBLE:
        raise deliberation.AnsweredAlready()
    return amendment


def settle(statement: Statement, outcome: AnswerState) -> None:
    statement.outcome = "" if outcome is A.OPEN else outcome.value
    statement.resolved_at = now() if outcome in (A.ACCEPTED, A.DECLINED) else None


def put_in(
    session: Session, mission: Mission, statement: Statement, amendment: Amendment, words: str
) -> Clause:
    """The words become the clause, which comes from the amendment now; its other sources stay behind it."""
    clause = session.get(Clause, statement.about_id) if statement.about_id else None
    if clause is None:
        present = clauses_of(session, mission.id)
        clause = Clause(
            mission_id=mission.id, position=missions_clauses.next_position(present), section=amendment.section,
            text=words,
        )  # fmt: skip
        session.add(clause)
        session.flush()
    keep_words(session, statement, words)
    relink(session, clause, statement, words)
    clause.text = words
    clause.origin = Origin.AGENCY if is_agency(session, mission, statement.author_id) else Origin.AMENDMENT
    session.flush()
    return clause


def keep_words(session: Session, statement: Statement, words: str) -> None:
    """What went in may hold a later change of the clause too: it is kept as a version of the amendment's words."""
    kept = events.versions(session, SubjectKind.STATEMENT, statement.id)
    if kept and kept[-1].words != words:
        number = amendments.next_number(session, statement)
        events.keep_text(session, SubjectKind.STATEMENT, statement.id, number, words, statement.author_id)


def relink(session: Session, clause: Clause, statement: Statement, words: str) -> None:
    """Voices and earlier amendments stay sources; whose words are no longer used keeps no hold on them."""
    links = missions.sources_of(session, [clause])[clause.id]
    quoted = {link.to_id: link.to_kind for link in links if link.note == missions.QUOTED}
    said = amendments.said_by(session, quoted)
    for link in links:
        if link.to_id in quoted and not word_diffs.keeps_words(words, said.get(link.to_id, "")):
            link.note = ""
    session.add(
        Link(
            kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.CLAUSE, from_id=clause.id,
            to_kind=SubjectKind.STATEMENT, to_id=statement.id, note=missions.QUOTED,
        )
    )  # fmt: skip


def is_agency(session: Session, mission: Mission, author_id: UUID | None) -> bool:
    """What the agency's own people propose comes from above, also when it goes the way of an amendment."""
    if author_id is None:
        return False
    mine = live_seats_of(session, author_id)
    return any(
        seat.role in (Role.FACILITATOR, Role.STEWARD)
        and (seat.scope_kind, seat.scope_id) == (ScopeKind.ORGANISATION, mission.organisation_id)
        for seat in mine
    )


def amendments_for_vote(session: Session, mission: Mission) -> list[AmendmentToVote]:
    """Every amendment that its steward put to a vote and no vote has settled, the oldest first."""
    waiting = [
        statement
        for statement, _amendment in amendments_of(session, mission.id)
        if state_of(statement) is A.TO_VOTE and statement.state is StatementState.VISIBLE
    ]
    return [to_vote(session, mission, statement) for statement in waiting]


def to_vote(session: Session, mission: Mission, statement: Statement) -> AmendmentToVote:
    """The two options of a vote on one amendment: its words, and the clause as it stands."""
    clause = session.get(Clause, statement.about_id) if statement.about_id else None
    present = amendments.text_of(session, clause)
    facts = {"mission": mission.id, "clause": statement.about_id}
    return AmendmentToVote(
        statement.id, statement.about_id, statement.text, present,
        (
            VoteOption(
                str(statement.id), N_("The words proposed"), hashing.digest({**facts, "text": statement.text})
            ),
            VoteOption(
                AS_IT_STANDS,
                N_("The clause as it stands") if clause else N_("No new clause"),
                hashing.digest({**facts, "text": present}),
            ),
        ),
    )  # fmt: skip


def settle_voted(
    session: Session, statement_id: UUID, outcome: AnswerState, by: UUID, decision_id: UUID
) -> dict[str, Any]:
    """In the transaction that certifies a vote: what carried goes in exactly as it was voted on, what lost is declined.

    `outcome` is ACCEPTED, DECLINED, or OPEN where there was no quorum and it waits for its steward again. Answers the
    facts for the one event of that act; the caller keeps the mission's row and has seen to its state.
    """
    statement = session.get_one(Statement, statement_id)
    amendment = amendments.held(session, statement)
    mission = session.get_one(Mission, statement.subject_id)
    deliberation.require_answer(state_of(statement), outcome, reason="voted")
    settle(statement, outcome)
    amendment.decision_id = decision_id
    facts: dict[str, Any] = {"amendment": statement.id, "amendment_state": outcome}
    if outcome is A.ACCEPTED and statement.state is StatementState.VISIBLE:
        put_in(session, mission, statement, amendment, statement.text)
        mission.version += 1
        facts["text"] = missions_text.keep(session, mission, by)
    session.flush()
    spoken.tell_author(
        session,
        mission.title,
        statement,
        "amendment_accepted" if outcome is A.ACCEPTED else "amendment_voted_down",
    )
    return facts
