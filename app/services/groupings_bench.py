"""What a facilitator sees at the workbench: the state of the grouping, and what is most worth checking first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of, survivors
from app.models.correction import Correction
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.placement import UNSURE_FACTS, UNSURE_SQL, Placement
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import ClusterLevel, GroupingState, SubmissionState
from app.services import (
    checking,
    corrections_ground,
    groupings,
    groupings_languages,
    groupings_offers,
    groupings_words,
)
from app.services.clusters_counts import NOTHING, STATES, Standing, standing
from app.services.groupings_doubts import Objections
from app.services.groupings_offers import Offered
from app.services.groupings_run import UNFINISHED

NAMED = ("cluster", "kept", "gone", "from", "new", "to")  # where a correction names a group
HISTORY, WHOLE_HISTORY = 30, 1_000
COUNTS = text(
    f"""
    SELECT placement.cluster_id, count(*) FILTER (WHERE {UNSURE_SQL}) AS unsure
    FROM placement JOIN submission ON submission.id = placement.submission_id
    WHERE placement.grouping_id = :grouping AND placement.cluster_id IS NOT NULL AND submission.state = ANY(:states)
    GROUP BY placement.cluster_id
    """  # noqa: S608  # no part of it comes from outside
)


@dataclass(frozen=True)
class Line:
    """One group in the list: of how many voices the machine was unsure, and to how many their authors object."""

    cluster: Cluster
    unsure: int
    objections: int
    stamp: str
    projects: list["Line"] = field(default_factory=list)


class Name(NamedTuple):
    """What a group is or was called, and of which group it is part since a merge."""

    label: str
    into: str = ""


@dataclass(frozen=True)
class Bench:
    call: Call
    accepted: Grouping | None
    latest: Grouping | None
    proposed: Grouping | None
    lines: list[Line]
    languages: list[tuple[str, int]]
    public: int
    queue: int
    unplaced: int
    model: str
    history: list[tuple[Correction, str]]
    corrections: int
    names: dict[str, Name]
    objections: Objections
    standing: Standing
    is_overtaken: bool
    offered: Offered | None = None

    @property
    def is_uncertain(self) -> bool:
        """Whether what waits for a decision, or else what everyone sees, is one way among several."""
        shown = self.proposed or self.accepted
        return shown is not None and groupings_words.is_uncertain(shown)

    @property
    def foreign(self) -> list[tuple[str, int]]:
        """Languages the model cannot read, with their voices."""
        is_deaf = groupings_languages.reads_only_english(self.model)
        return [(code, n) for code, n in self.languages if code and code != "en"] if is_deaf else []


def bench(session: Session, call: Call, model: str, *, whole_history: bool = False) -> Bench:
    accepted = accepted_grouping(session, call.id)
    runs = groupings_offers.runs_of(session, call.id)
    proposed = waiting_proposal(runs)
    languages = spoken(session, call.id)
    public = sum(n for _, n in languages)
    objections = checking.objections_in(session, accepted) if accepted else {}
    listed = lines(session, accepted, objections) if accepted else []
    past = history(session, call.id, WHOLE_HISTORY if whole_history else HISTORY)
    return Bench(
        call=call,
        accepted=accepted,
        latest=runs[0] if runs else None,
        proposed=proposed,
        lines=listed,
        languages=languages,
        public=public,
        queue=waiting(session, call.id),
        unplaced=unplaced(session, call.id, accepted) if accepted else public,
        model=accepted.model if accepted else model,
        history=past,
        corrections=corrected(session, call.id),
        names=names(session, accepted, [correction for correction, _person in past]),
        objections=objections,
        standing=standing(session, accepted, [one.cluster for one in listed]) if accepted else NOTHING,
        is_overtaken=proposed is not None and groupings.is_overtaken(session, proposed, accepted),
        offered=groupings_offers.offered(session, call),
    )


def waiting_proposal(runs: Sequence[Grouping]) -> Grouping | None:
    """What waits for a decision: the newest run, unless those after it came to nothing."""
    ended_well = (one for one in runs if one.state is not GroupingState.FAILED)
    newest = next(ended_well, None)
    return newest if is_proposed(newest) else None


def spoken(session: Session, call_id: UUID) -> list[tuple[str, int]]:
    query = (
        select(Submission.language, func.count())
        .where(Submission.call_id == call_id, col(Submission.state).in_(PUBLIC_STATES))
        .group_by(col(Submission.language))
        .order_by(func.count().desc(), col(Submission.language))
    )
    return list(session.exec(query).all())


def waiting(session: Session, call_id: UUID) -> int:
    query = select(func.count()).where(
        col(Submission.call_id) == call_id, col(Submission.state) == SubmissionState.SUBMITTED
    )
    return session.exec(query).one()


def unplaced(session: Session, call_id: UUID, accepted: Grouping) -> int:
    """Public voices that came since and have no place yet."""
    placed = select(Placement.submission_id).where(Placement.grouping_id == accepted.id)
    query = select(func.count()).where(
        col(Submission.call_id) == call_id,
        col(Submission.state).in_(PUBLIC_STATES),
        col(Submission.id).not_in(placed),
    )
    return session.exec(query).one()


def lines(session: Session, grouping: Grouping, objections: Objections) -> list[Line]:
    clusters = clusters_of(session, grouping.id)
    facts = {"grouping": grouping.id, "states": STATES, **UNSURE_FACTS}
    unsure = {row.cluster_id: row.unsure for row in session.connection().execute(COUNTS, facts)}
    # The identity of the group is the end of the key of an answer, which keeps it to one a voice and group.
    answered = Counter((said.form_key or "")[-32:] for said in objections.values())

    def line(cluster: Cluster, inside: Sequence[Line] = ()) -> Line:
        total = unsure.get(cluster.id, 0) + sum(one.unsure for one in inside)
        objected = answered[cluster.key.hex] + sum(one.objections for one in inside)
        return Line(cluster, total, objected, corrections_ground.stamp(cluster), list(inside))

    inside: dict[UUID, list[Line]] = {}
    for cluster in clusters:
        if cluster.parent_id:
            inside.setdefault(cluster.parent_id, []).append(line(cluster))
    upper = [cluster for cluster in clusters if cluster.level is ClusterLevel.MISSION]
    return [line(cluster, inside.get(cluster.id, ())) for cluster in upper]


def names(session: Session, accepted: Grouping | None, corrections: Sequence[Correction]) -> dict[str, Name]:
    """Names of every group the history speaks of, by identity; those merged away since say where they went."""
    spoken_of = {str(one.payload[fact]) for one in corrections for fact in NAMED if one.payload.get(fact)}
    query = select(Cluster).where(col(Cluster.key).in_([UUID(key) for key in spoken_of]))
    found = {str(one.key): Name(one.label) for one in session.exec(query)} if spoken_of else {}
    live = survivors(session, accepted.id) if accepted else {}
    here = select(Cluster).where(Cluster.grouping_id == accepted.id) if accepted else None
    for one in session.exec(here) if here is not None else ():
        into = live.get(one.id)
        found[str(one.key)] = Name(one.label, into.label if into is not None and into.id != one.id else "")
    return found


def corrected(session: Session, call_id: UUID) -> int:
    """How many corrections were ever made, undone ones included."""
    return session.exec(select(func.count()).where(col(Correction.call_id) == call_id)).one()


def history(session: Session, call_id: UUID, most: int) -> list[tuple[Correction, str]]:
    """The latest corrections with who made them, undone ones included."""
    query = (
        select(Correction, Person.name)
        .join(Person, col(Person.id) == Correction.person_id)
        .where(Correction.call_id == call_id)
        .order_by(col(Correction.created_at).desc(), col(Correction.id))
        .limit(most)
    )
    return list(session.exec(query).all())


def is_busy(grouping: Grouping | None) -> bool:
    return grouping is not None and grouping.state in UNFINISHED


def is_proposed(grouping: Grouping | None) -> bool:
    return grouping is not None and grouping.state is GroupingState.PROPOSED
