"""What a decision's page shows: the electorate always, and once it is counted every ballot and the arithmetic."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.taking_part import recused_seats
from app.models.absence import away
from app.models.ballot import Ballot, ballot_of, counted_ballots
from app.models.columns import now
from app.models.committee import interests_in
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import seat_names
from app.rules.disclosure import shows_count
from app.rules.phrases import Phrase
from app.rules.voting import electorate, quorum, tally, telling
from app.rules.voting.electorate import ElectorSeat, Voter
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.words import DecisionState, InterestKind, StakeholderGroup
from app.services import (
    ballots,
    ballots_secret,
    count_runs,
    decisions_freeze,
    decisions_pictures,
    decisions_words,
    votes_of_seats,
)
from app.services.decisions_pictures import Picture
from app.services.decisions_pictures_facts import Counted


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
    is_away: bool = False


@dataclass(frozen=True)
class Own:
    """The ballot of the person who looks: whose seat it is, what is recorded, and which version comes next."""

    voter: Voter
    ballot: Ballot | None
    code: str = ""

    @property
    def next_version(self) -> int:
        return (self.ballot.version if self.ballot else 0) + 1

    @property
    def receipt(self) -> str:
        return self.code


@dataclass(frozen=True)
class Published:
    """One ballot as it is published after the count; a secret one has neither name nor reason."""

    mark: dict[str, Any]
    receipt: str
    name: str = ""
    group: StakeholderGroup | None = None
    stands_for: str = ""
    is_for_absence: bool = False
    reason: str = ""
    criterion: str = ""
    is_counted: bool = True


@dataclass(frozen=True)
class Result:
    """Everything the result page tells, from the result as it was stored when the vote was counted."""

    asked: Question
    state: DecisionState
    presence: tuple[Presence, ...]
    figures: dict[str, Any]
    selected: list[str]
    tied: list[str]
    sentence: Phrase
    steps: list[Phrase]
    picture: Picture
    ballots: list[Published] = field(default_factory=list)
    set_aside: list[Published] = field(default_factory=list)

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The lines of a vote for or against; none for another rule."""
        bars: list[dict[str, Any]] = self.picture.facts.get("bars", [])
        return bars


def electors(session: Session, decision: Decision) -> list[Elector]:
    """The frozen electorate with the names of its people, and what recusals changed."""
    frozen = electorate.from_facts(decision.electorate)
    recused, absent = recused_seats(session, decision), {UUID(each) for each in decision.absent}
    # While the vote runs only absences are told: who holds the ballot after them would tell who has voted.
    voting = electorate.voters(frozen, recused, absent)
    standing_in = {voter.stands_for for voter in voting if voter.is_alternate}
    absent = absent or away_from(session, decision, frozen)
    people = {each.person_id for each in frozen} | {each.alternate_person_id for each in frozen}
    names = names_of(session, people)
    order, shut_out = list(StakeholderGroup), shut_out_of(session, decision)
    shown = [
        Elector(
            each.seat_id, names.get(each.person_id, ""), each.group, names.get(each.alternate_person_id, ""),
            each.seat_id in recused, each.seat_id in standing_in, each.seat_id in shut_out, each.seat_id in absent,
        )
        for each in frozen
    ]  # fmt: skip
    return sorted(shown, key=lambda elector: (order.index(elector.group), elector.name))


def away_from(session: Session, decision: Decision, frozen: tuple[ElectorSeat, ...]) -> set[UUID]:
    """Seats with an alternate whose holder is away while the vote runs."""
    if shows_count(decision.state):
        return set()
    at = min(now(), decision.closes_at or now())
    return away(session, [each.seat_id for each in frozen if each.alternate_seat_id], at)


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
    """My own ballot; nobody else's is read before the count. A secret one is not found by anybody."""
    voter = ballots.voter_for(session, decision, person_id, at) if person_id else None
    if voter is None:
        return None
    ballot = ballot_of(session, decision.id, voter.seat_id)
    return Own(voter, ballot, ballots.receipt(decision, ballot) if ballot else "")


def groups_of(decision: Decision) -> dict[UUID, StakeholderGroup]:
    """The group that each seat, and each alternate, speaks for."""
    frozen = electorate.from_facts(decision.electorate)
    groups = {each.alternate_seat_id: each.group for each in frozen if each.alternate_seat_id}
    return groups | {each.seat_id: each.group for each in frozen}


def counted_voters(decision: Decision) -> dict[UUID, Voter]:
    """Whose ballots count, by the recusals and absences stored with the result."""
    recused = {UUID(each) for each in decision.recused}
    frozen = electorate.from_facts(decision.electorate)
    absent = {UUID(each) for each in decision.absent}
    return {voter.seat_id: voter for voter in electorate.voters(frozen, recused, absent)}


def counted_seats(decision: Decision) -> set[UUID]:
    return set(counted_voters(decision))


def seats_that_voted(session: Session, decision: Decision) -> set[UUID]:
    """The seats of the list with a counted ballot of an open vote, also where an alternate cast it."""
    counted = counted_voters(decision)
    cast = [each.seat_id for each in counted_ballots(session, decision.id)]
    return {counted[seat].stands_for for seat in cast if seat in counted}


def result(session: Session, decision: Decision) -> Result | None:
    """The result, or None as long as nothing of it may be known."""
    if not shows_count(decision.state):
        return None
    asked, kept = decisions_freeze.question_of(decision), tally.read(decision.result)
    names, presence = decisions_words.titles(session, decision), quorum.from_facts(kept["quorum"])
    listed = published_in_secret(session, decision) if asked.terms.secret else published(session, decision)
    counted = [each for each in listed if each.is_counted]
    return Result(
        asked, DecisionState(kept["state"]), presence, kept["figures"], kept["selected"], kept["tied"],
        telling.sentence(asked, kept, names), telling.steps(asked, kept, names),
        decisions_pictures.picture(Counted(asked, kept, presence, counted, count_runs.compared(session, decision.id))),
        counted,
        [each for each in listed if not each.is_counted],
    )  # fmt: skip


def published(session: Session, decision: Decision) -> list[Published]:
    """The latest ballot of each seat with its name, group by group."""
    counted, groups = counted_voters(decision), groups_of(decision)
    names = seat_names(session, set(groups))
    rows = [
        Published(
            ballot.mark, ballots.receipt(decision, ballot), names.get(ballot.seat_id, ""), groups[ballot.seat_id],
            stood_for(counted.get(ballot.seat_id), names), is_for_absence(counted.get(ballot.seat_id)),
            ballot.reason, ballot.criterion, ballot.seat_id in counted,
        )
        for ballot in counted_ballots(session, decision.id)
    ]  # fmt: skip
    order = list(StakeholderGroup)
    return sorted(rows, key=lambda row: (order.index(groups_first(row)), row.name, row.receipt))


def groups_first(row: Published) -> StakeholderGroup:
    assert row.group is not None
    return row.group


def published_in_secret(session: Session, decision: Decision) -> list[Published]:
    """Every ballot by its receipt, and in the order of receipts: what each voter can find, and nobody else join."""
    rows = [
        Published(each.mark, ballots_secret.receipt(decision, each))
        for each in ballots_secret.published(session, decision.id)
    ]
    return sorted(rows, key=lambda row: row.receipt)


def is_for_absence(voter: Voter | None) -> bool:
    return voter is not None and voter.for_absence


def stood_for(voter: Voter | None, names: dict[UUID, str]) -> str:
    return names.get(voter.stands_for, "") if voter and voter.is_alternate else ""
