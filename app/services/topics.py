"""Goals and sectors of a voice or a group: suggested by a machine, put there or dismissed by a person, taken back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import and_, delete, or_
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.cluster import Cluster, projects_in
from app.models.columns import now
from app.models.embedding import Embedding
from app.models.grouping import Grouping
from app.models.submission import Submission
from app.models.term import Dismissal, Tag, Term
from app.nlp import topics as nlp
from app.nlp.goals import ENGLISH, Scheme
from app.nlp.topics import Sureness
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, SubjectKind
from app.services import events, terms, topics_learn
from app.services.clusters_support import inside
from app.services.groupings_languages import reads_only_english
from app.services.groupings_material import stored_vectors

MOST_READ = 400
SURE = {
    Sureness.CLEAR: N_("It clearly speaks of this."),
    Sureness.LIKELY: N_("It probably speaks of this; read it first."),
}
NOT_LEARNED = N_(
    "Suggestions will be here once the model has read our descriptions of goals and sectors, usually within a minute."
)
UNREAD = N_("The model reads English only: it suggests nothing for other languages. You can choose yourself.")
NOTHING_CLOSE = N_("The machine suggests nothing: no goal or sector is close enough.")
# A group's voices nearest its middle stand for it: reading a hundred thousand for a suggestion would help nobody.
MIDDLE = sql(
    """
    SELECT submission.id, submission.language
    FROM placement JOIN submission ON submission.id = placement.submission_id
    WHERE placement.grouping_id = :grouping AND placement.cluster_id = ANY(:homes) AND submission.state = ANY(:states)
    ORDER BY placement.weight DESC, submission.id LIMIT :most
    """
)


@dataclass(frozen=True)
class Line:
    """One goal or sector as the page names it, and why it is suggested."""

    term_id: UUID
    scheme: str
    code: str
    why: Phrase | None = None

    @property
    def label(self) -> str:
        return terms.label(self.code, self.scheme)


@dataclass(frozen=True)
class Topics:
    """What stands on a subject, which everyone reads; the rest is for those who may choose."""

    address: str
    applied: list[Line]
    may_choose: bool = False
    suggested: list[Line] = field(default_factory=list)
    dismissed: list[Line] = field(default_factory=list)
    choices: list[Line] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Subject:
    """What a term is put on. A group is meant by its key; `id` is the row whose page shows it."""

    kind: SubjectKind
    key: UUID
    id: UUID
    call_id: UUID

    @property
    def address(self) -> str:
        return f"/{self.kind.value}s/{self.id}"


def subject_of(record: Submission | Cluster) -> Subject:
    if isinstance(record, Cluster):
        return Subject(SubjectKind.CLUSTER, record.key, record.id, record.call_id)
    return Subject(SubjectKind.SUBMISSION, record.id, record.id, record.call_id)


def of(session: Session, record: Submission | Cluster, *, may_choose: bool) -> Topics:
    """What a page shows beside a voice or a group."""
    subject = subject_of(record)
    applied = [line(term) for term in on(session, Tag, subject)]
    if not may_choose:
        return Topics(subject.address, applied)
    dismissed = [line(term) for term in on(session, Dismissal, subject)]
    reasons, note = for_group(session, record) if isinstance(record, Cluster) else for_voice(session, record)
    every = {(term.scheme, term.code): term for term in choosable(session)}
    decided = {one.term_id for one in (*applied, *dismissed)}
    suggested = [line(every[key], why) for key, why in reasons if key in every]
    suggested = [one for one in suggested if one.term_id not in decided]
    choices = [line(term) for term in every.values() if term.id not in {one.term_id for one in applied}]
    return Topics(
        subject.address, applied, True, suggested, dismissed, sorted(choices, key=in_order),
        note or ("" if suggested or applied or dismissed else NOTHING_CLOSE),
    )  # fmt: skip


def line(term: Term, why: Phrase | None = None) -> Line:
    return Line(term.id, term.scheme, term.code, why)


def in_order(one: Line) -> tuple[bool, int, str]:
    return one.scheme != terms.SDG, int(one.code) if one.code.isdigit() else 0, one.code


def on(session: Session, table: type[Tag] | type[Dismissal], subject: Subject) -> list[Term]:
    """The goals and sectors on a subject, or those that were dismissed for it."""
    query = (
        select(Term)
        .join(table, col(table.term_id) == Term.id)
        .where(table.subject_kind == subject.kind, table.subject_id == subject.key)
    )
    found = session.exec(query.order_by(Term.scheme, Term.code)).all()
    return sorted(found, key=lambda term: in_order(line(term)))


def choosable(session: Session) -> Sequence[Term]:
    """Goals, but not their targets, which belong to missions; and sectors with their branches."""
    query = select(Term).where(
        or_(
            col(Term.scheme) == terms.SECTOR,
            and_(col(Term.scheme) == terms.SDG, col(Term.parent_id).is_(None)),
        )
    )
    return session.exec(query.order_by(Term.scheme, Term.code)).all()


Reasons = list[tuple[tuple[str, str], Phrase]]


def for_voice(session: Session, submission: Submission) -> tuple[Reasons, str]:
    if submission.state not in PUBLIC_STATES:
        return [], ""
    models = session.exec(select(Embedding.model).where(Embedding.submission_id == submission.id)).all()
    for model in sorted(models):
        if reads_only_english(model) and submission.language not in ("", ENGLISH):
            return [], UNREAD
        vectors = stored_vectors(session, submission.call_id, model, [submission.id])
        found: Reasons = []
        is_learned = False
        for scheme in Scheme:
            scorer = topics_learn.scorer_of(session, scheme, model)
            if scorer is None or submission.id not in vectors:
                continue
            is_learned = True
            for one in nlp.suggested(scorer, vectors[submission.id][None, :])[0]:
                found.append(((scheme.value, one.topic), phrase(SURE[one.sureness])))
        if is_learned:
            return found, ""
    return [], NOT_LEARNED


def for_group(session: Session, cluster: Cluster) -> tuple[Reasons, str]:
    grouping = session.get_one(Grouping, cluster.grouping_id)
    facts = {**inside(cluster, projects_in(session, cluster.id)), "most": MOST_READ}
    rows = session.connection().execute(MIDDLE, facts).all()
    readable = [
        row.id for row in rows if row.language in ("", ENGLISH) or not reads_only_english(grouping.model)
    ]
    if rows and 2 * len(readable) < len(rows):
        return [], UNREAD
    vectors = list(stored_vectors(session, cluster.call_id, grouping.model, readable).values())
    found: Reasons = []
    for scheme in Scheme if vectors else ():
        scorer = topics_learn.scorer_of(session, scheme, grouping.model)
        if scorer is None:
            return [], NOT_LEARNED
        for one in nlp.shared(scorer, np.vstack(vectors)):
            said = phrase(
                N_("%(some)s of the %(all)s voices that were read speak of this."),
                some=one.texts,
                all=len(vectors),
            )
            found.append(((scheme.value, one.topic), said))
    return found, ""


def term_of(session: Session, term_id: UUID) -> Term:
    """A goal or sector; a target of a goal, or anything else, cannot be put on a voice or group."""
    found = next((term for term in choosable(session) if term.id == term_id), None)
    if found is None:
        raise NotFound()
    return found


def add(session: Session, subject: Subject, term_id: UUID, by: UUID) -> None:
    """Put a goal or sector on a voice or group; twice is once."""
    term = term_of(session, term_id)
    take_off(session, Dismissal, subject, term)
    row = {"term_id": term.id, "subject_kind": subject.kind, "subject_id": subject.key}
    if put(session, Tag, row):
        told(session, "topic_added", subject, term, by)


def remove(session: Session, subject: Subject, term_id: UUID, by: UUID) -> None:
    term = term_of(session, term_id)
    if take_off(session, Tag, subject, term):
        told(session, "topic_removed", subject, term, by)


def dismiss(session: Session, subject: Subject, term_id: UUID, by: UUID) -> None:
    """It does not fit, and is not suggested again; what a person put there is taken off by `remove`."""
    term = term_of(session, term_id)
    row = {
        "term_id": term.id, "subject_kind": subject.kind, "subject_id": subject.key, "by_id": by, "created_at": now(),
    }  # fmt: skip
    if put(session, Dismissal, row):
        told(session, "topic_dismissed", subject, term, by)


def recall(session: Session, subject: Subject, term_id: UUID, by: UUID) -> None:
    """Let it be suggested again."""
    term = term_of(session, term_id)
    if take_off(session, Dismissal, subject, term):
        told(session, "topic_recalled", subject, term, by)


ACTS: dict[str, Callable[[Session, Subject, UUID, UUID], None]] = {
    "add": add,
    "remove": remove,
    "dismiss": dismiss,
    "recall": recall,
}


def put(session: Session, table: type[Tag] | type[Dismissal], row: dict[str, Any]) -> bool:
    write = insert(table).values(row).on_conflict_do_nothing().returning(col(table.term_id))
    return session.connection().execute(write).first() is not None


def take_off(session: Session, table: type[Tag] | type[Dismissal], subject: Subject, term: Term) -> bool:
    gone = delete(table).where(
        col(table.term_id) == term.id,
        col(table.subject_kind) == subject.kind,
        col(table.subject_id) == subject.key,
    )
    return session.connection().execute(gone).rowcount > 0


def told(session: Session, kind: str, subject: Subject, term: Term, by: UUID) -> None:
    events.record(
        session,
        kind,
        subject.kind,
        subject.id,
        by=by,
        call=subject.call_id,
        term=f"{term.scheme} {term.code}",
    )


def forget(session: Session, submission_ids: Iterable[UUID]) -> None:
    """What a withdrawn voice was about goes with its words."""
    for table in (Tag, Dismissal):
        gone = delete(table).where(
            col(table.subject_kind) == SubjectKind.SUBMISSION, col(table.subject_id).in_(list(submission_ids))
        )
        session.connection().execute(gone)
