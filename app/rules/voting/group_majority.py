"""Group majority: a mission is adopted when every required group, and two thirds overall, are in favour.

The rule of chambers in the statutes of the Forest Stewardship Council (FSC A.C.): more than half of
each chamber present, a simple majority in each chamber, two thirds of the votes cast overall,
abstentions left out. Here a chamber is a stakeholder group, and each seat has one vote.

    quorum    in each group, more than half of the unrecused seats cast a ballot; an abstention is a ballot
    carried   in each required group for > against, and overall for >= 2/3 of (for + against)
    tied      not carried, and overall for == against (also when everybody abstained)
    lost      not carried otherwise

A recused seat counts nowhere. A group left without seats, and without an alternate, cannot be quorate.
Whole numbers and fractions only, so that every machine counts the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from app.rules.voting.electorate import ElectorSeat, Voter, voters
from app.rules.words import Choice, DecisionState, StakeholderGroup

NAME = "group_majority"
VERSION = 1


@dataclass(frozen=True)
class GroupMajority:
    """The settings frozen at notice. Quorum is "more than" its share; overall is "at least" its share."""

    required: tuple[StakeholderGroup, ...] = tuple(StakeholderGroup)
    quorum: Fraction = Fraction(1, 2)
    overall: Fraction = Fraction(2, 3)

    def __post_init__(self) -> None:
        if not self.required or len(set(self.required)) < len(self.required):
            raise ValueError("name each required group once, and at least one")
        if not (0 <= self.quorum < 1 and 0 < self.overall <= 1):
            raise ValueError("the quorum is a share below 1, the overall majority a share from above 0 to 1")

    def as_facts(self) -> dict[str, Any]:
        """The rule as it is stored with the decision, hashed and published."""
        return {
            "name": NAME,
            "version": VERSION,
            "required": sorted(group.value for group in self.required),
            "quorum": share(self.quorum),
            "overall": share(self.overall),
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "GroupMajority":
        if (facts.get("name"), facts.get("version")) != (NAME, VERSION):
            raise ValueError("these are not the settings of this rule")
        required = tuple(StakeholderGroup(group) for group in facts["required"])
        return cls(required, Fraction(facts["quorum"]), Fraction(facts["overall"]))


@dataclass(frozen=True)
class CastBallot:
    """The latest ballot of one seat."""

    seat_id: UUID
    group: StakeholderGroup
    choice: Choice


@dataclass(frozen=True)
class Tally:
    in_favour: int
    against: int
    abstained: int

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def decided(self) -> int:
        return self.in_favour + self.against


@dataclass(frozen=True)
class GroupFigures:
    """One group's line: `seats` may vote, `recused` left the count, `needed` ballots make the quorum."""

    group: StakeholderGroup
    required: bool
    seats: int
    recused: int
    needed: int
    tally: Tally

    @property
    def quorate(self) -> bool:
        return self.tally.cast >= self.needed

    @property
    def in_favour(self) -> bool:
        return self.tally.in_favour > self.tally.against


@dataclass(frozen=True)
class Outcome:
    """What the vote came to, with every figure needed to follow it."""

    state: DecisionState
    rule: GroupMajority
    groups: tuple[GroupFigures, ...]
    total: Tally
    set_aside: int

    @property
    def carried(self) -> bool:
        return self.state is DecisionState.CARRIED


def count(
    rule: GroupMajority,
    electorate: Sequence[ElectorSeat],
    ballots: Iterable[CastBallot],
    recused: Collection[UUID] = (),
) -> Outcome:
    """Count one decision.

    `electorate` and `rule` are as frozen at notice; `recused` are the seats recused until close.
    Ballots of recused seats, and of alternates who did not step in, are set aside. ValueError for
    what the database forbids: two ballots of one seat, a seat outside the electorate, a wrong group.
    """
    allowed = voters(electorate, recused)
    listed = checked(list(ballots), electorate)
    voting = {voter.seat_id: voter.group for voter in allowed}
    counted = [ballot for ballot in listed if ballot.seat_id in voting]
    if any(ballot.group is not voting[ballot.seat_id] for ballot in counted):
        raise ValueError("a ballot names another group than the seat it speaks for")
    present = {seat.group for seat in electorate} | set(rule.required)
    groups = tuple(
        figures(rule, group, electorate, allowed, counted) for group in StakeholderGroup if group in present
    )
    total = tally(counted)
    return Outcome(decide(rule, groups, total), rule, groups, total, len(listed) - len(counted))


def checked(ballots: list[CastBallot], electorate: Sequence[ElectorSeat]) -> list[CastBallot]:
    """The ballots, if each comes from one seat of the electorate, or one alternate, in its own group."""
    known = {seat.seat_id: {seat.group} for seat in electorate}
    for seat in electorate:
        if seat.alternate_seat_id is not None:
            known.setdefault(seat.alternate_seat_id, set()).add(seat.group)
    if len({ballot.seat_id for ballot in ballots}) < len(ballots):
        raise ValueError("a seat has more than one ballot")
    if any(ballot.group not in known.get(ballot.seat_id, ()) for ballot in ballots):
        raise ValueError("a ballot comes from outside the electorate, or from another group")
    return ballots


def tally(ballots: Sequence[CastBallot]) -> Tally:
    choices = [ballot.choice for ballot in ballots]
    return Tally(choices.count(Choice.FOR), choices.count(Choice.AGAINST), choices.count(Choice.ABSTAIN))


def figures(
    rule: GroupMajority,
    group: StakeholderGroup,
    electorate: Sequence[ElectorSeat],
    allowed: Sequence[Voter],
    counted: Sequence[CastBallot],
) -> GroupFigures:
    frozen = sum(1 for seat in electorate if seat.group is group)
    seats = sum(1 for voter in allowed if voter.group is group)
    return GroupFigures(
        group=group,
        required=group in rule.required,
        seats=seats,
        recused=frozen - seats,
        needed=more_than(rule.quorum, seats),
        tally=tally([ballot for ballot in counted if ballot.group is group]),
    )


def more_than(quorum: Fraction, seats: int) -> int:
    """The smallest number of ballots above the quorum's share: at least one, even of no seats."""
    return int(quorum * seats) + 1


def decide(rule: GroupMajority, groups: Sequence[GroupFigures], total: Tally) -> DecisionState:
    """The rule itself, in the order in which it is asked."""
    if not all(each.quorate for each in groups):
        return DecisionState.INQUORATE
    if all(each.in_favour for each in groups if each.required) and reaches(rule.overall, total):
        return DecisionState.CARRIED
    return DecisionState.TIED if total.in_favour == total.against else DecisionState.LOST


def reaches(overall: Fraction, total: Tally) -> bool:
    return total.decided > 0 and total.in_favour >= overall * total.decided


def share(fraction: Fraction) -> str:
    return f"{fraction.numerator}/{fraction.denominator}"
