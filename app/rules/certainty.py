"""How far a grouping can be relied on: whether the same groups come out again, and of which voices it is unsure."""

from enum import StrEnum

from app.rules.clusters import UNSURE
from app.rules.words import N_, PlacedBy

# Mean adjusted Rand index between the groups and those found after a random reweighing of all ties: 1 is the same
# groups each time, 0 what chance would give.
STEADY_FROM, MOSTLY_FROM = 0.75, 0.5


class Steadiness(StrEnum):
    STEADY = "steady"
    MOSTLY = "mostly"
    SHAKY = "shaky"


def steadiness(stability: float) -> Steadiness:
    """Put a stability (0 to 1) into its band."""
    if stability >= STEADY_FROM:
        return Steadiness.STEADY
    return Steadiness.MOSTLY if stability >= MOSTLY_FROM else Steadiness.SHAKY


def is_uncertain(stability: float) -> bool:
    """Whether the page must say that these groups are one way among several to read the voices."""
    return steadiness(stability) is Steadiness.SHAKY


# Why a voice waits ungrouped that is about as near to one group as to another.
TORN = N_("It is torn between two groups; a facilitator will look at it.")


def is_unsure(by: PlacedBy, margin: float, *, is_grouped: bool, reason: str) -> bool:
    """Whether the machine hesitated: in a group that hardly leads over the next, or ungrouped because of that.

    A voice that is like no group at all stands outside clearly, and so does one that a person placed. Every list, the
    map, the counts and the queue of what to check mean this by unsure; in SQL it is `models.placement.IS_UNSURE`.
    """
    return by is PlacedBy.MACHINE and margin < UNSURE and (is_grouped or reason == TORN)
