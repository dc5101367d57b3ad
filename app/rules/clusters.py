"""The states of a cluster: the machine suggests, people confirm, check, promote or set aside."""

from app.rules import moves
from app.rules.moves import Move
from app.rules.words import ClusterState

K = ClusterState
CLUSTER_MOVES: tuple[Move[ClusterState], ...] = (
    Move(K.SUGGESTED, K.CONFIRMED, "confirm", "facilitator"),
    Move(K.CONFIRMED, K.SUGGESTED, "unconfirm", "facilitator"),
    Move(K.CONFIRMED, K.CHECKED, "check", "facilitator"),
    Move(K.CONFIRMED, K.PROMOTED, "promote", "facilitator"),
    Move(K.CHECKED, K.PROMOTED, "promote", "facilitator"),
    Move(K.SUGGESTED, K.SET_ASIDE, "set_aside", "facilitator", needs_reason=True),
    Move(K.CONFIRMED, K.SET_ASIDE, "set_aside", "facilitator", needs_reason=True),
    Move(K.CHECKED, K.SET_ASIDE, "set_aside", "facilitator", needs_reason=True),
    Move(K.SET_ASIDE, K.SUGGESTED, "bring_back", "facilitator"),
)
# What a person has judged stays through a re-run; the rest a re-run may replace.
JUDGED = frozenset({K.CONFIRMED, K.CHECKED, K.PROMOTED, K.SET_ASIDE})


def require_move(before: ClusterState, after: ClusterState, *, reason: str = "") -> Move[ClusterState]:
    return moves.require(CLUSTER_MOVES, before, after, reason=reason)


def following(before: ClusterState) -> tuple[ClusterState, ...]:
    return moves.following(CLUSTER_MOVES, before)
