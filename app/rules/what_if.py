"""What would fall if a year's money were cut: the same rule, on the same votes, with what would be left."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from app.rules import money
from app.rules.money import Cut, Line
from app.rules.voting import ruling
from app.rules.voting.profile import Vote
from app.rules.voting.ruling import Question


@dataclass(frozen=True)
class Piece:
    """One option of the vote that made a portfolio, as it stands today; costs in cents.

    `minimum` is what its contract promises whatever happens. `project` is none while nothing was made of the option.
    A piece that `is_over` has had its money and can no longer fall; it still takes part, as it did in the vote.
    """

    option: str
    cost: int
    project: UUID | None = None
    minimum: int = 0
    is_over: bool = False

    @property
    def promised(self) -> int:
        return min(self.minimum, self.cost)


@dataclass(frozen=True)
class Rerun:
    """What the rule chooses with what is left; `tied` could have fallen otherwise by lot.

    `reserved` is set aside, before the rule is asked, for contracts of projects that it does not choose; `short` is
    what these contracts promise beyond all that is left.
    """

    selected: tuple[str, ...]
    tied: tuple[str, ...] = ()
    reserved: int = 0
    short: int = 0


def rerun(asked: Question, votes: Sequence[Vote[Any]], pieces: Sequence[Piece], left: int) -> Rerun:
    """Ask the rule again with `left` cents; what contracts promise to those not chosen is set aside first.

    Each round sets aside at least as much as the one before, so it ends; with the whole budget nothing is set aside
    and the outcome is that of the vote.
    """
    reserved, held = 0, {each.option: each.promised for each in pieces}
    while True:
        count = chosen(asked, votes, left - reserved)
        needed = sum(cents for option, cents in held.items() if option not in count[0])
        if needed <= reserved:
            return Rerun(count[0], count[1], reserved, max(0, reserved - left))
        reserved = needed


def chosen(
    asked: Question, votes: Sequence[Vote[Any]], budget: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the frozen rule chooses under another budget, and between which of these only a lot could tell."""
    if budget < 1:
        return (), ()
    again = replace(asked, rule={**asked.rule, "budget": budget})
    count = ruling.counted(again, (), votes).count
    return tuple(count.selected), tuple(count.tied)


@dataclass(frozen=True)
class Falls:
    """What differs between the portfolio as it was chosen and the one that would be left, by option.

    `shrunk` are not chosen again, and keep what their contract promises, less than their cost.
    """

    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    shrunk: Mapping[str, int]
    gained: tuple[str, ...]


def falls(before: Collection[str], again: Rerun, pieces: Sequence[Piece]) -> Falls:
    """Every option that was chosen is kept, shrunk or dropped; every one chosen now and not before is gained."""
    kept, dropped, shrunk = [], [], {}
    for each in pieces:
        if each.option not in before or each.is_over:
            continue
        if each.option in again.selected or each.promised == each.cost:
            kept.append(each.option)
        elif each.promised:
            shrunk[each.option] = each.promised
        else:
            dropped.append(each.option)
    gained = [
        each.option
        for each in pieces
        if each.option in again.selected and each.option not in before and not each.is_over
    ]
    return Falls(tuple(kept), tuple(dropped), shrunk, tuple(gained))


def dependents(gone: Collection[UUID], depends_on: Iterable[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """Everything that needs something that is gone, at whatever remove, with the nearest thing it needs.

    `depends_on` are pairs of who needs and what is needed. A circle ends where it began.
    """
    needed_by: dict[UUID, list[UUID]] = {}
    for who, what in depends_on:
        needed_by.setdefault(what, []).append(who)
    found: dict[UUID, UUID] = {}
    waiting = sorted(gone)
    while waiting:
        what = waiting.pop(0)
        for who in sorted(needed_by.get(what, ())):
            if who not in gone and who not in found:
                found[who] = what
                waiting.append(who)
    return found


def at_risk(carried_by: Mapping[UUID, Collection[UUID]], gone: Collection[UUID]) -> list[UUID]:
    """The milestones whose every project is gone; one that no project carries is not at risk from a project."""
    return [
        milestone for milestone, projects in carried_by.items() if projects and not set(projects) - set(gone)
    ]


@dataclass(frozen=True)
class Material:
    """All that a run reads: the vote of record with what it chose, its pieces today, and the money that pays for them.

    `budget` in cents, in `currency`; `lines` are those of the portfolio.
    """

    asked: Question
    votes: Sequence[Vote[Any]]
    pieces: Sequence[Piece]
    selected: tuple[str, ...]
    budget: int
    lines: Sequence[Line]
    currency: str


@dataclass(frozen=True)
class Shock:
    """What a cut takes from which line, what is left of the budget, and what the rule then comes to."""

    cuts: Sequence[Cut]
    left: int
    again: Rerun
    falls: Falls

    @property
    def taken(self) -> int:
        return sum(each.before - each.after for each in self.cuts)


def shock(material: Material, year: int, share: Fraction, secured: Line | None = None) -> Shock:
    """Cut the public commitments of a year by `share` (0 to 1) and ask the rule again.

    A `secured` line was promised for long and cannot be cut: it adds to what its project's contract promises.
    """
    pieces = [with_security(each, secured) for each in material.pieces]
    minimums = {each.project: each.promised for each in pieces if each.project is not None}
    kept = (secured.key,) if secured else ()
    cuts = money.scaled(material.lines, material.currency, year, share, minimums, kept)
    left = max(0, material.budget - sum(each.before - each.after for each in cuts))
    again = rerun(material.asked, material.votes, pieces, left)
    return Shock(cuts, left, again, falls(material.selected, again, pieces))


def with_security(piece: Piece, secured: Line | None) -> Piece:
    if secured is None or piece.project is None or secured.project != piece.project:
        return piece
    return replace(piece, minimum=piece.minimum + secured.cents)


@dataclass(frozen=True)
class Saved:
    """What would stand if this one line could not be cut: how many milestones, and which options still fall."""

    line: Line
    milestones: int
    dropped: tuple[str, ...]


def most_saving(
    material: Material, year: int, share: Fraction, carried_by: Mapping[UUID, Collection[UUID]],
    lines: Sequence[Line],
) -> list[Saved]:  # fmt: skip
    """Each of these lines secured alone, the one that keeps most milestones first, of these the smallest."""
    of_option = {each.option: each.project for each in material.pieces}
    found = []
    for line in lines:
        dropped = shock(material, year, share, line).falls.dropped
        gone = {project for option in dropped if (project := of_option[option]) is not None}
        found.append(Saved(line, len(carried_by) - len(at_risk(carried_by, gone)), dropped))
    return sorted(found, key=lambda each: (-each.milestones, each.line.cents, each.line.key.int))
