"""Ballots as they are counted and committed to, and whether a secret vote tells the groups of its ballots."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.ballot import BoxedBallot, SecretBallot, boxed_ballots, counted_ballots
from app.models.decision import Decision
from app.rules import hashing, suppression
from app.rules.voting import electorate
from app.rules.voting.electorate import Voter
from app.rules.voting.profile import Vote, read_mark
from app.rules.voting.ruling import Question
from app.rules.words import StakeholderGroup
from app.services import ballots, ballots_secret, decisions_freeze


def must_be(asked: Question, secret: Sequence[BoxedBallot | SecretBallot]) -> bool:
    """At the count: whether the line of some group would tell how somebody voted. All groups are told, or none.

    With very few ballots the total would tell it too: then nothing of the count is told, whatever the rule.
    """
    if asked.terms.secret and suppression.is_too_few(len(secret)):
        return True
    if not asked.terms.secret or not asked.counts_by_group:
        return False
    marks = sorted({hashing.canonical(each.mark) for each in secret})
    lines = {group: [0] * len(marks) for group in {each.group or "" for each in secret}}
    for each in secret:
        lines[each.group or ""][marks.index(hashing.canonical(each.mark))] += 1
    table = {group: tuple(line) for group, line in sorted(lines.items())}
    return set(suppression.shown(table).groups) != set(table)


def will_be(session: Session, decision: Decision, asked: Question | None = None) -> bool:
    """Of a vote that has ended and is not counted, or just is."""
    return must_be(asked or decisions_freeze.question_of(decision), in_the_box(session, decision))


def is_withheld(decision: Decision) -> bool:
    """After the count, from the result that was kept."""
    if not decision.result or decision.result.get("figures") != {}:
        return False
    return decisions_freeze.is_secret(decision)


def published(result: dict[str, Any], *, withheld: bool) -> dict[str, Any]:
    """The result as everyone may read it, and as it is kept, hashed and signed."""
    return {**result, "figures": {}} if withheld else result


def in_the_box(session: Session, decision: Decision) -> list[BoxedBallot] | list[SecretBallot]:
    """The secret ballots that count and are published, before the count or after it; none where they are too few."""
    counted = ballots_secret.published(session, decision.id)
    return counted or ballots_secret.to_publish(boxed_ballots(session, decision.id))


def votes(session: Session, decision: Decision) -> list[Vote[Any]]:
    """The ballots of a counted vote that count."""
    asked = decisions_freeze.question_of(decision)
    if asked.terms.secret:
        listed = in_the_box(session, decision)
        return [Vote(read_mark(asked.mark, each.mark, asked.options), each.group or "") for each in listed]
    groups = groups_of_voters(decision)
    return [
        Vote(read_mark(asked.mark, each.mark, asked.options), groups[each.seat_id].value)
        for each in counted_ballots(session, decision.id)
        if each.seat_id in groups
    ]


def voters(decision: Decision) -> tuple[Voter, ...]:
    """Who could vote, by the recusals and absences kept with the result."""
    frozen = electorate.from_facts(decision.electorate)
    recused, absent = ({UUID(each) for each in listed} for listed in (decision.recused, decision.absent))
    return electorate.voters(frozen, recused, absent)


def groups_of_voters(decision: Decision) -> dict[UUID, StakeholderGroup]:
    return {voter.seat_id: voter.group for voter in voters(decision)}


def commitment(session: Session, decision: Decision, *, withheld: bool) -> str:
    """One hash over every ballot that is, or will be, published."""
    if decisions_freeze.is_secret(decision):
        listed = in_the_box(session, decision)
        return ballots_secret.commitment(decision.id, listed, withheld=withheld)
    return ballots.commitment(decision, ballots.all_ballots(session, decision.id))


def still_adds_up(session: Session, decision: Decision) -> bool:
    """Whether the stored ballots, question and result are those that were counted and committed to."""
    if not decisions_freeze.is_intact(decision):
        return False
    return commitment(session, decision, withheld=is_withheld(decision)) == decision.ballots_hash
