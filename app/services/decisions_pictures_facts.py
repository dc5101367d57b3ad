"""What every picture of a result starts from, and bars as parts of a hundred."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question

if TYPE_CHECKING:
    from app.services.decisions_show import Published

Part = TypeVar("Part")


@dataclass(frozen=True)
class Counted:
    """A stored result with the question it answers and the ballots as they are published."""

    asked: Question
    kept: Mapping[str, Any]
    presence: Sequence[Presence]
    ballots: Sequence["Published"]
    # What each rule would choose under the same budget, where that was counted beside the result by a job.
    compared: Mapping[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = self.kept["figures"]
        return figures

    @property
    def selected(self) -> list[str]:
        """What is chosen for sure: what a lot still has to tell is not."""
        tied: list[str] = self.kept["tied"]
        return [each for each in self.kept["selected"] if each not in tied]


def parts(counts: Iterable[tuple[Part, int | Fraction]], of: int | Fraction = 0) -> list[dict[str, Any]]:
    """The parts of one bar that are not nothing: what, how many, where it starts and how wide it is, in hundredths.

    `of` is what the whole bar stands for, where the parts need not fill it.
    """
    listed = [(what, many) for what, many in counts if many]
    whole = max(of, sum((many for _what, many in listed), Fraction(0)))
    found, start = [], Fraction(0)
    for what, many in listed:
        found.append(
            {"what": what, "many": many, "start": percent(start, whole), "width": percent(many, whole)}
        )
        start += many
    return found


def percent(many: int | Fraction, whole: int | Fraction) -> float:
    """For a drawing only: exact enough for an eye."""
    return round(float(100 * Fraction(many) / Fraction(whole)), 2) if whole else 0.0
