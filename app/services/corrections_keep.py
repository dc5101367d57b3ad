"""Voices kept together or apart: whichever groups there will be, they share one, or never do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import NotAcceptable
from app.models.call import Call
from app.models.cluster import Cluster, survivors
from app.models.correction import Correction
from app.models.placement import Placement
from app.nlp.partition import Reason
from app.rules.texts import OPTIONAL_REASON, require_clean
from app.rules.words import N_, ClusterLevel, CorrectionKind, PlacedBy, SubjectKind
from app.services.corrections import ids, whereabouts
from app.services.corrections_gather import begun
from app.services.corrections_ground import (
    Ground,
    change,
    ground,
    keep,
    put,
    recompute,
    require_unlocked,
    settle,
)
from app.services.corrections_voices import chosen, homes
from app.services.groupings_rows import UNGROUPED_BECAUSE

MOST_APART = 40  # each pair of them is a rule


class TwoAtLeast(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Choose at least two voices: one alone is neither together with others nor apart."
    )


class FewerAtOnce(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at most %(most)s voices at once.")


Seen = Mapping[UUID, UUID | None]


def keep_together(
    session: Session, call: Call, seen: Seen, by: UUID, reason: str = "", instead: Iterable[UUID] = ()
) -> Correction:
    """Let voices always share a group: now the one that holds most of them, or a new one where none holds any."""
    why = require_clean(reason, OPTIONAL_REASON)[:1000]
    on = ground(session, call.id, instead)
    voices = some(session, on, seen)
    above = missions(session, on, voices)
    target = shared_by_most(voices, above)
    made = target is None
    home = target or begun(session, on.grouping, "")
    moving = [one for one in voices if above.get(one.submission_id) != home]
    before = homes(session, moving)
    require_unlocked(session, *([home] if moving else []), *before, act=CorrectionKind.KEEP_TOGETHER)
    payload = {
        "level": ClusterLevel.MISSION.value,
        "submissions": ids(voices),
        "put": {str(one.submission_id): str(home.key) for one in moving},
        "new": str(home.key) if made else None,
        "was": whereabouts(session, moving),
    }
    put(session, moving, home, PlacedBy.PERSON)
    moved = settle(session, on.grouping, [one.submission_id for one in moving])
    if moving:
        recompute(session, on.grouping, [home, *before])
    begins = {home.state: [home.id]} if made else {}
    states: dict[str, Any] = {SubjectKind.SUBMISSION: moved, SubjectKind.CLUSTER: begins}
    return keep(session, on, home, CorrectionKind.KEEP_TOGETHER, payload, by, why, states=states)


def keep_apart(
    session: Session, call: Call, seen: Seen, by: UUID, reason: str = "", instead: Iterable[UUID] = ()
) -> Correction:
    """Let no two of these voices ever share a group: of those that do, all but one go to the next group, or out."""
    why = require_clean(reason, OPTIONAL_REASON)[:1000]
    on = ground(session, call.id, instead)
    voices = some(session, on, seen)
    if len(voices) > MOST_APART:
        raise FewerAtOnce(most=MOST_APART)
    leaving, going = parted(session, on, voices)
    before = homes(session, leaving)
    targets = {
        going[one.submission_id].id: going[one.submission_id] for one in leaving if one.submission_id in going
    }
    require_unlocked(session, *before, act=CorrectionKind.KEEP_APART)
    payload = {
        "level": ClusterLevel.MISSION.value,
        "submissions": ids(voices),
        "put": {str(one.submission_id): key_of(going.get(one.submission_id)) for one in leaving},
        "was": whereabouts(session, leaving),
    }
    for target in targets.values():
        put(
            session,
            [one for one in leaving if going.get(one.submission_id) == target],
            target,
            PlacedBy.PERSON,
        )
    out = [one for one in leaving if one.submission_id not in going]
    alone = {
        "cluster_id": None,
        "by": PlacedBy.MACHINE,
        "margin": 0.0,
        "reason": UNGROUPED_BECAUSE[Reason.KEPT_APART],
    }
    change(session, out, alone)
    moved = settle(session, on.grouping, [one.submission_id for one in leaving])
    if leaving:
        recompute(session, on.grouping, [*before, *targets.values()])
    states: dict[str, Any] = {SubjectKind.SUBMISSION: moved}
    return keep(session, on, on.grouping, CorrectionKind.KEEP_APART, payload, by, why, states=states)


def some(session: Session, on: Ground, seen: Seen) -> list[Placement]:
    voices = chosen(session, on.grouping, seen)
    if len(voices) < 2:
        raise TwoAtLeast()
    return voices


def missions(session: Session, on: Ground, voices: Sequence[Placement]) -> dict[UUID, Cluster]:
    """The mission in which each voice stands, if it does."""
    live = survivors(session, on.grouping.id)
    found: dict[UUID, Cluster] = {}
    for one in voices:
        home = live.get(one.cluster_id) if one.cluster_id else None
        above = live.get(home.parent_id) if home is not None and home.parent_id else home
        if above is not None:
            found[one.submission_id] = above
    return found


def shared_by_most(voices: Sequence[Placement], above: Mapping[UUID, Cluster]) -> Cluster | None:
    """Where a person put one of them, else where most of them stand, the best-fitting first."""
    votes: dict[UUID, tuple[int, int, float]] = {}
    clusters = {one.id: one for one in above.values()}
    for one in voices:
        if (home := above.get(one.submission_id)) is not None:
            placed, count, weight = votes.get(home.id, (0, 0, 0.0))
            votes[home.id] = (placed + (one.by is PlacedBy.PERSON), count + 1, weight + one.weight)
    best = max(votes, key=lambda key: (*votes[key], str(key)), default=None)
    return clusters[best] if best else None


def parted(
    session: Session, on: Ground, voices: Sequence[Placement]
) -> tuple[list[Placement], dict[UUID, Cluster]]:
    """Who has to leave a shared group, and the next group of each, unless one of the others stands there."""
    live, above = survivors(session, on.grouping.id), missions(session, on, voices)
    firmest_first = sorted(
        voices, key=lambda one: (one.by is not PlacedBy.PERSON, -one.weight, str(one.submission_id))
    )
    taken: set[UUID] = set()
    leaving: list[Placement] = []
    for one in firmest_first:
        home = above.get(one.submission_id)
        if home is not None and home.id in taken:
            leaving.append(one)
        elif home is not None:
            taken.add(home.id)
    going: dict[UUID, Cluster] = {}
    for one in leaving:
        following = live.get(one.nearest_id) if one.nearest_id else None
        is_open = (
            following is not None and following.level is ClusterLevel.MISSION and not following.is_locked
        )
        if following is not None and is_open and following.id not in taken:
            taken.add(following.id)
            going[one.submission_id] = following
    return leaving, going


def key_of(cluster: Cluster | None) -> str | None:
    return str(cluster.key) if cluster else None
