"""What projects are called now: a title that is somebody's very words goes when they take them back."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from app.models.project import Project
from app.rules.words import SubjectKind
from app.services import missions


def readable(session: Session, projects: Iterable[Project]) -> dict[UUID, str]:
    """The title of each, empty where it may no longer be read; in the same statements however many there are."""
    listed = list(projects)
    behind = missions.sources_of(session, listed, SubjectKind.PROJECT)
    gone = missions.unreadable(session, (link for links in behind.values() for link in links))
    return {each.id: missions.words_of(each.title, behind[each.id], gone) for each in listed}
