"""How far a grouping can be relied on: whether the same groups come out when ties are weighed differently."""

from enum import StrEnum

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
