"""What may be shown, to whom it need not be asked: the states in which things are public."""

from app.rules.words import (
    CallState,
    DecisionState,
    GroupingState,
    StatementKind,
    StatementState,
    SubmissionState,
)

PUBLIC_STATES = frozenset(
    {SubmissionState.VISIBLE, SubmissionState.GROUPED, SubmissionState.TAKEN_UP, SubmissionState.NOT_TAKEN_UP}
)
# A tombstone has an address and a reason, and none of its words.
TOMBSTONE_STATES = frozenset({SubmissionState.HIDDEN, SubmissionState.WITHDRAWN})
PUBLIC_CALL_STATES = frozenset(CallState) - {CallState.DRAFT}
PUBLIC_DECISION_STATES = frozenset(DecisionState) - {DecisionState.DRAFT}
PUBLIC_GROUPING_STATES = frozenset({GroupingState.ACCEPTED, GroupingState.SUPERSEDED})
PUBLIC_STATEMENT_KINDS = frozenset(StatementKind) - {
    StatementKind.REPORT,  # seen by moderators
    StatementKind.APPEAL,  # seen by moderators and the author; the moderation log tells its outcome
    StatementKind.CHECKING,  # seen by facilitators and the author
}
COUNTED_STATES = frozenset(
    {
        DecisionState.CARRIED,
        DecisionState.LOST,
        DecisionState.TIED,
        DecisionState.INQUORATE,
        DecisionState.CERTIFIED,
        DecisionState.CHALLENGED,
        DecisionState.UPHELD,
        DecisionState.DISMISSED,
    }
)


def shows_words(state: SubmissionState) -> bool:
    """Whether anyone may read the text of a submission."""
    return state in PUBLIC_STATES


def shows_tombstone(state: SubmissionState) -> bool:
    return state in TOMBSTONE_STATES


def shows_statement(kind: StatementKind, state: StatementState) -> bool:
    return kind in PUBLIC_STATEMENT_KINDS and state is StatementState.VISIBLE


def shows_call(state: CallState) -> bool:
    return state in PUBLIC_CALL_STATES


def shows_decision(state: DecisionState) -> bool:
    return state in PUBLIC_DECISION_STATES


def shows_count(state: DecisionState) -> bool:
    """Whether counts, turnout, names and reasons of a decision may appear anywhere at all.

    Not while it is open, and not when the clock has closed it but nobody has counted: the ballots
    are committed to and counted in one act, and until then there is nothing final to show.
    """
    return state in COUNTED_STATES
