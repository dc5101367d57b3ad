"""Vectors of submissions: which are missing, making them, and finding what is close in meaning."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import and_, func, text
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.models.embedding import Embedding
from app.models.submission import Submission
from app.nlp.embedding import Embedder
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import SubmissionState

# Texts that wait for a moderator are embedded too, so that they can be placed the moment they are public.
EMBEDDED_STATES = PUBLIC_STATES | {SubmissionState.SUBMITTED}


def words_of(submission: Submission) -> str:
    """What the model reads: the title, where there is one, and the text."""
    return f"{submission.title}. {submission.text}" if submission.title else submission.text


def hash_of(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def missing(session: Session, model: str, limit: int) -> list[UUID]:
    """Submissions without a vector of this model, oldest first; an edited text loses its vector and comes back here."""
    query = (
        select(Submission.id)
        .outerjoin(
            Embedding, and_(col(Embedding.submission_id) == Submission.id, col(Embedding.model) == model)
        )
        .where(col(Submission.state).in_(EMBEDDED_STATES), col(Embedding.submission_id).is_(None))
        .order_by(col(Submission.number))
        .limit(limit)
    )
    return list(session.exec(query))


def embed_batch(session: Session, submission_ids: Sequence[UUID], embedder: Embedder) -> int:
    """Make the vectors of one batch; doing it twice changes nothing."""
    query = select(Submission).where(
        col(Submission.id).in_(submission_ids), col(Submission.state).in_(EMBEDDED_STATES)
    )
    submissions = list(session.exec(query))
    if not submissions:
        return 0
    texts, read = [words_of(each) for each in submissions], {each.id: each.version for each in submissions}
    vectors = embedder.embed(texts)
    one_at_a_time(session, {each.call_id for each in submissions})
    versions = held_versions(session, list(read))
    rows = [
        {
            "submission_id": each.id,
            "model": embedder.name,
            "call_id": each.call_id,
            "text_hash": hash_of(words),
            "vector": vector,
        }
        for each, words, vector in zip(submissions, texts, vectors, strict=True)
        if versions.get(each.id) == read[each.id]
    ]
    if not rows:
        return 0
    write = insert(Embedding).values(rows)
    session.connection().execute(
        write.on_conflict_do_update(
            index_elements=["submission_id", "model"],
            set_={"vector": write.excluded.vector, "text_hash": write.excluded.text_hash},
        )
    )
    return len(rows)


def one_at_a_time(session: Session, calls: Iterable[UUID]) -> None:
    """Until the transaction ends nobody else writes vectors of these calls.

    Who writes them holds their submissions too, and a grouping that is accepted changes these: two at once would wait
    for each other.
    """
    for call in sorted(calls):
        name = func.hashtextextended(f"vectors of {call}", 0)
        session.connection().execute(select_columns(func.pg_advisory_xact_lock(name)))


def held_versions(session: Session, submission_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Which version each has now, held: the model took its time, and words may have been changed or taken back."""
    query = select(Submission.id, Submission.version).where(
        col(Submission.id).in_(submission_ids), col(Submission.state).in_(EMBEDDED_STATES)
    )
    return dict(session.exec(query.with_for_update(read=True)).all())


def forget(session: Session, submission_id: UUID) -> None:
    """After an edit or a withdrawal the old vector says something nobody said."""
    session.connection().execute(
        text("DELETE FROM embedding WHERE submission_id = :id"), {"id": submission_id}
    )
