"""What a file of votes holds, whatever its format; the refusal that names the place; and limits on what is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.voting.profile import (
    HIGHEST_GRADE,
    HIGHEST_SCORE,
    LOWEST_GRADE,
    LOWEST_SCORE,
    MarkKind,
    Profile,
    Vote,
    merged,
)

# More than any public file of votes holds; a hostile file is refused before it fills the memory.
MOST_BYTES = 512 * 2**20
MOST_OPTIONS = 10_000
MOST_DIGITS = 15

SCALES = {
    MarkKind.GRADES: (LOWEST_GRADE, HIGHEST_GRADE),
    MarkKind.SCORES: (LOWEST_SCORE, HIGHEST_SCORE),
}

LONGEST_CELL = 131_072  # of a table, as the standard library reads it unless told otherwise


class BadFile(Exception):
    """The file cannot be counted; says at which line (from 1; 0 for the file as a whole), and why."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(f"line {line}: {why}" if line else why)


@dataclass(frozen=True)
class VoteFile:
    """`options` are ids in the order of the file, `names` what people read; marks are of `kind`.

    Costs and budget are whole numbers of 1/`unit` of the file's currency. `points` are marks as a .pb file
    gives them, without a limit: they count as scores only inside the scale.
    """

    options: tuple[str, ...]
    names: tuple[str, ...]
    kind: MarkKind
    votes: tuple[Vote[Any], ...]
    costs: tuple[int, ...] = ()
    budget: int = 0
    seats: int = 0
    unit: int = 1
    points: bool = False

    def profile(self, wanted: MarkKind) -> Profile[Any]:
        """The votes as marks of the wanted kind; BadFile where the file's marks do not say that."""
        if wanted is self.kind and not (self.points and wanted is MarkKind.SCORES):
            votes = self.votes
        else:
            read = READINGS.get((self.kind, wanted))
            if read is None:
                raise BadFile(0, f"the file holds {SAID[self.kind]}; this rule counts {SAID[wanted]}.")
            many = len(self.options)
            votes = tuple(Vote(read(vote.mark, many), vote.group, vote.times) for vote in self.votes)
        return Profile(self.options, merged(votes), self.costs)

    def split_points(self) -> Profile[Any]:
        """Approvals that add up to the points of each option, for rules that add and look at nothing else."""
        single = [
            Vote((option,), vote.group, value * vote.times)
            for vote in self.votes
            for option, value in vote.mark
            if value
        ]
        return Profile(self.options, merged(single), self.costs)


SAID = {
    MarkKind.CHOICE: "votes for and against",
    MarkKind.CONSENT: "consent and objections",
    MarkKind.APPROVAL: "approvals",
    MarkKind.RANKING: "rankings",
    MarkKind.GRADES: "grades",
    MarkKind.SCORES: "scores",
}

Tiers = tuple[tuple[int, ...], ...]
Values = tuple[tuple[int, int], ...]


def approved_of_ranking(tiers: Tiers, many: int) -> tuple[int, ...]:
    """Everything listed; of a ballot that lists all options, all but those it puts last."""
    complete = sum(len(tier) for tier in tiers) == many and len(tiers) > 1
    return tuple(sorted(option for tier in (tiers[:-1] if complete else tiers) for option in tier))


def approved_of_scores(values: Values, _many: int) -> tuple[int, ...]:
    return tuple(option for option, value in values if value)


def ranked_approval(approved: tuple[int, ...], _many: int) -> Tiers:
    return (approved,) if approved else ()


def ranked_values(values: Values, _many: int) -> Tiers:
    """Highest value first; equal values share a rank."""
    tiers: dict[int, list[int]] = {}
    for option, value in values:
        tiers.setdefault(value, []).append(option)
    return tuple(tuple(tiers[value]) for value in sorted(tiers, reverse=True))


def scored_points(values: Values, _many: int) -> Values:
    if any(value > HIGHEST_SCORE for _option, value in values):
        raise BadFile(0, f"the file gives more points than the {HIGHEST_SCORE} that a score may have.")
    return values


READINGS: dict[tuple[MarkKind, MarkKind], Any] = {
    (MarkKind.RANKING, MarkKind.APPROVAL): approved_of_ranking,
    (MarkKind.SCORES, MarkKind.APPROVAL): approved_of_scores,
    (MarkKind.APPROVAL, MarkKind.RANKING): ranked_approval,
    (MarkKind.SCORES, MarkKind.RANKING): ranked_values,
    (MarkKind.GRADES, MarkKind.RANKING): ranked_values,
    (MarkKind.SCORES, MarkKind.SCORES): scored_points,
}


def whole(written: str, line: int, what: str, least: int = 0) -> int:
    """A whole number as plain digits; `what` says in the refusal what should stand there."""
    if not (written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS):
        raise BadFile(line, f"{shown(written)} is not {what}.")
    number = int(written)
    if number < least:
        raise BadFile(line, f"{number} is not {what}.")
    return number


def mark(written: str, wanted: MarkKind, line: int) -> int:
    """A grade or score; within its scale where the rule counts grades or scores."""
    lowest, highest = SCALES.get(wanted, (0, 10**MOST_DIGITS))
    value = whole(written, line, f"a whole number from {lowest} to {highest}")
    if not lowest <= value <= highest:
        raise BadFile(line, f"{value} is not on the scale from {lowest} to {highest}.")
    return value


def require_few_options(many: int, line: int) -> None:
    if many > MOST_OPTIONS:
        raise BadFile(line, f"there are {many} options; at most {MOST_OPTIONS} are read.")


def require_once(found: Sequence[Any], line: int) -> None:
    if len(set(found)) < len(found):
        raise BadFile(line, "a ballot names an option twice.")


def shown(written: str) -> str:
    """What stood there, short and on one line, for a refusal."""
    return repr(written if len(written) <= 40 else f"{written[:40]}…")
