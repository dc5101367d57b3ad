"""What goes from the map with a route that is removed while its mission is framed."""

from sqlalchemy import delete, or_
from sqlmodel import Session, col

from app.models.link import Link
from app.models.project import Project
from app.models.term import Tag
from app.rules.words import SubjectKind


def forget(session: Session, project: Project) -> None:
    """It leaves nothing: no link, no sector."""
    session.exec(delete(Link).where(or_(col(Link.from_id) == project.id, col(Link.to_id) == project.id)))
    here = (col(Tag.subject_kind) == SubjectKind.PROJECT, col(Tag.subject_id) == project.id)
    session.exec(delete(Tag).where(*here))
