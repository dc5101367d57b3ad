"""The states of a submission, and who may move it from one to the next."""

from app.rules import moves
from app.rules.moves import Move
from app.rules.words import N_, SubmissionState

S = SubmissionState
SUBMISSION_MOVES: tuple[Move[SubmissionState], ...] = (
    Move(S.DRAFT, S.SUBMITTED, "submit", "author"),
    Move(S.SUBMITTED, S.VISIBLE, "publish", "facilitator"),
    Move(S.VISIBLE, S.GROUPED, "group", "facilitator"),
    Move(S.GROUPED, S.VISIBLE, "ungroup", "facilitator"),
    Move(S.VISIBLE, S.TAKEN_UP, "take_up", "facilitator"),
    Move(S.GROUPED, S.TAKEN_UP, "take_up", "facilitator"),
    Move(S.NOT_TAKEN_UP, S.TAKEN_UP, "take_up", "facilitator"),
    Move(S.VISIBLE, S.NOT_TAKEN_UP, "not_take_up", "facilitator", needs_reason=True),
    Move(S.GROUPED, S.NOT_TAKEN_UP, "not_take_up", "facilitator", needs_reason=True),
    Move(S.TAKEN_UP, S.NOT_TAKEN_UP, "not_take_up", "facilitator", needs_reason=True),
    # Hiding names a rule of `moderation.py` and says why; undone, or an appeal upheld, it is what it was before.
    Move(S.SUBMITTED, S.HIDDEN, "hide", "facilitator", needs_reason=True),
    Move(S.VISIBLE, S.HIDDEN, "hide", "facilitator", needs_reason=True),
    Move(S.GROUPED, S.HIDDEN, "hide", "facilitator", needs_reason=True),
    Move(S.TAKEN_UP, S.HIDDEN, "hide", "facilitator", needs_reason=True),
    Move(S.NOT_TAKEN_UP, S.HIDDEN, "hide", "facilitator", needs_reason=True),
    *(
        Move(S.HIDDEN, state, "unhide", "facilitator", needs_reason=True)
        for state in (S.SUBMITTED, S.VISIBLE, S.GROUPED, S.TAKEN_UP, S.NOT_TAKEN_UP)
    ),
    # The author may leave at any time; what is left is a tombstone.
    *(
        Move(state, S.WITHDRAWN, "withdraw", "author")
        for state in (S.SUBMITTED, S.VISIBLE, S.HIDDEN, S.GROUPED, S.TAKEN_UP, S.NOT_TAKEN_UP)
    ),
)

# What a text that is not public yet waits for; there is no other cause.
WAITS_FOR_ADDRESS = N_("Waits for its author to confirm the e-mail address")
WAITS_FOR_MODERATOR = N_("Imported unread: waits for a moderator")
# Once hidden, decided or withdrawn, the words stand as they were judged.
EDITABLE = frozenset({S.SUBMITTED, S.VISIBLE, S.GROUPED})


def require_move(
    before: SubmissionState, after: SubmissionState, *, reason: str = ""
) -> Move[SubmissionState]:
    return moves.require(SUBMISSION_MOVES, before, after, reason=reason)
