"""What is being said about the text of a mission, in numbers, and what every page about it shows on top."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.models.mission import Mission, clauses_of
from app.models.statement import Statement
from app.rules import texts
from app.rules.deliberation import TAKES_WORDS
from app.rules.mission_sections import section_words
from app.rules.words import StatementKind, StatementState, SubjectKind
from app.services import lineage, missions
from app.services.lineage_stations import Station

EXCERPT = 60


@dataclass(frozen=True)
class Talk:
    """How much is said about a mission; `…_open` waits for an answer of its steward."""

    comments: int = 0
    objections: int = 0
    objections_open: int = 0
    amendments: int = 0
    amendments_open: int = 0


@dataclass(frozen=True)
class ClauseTold:
    """A clause as people name it: its place from 1 on, and its words as far as they may be read."""

    id: UUID
    number: int
    section: str
    text: str

    @property
    def excerpt(self) -> str:
        return texts.shortened(self.text, EXCERPT)


@dataclass(frozen=True)
class About:
    """The top of every page of the deliberation on one mission."""

    mission: Mission
    stations: list[Station]
    clauses: list[ClauseTold]
    talk: Talk

    @property
    def takes_words(self) -> bool:
        return self.mission.state in TAKES_WORDS

    def clause(self, key: UUID | None) -> ClauseTold | None:
        return next((each for each in self.clauses if each.id == key), None)


def about(session: Session, mission: Mission) -> About:
    return About(
        mission, lineage.of_mission(session, mission), clauses(session, mission), talk(session, mission.id)
    )


def clauses(session: Session, mission: Mission) -> list[ClauseTold]:
    """Every clause in order; the words of one who took them back are empty."""
    rows = clauses_of(session, mission.id)
    behind = missions.sources_of(session, rows)
    gone = missions.unreadable(session, (link for links in behind.values() for link in links))
    return [
        ClauseTold(
            each.id, number, section_words(each.section), missions.words_of(each.text, behind[each.id], gone)
        )
        for number, each in enumerate(rows, 1)
    ]


def talk(session: Session, mission_id: UUID) -> Talk:
    """One statement for all numbers: what is hidden still waits, what is withdrawn does not."""
    is_visible = func.count().filter(col(Statement.state) == StatementState.VISIBLE)
    waits = func.count().filter(
        col(Statement.outcome) == "", col(Statement.state) != StatementState.WITHDRAWN
    )
    query = (
        select(Statement.kind, is_visible, waits)
        .where(Statement.subject_kind == SubjectKind.MISSION, Statement.subject_id == mission_id)
        .group_by(col(Statement.kind))
    )
    found = {StatementKind(kind): (shown, open_) for kind, shown, open_ in session.exec(query)}
    objections = found.get(StatementKind.OBJECTION, (0, 0))
    amendments = found.get(StatementKind.AMENDMENT, (0, 0))
    return Talk(found.get(StatementKind.COMMENT, (0, 0))[0], *objections, *amendments)
