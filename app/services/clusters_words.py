"""The words that stand for a group, chosen anew when its voices change, and taken back when a voice goes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.submission import Submission
from app.nlp import evidence
from app.nlp.alignment import aligned
from app.nlp.dissent import Votes
from app.nlp.labels import Label
from app.nlp.quality import measured
from app.nlp.representatives import odd_ones
from app.nlp.vectors import Labels, Vectors
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import PlacedBy
from app.services import clusters_summary
from app.services.groupings_material import stored_vectors

READ_AT_MOST = 1_500
BACKGROUND = 1_000
# The members of each group that fit it best, and some voices of elsewhere to tell its words apart from.
MEMBERS = text(
    """
    SELECT target.id AS cluster_id, submission.id, submission.title, submission.text, submission.language,
           submission.author_id, submission.imported_agrees AS agrees, submission.imported_disagrees AS disagrees,
           row_number() OVER (PARTITION BY target.id ORDER BY placement.weight DESC, submission.number) AS place
    FROM cluster AS target
    JOIN cluster AS home ON (home.id = target.id OR home.parent_id = target.id) AND home.merged_into_id IS NULL
    JOIN placement ON placement.cluster_id = home.id
    JOIN submission ON submission.id = placement.submission_id
    WHERE target.id = ANY(:clusters) AND submission.state = ANY(:states)
    """
)
ELSEWHERE = text(
    """
    SELECT submission.id, submission.title, submission.text, submission.language, submission.author_id,
           submission.imported_agrees AS agrees, submission.imported_disagrees AS disagrees
    FROM placement JOIN submission ON submission.id = placement.submission_id
    WHERE placement.grouping_id = :grouping AND submission.state = ANY(:states)
    ORDER BY submission.shuffle, submission.id LIMIT :most
    """
)


# Groups of any grouping in which a voice stands or stood, and whether some voice of one still says a word.
GROUPS_OF = text(
    """
    SELECT DISTINCT target.id FROM grouping JOIN placement ON placement.grouping_id = grouping.id
    JOIN cluster AS home ON home.id = placement.cluster_id
    JOIN cluster AS target ON target.id IN (home.id, home.parent_id)
    WHERE grouping.call_id = :call AND placement.submission_id = :gone AND target.keywords <> '[]'
    """
)
IS_SAID = text(
    """
    SELECT EXISTS (
        SELECT 1 FROM cluster AS home JOIN placement ON placement.cluster_id = home.id
        JOIN submission ON submission.id = placement.submission_id
        WHERE (home.id = :cluster OR home.parent_id = :cluster) AND submission.state = ANY(:states)
        AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:beginnings AS text[])) AS beginning
                        WHERE strpos(lower(submission.title || ' ' || submission.text), beginning) = 0)
    )
    """
)
FEWEST_LETTERS, ENDING = 4, 3


def reword(session: Session, grouping: Grouping, clusters: Sequence[Cluster]) -> None:
    """Choose representatives, odd ones and keywords again for the groups of each level, from their own voices."""
    session.flush()
    for level in {cluster.level for cluster in clusters}:
        reword_level(session, grouping, {one.id: one for one in clusters if one.level is level})


def reword_level(session: Session, grouping: Grouping, clusters: dict[UUID, Cluster]) -> None:
    states = [state.value for state in PUBLIC_STATES]
    facts = {"clusters": list(clusters), "states": states}
    rows = [row for row in session.connection().execute(MEMBERS, facts) if row.place <= READ_AT_MOST]
    members = {row.id for row in rows}
    around = {"grouping": grouping.id, "states": states, "most": BACKGROUND}
    rows += [row for row in session.connection().execute(ELSEWHERE, around) if row.id not in members]
    vectors = stored_vectors(session, grouping.call_id, grouping.model, [row.id for row in rows])
    rows = [row for row in rows if row.id in vectors]
    names = list(clusters)
    labels = np.array(
        [names.index(row.cluster_id) if row.id in members else -1 for row in rows], dtype=np.int64
    )
    if not (labels >= 0).any():
        for cluster in clusters.values():
            cluster.representatives, cluster.odd, cluster.summary = [], [], {}
        return
    told = Told(
        [row.id for row in rows],
        [f"{row.title}. {row.text}" if row.title else row.text for row in rows],
        np.vstack([vectors[row.id] for row in rows]),
        labels,
        [row.language or "und" for row in rows],
        [row.author_id for row in rows],
        ([row.agrees for row in rows], [row.disagrees for row in rows]),
    )
    told.write({place: clusters[name] for place, name in enumerate(names)})
    clusters_summary.number_copies(session, clusters.values())


@dataclass(frozen=True)
class Told:
    """The voices of a few groups, and what they say together; up to a thousand of elsewhere stand in for the call."""

    ids: Sequence[UUID]
    texts: Sequence[str]
    raw: Vectors
    labels: Labels
    languages: Sequence[str]
    authors: Sequence[UUID | None]
    votes: Votes

    def write(self, clusters: dict[int, Cluster]) -> None:
        # On the scale of a run, which aligns the whole call.
        vectors = aligned(self.texts, self.raw, self.languages)
        people = [author or self.ids[row] for row, author in enumerate(self.authors)]
        said = evidence.read(self.texts, self.raw, self.languages, authors=people, votes=self.votes)
        words = evidence.words(replace(said, level=vectors), self.labels)
        odd = odd_ones(vectors, self.labels, standing=words.representatives)
        cohesion = measured(vectors, self.labels)[0]
        lengths = [len(each) for each in self.texts]
        for label, cluster in clusters.items():
            if label not in words.representatives:
                cluster.representatives, cluster.odd, cluster.summary = [], [], {}
                continue
            cluster.representatives = [str(self.ids[row]) for row in words.representatives[label]]
            cluster.odd = [str(self.ids[row]) for row in odd[label]]
            cluster.keywords = list(words.keywords[label])
            cluster.cohesion = cohesion[label]
            cluster.summary = clusters_summary.kept(words.summaries[label], self.ids, lengths)
            self.name(label, cluster, words.titles[label])

    def name(self, label: int, cluster: Cluster, title: Label) -> None:
        """A name that is still quoted from a voice of the group stays, and so does one that a person gave."""
        source = cluster.measures.get("label_from")
        inside = {str(self.ids[int(row)]) for row in np.flatnonzero(self.labels == label)}
        if cluster.label_by is not PlacedBy.MACHINE or source in inside:
            return
        cluster.label = (title.text or ", ".join(cluster.keywords[:3]) or cluster.label)[:300]
        quoted = str(self.ids[title.row]) if title.row >= 0 else None
        cluster.measures = {**cluster.measures, "label_from": quoted}


def unquote(session: Session, submission_id: UUID) -> None:
    """When words leave the public page, no group is named after them any more: its keywords stand in.

    A group that a person named since keeps that name, and forgets whose words it had before.
    """
    forget_words(session, submission_id)
    query = select(Cluster).where(col(Cluster.measures)["label_from"].astext == str(submission_id))
    for cluster in session.exec(query):
        forget_quotation(cluster)
    clusters_summary.forget(session, submission_id)


def forget_words(session: Session, submission_id: UUID) -> None:
    """Words that stand out in a group only because of voices nobody can read any more stand there no longer."""
    session.flush()
    call = session.get_one(Submission, submission_id).call_id
    found = session.connection().execute(GROUPS_OF, {"call": call, "gone": submission_id}).scalars().all()
    for cluster in session.exec(select(Cluster).where(col(Cluster.id).in_(found)).order_by(col(Cluster.id))):
        kept = [word for word in cluster.keywords if is_said(session, cluster, word)]
        if kept == cluster.keywords:
            continue
        is_named_so = cluster.label_by is PlacedBy.MACHINE and cluster.label == named_by_keywords(cluster)
        cluster.keywords = kept
        if is_named_so:
            cluster.label = named_by_keywords(cluster)


def is_said(session: Session, cluster: Cluster, word: str) -> bool:
    """Whether a public voice of the group says it, in any form: a keyword is the commonest form of its words."""
    beginnings = [part[: max(FEWEST_LETTERS, len(part) - ENDING)] for part in word.casefold().split()]
    states = [state.value for state in PUBLIC_STATES]
    facts = {"cluster": cluster.id, "states": states, "beginnings": beginnings}
    return bool(session.connection().execute(IS_SAID, facts).scalar_one())


def unquote_gone(session: Session, grouping: Grouping) -> None:
    """A run reads for minutes: whoever left meanwhile names none of the groups that it writes.

    Holding their rows, whoever leaves from now on waits for these groups, and then finds them.
    """
    clusters = session.exec(select(Cluster).where(Cluster.grouping_id == grouping.id)).all()
    quoted = {UUID(source) for each in clusters if (source := each.measures.get("label_from"))}
    query = select(Submission.id, Submission.state).where(col(Submission.id).in_(quoted))
    held = session.exec(query.with_for_update(read=True)).all()
    gone = {str(key) for key, state in held if state not in PUBLIC_STATES}
    for cluster in clusters:
        if cluster.measures.get("label_from") in gone:
            forget_quotation(cluster)
    clusters_summary.forget_gone(session, grouping)


def forget_quotation(cluster: Cluster) -> None:
    if cluster.label_by is PlacedBy.MACHINE:
        cluster.label = named_by_keywords(cluster)
    cluster.measures = {**cluster.measures, "label_from": None}


def named_by_keywords(cluster: Cluster) -> str:
    return (", ".join(cluster.keywords[:3]) or "…")[:300]
