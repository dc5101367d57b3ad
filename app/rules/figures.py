"""A figure about a mission: what was counted, how it looks in a word, and the steps to count it again.

A figure is no grade and no score.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from fractions import Fraction

from app.rules.phrases import Phrase, phrase
from app.rules.words import Criterion


class Light(StrEnum):
    """How a figure looks, in a word."""

    GREEN = auto()
    AMBER = auto()
    RED = auto()
    GREY = auto()


@dataclass(frozen=True)
class Figure:
    """One thing that was counted: how it looks, what it says, and the steps by which one can count it again."""

    criterion: Criterion
    title: str
    light: Light
    says: Phrase
    steps: tuple[Phrase, ...] = ()


def grey(criterion: Criterion, title: str, why: str, **facts: object) -> Figure:
    return Figure(criterion, title, Light.GREY, phrase(why, **facts))


def about(number: Fraction) -> str:
    """Two decimals, without zeros at the end; a very small number is not shown as nothing."""
    rounded = round(float(number), 2)
    return f"{rounded:g}" if rounded or not number else f"{float(number):.1e}"
