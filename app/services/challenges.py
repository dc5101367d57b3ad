"""Challenges: an elector says why a certified result must not stand; somebody outside the committee answers."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.conditions.asking import decision_phase
from app.errors import Conflict, Forbidden
from app.models.ballot import counted_ballots
from app.models.closing import Challenge, challenges_of, superseded_by, supersedes
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat
from app.rules import challenges as rules
from app.rules import decisions as decision_rules
from app.rules import missions as mission_rules
from app.rules import phases
from app.rules.phases import Act
from app.rules.voting import effort, electorate, quorum, ruling
from app.rules.voting.profile import Consent, MarkKind, Vote
from app.rules.words import N_, Choice, DecisionState, MissionState, SubjectKind
from app.services import (
    awards,
    decisions,
    decisions_freeze,
    decisions_matter,
    decisions_withheld,
    events,
    notifications,
)

# Options squared, times the counts to try: about a second of work, once in a process and not for each reader.
MOST_WORK = 100_000
KEPT = 200
FIRST_TEXT = 100  # numbers of the kept texts of a decision from which grounds and answers go on


class NotAnElector(Forbidden):
    sentence: ClassVar[str] = N_("Only the seats on the list of voters can challenge the result.")


class ChallengedAlready(Conflict):
    sentence: ClassVar[str] = N_("Your seat has challenged this result already.")


@dataclass(frozen=True)
class After:
    """What the page shows of challenges and of votes that take each other's place."""

    challenges: list[tuple[Challenge, str]] = field(default_factory=list)
    until: datetime | None = None
    is_material: bool | None = False  # None where it would take too long to tell
    supersedes: Decision | None = None
    superseded_by: Decision | None = None


def file(
    session: Session, decision: Decision, person_id: UUID, ground: str, affected: int = 0, origin: str = "",
    at: datetime | None = None,
) -> Challenge:  # fmt: skip
    """Challenge a certified result, within fourteen days; `affected` is how many ballots it is about."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.CHALLENGE, decision_phase(decision, at))
    assert decision.certified_at is not None
    rules.require_in_time(decision.certified_at, at, decision.timezone)
    seat = elector(decision, person_id)
    if seat is None:
        raise NotAnElector()
    challenge = Challenge(
        decision_id=decision.id, seat_id=seat[0], group=seat[1], ground=ground, affected=affected, filed_at=at
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(challenge)
            session.flush()
    except IntegrityError as problem:
        raise ChallengedAlready() from problem
    if decision.state is not DecisionState.CHALLENGED:
        decision_rules.require_move(decision.state, DecisionState.CHALLENGED)
    decision.state = DecisionState.CHALLENGED
    decisions.record(
        session, "result_challenged", decision, at, person_id, seat=seat[0], group=seat[1],
        text_hash=keep(session, decision, ground, person_id),
    )  # fmt: skip
    session.flush()
    tell(session, decision, "result_challenged", origin)
    return challenge


def keep(session: Session, decision: Decision, words: str, by: UUID) -> str:
    known = [each.number for each in events.versions(session, SubjectKind.DECISION, decision.id)]
    number = max([FIRST_TEXT, *known]) + 1
    return events.keep_text(session, SubjectKind.DECISION, decision.id, number, words, by)


def elector(decision: Decision, person_id: UUID) -> tuple[UUID, Any] | None:
    """The seat of the list of voters that this person holds, or is the alternate of; also where it stepped aside."""
    for each in electorate.from_facts(decision.electorate):
        if each.person_id == person_id:
            return each.seat_id, each.group
        if each.alternate_person_id == person_id and each.alternate_seat_id:
            return each.alternate_seat_id, each.group
    return None


def resolve(
    session: Session, decision: Decision, upheld: bool, answer: str, by: UUID, origin: str = "",
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Answer every challenge that waits. An upheld one voids the result: what was adopted is framed again."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.RESOLVE_CHALLENGE, decision_phase(decision, at))
    becomes = DecisionState.UPHELD if upheld else DecisionState.DISMISSED
    decision_rules.require_move(decision.state, becomes, reason=answer)
    for challenge in challenges_of(session, decision.id):
        if challenge.resolved_at is None:
            challenge.upheld, challenge.answer = upheld, answer
            challenge.resolved_by_id, challenge.resolved_at = by, at
    moved = void(session, decision, answer) if upheld else {}
    again = awards.void(session, decision, answer) if upheld else {}
    decision.state = becomes
    decisions.record(
        session, "challenge_upheld" if upheld else "challenge_dismissed", decision, at, by,
        text_hash=keep(session, decision, answer, by), states={**decisions_matter.states_of(moved, {}), **again},
    )  # fmt: skip
    session.flush()
    tell(session, decision, "challenge_resolved", origin)


def void(session: Session, decision: Decision, reason: str) -> dict[MissionState, list[UUID]]:
    """Missions go back to where they stood before the vote, so that they can be voted on again."""
    moved: list[UUID] = []
    about = decisions.held_missions(session, decision) if decision.kind in decisions_matter.ADOPTING else []
    for mission in about:
        if mission.state in (MissionState.ADOPTED, MissionState.REJECTED):
            mission_rules.require_move(mission.state, MissionState.FRAMED, reason=reason)
            mission.state, mission.adopted_at = MissionState.FRAMED, None
            moved.append(mission.id)
    return {MissionState.FRAMED: moved} if moved else {}


def tell(session: Session, decision: Decision, kind: str, origin: str) -> None:
    people = [each.person_id for each in electorate.from_facts(decision.electorate)]
    title = decisions.title_of(session, decision)
    notifications.tell(session, people, kind, SubjectKind.DECISION, decision.id, origin, title=title)


def shown(session: Session, decision: Decision) -> After:
    before, after = supersedes(session, decision.id), superseded_by(session, decision.id)
    listed = challenges_of(session, decision.id)
    later = session.get(Decision, after) if after else None
    return After(
        [(each, name_of(session, each.seat_id)) for each in listed],
        rules.until(decision.certified_at) if decision.certified_at else None,
        bool(decision.outcome) and is_material(session, decision, listed),
        session.get(Decision, before) if before else None,
        later if later and later.state is not DecisionState.DRAFT else None,
    )


def name_of(session: Session, seat_id: UUID) -> str:
    return session.get_one(Person, session.get_one(Seat, seat_id).person_id).name


def is_material(session: Session, decision: Decision, listed: Sequence[Challenge]) -> bool | None:
    """Whether the ballots set aside, and those that challenges are about, could have changed what came out.

    A ballot set aside would have counted for its own group; which group a disputed one is of is not known. Whatever is
    told of a result is asked by everyone who reads its page: it is worked out once.
    """
    disputed = sum(each.affected for each in listed if each.upheld is not False)
    aside = set_aside(session, decision)
    if not (disputed or aside) or not decision.result.get("figures"):
        return False
    key = (decision.id, decision.ballots_hash, decision.lot_value, disputed, *sorted(aside.items()))
    if key not in known:
        if len(known) >= KEPT:
            known.clear()
        known[key] = worked_out(session, decision, disputed, aside)
    return known[key]


known: dict[tuple[Any, ...], bool | None] = {}


def worked_out(session: Session, decision: Decision, disputed: int, aside: Counter[str]) -> bool | None:
    asked, votes = decisions_freeze.question_of(decision), decisions_withheld.votes(session, decision)
    if effort.is_heavy(asked, ruling.profile_of(asked, votes)):
        return True  # Nobody waits for dozens of long counts: what was not tried is not called harmless.
    present = quorum.from_facts(decision.result["quorum"])

    def outcome_with(more: Sequence[Vote[Any]]) -> rules.Outcome:
        found = ruling.counted(asked, present, [*votes, *more])
        return found.state, found.count.selected

    tried = marks_to_try(asked.mark, len(asked.options), votes)
    doubtful = {each.group.value: disputed + aside[each.group.value] for each in present}
    if len(tried) * sum(map(bool, doubtful.values())) * len(asked.options) ** 2 > MOST_WORK:
        return None
    return rules.is_materially_affected(
        outcome_with([]),
        (
            outcome_with([Vote(mark, group, many)])
            for group, many in doubtful.items()
            if many
            for mark in tried
        ),
    )


def set_aside(session: Session, decision: Decision) -> Counter[str]:
    """How many ballots of each group were cast by seats that may not vote any more."""
    if decisions_freeze.is_secret(decision):
        return Counter()
    frozen = electorate.from_facts(decision.electorate)
    groups = {each.alternate_seat_id: each.group.value for each in frozen if each.alternate_seat_id}
    groups |= {each.seat_id: each.group.value for each in frozen}
    counted = decisions_withheld.groups_of_voters(decision)
    cast = [each.seat_id for each in counted_ballots(session, decision.id)]
    return Counter(groups[seat] for seat in cast if seat not in counted)


def marks_to_try(kind: MarkKind, options: int, votes: Sequence[Vote[Any]]) -> list[Any]:
    """Every mark that somebody made, and the plainest one for each option."""
    plain: dict[MarkKind, Callable[[int], Any]] = {
        MarkKind.APPROVAL: lambda option: (option,),
        MarkKind.RANKING: lambda option: ((option,),),
        MarkKind.GRADES: lambda option: ((option, 5),),
        MarkKind.SCORES: lambda option: ((option, 10),),
    }
    made = {vote.mark for vote in votes}
    if kind in plain:
        made |= {plain[kind](option) for option in range(options)}
    else:
        made |= set(Choice) if kind is MarkKind.CHOICE else set(Consent)
    return sorted(made)
