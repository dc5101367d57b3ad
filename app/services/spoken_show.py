"""One comment, objection or amendment with its acts: who said it, why it is hidden, what may be done about it."""

from dataclasses import dataclass

from sqlmodel import Session

from app.models.hidings import Hiding, hidings
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.permissions import Permission, can
from app.rules.moderation import CHOOSABLE, RULES, title_of
from app.rules.words import StatementState, SubjectKind
from app.services import lineage, spoken, spoken_moderation
from app.services.lineage import Station
from app.services.spoken_moderation import mission_of
from app.viewer import Viewer

RULES_SHOWN = {"rules": RULES, "choosable": CHOOSABLE}


@dataclass(frozen=True)
class SpokenShown:
    """What the page of one statement reads; `place` is where it stands among the others."""

    statement: Statement
    author: str
    mission: Mission
    stations: list[Station]
    place: str
    hiding: Hiding | None
    is_mine: bool
    moderates: bool

    @property
    def rule(self) -> str:
        return title_of(self.statement.rule)

    @property
    def is_hidden(self) -> bool:
        return self.statement.state is StatementState.HIDDEN


def shown(session: Session, statement: Statement, viewer: Viewer) -> SpokenShown:
    spoken.require_spoken(statement)
    mission = mission_of(session, statement)
    author = session.get(Person, statement.author_id) if statement.author_id else None
    return SpokenShown(
        statement, author.name if author else "", mission, stations_of(session, statement, mission),
        spoken.page_of(statement), hidings(session, [statement.id]).get(statement.id),
        viewer.id is not None and statement.author_id == viewer.id,
        can(session, viewer, Permission.MODERATE_STATEMENT, statement),
    )  # fmt: skip


def stations_of(session: Session, statement: Statement, mission: Mission) -> list[Station]:
    if statement.subject_kind is SubjectKind.DECISION:
        return lineage.of_decision(session, spoken_moderation.decision_of(session, statement))
    return lineage.of_mission(session, mission)
