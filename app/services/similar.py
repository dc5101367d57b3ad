"""Voices close to a text: by meaning where its vector is known, by shared words where not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Float, Select, Text, cast, desc, func, literal, select, text
from sqlmodel import Session, col

from app.models import submission_lists
from app.models.embedding import Embedding
from app.models.submission import Submission
from app.models.submission_lists import IS_PUBLIC, Voice, voices
from app.nlp import closeness
from app.nlp.closeness import READ, UNREAD
from app.nlp.embedding import Embedder
from app.nlp.languages import detect
from app.nlp.stopwords import STOP_WORDS
from app.rules import finding
from app.services import search
from app.services.groupings_languages import ENGLISH, reads_only_english

HOW_MANY = 5
LEAST_LETTERS = 10
LONGEST_READ = 2_000
MOST_WORDS = 12
NEWEST_RANKED = 500
SHARED_AT_LEAST = 2
# Below this cosine two texts of the bundled model have little more in common than their language.
CLOSE_ENOUGH = READ.related or 0.35
KEPT = text(
    "SELECT model, vector::text AS vector, vector_dims(vector) AS dimensions "
    "FROM embedding WHERE submission_id = :id LIMIT 1"
)


@dataclass(frozen=True)
class Similar:
    """Voices near a text: those that probably say the same, and those about the same; the nearest first."""

    same: tuple[Voice, ...] = ()
    related: tuple[Voice, ...] = ()

    def __iter__(self) -> Iterator[Voice]:
        yield from (*self.same, *self.related)

    def __len__(self) -> int:
        return len(self.same) + len(self.related)


NONE = Similar()


def to_text(
    session: Session, call_id: UUID, typed: str, embedder: Embedder | None, *, languages: Sequence[str] = ()
) -> Similar:
    """The visible voices of this call most like what is being typed; none while it is too short to tell."""
    typed = typed.strip()[:LONGEST_READ]
    if len(typed) < LEAST_LETTERS:
        return NONE
    if embedder is None:
        return Similar(related=tuple(sharing_words(session, call_id, typed, languages=languages)))
    language, _sure = detect(typed, likely=languages)
    is_read = language == ENGLISH or not reads_only_english(embedder.name)
    bar = READ if is_read else UNREAD
    vector = ",".join(f"{each:.7g}" for each in embedder.embed([typed])[0])
    rows = session.connection().execute(
        nearest_query(call_id, embedder.name, embedder.dimensions, f"[{vector}]")
    )
    least = bar.same if bar.related is None else bar.related
    near = [(submission_lists.voice_of(row), row.closeness) for row in rows if row.closeness >= least]
    texts = [f"{voice.title}. {voice.excerpt}" if voice.title else voice.excerpt for voice, _close in near]
    is_same = closeness.same(typed, texts, [close for _voice, close in near], bar, embedder, language)
    same = tuple(voice for (voice, _close), yes in zip(near, is_same, strict=True) if yes)
    related = tuple(voice for (voice, _close), yes in zip(near, is_same, strict=True) if not yes)
    if not is_read or not near:
        named = {voice.id for voice, _close in near}
        found = sharing_words(session, call_id, typed, languages=languages)
        related += tuple(voice for voice in found if voice.id not in named)[: HOW_MANY - len(near)]
    return Similar(same, related)


def to_submission(session: Session, submission: Submission) -> list[Voice]:
    """Its neighbours by its own stored vector; while it has none yet, by words."""
    kept = session.connection().execute(KEPT, {"id": submission.id}).first()
    if kept is None:
        words, languages = submission.text[:LONGEST_READ], (submission.language,)
        return sharing_words(session, submission.call_id, words, but=submission.id, languages=languages)
    return nearest(session, submission.call_id, kept.model, kept.dimensions, kept.vector, but=submission.id)


def nearest(
    session: Session, call_id: UUID, model: str, dimensions: int, vector: str, *, but: UUID | None = None
) -> list[Voice]:
    """Nearest by cosine through the model's own HNSW index; hidden and withdrawn ones are passed over on the way."""
    rows = session.connection().execute(nearest_query(call_id, model, dimensions, vector, but))
    return [submission_lists.voice_of(row) for row in rows if row.closeness >= CLOSE_ENOUGH]


def nearest_query(
    call_id: UUID, model: str, dimensions: int, vector: str, but: UUID | None = None
) -> Select[Any]:
    """Model and length are written out as the partial index has them: the planner must recognise it."""
    kind = VECTOR(dimensions)
    distance = cast(Embedding.vector, kind).op("<=>", return_type=Float())(cast(literal(vector, Text), kind))
    return (
        voices()
        .add_columns((1 - distance).label("closeness"))
        .join(Embedding, col(Embedding.submission_id) == Submission.id)
        .where(
            col(Embedding.model) == literal(model, literal_execute=True),
            col(Embedding.call_id) == call_id,
            IS_PUBLIC,
            col(Submission.id) != (but or call_id),
        )
        .order_by(distance)
        .limit(HOW_MANY)
    )


def sharing_words(
    session: Session, call_id: UUID, typed: str, *, but: UUID | None = None, languages: Sequence[str] = ()
) -> list[Voice]:
    """Those with most of its longer words, ranked among the newest that share any."""
    words = telling(typed)[:MOST_WORDS]
    if not words:
        return []
    query = search.any_language(" or ".join(words), languages)
    sharing = (
        select(col(Submission.id), col(Submission.search))
        .where(
            col(Submission.call_id) == call_id,
            IS_PUBLIC,
            col(Submission.search).bool_op("@@")(query),
            col(Submission.id) != (but or call_id),
        )
        .order_by(col(Submission.number).desc())
        .limit(NEWEST_RANKED)
        .subquery()
    )
    closeness = func.ts_rank(sharing.c.search, query, literal(1))
    ranked = select(sharing.c.id).order_by(desc(closeness), sharing.c.id).limit(2 * HOW_MANY)
    found = submission_lists.by_ids(session, list(session.connection().execute(ranked).scalars()))
    mine = beginnings(typed)
    least = min(SHARED_AT_LEAST, len(mine))
    return [each for each in found if len(mine & beginnings(f"{each.title} {each.excerpt}")) >= least][
        :HOW_MANY
    ]


def telling(typed: str) -> list[str]:
    """The words of a text that say what it is about, the longest first."""
    words = set(finding.folded(typed).split()) - passing_words()
    return sorted(
        (each for each in words if len(each) > 3 or not each.isascii()), key=lambda each: (-len(each), each)
    )


def beginnings(typed: str) -> set[str]:
    """The same words cut to five letters, so that endings do not part them."""
    return {each[:5] for each in telling(typed)}


@cache
def passing_words() -> frozenset[str]:
    """Words of every language that stand in any text: sharing them means nothing."""
    return frozenset(finding.folded(word) for words in STOP_WORDS.values() for word in words)
