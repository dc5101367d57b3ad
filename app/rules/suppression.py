"""Which lines of stakeholder groups may be shown of a secret vote, so that nobody's ballot follows from what is shown.

A line says how many voters of a group made each mark. It is shown only with five voters or more who did not all say
the same. Whoever has the total can subtract: so the groups that are not shown must, taken together, be such a line
too, and each of them must be possible in at least two ways. Which groups are hidden for their size, and which more
for the sake of those, follows from turnouts alone; where that is not enough, no line is shown at all, since hiding
one more would say which group was of one mind. Weights can act as fingerprints: an exact weighted total is shown
only if it leaves every hidden line possible in two ways as well.

The idea of complementary suppression: L. H. Cox, "Suppression methodology and statistical disclosure control", Journal
of the American Statistical Association 75, 1980. Here every table that an onlooker could still believe in is
considered, since a committee is small enough for that.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from app.errors import Refusal
from app.rules.words import N_

LEAST = 5
# Beyond so many combinations nothing is simulated and nothing shown: no committee is that large.
MOST_WORK = 300_000

Line = tuple[int, ...]  # how many voters made each mark, in one order of the marks
Sums = tuple[tuple[int, ...], tuple[Fraction, ...]]
Verdict = Callable[[str, Line], object]  # what is said of a group even where its line is not shown


class TooFewVoters(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "A secret ballot needs at least five seats that can vote; otherwise the total says who said what. "
        "Choose an open ballot."
    )


@dataclass(frozen=True)
class Shown:
    """`groups` whose lines may be shown; `weighted` whether exact weighted totals may be."""

    groups: tuple[str, ...] = ()
    weighted: bool = True


def require_enough(voters: int) -> None:
    """At notice of a secret vote: so many seats can vote."""
    if voters < LEAST:
        raise TooFewVoters()


def is_too_few(voters: int) -> bool:
    """When a secret vote is over: nobody could hide among so few, so nothing is counted and no ballot published.

    The same holds for answers that were promised to be told as numbers alone.
    """
    return voters < LEAST


def shown(
    lines: Mapping[str, Line],
    weights: Mapping[str, Fraction] | None = None,
    verdict: Verdict = lambda _group, _line: None,
) -> Shown:
    """What may be shown besides the total and each group's turnout.

    `weights` are those of the groups, where a weighted total is to be shown; `verdict` is what will be said of every
    group anyway, such as whether it was in favour. Groups nobody voted in are shown: there is nothing to hide.
    """
    marks = {len(line) for line in lines.values()}
    if len(marks) > 1:
        raise ValueError("every line has the same marks")
    voting = {group: line for group, line in lines.items() if sum(line)}
    silent = tuple(group for group in lines if group not in voting)
    hidden = hidden_by_size({group: sum(line) for group, line in voting.items()})
    if any(is_of_one_mind(line) for group, line in voting.items() if group not in hidden):
        hidden = set(voting)
    if not keeps_secret(voting, hidden, None, verdict):
        hidden = set(voting)
    groups = tuple(group for group in lines if group in silent or group not in hidden)
    return Shown(groups, not weights or not hidden or keeps_secret(voting, hidden, weights, verdict))


def hidden_by_size(turnouts: Mapping[str, int]) -> set[str]:
    """Groups of fewer than five voters, and the smallest others until five or more voters of two groups are hidden."""
    hidden = {group for group, voters in turnouts.items() if voters < LEAST}
    others = sorted((voters, group) for group, voters in turnouts.items() if group not in hidden)
    while hidden and others and (len(hidden) < 2 or sum(turnouts[group] for group in hidden) < LEAST):
        hidden.add(others.pop(0)[1])
    return hidden


def is_of_one_mind(line: Line) -> bool:
    return sum(1 for many in line if many) < 2


def keeps_secret(
    voting: Mapping[str, Line],
    hidden: Collection[str],
    weights: Mapping[str, Fraction] | None,
    verdict: Verdict,
) -> bool:
    """Whether the hidden lines stay unknown to somebody with the total, the turnouts and the lines that are shown."""
    if not hidden:
        return True
    kept = {group: voting[group] for group in voting if group in hidden}
    rest: Line = tuple(map(sum, zip(*kept.values(), strict=True)))
    if sum(rest) < LEAST or is_of_one_mind(rest):
        return False
    found = possible(kept, weights, verdict)
    return found is not None and all(len(lines) > 1 for lines in found.values())


def possible(
    kept: Mapping[str, Line], weights: Mapping[str, Fraction] | None, verdict: Verdict
) -> dict[str, set[Line]] | None:
    """Every line each of these groups could have, given only their turnouts and their sums; None if too many to try."""
    rest: Line = tuple(map(sum, zip(*kept.values(), strict=True)))
    if any(ways(sum(line), len(rest)) > MOST_WORK for line in kept.values()):
        return None
    choices = {
        group: [each for each in lines_of(sum(line), rest) if verdict(group, each) == verdict(group, line)]
        for group, line in kept.items()
    }
    steps = [step(weights[group] if weights else None, choices[group]) for group in kept]
    start: Sums = ((0,) * len(rest), (Fraction(0),) * len(rest))
    before, after = reached(start, steps, rest), reached(start, steps[::-1], rest)
    if before is None or after is None:
        return None
    target = summed(kept, weights)
    return {
        group: {
            line
            for line, added in zip(choices[group], steps[at], strict=True)
            if any(minus(target, plus(sums, added)) in after[len(steps) - 1 - at] for sums in before[at])
        }
        for at, group in enumerate(kept)
    }


def ways(voters: int, marks: int) -> int:
    """In how many ways so many voters can be spread over so many marks."""
    found = 1
    for mark in range(1, marks):
        found = found * (voters + mark) // mark
    return found


def lines_of(voters: int, most: Sequence[int]) -> Iterator[Line]:
    """Every line of so many voters that has no more of a mark than there are."""
    if len(most) == 1:
        if voters <= most[0]:
            yield (voters,)
        return
    for many in range(min(voters, most[0]) + 1):
        for others in lines_of(voters - many, most[1:]):
            yield (many, *others)


def step(weight: Fraction | None, lines: Sequence[Line]) -> list[Sums]:
    """What each line adds to the total and to the weighted total; without a weight the latter says nothing."""
    return [(line, tuple((weight or Fraction(0)) * many for many in line)) for line in lines]


def reached(start: Sums, steps: Sequence[Sequence[Sums]], most: Line) -> list[set[Sums]] | None:
    """Which sums can stand before each step, none above what there is."""
    found = [{start}]
    for choices in steps[:-1]:
        if len(found[-1]) * len(choices) > MOST_WORK:
            return None
        sums = {plus(each, added) for each in found[-1] for added in choices}
        found.append({each for each in sums if all(map(int.__le__, each[0], most))})
    return found


def summed(kept: Mapping[str, Line], weights: Mapping[str, Fraction] | None) -> Sums:
    total: Sums | None = None
    for group, line in kept.items():
        (added,) = step(weights[group] if weights else None, [line])
        total = added if total is None else plus(total, added)
    assert total is not None
    return total


def plus(one: Sums, other: Sums) -> Sums:
    return (
        tuple(a + b for a, b in zip(one[0], other[0], strict=True)),
        tuple(a + b for a, b in zip(one[1], other[1], strict=True)),
    )


def minus(one: Sums, other: Sums) -> Sums:
    return (
        tuple(a - b for a, b in zip(one[0], other[0], strict=True)),
        tuple(a - b for a, b in zip(one[1], other[1], strict=True)),
    )
