"""What a person decides about a group: confirm it, or set it aside with a reason; both can be taken back."""

from uuid import UUID

from sqlmodel import Session

from app.models.cluster import Cluster
from app.rules import clusters as rules
from app.rules.texts import OPTIONAL_REASON, require_clean
from app.rules.words import ClusterState, SubjectKind
from app.services import events
from app.services.corrections_ground import current, held


def judge(
    session: Session,
    cluster: Cluster,
    after: ClusterState,
    by: UUID,
    reason: str = "",
    seen: str | None = None,
) -> Cluster:
    """Move a group to another state; a judged group survives every later run."""
    why = require_clean(reason, OPTIONAL_REASON)
    group = current(session, held(session, cluster.call_id), cluster.id, seen)
    rules.require_move(group.state, after, reason=why)
    before, group.state = group.state, after
    group.state_reason = why if after is ClusterState.SET_ASIDE else ""
    events.record(
        session,
        f"cluster_{after.value}",
        SubjectKind.CLUSTER,
        group.id,
        by=by,
        call=group.call_id,
        before=before,
        after=after,
    )
    session.flush()
    return group
