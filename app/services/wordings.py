"""Wordings that a machine drafted, as people see them: with their sources, accepted or declined by a person."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, delete
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from app.errors import Conflict, NotFound
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.mission import Mission
from app.models.submission import Submission
from app.models.wording import (
    Drafting,
    Wording,
    WordingPart,
    WordingState,
    latest_drafting,
    wordings_about,
)
from app.nlp.claims import Flaw
from app.rules.words import N_, Origin, PlacedBy
from app.services import clusters_words, corrections, corrections_told, drafting, events, missions_clauses
from app.services.drafting import About, about
from app.services.missions_clauses import ClauseText

LAST = 10_000
DROPPED: dict[str, str] = {
    Flaw.UNCITED: N_("named no voice"),
    Flaw.UNKNOWN_SOURCE: N_("named a voice that was not among those sent"),
    Flaw.TOO_LONG: N_("were too long"),
    Flaw.FOREIGN_SIGNS: N_("held links or signs that belong in no sentence"),
    Flaw.ORDERS: N_("spoke to a machine"),
    Flaw.OTHER_NUMBERS: N_("held a number that the voices do not name"),
    Flaw.OTHER_WORDS: N_("used words that the voices do not use"),
    Flaw.OTHER_MEANING: N_("said something that the voices do not say"),
    Flaw.ONE_VOICE: N_("rested on one person only"),
}


class AlreadyDecided(Conflict):
    sentence: ClassVar[str] = N_("Somebody has accepted or declined this wording already.")


class SourcesGone(Conflict):
    sentence: ClassVar[str] = N_(
        "A voice that this wording rests on is no longer public, so it cannot be accepted."
    )


@dataclass(frozen=True)
class Proposal:
    """One drafted sentence with the voices it rests on."""

    wording: Wording
    voices: list[Submission]


@dataclass(frozen=True)
class Desk:
    """What the page of proposals shows."""

    latest: Drafting | None
    proposals: list[Proposal] = field(default_factory=list)
    accepted: list[Proposal] = field(default_factory=list)
    dropped: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        return self.latest is not None and drafting.is_busy(self.latest)


def desk(session: Session, record: Cluster | Mission) -> Desk:
    subject = about(record)
    latest = latest_drafting(session, subject.kind, subject.key)
    dropped = [
        (DROPPED[why], int(count))
        for why, count in (latest.dropped if latest else {}).items()
        if why in DROPPED
    ]
    return Desk(
        latest,
        shown(session, subject, WordingState.PROPOSED),
        shown(session, subject, WordingState.ACCEPTED),
        sorted(dropped),
    )


def shown(session: Session, subject: About, state: WordingState) -> list[Proposal]:
    """Only those whose every voice is public still: words of somebody who took them back are not told in others'."""
    rows = wordings_about(session, subject.kind, subject.key, state)
    public = drafting.are_public(session, drafting.cited(rows)) if rows else {}
    return [
        Proposal(row, [public[key] for key in drafting.cited([row])])
        for row in rows
        if all(key in public for key in drafting.cited([row]))
    ]


def accepted(session: Session, record: Cluster | Mission) -> list[Proposal]:
    """What a person accepted, for everyone's page; it says of itself that a machine drafted it."""
    return shown(session, about(record), WordingState.ACCEPTED)


def drafted_texts(proposals: Sequence[Proposal]) -> set[str]:
    return {one.wording.text for one in proposals}


def of(session: Session, record: Cluster | Mission, wording_id: UUID) -> Wording:
    """A wording of this very group or mission, held."""
    row = session.get(Wording, wording_id, with_for_update=True, populate_existing=True)
    subject = about(record)
    source = session.get(Drafting, row.drafting_id) if row else None
    if (
        row is None
        or source is None
        or (source.subject_kind, source.subject_id) != (subject.kind, subject.key)
    ):
        raise NotFound()
    return row


def accept(session: Session, record: Cluster | Mission, wording_id: UUID, by: UUID) -> Wording:
    """A title becomes the group's name, a clause one of the mission's text; a sentence stands on the group's page."""
    row = decided(session, record, wording_id, WordingState.ACCEPTED, by)
    voices = drafting.cited([row])
    if len(drafting.are_public(session, voices)) < len(set(voices)):
        raise SourcesGone()
    if row.part is WordingPart.TITLE and isinstance(record, Cluster):
        corrections.rename(session, record, row.text, by)
    elif row.part is WordingPart.CLAUSE and isinstance(record, Mission):
        typed = ClauseText(
            row.section, row.text, Origin.SUBMISSION, LAST, submissions=voices, is_drafted=True
        )
        missions_clauses.write(session, record, None, typed, record.version, by)
    else:
        tell(session, "wording_accepted", record, row, by)
    session.flush()
    return row


def decline(session: Session, record: Cluster | Mission, wording_id: UUID, by: UUID) -> Wording:
    row = decided(session, record, wording_id, WordingState.DECLINED, by)
    tell(session, "wording_declined", record, row, by)
    return row


def take_back(session: Session, record: Cluster | Mission, wording_id: UUID, by: UUID) -> Wording:
    """An accepted sentence leaves the page again; names and clauses are changed where names and clauses are."""
    row = of(session, record, wording_id)
    if row.state is not WordingState.ACCEPTED or row.part is not WordingPart.SUMMARY:
        raise AlreadyDecided()
    row.state, row.decided_by_id, row.decided_at = WordingState.DECLINED, by, now()
    tell(session, "wording_declined", record, row, by)
    return row


ACTS: dict[str, Callable[[Session, Cluster | Mission, UUID, UUID], Wording]] = {
    "accept": accept,
    "decline": decline,
    "take_back": take_back,
}


def decided(
    session: Session, record: Cluster | Mission, wording_id: UUID, state: WordingState, by: UUID
) -> Wording:
    row = of(session, record, wording_id)
    if row.state is not WordingState.PROPOSED:
        raise AlreadyDecided()
    row.state, row.decided_by_id, row.decided_at = state, by, now()
    return row


def tell(session: Session, kind: str, record: Cluster | Mission, row: Wording, by: UUID) -> None:
    subject = about(record)
    events.record(session, kind, subject.kind, subject.id, by=by, call=subject.call_id, wording=row.id)


def forget(session: Session, submission_id: UUID) -> None:
    """Sentences that rest on a voice that was withdrawn or changed go with its words, whatever became of them."""
    take_names_back(session, submission_id)
    session.connection().execute(
        delete(Wording).where(resting_on(submission_id), col(Wording.id).is_not(None))
    )


def resting_on(submission_id: UUID) -> TextClause:
    held = sql("wording.cites @> jsonb_build_array(jsonb_build_object('submission', CAST(:key AS text)))")
    return held.bindparams(key=str(submission_id))


def take_names_back(session: Session, submission_id: UUID) -> None:
    """A voice is public no more, or says something else: no group is called what a machine drafted from it.

    Its keywords stand in, as where a quotation is taken back, and the history of names forgets the words too.
    """
    session.flush()
    for key, words in names_drafted(session, resting_on(submission_id)):
        named = select(Cluster).where(
            Cluster.key == key, Cluster.label == words, Cluster.label_by == PlacedBy.PERSON
        )
        for cluster in session.exec(named.order_by(col(Cluster.id))):
            cluster.label_by = PlacedBy.MACHINE
            clusters_words.forget_quotation(cluster)
        corrections_told.forget_name(session, key, words)


def are_drafted(session: Session, clusters: Iterable[Cluster]) -> set[UUID]:
    """Which of these groups have a name that a machine drafted, and so may lose it again."""
    names = {(one.key, one.label): one.id for one in clusters if one.label_by is PlacedBy.PERSON}
    if not names:
        return set()
    drafted = names_drafted(session, col(Drafting.subject_id).in_([key for key, _label in names]))
    return {names[one] for one in drafted if one in names}


def names_drafted(session: Session, which: ColumnElement[bool] | TextClause) -> list[tuple[UUID, str]]:
    """Groups by key, and the names that a machine drafted for them and a person accepted."""
    query = select(Drafting.subject_id, Wording.text).join(Wording, col(Wording.drafting_id) == Drafting.id)
    accepted = query.where(Wording.part == WordingPart.TITLE, Wording.state == WordingState.ACCEPTED, which)
    return [(key, words) for key, words in session.exec(accepted)]
