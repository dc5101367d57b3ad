"""Grades of a criterion put side by side: how many of each, the majority grade, how far apart; never an average.

The majority grade is the best one of which more than half say "at least this". With an even number of grades it is the
lower of the two in the middle, so that half against half reads as the worse.

References
----------
M. Balinski and R. Laraki, "Majority Judgment: Measuring, Ranking, and Electing", 2011, chapter 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rules.words import Grade

ORDER: tuple[Grade, ...] = tuple(Grade)
FAR_APART = 2  # more steps than this between best and worst must be talked about


@dataclass(frozen=True)
class Profile:
    """How often each grade was given, the best first; a tie is never broken here, since nothing is chosen."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def grades(self) -> list[Grade]:
        """Every grade given, the best first."""
        return [grade for grade, many in zip(ORDER, self.counts, strict=True) for _each in range(many)]

    @property
    def majority(self) -> Grade | None:
        """None while nobody has graded."""
        return self.grades[self.total // 2] if self.total else None

    @property
    def steps(self) -> int:
        """From the best to the worst grade given: 0 where all agree, 5 at most."""
        given = [place for place, many in enumerate(self.counts) if many]
        return given[-1] - given[0] if given else 0

    @property
    def is_far_apart(self) -> bool:
        return self.steps > FAR_APART

    @property
    def bars(self) -> list[tuple[Grade, int, int, int]]:
        """Each grade given with its count, and where its part of the bar begins and how wide it is, in thousandths."""
        found, start = [], 0
        for grade, many in zip(ORDER, self.counts, strict=True):
            if many:
                ends = (1000 * start // self.total, 1000 * (start + many) // self.total)
                found.append((grade, many, ends[0], ends[1] - ends[0]))
                start += many
        return found


def profile(grades: Iterable[Grade]) -> Profile:
    given: Sequence[Grade] = list(grades)
    return Profile(tuple(sum(each is grade for each in given) for grade in ORDER))
