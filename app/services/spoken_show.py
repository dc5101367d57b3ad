"""One comment, objection or amendment with its acts: who said it, why it is hidden, what may be done about it."""

from dataclasses import dataclass

from sqlmodel import Session

from app.models.call import Call
from app.models.decision import Decision
from app.models.hidings import Hiding, hidings
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.permissions import Permission, can
from app.rules.moderation import CHOOSABLE, RULES, title_of
from app.rules.words import N_, StatementState, SubjectKind
from app.services import lineage, spoken
from app.services.lineage_stations import Station
from app.viewer import Viewer

HOMES = {
    SubjectKind.MISSION: (N_("Missions"), "/missions"),
    SubjectKind.DECISION: (N_("Decisions"), "/committees"),
    SubjectKind.CALL: (N_("Questions"), "/calls"),
}
PATHS = {SubjectKind.DECISION: "/decisions"}
RULES_SHOWN = {"rules": RULES, "choosable": CHOOSABLE}


@dataclass(frozen=True)
class SpokenShown:
    """What the page of one statement reads; `place` is where it stands among the others."""

    statement: Statement
    author: str
    title: str
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

    @property
    def home(self) -> tuple[str, str]:
        """Where what the statement is about is listed."""
        return HOMES[self.statement.subject_kind]

    @property
    def path(self) -> str:
        return f"{PATHS.get(self.statement.subject_kind, self.home[1])}/{self.statement.subject_id}"


def shown(session: Session, statement: Statement, viewer: Viewer) -> SpokenShown:
    spoken.require_spoken(statement)
    author = session.get(Person, statement.author_id) if statement.author_id else None
    return SpokenShown(
        statement, author.name if author else "", spoken.title_of(session, statement),
        stations_of(session, statement), spoken.page_of(statement),
        hidings(session, [statement.id]).get(statement.id),
        viewer.id is not None and statement.author_id == viewer.id,
        can(session, viewer, Permission.MODERATE_STATEMENT, statement),
    )  # fmt: skip


def stations_of(session: Session, statement: Statement) -> list[Station]:
    if statement.subject_kind is SubjectKind.CALL:
        return lineage.of_call(session, session.get_one(Call, statement.subject_id))
    if statement.subject_kind is SubjectKind.DECISION:
        return lineage.of_decision(session, session.get_one(Decision, statement.subject_id))
    return lineage.of_mission(session, session.get_one(Mission, statement.subject_id))
