"""Lessons offered beside what somebody drafts: close by meaning where the model is there, else by shared words."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import desc
from sqlmodel import Session, col, select

from app.models.application import Application
from app.models.lesson import Lesson, LessonUse
from app.models.project import Project
from app.models.statement import Statement
from app.nlp.embedding import Embedder
from app.services import lessons_find, search
from app.services.applications import hold_draft
from app.services.lessons_find import Shown
from app.services.similar import MOST_WORDS, beginnings, telling

HOW_MANY = 3
SHARED_AT_LEAST = 2
RANKED = 30
LONGEST = 4_000


def near(
    session: Session, text: str, languages: Sequence[str] = (), embedder: Embedder | None = None,
    but: UUID | None = None,
) -> list[Shown]:  # fmt: skip
    """Lessons of others that lie near a text, those that share its telling words first; none while it tells little."""
    text = text[:LONGEST]
    words = telling(text)[:MOST_WORDS]
    if len(words) < SHARED_AT_LEAST:
        return []
    query = search.any_language(" or ".join(words), languages)
    selecting = (
        select(Lesson.id, Statement.text, Project.title)
        .join(Statement, col(Statement.id) == Lesson.id)
        .outerjoin(Project, col(Project.id) == Lesson.project_id)
        .where(col(Lesson.search).bool_op("@@")(query), *lessons_find.readable())
        .order_by(desc(col(Lesson.created_at)), col(Lesson.id))
        .limit(RANKED)
    )
    mine = beginnings(text)
    counted = [
        (len(mine & beginnings(f"{title or ''} {said}"[:LONGEST])), key)
        for key, said, title in session.exec(selecting)
    ]
    ranked = sorted(counted, key=lambda pair: -pair[0])
    sharing = [key for count, key in ranked if count >= SHARED_AT_LEAST][:HOW_MANY]
    meant = [key for key in lessons_find.nearest(session, text, embedder) if key not in sharing]
    found = lessons_find.shown(session, [*sharing, *meant])
    return [each for each in found if but is None or each.project is None or each.project.id != but][
        :HOW_MANY
    ]


def use(session: Session, application: Application, lesson_id: UUID, by: UUID) -> None:
    """Say that a draft uses a lesson; twice is once. A draft's own choice, so there is no event."""
    hold_draft(session, application)
    known = session.exec(select(Lesson.id).where(Lesson.id == lesson_id, *lessons_find.readable())).first()
    if known is None or session.get(LessonUse, (lesson_id, application.id)) is not None:
        return
    session.add(LessonUse(lesson_id=lesson_id, application_id=application.id, by_id=by))
    session.flush()


def use_no_more(session: Session, application: Application, lesson_id: UUID) -> None:
    hold_draft(session, application)
    said = session.get(LessonUse, (lesson_id, application.id))
    if said is not None:
        session.delete(said)
        session.flush()


def used_by(session: Session, application_id: UUID) -> set[UUID]:
    return set(session.exec(select(LessonUse.lesson_id).where(LessonUse.application_id == application_id)))
