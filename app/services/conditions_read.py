"""Conditions as they are read: the version that binds, the one that is proposed, every check and its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.i18n import _
from app.models.call import Call
from app.models.columns import now
from app.models.condition import (
    Condition,
    ConditionVersion,
    ConditionYes,
    Evidence,
    EvidenceDoubt,
    conditions_under,
    doubts_on,
    evidence_on,
    versions_of,
    yes_to,
)
from app.models.mission import Mission
from app.models.project import Project, projects_of
from app.rules import conditions as rules
from app.rules.conditions import Check, Measure, Shown
from app.rules.words import N_, ConditionState, Side
from app.services import project_titles

S = ConditionState
TAKEN_BACK = N_("Words that somebody took back")


@dataclass(frozen=True)
class Proof:
    """One piece of evidence, and why it was set aside where it was."""

    evidence: Evidence
    filed_on: date
    doubt: EvidenceDoubt | None = None

    @property
    def is_late(self) -> bool:
        return self.filed_on > self.evidence.due


@dataclass(frozen=True)
class Read:
    """A condition when read: `binding` is None until both sides agreed, `proposed` where other words wait for a yes."""

    condition: Condition
    project: Project
    title: str  # of the project, as far as it may be read
    versions: tuple[ConditionVersion, ...]
    said: dict[UUID, dict[Side, ConditionYes]]
    proofs: tuple[Proof, ...]
    checks: tuple[Check, ...]
    state: ConditionState
    today: date

    @property
    def binding(self) -> ConditionVersion | None:
        if self.condition.state is S.PROPOSED:
            return None
        return next(each for each in self.versions if each.number == self.condition.version)

    @property
    def latest(self) -> ConditionVersion:
        return self.versions[-1]

    @property
    def shown(self) -> ConditionVersion:
        """The words to show first: those that bind, or the latest."""
        return self.binding or self.latest

    @property
    def proposed(self) -> ConditionVersion | None:
        """Words that wait for a yes."""
        if self.condition.dropped_at is not None or self.condition.state is S.WAIVED:
            return None
        return self.latest if self.latest != self.binding else None

    @property
    def measure(self) -> Measure:
        return Measure.of(self.shown.test)

    @property
    def next_check(self) -> Check | None:
        """What is overdue first, or comes next."""
        return next((each for each in self.checks if each.is_open), None)

    def yes_of(self, version: ConditionVersion) -> dict[Side, ConditionYes]:
        return self.said.get(version.id, {})

    def proposer_of(self, version: ConditionVersion) -> Side:
        """The side that wrote a version: it said yes first."""
        return min(self.yes_of(version).values(), key=lambda each: each.created_at).side

    def measure_of(self, version: ConditionVersion) -> Measure:
        return Measure.of(version.test)

    @property
    def is_open_to_words(self) -> bool:
        """Whether other words may be proposed: not for what is over, nor while something is overdue."""
        return self.condition.dropped_at is None and self.state not in (S.WAIVED, S.BREACHED)

    def is_settled(self, proof: Proof) -> bool:
        """Whether evidence can be set aside no more."""
        return proof.filed_on + rules.DOUBTED_WITHIN < self.today

    def vote_on(self, check: Check) -> UUID | None:
        """The vote that accepted what makes an overdue check good."""
        is_settled = check.state is S.REMEDIED and self.condition.state is S.REMEDIED
        return self.condition.decision_id if is_settled else None

    def proofs_for(self, due: date) -> list[Proof]:
        return [each for each in self.proofs if each.evidence.due == due]


@dataclass
class Rows:
    """What several conditions are read from, in five statements."""

    versions: dict[UUID, list[ConditionVersion]] = field(default_factory=dict)
    said: dict[UUID, dict[Side, ConditionYes]] = field(default_factory=dict)
    proofs: dict[UUID, list[Proof]] = field(default_factory=dict)


def rows(session: Session, conditions: Sequence[Condition], zone: ZoneInfo) -> Rows:
    ids, found = [each.id for each in conditions], Rows()
    for version in versions_of(session, ids):
        found.versions.setdefault(version.condition_id, []).append(version)
    keys = [each.id for versions in found.versions.values() for each in versions]
    for yes in yes_to(session, keys):
        found.said.setdefault(yes.version_id, {})[yes.side] = yes
    filed = evidence_on(session, ids)
    doubts = doubts_on(session, [each.id for each in filed])
    for each in filed:
        proof = Proof(each, each.created_at.astimezone(zone).date(), doubts.get(each.id))
        found.proofs.setdefault(each.condition_id, []).append(proof)
    return found


def of_projects(
    session: Session, projects: Sequence[Project], conditions: Sequence[Condition] | None = None
) -> list[Read]:
    """Every condition of these projects of one mission that was not taken back, or those named."""
    if not projects:
        return []
    if conditions is None:
        conditions = conditions_under(session, [each.id for each in projects])
    zone, known = zone_of(session, projects[0].mission_id), {each.id: each for each in projects}
    here = [
        (each, known[each.project_id])
        for each in conditions
        if each.project_id is not None and each.project_id in known
    ]
    found, today = rows(session, conditions, zone), now().astimezone(zone).date()
    titles = titles_of(session, list({project.id: project for _each, project in here}.values()))
    return [read(each, project, titles[project.id], found, today) for each, project in here]


def read(condition: Condition, project: Project, title: str, found: Rows, today: date) -> Read:
    versions = found.versions[condition.id]
    proofs = found.proofs.get(condition.id, [])
    words = next(each for each in versions if each.number == condition.version)
    shown = [
        Shown(each.evidence.due, each.filed_on, each.evidence.value, each.doubt is not None)
        for each in proofs
    ]
    checks = rules.checks(
        condition.state,
        Measure.of(words.test),
        words.due,
        shown,
        today,
        project.state,
        condition.settled_until,
    )
    state = rules.effective(condition.state, checks, project.state)
    return Read(condition, project, title, tuple(versions), found.said, tuple(proofs), checks, state, today)


def titles_of(session: Session, projects: Sequence[Project]) -> dict[UUID, str]:
    """What projects are called; one in the words of somebody who took them back says so."""
    found = project_titles.readable(session, projects)
    return {key: title or _(TAKEN_BACK) for key, title in found.items()}


def of_project(
    session: Session, project: Project, conditions: Sequence[Condition] | None = None
) -> list[Read]:
    return of_projects(session, [project], conditions)


def of_mission(session: Session, mission: Mission) -> list[Read]:
    return of_projects(session, projects_of(session, mission.id))


def breached_in(session: Session, mission: Mission) -> list[Read]:
    """What is overdue in a mission today: a signal for its review."""
    return [each for each in of_mission(session, mission) if each.state is S.BREACHED]


def zone_of(session: Session, mission_id: UUID) -> ZoneInfo:
    """The zone in whose days a mission counts: that of the question it came from."""
    mission = session.get_one(Mission, mission_id)
    return ZoneInfo(session.get_one(Call, mission.call_id).timezone)


def today_for(session: Session, mission_id: UUID) -> date:
    return now().astimezone(zone_of(session, mission_id)).date()
