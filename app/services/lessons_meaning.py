"""What lessons mean: vectors of those that have none yet, made in small batches by whoever has the model."""

from sqlalchemy import and_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.models.lesson import Lesson, LessonVector
from app.models.statement import Statement
from app.nlp.embedding import Embedder
from app.rules.words import StatementState

BATCH = 64


def embed_missing(session: Session, embedder: Embedder, most: int = BATCH) -> int:
    """Read the oldest lessons that this model has not read; answers how many. Doing it twice changes nothing."""
    query = (
        select(Lesson.id, Statement.text)
        .join(Statement, col(Statement.id) == Lesson.id)
        .outerjoin(
            LessonVector, and_(col(LessonVector.lesson_id) == Lesson.id, col(LessonVector.model) == embedder.name)
        )
        .where(col(LessonVector.lesson_id).is_(None), Statement.state == StatementState.VISIBLE)
        .order_by(col(Lesson.created_at), col(Lesson.id))
        .limit(most)
    )  # fmt: skip
    found = list(session.exec(query))
    if not found:
        return 0
    vectors = embedder.embed([text for _key, text in found])
    rows = [
        {"lesson_id": key, "model": embedder.name, "vector": vector}
        for (key, _text), vector in zip(found, vectors, strict=True)
    ]
    session.connection().execute(insert(LessonVector).values(rows).on_conflict_do_nothing())
    return len(rows)
