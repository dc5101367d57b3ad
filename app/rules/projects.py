"""The states of a project, from a proposal to a verdict on what it assumed."""

from app.rules import moves
from app.rules.moves import Move
from app.rules.words import ProjectState

S = ProjectState
PROJECT_MOVES: tuple[Move[ProjectState], ...] = (
    Move(S.PROPOSED, S.CONTRACTED, "contract", "funder"),  # guard: a hypothesis, and every condition agreed
    Move(S.CONTRACTED, S.RUNNING, "start", "side"),
    Move(S.RUNNING, S.PAUSED, "pause", "side", needs_reason=True),
    Move(S.PAUSED, S.RUNNING, "resume", "side", needs_reason=True),
    # Both ends ask for a verdict on the hypothesis and for a lesson.
    Move(S.RUNNING, S.COMPLETED, "complete", "side", needs_reason=True),
    Move(S.RUNNING, S.STOPPED_TO_LEARN, "stop", "side", needs_reason=True),
    Move(S.PAUSED, S.STOPPED_TO_LEARN, "stop", "side", needs_reason=True),
    Move(S.CONTRACTED, S.STOPPED_TO_LEARN, "stop", "side", needs_reason=True),
)
OVER = frozenset({S.COMPLETED, S.STOPPED_TO_LEARN})
PUBLIC = frozenset(ProjectState) - {S.PROPOSED}


def require_move(before: ProjectState, after: ProjectState, *, reason: str = "") -> Move[ProjectState]:
    return moves.require(PROJECT_MOVES, before, after, reason=reason)


def following(state: ProjectState) -> tuple[ProjectState, ...]:
    return moves.following(PROJECT_MOVES, state)
