"""What a comparison of one profile comes to, and what is compared."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum, auto
from random import Random
from typing import Any

from app.rules.voting.outcome import Count
from app.rules.voting.profile import Profile


class Verdict(StrEnum):
    AGREES = auto()
    TIE = auto()  # several results are right; ours is one of them, and says that it is tied
    DOCUMENTED = auto()  # the oracle's rule is another one here, in a way that its row says
    DIFFERS = auto()


@dataclass(frozen=True)
class Comparison:
    """`compare` counts one profile by both; `documented` says in which way the oracle's rule is not ours."""

    rule: str
    oracle: str
    make: Callable[[Random], Profile[Any]]
    compare: Callable[[Profile[Any], Random], Verdict]
    documented: str = ""


def among(count: Count, right: Collection[frozenset[str]]) -> Verdict:
    """Whether our selection is one of the right ones; where there are several, ours must have said that it is tied."""
    if frozenset(count.selected) not in right:
        return Verdict.DIFFERS
    if len(right) == 1:
        return Verdict.AGREES
    return Verdict.TIE if count.tied else Verdict.DIFFERS
