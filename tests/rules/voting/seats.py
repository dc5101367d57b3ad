"""Builders of electorates for the voting tests: seats are numbered, so that a failing case can be read."""

from collections.abc import Iterable
from uuid import UUID

from app.rules.voting.electorate import ElectorSeat, Voter
from app.rules.voting.group_majority import CastBallot
from app.rules.words import Choice, StakeholderGroup

PEOPLE = 1_000
ALTERNATES = 2_000

LETTERS = {
    "u": StakeholderGroup.PUBLIC,
    "r": StakeholderGroup.PRIVATE,
    "t": StakeholderGroup.THIRD,
    "a": StakeholderGroup.ACADEMIA,
    "c": StakeholderGroup.CITIZENS,
}
MARKS = {"+": Choice.FOR, "-": Choice.AGAINST, "0": Choice.ABSTAIN}


def seat(number: int, group: StakeholderGroup, alternate: int | None = None) -> ElectorSeat:
    return ElectorSeat(
        UUID(int=number),
        UUID(int=PEOPLE + number),
        group,
        UUID(int=ALTERNATES + alternate) if alternate is not None else None,
        UUID(int=PEOPLE + ALTERNATES + alternate) if alternate is not None else None,
    )


def poll(written: str) -> tuple[list[ElectorSeat], list[CastBallot], set[UUID]]:
    """Read a poll: "u:++. c:-0x" is two public votes for and one seat silent; one against, one abstaining, one recused.

    Capital X is a recused seat whose alternate votes for.
    """
    seats, ballots, recused = [], [], set()
    for part in written.split():
        letter, marks = part.split(":")
        for mark in marks:
            number = len(seats) + 1
            new = seat(number, LETTERS[letter], number if mark == "X" else None)
            seats.append(new)
            if mark in MARKS:
                ballots.append(CastBallot(new.seat_id, new.group, MARKS[mark]))
            elif mark in "xX":
                recused.add(new.seat_id)
            if mark == "X" and new.alternate_seat_id is not None:
                ballots.append(CastBallot(new.alternate_seat_id, new.group, Choice.FOR))
    return seats, ballots, recused


def ballots_of(voters: Iterable[Voter], choices: Iterable[Choice | None]) -> list[CastBallot]:
    pairs = zip(voters, choices, strict=False)
    return [CastBallot(voter.seat_id, voter.group, choice) for voter, choice in pairs if choice is not None]
