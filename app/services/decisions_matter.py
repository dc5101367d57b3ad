"""What a question is about: which missions may be voted on, that notice puts them on the ballot, what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.committee import Committee
from app.models.decision import Decision, decisions_about, missions_about
from app.models.mission import Mission
from app.rules import gates
from app.rules import missions as mission_rules
from app.rules.missions import BECOMES
from app.rules.replay_kinds import Noun
from app.rules.voting import quorum
from app.rules.words import N_, DecisionKind, DecisionState, MissionState, StakeholderGroup
from app.services import amendments_decide, committees, missions, objections, reviews_rounds

# Questions that put missions on the ballot: what is adopted, or not, are the missions themselves.
ADOPTING = frozenset({DecisionKind.ADOPT, DecisionKind.CHOOSE, DecisionKind.SET})


class MissionElsewhere(Conflict):
    sentence: ClassVar[str] = N_("This committee decides on the missions of its own organisation.")


class NotFramed(Conflict):
    sentence: ClassVar[str] = N_(
        "Only a framed mission is put to a vote; this one is “%(state)s”. "
        "Its facilitator frames it when nothing is missing."
    )


class AmendmentChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "The amendment, or the clause it changes, is not what it was when this question was drafted. Draft it anew."
    )


@dataclass(frozen=True)
class Readiness:
    """What a notice needs besides its dates: a seated committee, and missions with nothing missing."""

    bench: committees.Bench
    gates: list[gates.Gate]
    states: tuple[MissionState, ...]
    notice_hours: int = 0

    @property
    def is_ready(self) -> bool:
        met = all(gate.met for gate in self.gates)
        return met and self.bench.is_constituted and set(self.states) <= mission_rules.VOTABLE


def readiness(session: Session, decision: Decision, about: Sequence[Mission]) -> Readiness:
    committee = session.get_one(Committee, decision.committee_id)
    bench, hours = committees.bench(session, committee), committee.notice_hours
    if decision.kind not in ADOPTING:
        return Readiness(bench, [], (), hours)
    listed = [
        gate
        for mission in about
        for gate in (
            *missions.gates_of(session, mission),
            reviews_rounds.gate(session, mission),
            objections.gate(session, mission),
        )
    ]
    return Readiness(bench, listed, tuple(mission.state for mission in about), hours)


def require_question_possible(session: Session, committee: Committee, mission: Mission) -> None:
    if mission.organisation_id != committee.organisation_id:
        raise MissionElsewhere()
    if mission.state not in mission_rules.VOTABLE:
        raise NotFramed(state=mission.state)
    gates.require_met(missions.facts_of(session, mission))
    reviews_rounds.require_reviewed(session, mission)


def require_possible(
    session: Session, decision: Decision, committee: Committee, about: Sequence[Mission]
) -> None:
    """At notice: every mission that may be adopted is framed and ready; others only belong here."""
    for mission in about:
        if decision.kind in ADOPTING:
            require_question_possible(session, committee, mission)
            objections.require_answered(session, mission)
        elif mission.organisation_id != committee.organisation_id:
            raise MissionElsewhere()
        elif decision.kind is DecisionKind.AMEND:
            require_as_drafted(session, decision, mission)


def require_as_drafted(session: Session, decision: Decision, mission: Mission) -> None:
    """The amendment still waits for a vote, with the words it was drafted with, against the clause as it was then."""
    waiting = amendments_decide.amendments_for_vote(session, mission)
    option = decision.options[0]
    for each in waiting:
        snapshots = tuple(side.snapshot for side in each.options)
        if str(each.statement_id) == option["subject_id"] and snapshots == (
            option["proposed"],
            option["present"],
        ):
            return
    raise AmendmentChanged()


def put_on_ballot(decision: Decision, about: Sequence[Mission]) -> dict[MissionState, list[UUID]]:
    """Missions that may be adopted go on the ballot, where nobody edits them; answers what they became."""
    if decision.kind not in ADOPTING:
        return {}
    for mission in about:
        mission_rules.require_move(mission.state, MissionState.ON_BALLOT)
        mission.state = MissionState.ON_BALLOT
    return {MissionState.ON_BALLOT: [mission.id for mission in about]}


def states_of(
    moved: Mapping[MissionState, list[UUID]], recused: Mapping[Any, list[UUID]]
) -> dict[Noun, dict[Any, list[UUID]]]:
    """By-products of an act as its event tells them; nothing where nothing moved."""
    found = {Noun.MISSION: dict(moved), Noun.INTEREST: {kind: ids for kind, ids in recused.items() if ids}}
    return {noun: states for noun, states in found.items() if states}


def served_before(
    session: Session, decision: Decision, about: Sequence[Mission]
) -> tuple[StakeholderGroup, ...]:
    """Groups that had too few ballots when the same was asked the last time; a question is put again once.

    Quorum shall not be gamed by walking out: who was served notice twice lowers only its own voice.
    """
    before = inquorate_before(session, decision, about)
    if not before:
        return ()
    rows = quorum.from_facts(before[0].result["quorum"])
    return tuple(each.group for each in rows if not each.quorate)


def inquorate_before(session: Session, decision: Decision, about: Sequence[Mission]) -> list[Decision]:
    """Earlier votes of this kind on these missions in which too few voted, since the last that decided."""
    wanted, found = {mission.id for mission in about}, []
    earlier = {each.id: each for _mission, each in decisions_about(session, wanted) if each.id != decision.id}
    for each in earlier.values():
        if each.kind is not decision.kind or set(missions_about(session, each)) != wanted or not each.outcome:
            continue
        if each.outcome != DecisionState.INQUORATE:
            break
        found.append(each)
    return found


def becomes(session: Session, decision: Decision, mission: Mission, about: Sequence[Mission]) -> MissionState:
    """What the vote makes of one mission: of several, those chosen are adopted and the others go back.

    Where too few voted the question may be put once more; the second time the mission goes back to be worked on.
    """
    outcome = DecisionState(decision.outcome)
    if outcome is DecisionState.INQUORATE and inquorate_before(session, decision, about):
        return MissionState.RETURNED
    if decision.kind is DecisionKind.ADOPT:
        return BECOMES[outcome]
    if outcome is DecisionState.INQUORATE:
        return MissionState.FRAMED
    chosen = str(mission.id) in decision.result["selected"] and outcome is DecisionState.CARRIED
    return MissionState.ADOPTED if chosen else MissionState.RETURNED
