"""The clauses of a mission: written, moved and removed, each with the voices and groups it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import NotAcceptable, NotFound
from app.models.call import Call
from app.models.cluster import Cluster, projects_in
from app.models.link import Link
from app.models.mission import Clause, Mission, clauses_of
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import word_diffs
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import N_, LinkKind, Origin, SubjectKind
from app.services import lineage_rows, missions, missions_sources, search
from app.services.missions_edit import MANY_PARTS, TooManyParts, changed, locked, unlink
from app.services.missions_sources import Source

STANDING_AT_MOST = 24
FOUND_AT_MOST = 20


class NoSource(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Name at least one voice or group that this comes from, or say that the agency wrote it."
    )


@dataclass(frozen=True)
class ClauseText:
    """A clause as typed; `submissions` and `clusters` are its sources.

    Words that a machine drafted from voices go when one of these is taken back, as a quotation does.
    """

    section: str
    text: str
    origin: Origin
    position: int
    submissions: Sequence[UUID] = ()
    clusters: Sequence[UUID] = ()
    is_drafted: bool = False


def find(session: Session, mission: Mission, key: UUID) -> Clause:
    """A clause of this very mission."""
    found = session.get(Clause, key)
    if found is None or found.mission_id != mission.id:
        raise NotFound()
    return found


def write(
    session: Session, mission: Mission, clause: Clause | None, typed: ClauseText, version: int, by: UUID
) -> Clause:
    """Add a clause or change one, with its place in the text and the voices it comes from."""
    locked(session, mission, version)
    present = clauses_of(session, mission.id)
    if clause is None and len(present) >= MANY_PARTS:
        raise TooManyParts(most=MANY_PARTS)
    sources = allowed_sources(session, mission, typed, clause)
    if typed.origin is not Origin.AGENCY and not sources:
        raise NoSource()
    if clause is None:
        clause = Clause(mission_id=mission.id, position=next_position(present), text=typed.text)
        session.add(clause)
        session.flush()
        present.append(clause)
    clause.section, clause.text, clause.origin = typed.section, typed.text, typed.origin
    relink(session, clause, sources)
    others = [each for each in present if each.id != clause.id]
    place = max(0, min(typed.position - 1, len(others)))
    renumber(session, [*others[:place], clause, *others[place:]])
    changed(session, mission, "clause", by, clause=clause.id)
    return clause


def remove(session: Session, mission: Mission, clause: Clause, version: int, by: UUID) -> None:
    locked(session, mission, version)
    unlink(session, SubjectKind.CLAUSE, clause.id)
    session.delete(clause)
    session.flush()
    renumber(session, clauses_of(session, mission.id))
    changed(session, mission, "clause_removed", by, clause=clause.id)


def next_position(present: Sequence[Clause]) -> int:
    return max((clause.position for clause in present), default=0) + 1


def renumber(session: Session, clauses: Sequence[Clause]) -> None:
    """Positions from 1 on; through negative numbers, because two clauses never share a position."""
    wanted = list(enumerate(clauses, 1))
    if all(clause.position == place for place, clause in wanted):
        return
    for sign in (-1, 1):
        for place, clause in wanted:
            clause.position = sign * place
        session.flush()


def allowed_sources(
    session: Session, mission: Mission, typed: ClauseText, clause: Clause | None
) -> dict[tuple[SubjectKind, UUID], str]:
    """What was ticked, as far as it is a readable voice of this call, a group of this mission, or linked already."""
    known = missions.sources_of(session, [clause])[clause.id] if clause else []
    before = {(link.to_kind, link.to_id): link.note for link in known}
    is_same = clause is not None and typed.text == clause.text
    query = select(Submission).where(col(Submission.id).in_(typed.submissions))
    allowed: dict[tuple[SubjectKind, UUID], str] = {}
    for submission in session.exec(query) if typed.submissions else ():
        key = (SubjectKind.SUBMISSION, submission.id)
        is_readable = submission.call_id == mission.call_id and submission.state in PUBLIC_STATES
        if is_readable:
            is_theirs = typed.is_drafted or is_quoted(typed.text, submission.text)
            allowed[key] = missions.QUOTED if is_theirs else before.get(key, "") if is_same else ""
        elif key in before:
            allowed[key] = before[key]
    for key, note in before.items():
        if key[0] is SubjectKind.STATEMENT:
            # An amendment stays behind the clause; it keeps its hold on it as long as its words are used.
            said = session.get_one(Statement, key[1])
            allowed[key] = note if is_same or word_diffs.keeps_words(typed.text, said.text) else ""
    groups = {each.id for each in groups_of(session, mission)}
    for cluster_id in typed.clusters:
        key = (SubjectKind.CLUSTER, cluster_id)
        if cluster_id in groups or key in before:
            allowed[key] = ""
    return allowed


def is_quoted(text: str, said: str) -> bool:
    """Whether a clause holds the very words of a voice: its author may still take those back."""
    here, there = " ".join(text.split()).casefold(), " ".join(said.split()).casefold()
    return bool(there) and (there in here or here.rstrip(" …") in there)


def relink(session: Session, clause: Clause, sources: dict[tuple[SubjectKind, UUID], str]) -> None:
    present = {(link.to_kind, link.to_id): link for link in missions.sources_of(session, [clause])[clause.id]}
    for key, link in present.items():
        if key not in sources:
            session.delete(link)
        else:
            link.note = sources[key]
    for (kind, to_id), note in sources.items():
        if (kind, to_id) not in present:
            session.add(
                Link(
                    kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.CLAUSE, from_id=clause.id,
                    to_kind=kind, to_id=to_id, note=note,
                )
            )  # fmt: skip
    session.flush()


def candidates(
    session: Session, mission: Mission, typed: str, ticked: Sequence[UUID]
) -> tuple[list[Source], list[Cluster]]:
    """Voices and groups to choose sources from: those ticked, those that stand for the group, those found."""
    groups = groups_of(session, mission)
    standing = [UUID(each) for cluster in groups for each in cluster.representatives]
    wanted = [*ticked, *standing[:STANDING_AT_MOST], *found(session, mission, typed)]
    known = missions_sources.voices(session, wanted)
    sources = [known[key] for key in dict.fromkeys(wanted) if key in known]
    return [each for each in sources if each.is_readable or each.id in ticked], groups


def found(session: Session, mission: Mission, typed: str) -> list[UUID]:
    """What a search finds among the public voices of the mission's call; a number finds that very voice."""
    call = session.get_one(Call, mission.call_id)
    wanted = search.matches(typed, call.languages) if typed else None
    by_number = typed.strip().lstrip("#")
    if by_number.isdigit() and len(by_number) < 16:
        wanted = col(Submission.number) == int(by_number)
    if wanted is None:
        return []
    query = select(Submission.id).where(
        Submission.call_id == call.id, col(Submission.state).in_(PUBLIC_STATES), wanted
    )
    return list(session.exec(query.order_by(col(Submission.support).desc()).limit(FOUND_AT_MOST)))


def groups_of(session: Session, mission: Mission) -> list[Cluster]:
    """The group of a mission and its proposals, as they stand now."""
    cluster = lineage_rows.cluster_of(session, mission)
    return [cluster, *projects_in(session, cluster.id)] if cluster else []
