"""Builders of electorates for the voting tests: seats are numbered, so that a failing case can be read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from app.rules.voting import group_majority, quorum, tally
from app.rules.voting.electorate import ElectorSeat, Voter, voters
from app.rules.voting.group_majority import Settings
from app.rules.voting.profile import Profile, Vote, merged
from app.rules.voting.tally import Outcome
from app.rules.voting.ties import TieBreak
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


@dataclass(frozen=True)
class CastBallot:
    """The latest ballot of one seat."""

    seat_id: UUID
    group: StakeholderGroup
    choice: Choice


def count(
    rule: Settings, seats: Sequence[ElectorSeat], ballots: Sequence[CastBallot], recused: Collection[UUID] = (),
    share: Fraction = Fraction(1, 2),
) -> Outcome:  # fmt: skip
    """A group majority from notice to outcome: who may vote, who was present, and what the ballots say."""
    allowed = voters(seats, recused)
    groups = {voter.seat_id: voter.group for voter in allowed}
    valid = [ballot for ballot in ballots if ballot.seat_id in groups]
    present = quorum.presence(share, rule.required, seats, allowed, {ballot.seat_id for ballot in valid})
    votes = merged(Vote(ballot.choice, groups[ballot.seat_id].value) for ballot in valid)
    counted = group_majority.count(rule, Profile(("adopt",), votes), TieBreak(("adopt",)))
    return tally.outcome("group_majority", present, counted, len(ballots) - len(valid))


def line(outcome: Outcome, group: str) -> dict[str, int]:
    """The figures of one group: for, against, abstain."""
    row = next(each for each in outcome.count.figures["groups"] if each["group"] == group)
    return {name: row[name] for name in ("for", "against", "abstain")}


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
