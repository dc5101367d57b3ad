"""A group that a person makes of ungrouped voices, and how it is taken apart again."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlmodel import Session

from app.errors import NotAcceptable
from app.models.call import Call
from app.models.cluster import BY_HAND, Cluster, projects_in
from app.models.correction import Correction
from app.models.grouping import Grouping
from app.rules.texts import LABEL, require_clean
from app.rules.words import N_, ClusterLevel, CorrectionKind, PlacedBy, SubjectKind
from app.services.corrections import ids, whereabouts
from app.services.corrections_ground import Changed, ground, keep, put, recompute, settle
from app.services.corrections_voices import chosen

MADE = "cluster_made"


class TooFew(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least two voices: one alone is no group.")


def gather(
    session: Session,
    call: Call,
    seen: Mapping[UUID, UUID | None],
    by: UUID,
    label: str = "",
    instead: Iterable[UUID] = (),
) -> tuple[Correction, Cluster]:
    """Make a group of ungrouped voices; every later run keeps it, as it keeps a group split off another."""
    name = require_clean(label, LABEL) if label.strip() else ""
    on = ground(session, call.id, instead)
    leaving = chosen(session, on.grouping, seen)
    if any(one.cluster_id is not None for one in leaving):
        raise Changed()
    if len(leaving) < 2:
        raise TooFew()
    made = begun(session, on.grouping, name)
    payload = {
        "level": made.level.value,
        "from": None,
        "new": str(made.key),
        "left": ids(leaving),
        "stayed": [],
        "was": whereabouts(session, leaving),
        "projects": [],
    }
    put(session, leaving, made, PlacedBy.PERSON)
    moved = settle(session, on.grouping, [one.submission_id for one in leaving])
    recompute(session, on.grouping, [made])
    states: dict[str, Any] = {SubjectKind.CLUSTER: {made.state: [made.id]}, SubjectKind.SUBMISSION: moved}
    return keep(session, on, made, CorrectionKind.SPLIT, payload, by, states=states, event=MADE), made


def begun(session: Session, grouping: Grouping, name: str) -> Cluster:
    """An empty group beside the others."""
    made = Cluster(
        id=uuid4(),
        grouping_id=grouping.id,
        call_id=grouping.call_id,
        level=ClusterLevel.MISSION,
        label=name or "…",
        label_by=PlacedBy.PERSON if name else PlacedBy.MACHINE,
        measures=dict(BY_HAND),
    )
    session.add(made)
    session.flush()
    return made


def take_apart(session: Session, made: Cluster) -> None:
    """An empty group that came from nowhere goes nowhere: as if merged into itself, it is on record and no more."""
    for one in (*projects_in(session, made.id), made):
        one.merged_into_id = one.id
    session.flush()
