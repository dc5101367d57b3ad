"""The states of a cluster: the machine suggests, people confirm, check, promote or set aside."""

from fractions import Fraction

from app.rules import moves
from app.rules.moves import Move
from app.rules.words import N_, ClusterState

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

# A group is checked when this share of the authors who answered agree, and at least so many, or every author.
AGREEMENT = Fraction(3, 5)
AGREEING_AT_LEAST = 3
# A margin is how far a group leads over the next, 0 to 1: unsure below the first, sure from the second on.
UNSURE, CLEAR = 0.1, 0.3
SURENESS = (N_("unsure"), N_("fairly sure"), N_("sure"))
LEADS = (N_("narrowly nearer than the next"), N_("nearer than the next"), N_("clearly nearer than the next"))


def in_words(margin: float, words: tuple[str, str, str]) -> str:
    """How clear a margin is, as one of three sentences."""
    return words[(margin >= UNSURE) + (margin >= CLEAR)]


def authors_agree(agreeing: int, answering: int, authors: int) -> bool:
    """Whether "this is what we meant" holds for a group: of those who answered, enough and enough in number."""
    enough = agreeing >= AGREEING_AT_LEAST or 0 < authors <= agreeing
    return enough and agreeing >= AGREEMENT * answering


def require_move(before: ClusterState, after: ClusterState, *, reason: str = "") -> Move[ClusterState]:
    return moves.require(CLUSTER_MOVES, before, after, reason=reason)
