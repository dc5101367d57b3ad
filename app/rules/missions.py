"""The states of a mission, and what becomes of it when the committee has voted."""

from app.rules import moves
from app.rules.moves import Move
from app.rules.words import DecisionState, MissionState

M = MissionState
MISSION_MOVES: tuple[Move[MissionState], ...] = (
    Move(M.CANDIDATE, M.FRAMED, "frame", "facilitator"),  # guard: every gate of `gates.py` is met
    Move(M.FRAMED, M.CANDIDATE, "reopen", "facilitator"),
    Move(M.FRAMED, M.IN_REVIEW, "send_to_review", "chair"),
    Move(M.IN_REVIEW, M.FRAMED, "stop_review", "chair", needs_reason=True),
    Move(M.IN_REVIEW, M.RETURNED, "conclude_review", "chair", needs_reason=True),
    Move(M.IN_REVIEW, M.ON_BALLOT, "notice", "chair"),  # guard: `reviews.allows_vote`
    Move(M.FRAMED, M.ON_BALLOT, "notice", "chair"),  # the same: its review was waived
    Move(M.ON_BALLOT, M.ADOPTED, "certify", "secretary", needs_reason=True),
    Move(M.ON_BALLOT, M.REJECTED, "certify", "secretary", needs_reason=True),
    Move(M.ON_BALLOT, M.RETURNED, "certify", "secretary", needs_reason=True),
    Move(M.ON_BALLOT, M.FRAMED, "certify", "secretary", needs_reason=True),
    # A challenge of the vote was upheld: the mission stands where it stood before.
    Move(M.ADOPTED, M.FRAMED, "void", "outsider", needs_reason=True),
    Move(M.REJECTED, M.FRAMED, "void", "outsider", needs_reason=True),
    Move(M.RETURNED, M.CANDIDATE, "rework", "facilitator"),
    Move(M.CANDIDATE, M.WITHDRAWN, "withdraw", "facilitator", needs_reason=True),
    Move(M.FRAMED, M.WITHDRAWN, "withdraw", "facilitator", needs_reason=True),
    Move(M.RETURNED, M.WITHDRAWN, "withdraw", "facilitator", needs_reason=True),
    Move(M.WITHDRAWN, M.CANDIDATE, "take_up_again", "facilitator"),
    Move(
        M.ADOPTED, M.ACTIVE, "launch", "steward"
    ),  # guard: money that is committed, and rivals or an open call
    Move(M.ACTIVE, M.PAUSED, "pause", "committee", needs_reason=True),
    Move(M.PAUSED, M.ACTIVE, "resume", "committee", needs_reason=True),
    Move(M.ACTIVE, M.ACHIEVED, "achieve", "readings"),  # nobody's act: it follows from the readings
    Move(
        M.ACHIEVED, M.ACTIVE, "fall_back", "readings"
    ),  # the same, when a reading is corrected or a later one falls
    Move(
        M.ACTIVE, M.ENDED_NOT_MET, "end", "committee", needs_reason=True
    ),  # guard: an end review and lessons
    Move(M.PAUSED, M.ENDED_NOT_MET, "end", "committee", needs_reason=True),
)
# A question can be put on these, if their review allows it.
VOTABLE = frozenset({M.FRAMED, M.IN_REVIEW})
# Nobody edits the words that a committee is voting on, or has voted on.
EDITABLE = frozenset({M.CANDIDATE, M.FRAMED, M.RETURNED})
# A tie sends the mission back to be worked on; without a quorum the question may be put once more.
BECOMES: dict[DecisionState, MissionState] = {
    DecisionState.CARRIED: M.ADOPTED,
    DecisionState.LOST: M.REJECTED,
    DecisionState.TIED: M.RETURNED,
    DecisionState.INQUORATE: M.FRAMED,
}


def require_move(before: MissionState, after: MissionState, *, reason: str = "") -> Move[MissionState]:
    return moves.require(MISSION_MOVES, before, after, reason=reason)
