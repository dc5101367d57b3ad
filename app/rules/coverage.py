"""Coverage: whether the groups and places of a population speak as often as there are people in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules.words import N_

ENOUGH = 10  # voices that said where they belong, before a share means anything
FAIR = Fraction(4, 5)  # of the expected share; below it there is a gap
MOST_PLACES = 60


class SharesDoNotFit(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("Shares lie between 0 and 100, and together they are at most 100.")


@dataclass(frozen=True)
class Line:
    """One group or place: its voices, their share of all that said where they belong, and the share of its people."""

    name: str
    voices: int
    share: Fraction | None
    expected: Fraction | None

    @property
    def is_gap(self) -> bool:
        """Fewer voices than four fifths of what its share of the people would be."""
        return self.share is not None and self.expected is not None and self.share < FAIR * self.expected


def lines(voices: Mapping[str, int], expected: Mapping[str, Any], names: Iterable[str] = ()) -> list[Line]:
    """Every name that somebody said, or that is expected, or that is among `names`; in that order of names.

    `expected` is in percent. With fewer than ten voices there are no shares, and so no gaps.
    """
    total = sum(voices.values())
    listed = list(dict.fromkeys([*names, *expected, *sorted(voices)]))
    return [
        Line(
            name,
            voices.get(name, 0),
            Fraction(voices.get(name, 0), total) if total >= ENOUGH else None,
            Fraction(str(expected[name])) / 100 if name in expected else None,
        )
        for name in listed
    ]


def require(expected: Mapping[str, Any]) -> None:
    shares = [Fraction(str(each)) for each in expected.values()]
    if any(not 0 <= each <= 100 for each in shares) or sum(shares) > 100:
        raise SharesDoNotFit()


def gaps(listed: Iterable[Line]) -> list[Line]:
    return [each for each in listed if each.is_gap]
