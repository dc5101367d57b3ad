"""What a bundle says beside the run: how its voices stand on the pages today, and what people corrected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.nlp.bundle import Act
from app.nlp.bundle_public import is_telling
from app.nlp.vectors import Labels
from app.rules.disclosure import PUBLIC_GROUPING_STATES
from app.rules.words import CorrectionKind

# Where a correction keeps the voices of each side. A new name of a group moves nobody.
SIDES: dict[CorrectionKind, tuple[str, ...]] = {
    CorrectionKind.MOVE: ("submissions",),
    CorrectionKind.SET_APART: ("submissions",),
    CorrectionKind.MERGE: ("kept_members", "gone_members"),
    CorrectionKind.SPLIT: ("left", "stayed"),
    CorrectionKind.LOCK: ("members",),
    CorrectionKind.KEEP_TOGETHER: ("submissions",),
    CorrectionKind.KEEP_APART: ("submissions",),
}
SPOKEN = frozenset(name for names in SIDES.values() for name in names) | {"anchors"}
GATHER = "gather"


def labels_now(session: Session, grouping_id: UUID, keys: Sequence[UUID]) -> tuple[Labels, Labels]:
    """Number the groups of a grouping by the order of their ids, and say where each voice stands."""
    session.flush()
    every = session.exec(
        select(Cluster.id, Cluster.parent_id).where(Cluster.grouping_id == grouping_id)
    ).all()
    parent = dict(every)
    number = {key: at for at, key in enumerate(sorted(parent))}
    homes = dict(
        session.exec(
            select(Placement.submission_id, Placement.cluster_id).where(Placement.grouping_id == grouping_id)
        ).all()
    )
    labels = np.full((2, len(keys)), -1, dtype=np.int64)
    for row, key in enumerate(keys):
        home = homes.get(key)
        if home is not None:
            above = parent[home]
            labels[0, row] = number[above or home]
            labels[1, row] = number[home] if above else -1
    return labels[0], labels[1]


def today(session: Session, grouping: Grouping, keys: Sequence[UUID]) -> tuple[Labels, Labels] | None:
    """How voices stand on the pages now; nothing of a grouping that nobody accepted."""
    if grouping.state not in PUBLIC_GROUPING_STATES:
        return None
    return labels_now(session, grouping.id, keys)


def acts(session: Session, grouping: Grouping, keys: Sequence[UUID]) -> tuple[Act, ...]:
    """The corrections that the run was given, and those made while its groups were the ones shown, oldest first."""
    row_of = {str(key): row for row, key in enumerate(keys)}
    given, until = set(grouping.corrections), shown_until(session, grouping)
    every = session.exec(
        select(Correction)
        .where(Correction.call_id == grouping.call_id)
        .order_by(col(Correction.created_at), col(Correction.id))
    )
    found = []
    for one in every:
        in_run = str(one.id) in given
        is_undone = one.undone_at is not None and (until is None or one.undone_at < until)
        is_since = shows_corrections(grouping) and not is_undone and (until is None or one.created_at < until)
        if one.kind in SIDES and (in_run or is_since):
            found.append(act_of(one, row_of, in_run, is_undone))
    return tuple(act for act in found if act is not None)


def gone_before(session: Session, grouping: Grouping, keys: Sequence[UUID]) -> int:
    """How many voices the corrections of a run spoke of that were public no more when it began.

    What is left of such a rule says something of them: that the companions of a moved voice are all gone, for example.
    """
    given = session.exec(
        select(Correction).where(col(Correction.id).in_([UUID(one) for one in grouping.corrections]))
    )
    spoken = {str(voice) for one in given for name in SPOKEN for voice in one.payload.get(name, ())}
    return len(spoken - {str(key) for key in keys})


def shows_corrections(grouping: Grouping) -> bool:
    return grouping.state in PUBLIC_GROUPING_STATES


def shown_until(session: Session, grouping: Grouping) -> datetime | None:
    """When another grouping took its place; none where it is shown today, or never was."""
    if grouping.accepted_at is None:
        return None
    later = select(Grouping.accepted_at).where(
        Grouping.call_id == grouping.call_id, col(Grouping.accepted_at) > grouping.accepted_at
    )
    return session.exec(later.order_by(col(Grouping.accepted_at)).limit(1)).first()


def act_of(correction: Correction, row_of: Mapping[str, int], in_run: bool, is_undone: bool) -> Act | None:
    """What a correction did to the voices of the run; None where too few of them are left to tell it."""
    facts = correction.payload
    gathers = correction.kind is CorrectionKind.SPLIT and facts["from"] is None
    kind = GATHER if gathers else correction.kind.value
    spoken = [facts[name] for name in SIDES[correction.kind]][: 1 if gathers else None]
    sides = tuple(tuple(sorted(row_of[str(one)] for one in side if str(one) in row_of)) for side in spoken)
    if not is_telling(kind, [len(side) for side in spoken], [len(side) for side in sides]):
        return None
    return Act(kind, sides, str(facts.get("level", "")), in_run, is_undone)
