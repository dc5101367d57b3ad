"""Amendments as they stand against the text of today: fitting, fitting after a change, or to be looked at again."""

from dataclasses import dataclass
from enum import StrEnum, auto

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.amendment import Amendment, answers_to, state_of
from app.models.hidings import Hiding, hidings
from app.models.mission import Clause, Mission, clauses_of
from app.models.person import Person
from app.models.statement import Statement
from app.rules import hashing, keyset, word_diffs
from app.rules.word_diffs import Stretch
from app.rules.words import AnswerState, StatementState
from app.services import amendments, decisions_compare, missions

A = AnswerState
PAGE = 20
SORT = "amendments"


class Standing(StrEnum):
    """An amendment against the text of today: the clause it was written for may have changed since."""

    CURRENT = auto()
    REBASED = auto()  # the clause changed elsewhere; both changes fit together
    CLASHES = auto()  # both changed the same words: somebody has to look at it again
    GONE = auto()  # the clause was removed


@dataclass(frozen=True)
class Shown:
    """One amendment as a page shows it: `now` is the clause of today, `applied` what it would say."""

    statement: Statement
    amendment: Amendment
    author: str
    standing: Standing
    now: str
    applied: str
    number: int | None = None
    answer: Statement | None = None
    hiding: Hiding | None = None
    is_readable: bool = True

    @property
    def state(self) -> AnswerState:
        return state_of(self.statement)

    @property
    def is_open(self) -> bool:
        return self.state is A.OPEN and self.statement.state is not StatementState.WITHDRAWN

    @property
    def is_new(self) -> bool:
        return self.statement.about_id is None

    @property
    def seen(self) -> str:
        """The hash of what would be accepted; the form carries it, so that nobody accepts words they did not read."""
        return hashing.digest([self.now, self.applied])

    @property
    def stretches(self) -> list[Stretch]:
        """From the clause of today to what it would say; what was settled is shown as it was proposed."""
        return word_diffs.diff(self.now, self.applied)


@dataclass(frozen=True)
class Page:
    amendments: list[Shown]
    next: str | None = None


def page(session: Session, mission: Mission, cursor: str = "") -> Page:
    """Those that wait first, then those settled, each in the order in which they were made."""
    rank = col(Statement.outcome) != ""
    query = (
        select(Statement, Amendment)
        .join(Amendment, col(Amendment.statement_id) == Statement.id)
        .where(Amendment.mission_id == mission.id, (col(Statement.state) != StatementState.WITHDRAWN) | rank)
        .order_by(rank, col(Statement.created_at), col(Statement.id))
    )
    if cursor:
        after = keyset.decode(cursor, SORT, (int, *keyset.MOMENT))
        query = query.where(
            tuple_(rank, col(Statement.created_at), col(Statement.id)) > (bool(after[0]), after[1], after[2])
        )
    found = session.exec(query.limit(PAGE + 1)).all()
    rows = [(row[0], row[1]) for row in found[:PAGE]]
    last = rows[-1][0] if len(found) > PAGE else None
    following = keyset.encode(SORT, [int(bool(last.outcome)), last.created_at, last.id]) if last else None
    return Page(told(session, mission, rows), following)


def one(session: Session, mission: Mission, statement: Statement) -> Shown:
    """One proposal for other words of this mission; it stays known by its answer when it was withdrawn."""
    amendment = session.get(Amendment, statement.id)
    if amendment is None or amendment.mission_id != mission.id:
        raise NotFound()
    return told(session, mission, [(statement, amendment)])[0]


def told(session: Session, mission: Mission, rows: list[tuple[Statement, Amendment]]) -> list[Shown]:
    """What a page says of each, with its names, answers and sources asked for at once."""
    ids = [statement.id for statement, _amendment in rows]
    given, why, behind = answers_to(session, ids), hidings(session, ids), amendments.sources_of(session, ids)
    gone = missions.unreadable(session, (link for links in behind.values() for link in links))
    people = {statement.author_id for statement, _amendment in rows}
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    clauses = {each.id: (number, each) for number, each in enumerate(clauses_of(session, mission.id), 1)}
    bases = Bases(session, mission)
    return [
        shown(
            bases, statement, amendment,
            clauses.get(statement.about_id) if statement.about_id else None,
            author=names.get(statement.author_id, "") if statement.author_id else "",
            answer=given.get(statement.id), hiding=why.get(statement.id),
            is_readable=not any(link.to_id in gone for link in behind.get(statement.id, [])),
        )
        for statement, amendment in rows
    ]  # fmt: skip


class Bases:
    """Earlier versions of a mission's clauses, each read once."""

    def __init__(self, session: Session, mission: Mission) -> None:
        self.session, self.mission = session, mission
        self.known: dict[int, dict[str, str] | None] = {}

    def of(self, statement: Statement, amendment: Amendment) -> str | None:
        """The clause as the author of an amendment read it; words taken back since are not in it."""
        version = amendment.base_version
        if version not in self.known:
            kept = decisions_compare.kept_at(self.session, self.mission, version)
            self.known[version] = decisions_compare.clause_texts(self.session, kept) if kept else None
        texts = self.known[version]
        if texts is not None:
            return texts.get(str(statement.about_id))
        clause = self.session.get(Clause, statement.about_id) if statement.about_id else None
        is_same = clause is not None and amendments.fingerprint(clause) == amendment.base_hash
        return amendments.text_of(self.session, clause) if is_same else None


def shown(
    bases: Bases, statement: Statement, amendment: Amendment, place: tuple[int, Clause] | None, *,
    author: str = "", answer: Statement | None = None, hiding: Hiding | None = None, is_readable: bool = True,
) -> Shown:  # fmt: skip
    number, clause = place if place else (None, None)
    words = statement.text if is_readable else ""
    standing, now, applied = stands(bases, statement, amendment, clause, words)
    return Shown(statement, amendment, author, standing, now, applied, number, answer, hiding, is_readable)


def stands(
    bases: Bases, statement: Statement, amendment: Amendment, clause: Clause | None, words: str
) -> tuple[Standing, str, str]:
    """How it stands, the clause of today, and what it would say."""
    if statement.about_id is None:
        return Standing.CURRENT, "", words
    if statement.outcome:  # What was settled is told as it was proposed, whatever the clause became since.
        return Standing.CURRENT, bases.of(statement, amendment) or "", words
    if clause is None:
        return Standing.GONE, bases.of(statement, amendment) or "", words
    now = amendments.text_of(bases.session, clause)
    if amendments.fingerprint(clause) == amendment.base_hash:
        return Standing.CURRENT, now, words
    base = bases.of(statement, amendment)
    merged = word_diffs.merge(base, words, now) if base else None
    if merged is None or merged.clashes:
        return Standing.CLASHES, now, words
    return Standing.REBASED, now, merged.text
