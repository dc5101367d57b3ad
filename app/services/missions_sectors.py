"""The sectors of a mission and of its projects, told by the first level of their tree."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.models.project import Project
from app.models.term import Tag, Term
from app.rules.words import SubjectKind
from app.services import terms


def of_projects(session: Session, mission_id: UUID) -> list[tuple[UUID, str]]:
    """Each project of a mission with each of its sectors, told by the code of the first level."""
    query = (
        select(Tag.subject_id, Term.code)
        .join(Term, col(Term.id) == Tag.term_id)
        .join(Project, col(Project.id) == Tag.subject_id)
        .where(
            Tag.subject_kind == SubjectKind.PROJECT,
            Term.scheme == terms.SECTOR,
            Project.mission_id == mission_id,
        )
    )
    return sorted({(project, code.partition(".")[0]) for project, code in session.exec(query)})


def of_mission(session: Session, mission_id: UUID) -> set[str]:
    """The sectors that the mission itself names."""
    query = (
        select(Term.code)
        .join(Tag, col(Tag.term_id) == Term.id)
        .where(
            Tag.subject_kind == SubjectKind.MISSION,
            Tag.subject_id == mission_id,
            Term.scheme == terms.SECTOR,
        )
    )
    return {code.partition(".")[0] for code in session.exec(query)}
