"""What a grouping reads: the public texts of one call in a fixed order, their vectors, and how they stood before."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp.embedding import Embedder
from app.nlp.partition import UNGROUPED, Previous
from app.nlp.vectors import Labels, Vectors
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import ClusterLevel
from app.services import embeddings

Progress = Callable[[str, float], None]
EMBEDDED_AT_ONCE = 64
# A vector on the wire: two bytes of length, two unused, then the numbers, most significant byte first.
HEADER = 4


@dataclass(frozen=True)
class Voice:
    """One text as the pipeline and the counts need it."""

    id: UUID
    text: str
    language: str
    author: UUID | None
    group: str | None
    support: int
    agrees: int = 0
    disagrees: int = 0
    version: int = 1


@dataclass(frozen=True)
class Material:
    """Rows are voices, in the order in which people submitted them."""

    voices: tuple[Voice, ...]
    vectors: Vectors
    new_vectors: dict[UUID, np.ndarray] = field(default_factory=dict)

    @property
    def row_of(self) -> dict[str, int]:
        return {str(voice.id): row for row, voice in enumerate(self.voices)}

    def only(self, wanted: Set[UUID]) -> "Material":
        """Without the voices that came since."""
        rows = [row for row, voice in enumerate(self.voices) if voice.id in wanted]
        made = {key: vector for key, vector in self.new_vectors.items() if key in wanted}
        return Material(tuple(self.voices[row] for row in rows), self.vectors[rows], made)


@dataclass(frozen=True)
class Standing:
    """The accepted grouping as people see it now: its clusters by level, and the place of each row in them."""

    grouping: Grouping | None = None
    missions: tuple[Cluster, ...] = ()
    projects: tuple[Cluster, ...] = ()
    mission_labels: Labels = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    project_labels: Labels = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    is_new: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def previous(self) -> Previous | None:
        """What the next run starts from; nothing where nothing was accepted yet."""
        if self.grouping is None or not len(self.mission_labels) or (self.mission_labels < 0).all():
            return None
        mission, project = self.chosen("resolution")
        kept = None if mission is None or project is None else (float(mission), float(project))
        wide, narrow = self.chosen("breadth")
        breadths = None if wide is None or narrow is None else (int(wide), int(narrow))
        return Previous(self.mission_labels, self.project_labels, kept, breadths)

    def chosen(self, what: str) -> tuple[Any, Any]:
        """What the run of the accepted grouping chose for each level; None where it had no choice."""
        known = self.grouping.parameters if self.grouping else {}
        return known.get(f"mission_{what}"), known.get(f"project_{what}")


def voices_of(session: Session, call_id: UUID) -> tuple[Voice, ...]:
    query = (
        select(
            Submission.id,
            Submission.title,
            Submission.text,
            Submission.language,
            Submission.author_id,
            Submission.group,
            Submission.endorsement_count,
            Submission.imported_agrees,
            Submission.imported_disagrees,
            Submission.version,
        )  # type: ignore[call-overload]
        .where(Submission.call_id == call_id, col(Submission.state).in_(PUBLIC_STATES))
        .order_by(col(Submission.number))
    )
    return tuple(
        Voice(
            key,
            f"{title}. {words}" if title else words,
            language,
            author,
            group,
            endorsed + agreed,
            agreed,
            disagreed,
            version,
        )
        for key, title, words, language, author, group, endorsed, agreed, disagreed, version in session.exec(
            query
        )
    )


def gathered(session: Session, call_id: UUID, embedder: Embedder, progress: Progress) -> Material:
    """Everything to group: vectors come from the database, and the missing ones are made now."""
    progress("reading", 0.0)
    voices = voices_of(session, call_id)
    found = stored_vectors(session, call_id, embedder.name)
    made = embedded(session, [voice for voice in voices if voice.id not in found], embedder, progress)
    known = found | made
    rows = [known[voice.id] for voice in voices]
    vectors = (
        np.vstack(rows).astype(np.float32) if rows else np.zeros((0, embedder.dimensions), dtype=np.float32)
    )
    return Material(voices, vectors, made)


def stored_vectors(
    session: Session, call_id: UUID, model: str, among: Sequence[UUID] | None = None
) -> dict[UUID, np.ndarray]:
    """Read vectors in the binary form: reading numbers as text would take ten times as long."""
    query = "SELECT submission_id, vector FROM embedding WHERE call_id = %(call)s AND model = %(model)s"
    facts: dict[str, object] = {"call": call_id, "model": model}
    if among is not None:
        query += " AND submission_id = ANY(%(among)s)"
        facts["among"] = list(among)
    session.flush()
    driver = session.connection().connection.driver_connection
    assert driver is not None
    with driver.cursor(binary=True) as cursor:
        cursor.execute(query, facts)
        return {
            key: np.frombuffer(wire, dtype=">f4", offset=HEADER).astype(np.float32) for key, wire in cursor
        }


def embedded(
    session: Session, voices: Sequence[Voice], embedder: Embedder, progress: Progress
) -> dict[UUID, np.ndarray]:
    """Make missing vectors, newest first: the catching-up job works from the oldest, and the two meet."""
    made: dict[UUID, np.ndarray] = {}
    waiting = list(reversed(voices))
    for start in range(0, len(waiting), EMBEDDED_AT_ONCE):
        progress("embedding", 0.6 * start / len(waiting))
        batch = {voice.id: voice for voice in waiting[start : start + EMBEDDED_AT_ONCE]}
        there = stored_vectors_of(session, list(batch), embedder.name)
        made |= there
        missing = [voice for key, voice in batch.items() if key not in there]
        vectors = embedder.embed([voice.text for voice in missing])
        made |= {voice.id: vector for voice, vector in zip(missing, vectors, strict=True)}
    return made


def stored_vectors_of(session: Session, submission_ids: Sequence[UUID], model: str) -> dict[UUID, np.ndarray]:
    call_id = session.exec(select(Submission.call_id).where(Submission.id == submission_ids[0])).one()
    return stored_vectors(session, call_id, model, submission_ids)


def keep_vectors(session: Session, call_id: UUID, model: str, material: Material) -> None:
    """Keep the vectors made on the way; some may be there by now."""
    texts = {voice.id: voice.text for voice in material.voices}
    rows = [
        {
            "submission": key,
            "model": model,
            "call": call_id,
            "hash": embeddings.hash_of(texts[key]),
            "vector": "[" + ",".join(map(str, vector.tolist())) + "]",
        }
        for key, vector in material.new_vectors.items()
    ]
    insert = text(
        "INSERT INTO embedding (submission_id, model, call_id, text_hash, vector) "
        "VALUES (:submission, :model, :call, :hash, CAST(:vector AS vector)) ON CONFLICT DO NOTHING"
    )
    if rows:
        embeddings.one_at_a_time(session, [call_id])
        session.connection().execute(insert, rows)


def standing(session: Session, grouping: Grouping | None, material: Material) -> Standing:
    """How the material stands in the accepted grouping, corrections of people included."""
    count = len(material.voices)
    missions, projects = (np.full(count, UNGROUPED, dtype=np.int64) for _ in range(2))
    is_new, weights = np.ones(count, dtype=bool), np.zeros(count, dtype=np.float32)
    if grouping is None:
        return Standing(None, (), (), missions, projects, is_new, weights)
    query = select(Cluster).where(Cluster.grouping_id == grouping.id, col(Cluster.merged_into_id).is_(None))
    clusters = session.exec(query.order_by(col(Cluster.size).desc(), col(Cluster.id))).all()
    upper = [cluster for cluster in clusters if cluster.level is ClusterLevel.MISSION]
    lower = [cluster for cluster in clusters if cluster.level is ClusterLevel.PROJECT]
    mission_of = {cluster.id: place for place, cluster in enumerate(upper)}
    project_of = {cluster.id: place for place, cluster in enumerate(lower)}
    parent_of = {cluster.id: cluster.parent_id or cluster.id for cluster in clusters}
    row_of = {voice.id: row for row, voice in enumerate(material.voices)}
    placed = select(Placement.submission_id, Placement.cluster_id, Placement.weight).where(
        Placement.grouping_id == grouping.id
    )
    for submission_id, cluster_id, weight in session.exec(placed):
        row = row_of.get(submission_id)
        if row is None:
            continue
        is_new[row], weights[row] = False, weight
        if cluster_id is not None and cluster_id in parent_of:
            missions[row] = mission_of.get(parent_of[cluster_id], UNGROUPED)
            projects[row] = project_of.get(cluster_id, UNGROUPED)
    return Standing(grouping, tuple(upper), tuple(lower), missions, projects, is_new, weights)
