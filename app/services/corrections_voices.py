"""Corrections of single voices: moved to another group, or set apart with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import NotAcceptable
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.rules.texts import REASON, require_clean
from app.rules.words import N_, CorrectionKind, PlacedBy, SubjectKind
from app.services.corrections import ids, whereabouts
from app.services.corrections_ground import (
    Changed,
    change,
    current,
    ground,
    keep,
    placements_in,
    put,
    recompute,
    require_unlocked,
    settle,
)

ANCHORS = 25


class NobodyChosen(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one voice first.")


class NowhereToGo(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose the group to move them to.")


def move(
    session: Session,
    call: Call,
    seen: Mapping[UUID, UUID | None],
    target: Cluster,
    by: UUID,
    instead: Iterable[UUID] = (),
) -> Correction:
    """Stand voices in a group; `seen` says where the form saw each of them, so that no two people pull at one."""
    on = ground(session, call.id, instead)
    group = current(session, on.grouping, target.id)
    moving = chosen(session, on.grouping, seen)
    before = homes(session, moving)
    require_unlocked(session, group, *before, act=CorrectionKind.MOVE)
    staying = [one for one in placements_in(session, group) if one.submission_id not in seen]
    payload = {
        "submissions": ids(moving),
        "to": str(group.key),
        "level": group.level.value,
        "anchors": ids(staying[:ANCHORS]),
        "was": whereabouts(session, moving),
    }
    put(session, moving, group, PlacedBy.PERSON)
    moved = settle(session, on.grouping, [one.submission_id for one in moving])
    recompute(session, on.grouping, [group, *before])
    return keep(session, on, group, CorrectionKind.MOVE, payload, by, states={SubjectKind.SUBMISSION: moved})


def set_apart(
    session: Session,
    call: Call,
    seen: Mapping[UUID, UUID | None],
    reason: str,
    by: UUID,
    instead: Iterable[UUID] = (),
) -> Correction:
    """Leave voices ungrouped, with a reason that everyone can read."""
    why = require_clean(reason, REASON)[:1000]
    on = ground(session, call.id, instead)
    leaving = chosen(session, on.grouping, seen)
    before = homes(session, leaving)
    require_unlocked(session, *before, act=CorrectionKind.SET_APART)
    payload = {"submissions": ids(leaving), "was": whereabouts(session, leaving)}
    change(session, leaving, {"cluster_id": None, "by": PlacedBy.PERSON, "reason": why, "margin": 1.0})
    moved = settle(session, on.grouping, [one.submission_id for one in leaving])
    recompute(session, on.grouping, before)
    return keep(
        session,
        on,
        on.grouping,
        CorrectionKind.SET_APART,
        payload,
        by,
        why,
        states={SubjectKind.SUBMISSION: moved},
    )


def chosen(session: Session, grouping: Grouping, seen: Mapping[UUID, UUID | None]) -> list[Placement]:
    """The places of the chosen voices, each still where the form saw it."""
    if not seen:
        raise NobodyChosen()
    query = select(Placement).where(
        Placement.grouping_id == grouping.id, col(Placement.submission_id).in_(list(seen))
    )
    found = session.exec(
        query.order_by(col(Placement.submission_id)).execution_options(populate_existing=True)
    )
    placements = list(found)
    if len(placements) != len(seen) or any(one.cluster_id != seen[one.submission_id] for one in placements):
        raise Changed()
    return placements


def homes(session: Session, placements: Sequence[Placement]) -> list[Cluster]:
    keys = {placement.cluster_id for placement in placements if placement.cluster_id}
    return list(session.exec(select(Cluster).where(col(Cluster.id).in_(keys)).order_by(col(Cluster.id))))
