"""One mission with all that its page shows: text and sources, evidence, rivals, gates, decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.models.backing import backers_of
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.decision import Decision, decisions_of_mission
from app.models.grouping import Grouping
from app.models.link import Link
from app.models.mission import Mission, clauses_of
from app.models.money import Money, standing_lines
from app.models.organisation import Organisation
from app.models.project import Project, projects_of
from app.rules.disclosure import shows_count
from app.rules.gates import Gate
from app.rules.missions import EDITABLE
from app.rules.words import DecisionState, MissionState, StakeholderGroup, SubjectKind
from app.services import (
    clusters,
    clusters_counts,
    lineage,
    lineage_rows,
    milestones,
    missions,
    missions_course,
    missions_owner,
    missions_parts,
    missions_sources,
    missions_support,
    objections,
    progress,
    terms,
)
from app.services.clusters import Group
from app.services.lineage_stations import Station
from app.services.milestones import Shown as MilestoneShown
from app.services.missions_course import Need
from app.services.missions_sources import Coverage, Source
from app.services.progress import Measured
from app.services.terms import Goal

QUOTES_AT_MOST = 5
GATED = EDITABLE | {MissionState.IN_REVIEW, MissionState.ON_BALLOT}


@dataclass(frozen=True)
class Rival:
    """One way to the goal, with the voices behind it; `title` is empty like a clause's text."""

    project: Project
    title: str
    lead: str
    sources: list[Source]
    cluster: Cluster | None


@dataclass(frozen=True)
class Decided:
    """One decision as far as it may be told: the outcome only after the count."""

    decision: Decision
    phase: DecisionState
    outcome: DecisionState | None


@dataclass(frozen=True)
class Evidence:
    """Why we think people say this, and what it leaves out."""

    cluster: Cluster
    standing: list[Source]
    odd: list[Source]
    coverage: Coverage | None
    ungrouped: int
    group: Group
    support: Row[Any]
    all_authors: int

    @property
    def share_of_authors(self) -> float:
        return self.support.authors / self.all_authors if self.all_authors else 0.0


@dataclass(frozen=True)
class Shown:
    mission: Mission
    call: Call
    asked_by: str
    stations: list[Station]
    sections: list[missions_parts.Section]
    parts: list[missions_parts.Part]
    from_below: float
    goals: list[Goal]
    measured: list[Measured]
    rivals: list[Rival]
    groups: list[StakeholderGroup]
    owner: str = ""
    state: MissionState = MissionState.CANDIDATE
    needs: list[Need] = field(default_factory=list)
    milestones: list[MilestoneShown] = field(default_factory=list)
    backers: list[Organisation] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    evidence: Evidence | None = None

    @property
    def is_working_title(self) -> bool:
        return self.mission.state is MissionState.CANDIDATE and self.mission.version == 1

    @property
    def is_decided(self) -> bool:
        return any(each.outcome is not None for each in self.decisions)

    @property
    def is_complete(self) -> bool:
        return all(gate.met for gate in self.gates)


def shown(session: Session, mission: Mission) -> Shown:
    """Gather the page in the same number of statements however long the mission is."""
    clauses, projects = clauses_of(session, mission.id), projects_of(session, mission.id)
    behind = missions.sources_of(session, clauses)
    routes = missions.sources_of(session, projects, SubjectKind.PROJECT)
    cluster = lineage_rows.cluster_of(session, mission)
    links = [link for found in (*behind.values(), *routes.values()) for link in found]
    standing = [UUID(each) for each in (*cluster.representatives, *cluster.odd)] if cluster else []
    known = missions_sources.voices(session, [*missions_sources.submission_ids(links), *standing])
    groups = missions_sources.clusters(session, missions_sources.cluster_ids(links))
    call = session.get_one(Call, mission.call_id)
    # Voices are known already; amendments and the words that these go on using are asked for where there are any.
    amended = (link for link in links if link.to_kind is SubjectKind.STATEMENT)
    gone = missions.unreadable(session, amended)
    listed = [
        missions_parts.clause_shown(clause, behind[clause.id], known, groups, gone) for clause in clauses
    ]
    supporters = missions_support.supporters(session, mission)
    return Shown(
        mission,
        call,
        session.get_one(Organisation, mission.organisation_id).name,
        lineage.of_mission(session, mission),
        missions_parts.sections(listed),
        missions_parts.parts(listed),
        missions_parts.share_from_below(listed),
        terms.goals_of(session, mission.id),
        progress.of_mission(session, mission),
        rivals(session, projects, routes, known, groups),
        [group for group in StakeholderGroup if group in supporters],
        missions_owner.shown(session, mission),
        progress.state(session, mission),
        missions_course.needs(session, mission) if mission.state is MissionState.ADOPTED else [],
        milestones.of_mission(session, mission),
        backers_of(session, mission.id),
        standing_lines(session, mission.id),
        [*missions.gates_of(session, mission), objections.gate(session, mission)]
        if mission.state in GATED
        else [],
        [decided(each) for each in decisions_of_mission(session, mission.id)],
        evidence(session, cluster, known) if cluster else None,
    )


def rivals(
    session: Session,
    projects: Sequence[Project],
    routes: dict[UUID, list[Link]],
    known: dict[UUID, Source],
    groups: dict[UUID, Cluster],
) -> list[Rival]:
    leads = organisations(session, [each.lead_organisation_id for each in projects])
    found = []
    for project in projects:
        links = routes[project.id]
        sources = [known[key] for key in missions_sources.submission_ids(links) if key in known]
        found.append(
            Rival(
                project,
                missions.words_of(project.title, links, missions_parts.unread(links, sources)),
                leads.get(project.lead_organisation_id, "") if project.lead_organisation_id else "",
                sources,
                groups.get(project.cluster_id) if project.cluster_id else None,
            )
        )
    return found


def organisations(session: Session, ids: Sequence[UUID | None]) -> dict[UUID, str]:
    wanted = {each for each in ids if each is not None}
    query = select(Organisation).where(col(Organisation.id).in_(wanted))
    return {each.id: each.name for each in session.exec(query)} if wanted else {}


def decided(decision: Decision) -> Decided:
    phase = decision_phase(decision)
    outcome = DecisionState(decision.outcome) if shows_count(phase) and decision.outcome else None
    return Decided(decision, phase, outcome)


def evidence(session: Session, cluster: Cluster, known: dict[UUID, Source]) -> Evidence:
    standing = missions_sources.picked(known, cluster.representatives)[:QUOTES_AT_MOST]
    grouping = session.get(Grouping, cluster.grouping_id)
    return Evidence(
        cluster,
        standing,
        missions_sources.picked(known, cluster.odd),
        missions_sources.coverage(session, cluster, standing),
        clusters_counts.standing(session, grouping, []).ungrouped if grouping else 0,
        Group(cluster, model=grouping.model if grouping else ""),
        clusters.support_of(session, cluster),
        clusters.authors_of(session, cluster.call_id),
    )
