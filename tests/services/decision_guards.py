"""The guards of a decision's life, each with what takes it away: for a test of what would notice."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import object_session
from sqlmodel import Session

from app.conditions import taking_part
from app.models.ballot import Ballot, BoxedBallot, Voted, counted_ballots, last_version
from app.models.decision import Decision
from app.rules import decisions as rules
from app.rules import phases, suppression
from app.rules.moves import Move
from app.rules.phases import Act
from app.rules.voting import electorate, quorum
from app.rules.voting.electorate import ElectorSeat, Voter
from app.rules.voting.profile import Vote, read_mark
from app.rules.words import DecisionState, StakeholderGroup
from app.services import (
    ballots,
    ballots_held,
    ballots_secret,
    closing,
    decisions_count,
    decisions_freeze,
    decisions_withheld,
    interests_hold,
)

Removal = Callable[[pytest.MonkeyPatch], None]
voters, presence, votes = electorate.voters, quorum.presence, decisions_withheld.votes
keep, cast, same_again = decisions_count.keep, ballots.cast, ballots.same_again


def also(act: Act, *states: DecisionState) -> Removal:
    """The act is possible in these states as well."""
    return lambda patch: patch.setitem(phases.OPENS, act, frozenset({*phases.OPENS[act], *states}))  # type: ignore[arg-type]


def instead(owner: object, name: str, other: Any) -> Removal:
    return lambda patch: patch.setattr(owner, name, other)


def everyone_votes(_session: Session, decision: Decision, _at: object = None) -> tuple[Voter, ...]:
    return voters(electorate.from_facts(decision.electorate))


def all_votes(session: Session, decision: Decision) -> list[Vote[Any]]:
    asked, groups = decisions_freeze.question_of(decision), decisions_withheld.groups_of_voters(decision)
    if asked.terms.secret:
        return votes(session, decision)
    return [
        Vote(
            read_mark(asked.mark, each.mark, asked.options),
            groups.get(each.seat_id, StakeholderGroup.CITIZENS),
        )
        for each in counted_ballots(session, decision.id)
    ]


def recused_are_present(share: Any, required: Any, frozen: Any, _allowed: Any, voted: Any) -> Any:
    return presence(share, required, frozen, voters(frozen), voted)


def first_ballots(session: Session, decision_id: UUID) -> list[Ballot]:
    return [each for each in ballots.all_ballots(session, decision_id) if each.version == 1]


def whatever_is_known(_session: Session, ballot: Ballot) -> Ballot:
    return ballot


def once_more(session: Session, ballot: Ballot) -> Ballot:
    """What says something else is refused as ever."""
    same_again(session, ballot)
    ballot.version = last_version(session, ballot.decision_id, ballot.seat_id) + 1
    session.add(ballot)
    session.flush()
    return ballot


def put_anyway(session: Session, voted: Voted, boxed: BoxedBallot) -> None:
    known = session.get(Voted, (voted.decision_id, voted.seat_id))
    session.add_all([boxed] if known else [voted, boxed])
    session.flush()


def beside_the_other(session: Session, _decision: Decision, boxed: BoxedBallot, _key: str) -> None:
    session.add(boxed)
    session.flush()


def nobody_steps_in(
    frozen: Sequence[ElectorSeat], recused: Collection[UUID] = (), absent: Collection[UUID] = ()
) -> tuple[Voter, ...]:
    alone = [replace(each, alternate_seat_id=None) if each.seat_id in recused else each for each in frozen]
    return voters(alone, recused, absent)


def both_vote(
    frozen: Sequence[ElectorSeat], recused: Collection[UUID] = (), absent: Collection[UUID] = ()
) -> tuple[Voter, ...]:
    """A member who is away votes beside the alternate."""
    found = voters(frozen, recused, absent)
    members = {each.seat_id: each for each in frozen}
    own = (members[each.stands_for] for each in found if each.for_absence)
    return (*found, *(Voter(each.seat_id, each.person_id, each.group, each.seat_id) for each in own))


def nobody_keeps_a_ballot(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ballots_held, "take", lambda *_told: None)
    patch.setattr(taking_part, "holders_of", lambda *_told: {})


def certified_again(patch: pytest.MonkeyPatch) -> None:
    also(Act.CERTIFY, DecisionState.CERTIFIED)(patch)
    again = Move(DecisionState.CERTIFIED, DecisionState.CERTIFIED, "certify", "secretary")
    patch.setattr(rules, "DECISION_MOVES", (*rules.DECISION_MOVES, again))


def cast_for_good(session: Session, *told: Any, **options: Any) -> Ballot:
    """Two transactions instead of one: what is killed afterwards stays."""
    ballot = cast(session, *told, **options)
    session.commit()
    return ballot


def voted_for_good(session: Session, voted: Voted, boxed: BoxedBallot) -> None:
    if session.get(Voted, (voted.decision_id, voted.seat_id)) is not None:
        raise ballots_secret.VotedAlready()
    session.add(voted)
    session.commit()
    session.add(boxed)
    session.flush()


def kept_for_good(decision: Decision, *told: Any, **options: Any) -> None:
    keep(decision, *told, **options)
    session = object_session(decision)
    assert session is not None
    session.commit()


D = DecisionState
# The life that tells of each stands in decision_witnesses.py.
GUARDS: dict[str, Removal] = {
    "a recused seat leaves the base of the quorum": instead(quorum, "presence", recused_are_present),
    "no ballot comes after the end": also(Act.VOTE, D.CLOSED),
    "ballots of recused seats are set aside": instead(decisions_withheld, "votes", all_votes),
    "a killed vote leaves nothing": instead(ballots, "cast", cast_for_good),
    "a result is certified once": certified_again,
    "a recused seat votes no more": instead(ballots, "voters_of", everyone_votes),
    "a recused seat leaves the count": instead(decisions_count, "recused_seats", lambda *_told: set()),
    "one ballot of a seat counts": instead(decisions_withheld, "counted_ballots", ballots.all_ballots),
    "the last ballot of a seat counts": instead(decisions_withheld, "counted_ballots", first_ballots),
    "an old window changes nothing": instead(ballots, "same_again", whatever_is_known),
    "what is sent twice is recorded once": instead(ballots, "same_again", once_more),
    "a seat votes in secret once": instead(ballots_secret, "put", put_anyway),
    "a replaced secret ballot is out": instead(ballots_secret, "replace", beside_the_other),
    "who voted in secret does not step aside": instead(interests_hold, "has_voted", lambda *_told: False),
    "of a few secret ballots nothing is told": instead(suppression, "is_too_few", lambda _voters: False),
    "a stand-in votes for a recused seat": instead(electorate, "voters", nobody_steps_in),
    "a stand-in votes for an absent member": instead(taking_part, "away", lambda *_told: set()),
    "a member and the stand-in never both vote": instead(electorate, "voters", both_vote),
    "whoever of the two casts first keeps it": nobody_keeps_a_ballot,
    "no ballot comes before the opening": also(Act.VOTE, D.NOTICED),
    "no ballot comes after the count": also(Act.VOTE, D.CARRIED, D.LOST, D.TIED, D.INQUORATE),
    "nobody steps aside after the end": also(Act.DECLARE_INTEREST, D.CLOSED),
    "nothing is counted before the end": instead(rules, "require_close", lambda *_told, **_options: None),
    "a vote is counted once": also(Act.CLOSE, D.CARRIED, D.LOST, D.TIED, D.INQUORATE),
    "the count commits to its ballots": instead(
        decisions_withheld, "commitment", lambda *_told, **_options: "0" * 64
    ),
    "a killed secret vote leaves nothing": instead(ballots_secret, "put", voted_for_good),
    "a killed count leaves nothing": instead(decisions_count, "keep", kept_for_good),
    "two sign before it is certified": instead(closing, "require_two", lambda *_told: None),
    "of a group one signs": instead(closing, "speaks_for", lambda _decision, voter: str(voter.stands_for)),
    "who declared an interest signs nothing": instead(
        closing, "people_concerned", lambda *_told, **_options: set()
    ),
}
