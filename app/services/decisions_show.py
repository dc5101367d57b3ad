"""What a decision's page shows: the electorate always, and once it is counted every ballot and the arithmetic."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions import recused_seats
from app.models.ballot import Ballot, ballot_of, counted_ballots
from app.models.committee import interests_in
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat
from app.rules.disclosure import shows_count
from app.rules.phrases import Phrase, phrase
from app.rules.voting import electorate, explain
from app.rules.voting.electorate import Voter
from app.rules.voting.group_majority import GroupFigures, GroupMajority, Outcome, reaches
from app.rules.words import N_, InterestKind, StakeholderGroup
from app.services import ballots, votes_of_seats


@dataclass(frozen=True)
class Elector:
    """One seat of the frozen electorate; who has voted is not in it. Who is shut out cannot sign in."""

    seat_id: UUID
    name: str
    group: StakeholderGroup
    alternate: str
    has_stepped_aside: bool
    is_stood_in_for: bool
    is_shut_out: bool = False


@dataclass(frozen=True)
class Own:
    """The ballot of the person who looks: whose seat it is, what is recorded, and which version comes next."""

    voter: Voter
    ballot: Ballot | None

    @property
    def next_version(self) -> int:
        return (self.ballot.version if self.ballot else 0) + 1

    @property
    def receipt(self) -> str:
        return ballots.receipt(self.ballot) if self.ballot else ""


@dataclass(frozen=True)
class Published:
    """One ballot as it is published after the count."""

    ballot: Ballot
    name: str
    group: StakeholderGroup
    stands_for: str
    receipt: str
    is_counted: bool


@dataclass(frozen=True)
class Result:
    """Everything the result page tells, from the outcome as it was stored when the vote was counted."""

    outcome: Outcome
    sentence: Phrase
    steps: list[Phrase]
    bars: list[dict[str, Any]]
    ballots: list[Published]
    set_aside: list[Published]


def electors(session: Session, decision: Decision) -> list[Elector]:
    """The frozen electorate with the names of its people, and what recusals changed."""
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    standing_in = {voter.stands_for for voter in electorate.voters(frozen, recused) if voter.is_alternate}
    people = {each.person_id for each in frozen} | {each.alternate_person_id for each in frozen}
    names = names_of(session, people)
    order, shut_out = list(StakeholderGroup), shut_out_of(session, decision)
    shown = [
        Elector(
            each.seat_id, names.get(each.person_id, ""), each.group, names.get(each.alternate_person_id, ""),
            each.seat_id in recused, each.seat_id in standing_in, each.seat_id in shut_out,
        )
        for each in frozen
    ]  # fmt: skip
    return sorted(shown, key=lambda elector: (order.index(elector.group), elector.name))


def shut_out_of(session: Session, decision: Decision) -> set[UUID]:
    """Seats whose holder's account is suspended; once the votes are counted, those it was suspended for."""
    found = {
        each.seat_id for each in interests_in(session, decision.id) if each.kind is InterestKind.SUSPENDED
    }
    if shows_count(decision.state):
        return found
    frozen = electorate.from_facts(decision.electorate)
    suspended = votes_of_seats.suspended_among(session, frozen)
    return found | {each.seat_id for each in frozen if each.person_id in suspended}


def names_of(session: Session, people: set[UUID | None]) -> dict[UUID | None, str]:
    query = select(Person.id, Person.name).where(col(Person.id).in_([each for each in people if each]))
    return dict(session.exec(query).all())


def own(session: Session, decision: Decision, person_id: UUID | None, at: datetime) -> Own | None:
    """My own ballot; nobody else's is read before the count."""
    voter = ballots.voter_for(session, decision, person_id, at) if person_id else None
    return Own(voter, ballot_of(session, decision.id, voter.seat_id)) if voter else None


def groups_of(decision: Decision) -> dict[UUID, StakeholderGroup]:
    """The group that each seat, and each alternate, speaks for."""
    frozen = electorate.from_facts(decision.electorate)
    groups = {each.alternate_seat_id: each.group for each in frozen if each.alternate_seat_id}
    return groups | {each.seat_id: each.group for each in frozen}


def counted_voters(decision: Decision) -> dict[UUID, Voter]:
    """Whose ballots count, by the recusals stored with the result."""
    recused = {UUID(each) for each in decision.result.get("recused_seats", [])}
    frozen = electorate.from_facts(decision.electorate)
    return {voter.seat_id: voter for voter in electorate.voters(frozen, recused)}


def counted_seats(decision: Decision) -> set[UUID]:
    return set(counted_voters(decision))


def result(session: Session, decision: Decision) -> Result | None:
    """The result, or None as long as nothing of it may be known."""
    if not shows_count(decision.state):
        return None
    outcome = explain.from_facts(decision.result)
    listed = published(session, decision)
    return Result(
        outcome,
        explain.sentence(outcome),
        explain.steps(outcome),
        bars(outcome),
        [each for each in listed if each.is_counted],
        [each for each in listed if not each.is_counted],
    )


def published(session: Session, decision: Decision) -> list[Published]:
    """The latest ballot of each seat with its name, group by group."""
    counted, groups = counted_voters(decision), groups_of(decision)
    latest = counted_ballots(session, decision.id)
    names = seat_names(session, set(groups))
    rows = [
        Published(
            ballot, names.get(ballot.seat_id, ""), groups[ballot.seat_id],
            stood_for(counted.get(ballot.seat_id), names), ballots.receipt(ballot), ballot.seat_id in counted,
        )
        for ballot in latest
    ]  # fmt: skip
    order = list(StakeholderGroup)
    return sorted(rows, key=lambda row: (order.index(row.group), row.name, row.receipt))


def seat_names(session: Session, seats: set[UUID]) -> dict[UUID, str]:
    query = (
        select(Seat.id, Person.name)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(col(Seat.id).in_(seats))
    )
    return dict(session.exec(query).all())


def stood_for(voter: Voter | None, names: dict[UUID, str]) -> str:
    return names.get(voter.stands_for, "") if voter and voter.is_alternate else ""


def bars(outcome: Outcome) -> list[dict[str, Any]]:
    """One line for each group and one overall, as the result component draws them."""
    rows = [
        {
            **figures(each.tally.in_favour, each.tally.against, each.tally.abstained, each.seats),
            **verdict(each),
        }
        for each in outcome.groups
    ]
    total = outcome.total
    overall = figures(
        total.in_favour, total.against, total.abstained, sum(each.seats for each in outcome.groups)
    )
    is_reached = reaches(outcome.rule.overall, total)
    return [
        *rows,
        {**overall, "group": "overall", "verdict": overall_verdict(outcome), "favours": is_reached},
    ]


def overall_verdict(outcome: Outcome) -> Phrase:
    """The overall share by itself: what the groups said stands in their own lines."""
    total = outcome.total
    said = (
        N_("%(n)s of %(all)s for: enough")
        if reaches(outcome.rule.overall, total)
        else N_("%(n)s of %(all)s for: less than %(share)s")
    )
    if not total.decided:
        said = N_("Nobody voted for or against")
    return Phrase(said, {"n": total.in_favour, "all": total.decided, "share": share(outcome.rule.overall)})


def figures(in_favour: int, against: int, abstain: int, seats: int) -> dict[str, Any]:
    return {"in_favour": in_favour, "against": against, "abstain": abstain, "seats": seats}


def verdict(each: GroupFigures) -> dict[str, Any]:
    said = N_("In favour") if each.in_favour else N_("Not in favour")
    if not each.quorate:
        said = N_("Too few voted")
    return {"group": each.group, "verdict": Phrase(said), "favours": each.quorate and each.in_favour}


# The shares people know by name; any other is read as a fraction.
SHARES = {Fraction(1, 2): N_("half"), Fraction(2, 3): N_("two thirds"), Fraction(3, 4): N_("three quarters")}


def share(fraction: Fraction) -> Phrase:
    return Phrase(SHARES.get(fraction, f"{fraction.numerator}/{fraction.denominator}"))


def rule_sentences(rule: GroupMajority) -> list[Phrase]:
    """The rule as people read it before they vote, in the figures that were frozen."""
    return [
        phrase(
            N_(
                "It is carried if in each of the %(groups)s groups more vote for than against, "
                "and of all votes for and against at least %(share)s are for."
            ),
            groups=len(rule.required),
            share=share(rule.overall),
        ),
        phrase(
            N_(
                "In each group more than %(share)s of the seats must vote. An abstention counts as having voted, "
                "and for nothing else. A tie is not carried."
            ),
            share=share(rule.quorum),
        ),
    ]
