"""Lessons: what others should know, written under a mission, a project or a milestone, and kept so that it is found."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable
from app.models.call import Call
from app.models.lesson import Lesson
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.project import Project
from app.models.statement import Statement
from app.nlp.languages import detect
from app.rules.words import N_, StatementKind, SubjectKind
from app.services import events, search

AT_MOST = 200
SUBJECTS: dict[type, SubjectKind] = {
    Mission: SubjectKind.MISSION, Project: SubjectKind.PROJECT, Milestone: SubjectKind.MILESTONE,
}  # fmt: skip
Home = Mission | Project | Milestone


class TooManyLessons(NotAcceptable):
    sentence: ClassVar[str] = N_("A mission holds at most %(most)s lessons.")


class NothingTried(Conflict):
    sentence: ClassVar[str] = N_("A mission has lessons from its adoption on.")


def add(session: Session, home: Home, text: str, by: UUID) -> Statement:
    """Write a lesson under a mission, one of its projects or one of its milestones: an act of its own."""
    made = write(session, home, text, by)
    events.record(
        session, "lesson_added", SubjectKind.STATEMENT, made.id, by=by, mission=mission_of(home),
        subject=home.id, text_hash=events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, text, by),
    )  # fmt: skip
    return made


def under(session: Session, mission: Mission, home: Mission | Milestone, text: str, by: UUID) -> Statement:
    """A lesson of a mission as a whole, or of a milestone of its own: before its adoption nothing was tried."""
    if mission.adopted_at is None:
        raise NothingTried()
    return add(session, home, text, by)


def with_end(session: Session, project: Project, text: str, by: UUID) -> Statement:
    """The lesson that a project ends with: its event is that of the end."""
    made = write(session, project, text, by)
    events.keep_text(session, SubjectKind.STATEMENT, made.id, 1, text, by)
    return made


def write(session: Session, home: Home, text: str, by: UUID) -> Statement:
    mission_id = mission_of(home)
    known = session.exec(select(func.count()).where(col(Lesson.mission_id) == mission_id)).one()
    if known >= AT_MOST:
        raise TooManyLessons(most=AT_MOST)
    made = Statement(
        kind=StatementKind.LESSON,
        subject_kind=SUBJECTS[type(home)],
        subject_id=home.id,
        author_id=by,
        text=text,
    )
    session.add(made)
    session.flush()
    milestone = home if isinstance(home, Milestone) else None
    keep(session, made, mission_id, project_of(home), milestone_id=milestone.id if milestone else None)
    return made


def mission_of(home: Home) -> UUID:
    return home.id if isinstance(home, Mission) else home.mission_id


def project_of(home: Home) -> UUID | None:
    if isinstance(home, Milestone):
        return home.project_id
    return home.id if isinstance(home, Project) else None


def keep(
    session: Session, said: Statement, mission_id: UUID, project_id: UUID | None = None, *,
    milestone_id: UUID | None = None, review_id: UUID | None = None,
) -> Lesson:  # fmt: skip
    """Let a lesson be found: with the words of its language, under the mission and the project it is of."""
    call = session.get_one(Call, session.get_one(Mission, mission_id).call_id)
    language, _sure = detect(said.text, likely=call.languages)
    made = Lesson(
        id=said.id, mission_id=mission_id, project_id=project_id, milestone_id=milestone_id, review_id=review_id,
        language=language, search=search.document("", said.text, language), created_at=said.created_at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
