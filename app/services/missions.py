"""Missions: what the gates look at, and the canonical facts that a vote freezes."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, null
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.conditions import call_phase
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.endorsement import Endorsement
from app.models.mission import (
    Clause,
    Indicator,
    Link,
    Mission,
    Project,
    clauses_of,
    indicators_of,
    links_from,
    links_to,
    projects_of,
)
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.placement import Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.models.term import Tag, Term
from app.rules import gates
from app.rules.disclosure import PUBLIC_STATES
from app.rules.gates import Gate, IndicatorFacts, MissionFacts
from app.rules.words import CallKind, CallState, LinkKind, StakeholderGroup, StatementState, SubjectKind
from app.services import lineage_rows

# A link with this note says: the words of the clause are the very words of that submission.
QUOTED = "quoted"


def gates_of(session: Session, mission: Mission) -> list[Gate]:
    """Every gate of this mission as it stands now, in order, met or with what is missing."""
    return gates.gates(facts_of(session, mission))


def facts_of(session: Session, mission: Mission) -> MissionFacts:
    projects = projects_of(session, mission.id)
    return MissionFacts(
        sdg_targets=count_targets(session, mission.id),
        indicators=[indicator_facts(each) for each in indicators_of(session, mission.id)],
        routes=len(routes_among(projects)),
        has_open_call=asks_for_routes(session, mission.id),
        groups=supporters(session, mission),
        linked_submissions=count_sources(session, mission.id),
    )


def indicator_facts(indicator: Indicator) -> IndicatorFacts:
    return IndicatorFacts(
        name=indicator.name,
        baseline=indicator.baseline,
        unit=indicator.unit,
        direction=indicator.direction,
        goal=indicator.goal,
        due=indicator.due,
        source=indicator.source,
        owner=indicator.owner,
        lens=indicator.lens,
        start=start_of(indicator),
    )


def start_of(indicator: Indicator) -> date:
    """From when on it has to change: the day of its baseline, or today while that is not known."""
    return indicator.baseline_at or now().date()


def routes_among(projects: Iterable[Project]) -> set[str]:
    """Different ways to the goal: two projects that name the same route are one of them."""
    return {(project.route or project.title).strip().casefold() for project in projects}


def count_targets(session: Session, mission_id: UUID) -> int:
    """Targets tagged on a mission; a goal alone, which has no parent, does not count."""
    query = (
        select(func.count())
        .select_from(Tag)
        .join(Term, col(Term.id) == Tag.term_id)
        .where(
            Tag.subject_kind == SubjectKind.MISSION,
            Tag.subject_id == mission_id,
            Term.scheme == "sdg",
            col(Term.parent_id).is_not(None),
        )
    )
    return session.exec(query).one()


def asks_for_routes(session: Session, mission_id: UUID) -> bool:
    """Whether an innovation call that follows from this mission is open now."""
    found = links_to(session, LinkKind.FOLLOWS, SubjectKind.MISSION, [mission_id])
    call_ids = [link.from_id for link in found if link.from_kind is SubjectKind.CALL]
    calls = session.exec(select(Call).where(col(Call.id).in_(call_ids))) if call_ids else ()
    return any(call.kind is CallKind.INNOVATION and call_phase(call) is CallState.OPEN for call in calls)


def clause_sources(mission_id: UUID) -> Select[Any]:
    """The submissions that any clause of a mission comes from."""
    return (
        select_columns(col(Link.to_id))
        .join(Clause, col(Clause.id) == Link.from_id)
        .where(
            col(Clause.mission_id) == mission_id,
            col(Link.kind) == LinkKind.DERIVES_FROM,
            col(Link.to_kind) == SubjectKind.SUBMISSION,
        )
    )


def within(cluster: Cluster) -> Select[Any]:
    """The submissions placed in a group or in a project-level group inside it."""
    inside = select_columns(col(Cluster.id)).where(
        col(Cluster.parent_id) == cluster.id, col(Cluster.merged_into_id).is_(None)
    )
    here: ColumnElement[bool] = (col(Placement.cluster_id) == cluster.id) | col(Placement.cluster_id).in_(
        inside
    )
    return select_columns(col(Placement.submission_id)).where(
        col(Placement.grouping_id) == cluster.grouping_id, here
    )


def count_sources(session: Session, mission_id: UUID) -> int:
    """How many submissions that can be read now the text comes from."""
    query = select(func.count()).where(
        col(Submission.id).in_(clause_sources(mission_id)), col(Submission.state).in_(PUBLIC_STATES)
    )
    return session.exec(query).one()


def supporters(session: Session, mission: Mission) -> frozenset[StakeholderGroup]:
    """Stakeholder groups behind it: authors with their organisations, and endorsers, of its group and its clauses."""
    cluster = lineage_rows.cluster_of(session, mission)
    behind: ColumnElement[bool] = col(Submission.id).in_(clause_sources(mission.id))
    if cluster is not None:
        behind = behind | col(Submission.id).in_(within(cluster))
    behind = behind & col(Submission.state).in_(PUBLIC_STATES)
    spoke = (
        select_columns(col(Submission.group), col(Organisation.group))
        .select_from(Submission)
        .outerjoin(Organisation, col(Organisation.id) == Submission.organisation_id)
        .where(behind)
    )
    endorsed = (
        select_columns(col(Person.group), null())
        .select_from(Endorsement)
        .join(Person, col(Person.id) == Endorsement.person_id)
        .join(Submission, col(Submission.id) == Endorsement.submission_id)
        .where(behind, col(Endorsement.counts), col(Person.suspended_at).is_(None))
    )
    rows = session.connection().execute(spoke.union(endorsed)).all()
    return frozenset(StakeholderGroup(group) for row in rows for group in row if group is not None)


def snapshot(session: Session, mission: Mission) -> dict[str, Any]:
    """The mission as canonical JSON can write it: what a decision freezes and hashes.

    Sources are ids. A clause that still quotes a submission which may no longer be read carries no words.
    """
    clauses, routes = clauses_of(session, mission.id), projects_of(session, mission.id)
    sources = sources_of(session, clauses)
    behind = sources_of(session, routes, SubjectKind.PROJECT)
    gone = unreadable(session, (link for links in (*sources.values(), *behind.values()) for link in links))
    return {
        "mission": str(mission.id),
        "version": mission.version,
        "title": mission.title,
        "clauses": [clause_facts(clause, sources[clause.id], gone) for clause in clauses],
        "indicators": [indicator_plain(each) for each in indicators_of(session, mission.id)],
        "routes": [route_plain(each, behind[each.id], gone) for each in routes],
        "sdg": [term.code for term in targets_of(session, mission.id)],
    }


def sources_of(
    session: Session, parts: Sequence[Clause] | Sequence[Project], kind: SubjectKind = SubjectKind.CLAUSE
) -> dict[UUID, list[Link]]:
    """What each clause, or each route, comes from: submissions, and groups."""
    found: dict[UUID, list[Link]] = {part.id: [] for part in parts}
    for link in links_from(session, LinkKind.DERIVES_FROM, kind, list(found)):
        found[link.from_id].append(link)
    for links in found.values():
        links.sort(key=lambda link: (link.to_kind, str(link.to_id)))
    return found


def unreadable(session: Session, links: Iterable[Link]) -> set[UUID]:
    """Which of the linked submissions and amendments are hidden or withdrawn now."""
    found: dict[SubjectKind, set[UUID]] = {}
    for link in links:
        found.setdefault(link.to_kind, set()).add(link.to_id)
    return unreadable_among(
        session, found.get(SubjectKind.SUBMISSION, set()), found.get(SubjectKind.STATEMENT, set())
    )


def unreadable_among(session: Session, submissions: set[UUID], statements: set[UUID]) -> set[UUID]:
    """Those of these whose words nobody may read now; an amendment goes with the words that it goes on using."""
    gone: set[UUID] = set()
    if submissions:
        voices = select(Submission.id).where(
            col(Submission.id).in_(submissions), col(Submission.state).not_in(PUBLIC_STATES)
        )
        gone |= set(session.exec(voices))
    if statements:
        taken = select(Statement.id).where(
            col(Statement.id).in_(statements), Statement.state != StatementState.VISIBLE
        )
        gone |= set(session.exec(taken))
        behind = links_from(session, LinkKind.DERIVES_FROM, SubjectKind.STATEMENT, list(statements - gone))
        used = {link.to_id for link in behind if link.to_kind is SubjectKind.SUBMISSION}
        earlier = {link.to_id for link in behind if link.to_kind is SubjectKind.STATEMENT} - statements
        lost = unreadable_among(session, used, earlier) if behind else set()
        gone |= {link.from_id for link in behind if link.to_id in lost | gone}
    return gone


def words_of(text: str, links: Iterable[Link], gone: set[UUID]) -> str:
    """A text, unless it is the very words of somebody who took them back, or that are hidden."""
    return "" if any(link.note == QUOTED and link.to_id in gone for link in links) else text


def clause_facts(clause: Clause, links: Sequence[Link], gone: set[UUID]) -> dict[str, Any]:
    return {
        "id": str(clause.id),
        "position": clause.position,
        "section": clause.section,
        "text": words_of(clause.text, links, gone),
        "origin": clause.origin.value,
        "sources": [{"kind": link.to_kind.value, "id": str(link.to_id)} for link in links],
    }


def indicator_plain(indicator: Indicator) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "lens": indicator.lens.value if indicator.lens else None,
        "unit": indicator.unit,
        "direction": indicator.direction.value if indicator.direction else None,
        "baseline": decimal(indicator.baseline),
        "baseline_at": day(indicator.baseline_at),
        "goal": decimal(indicator.goal),
        "due": day(indicator.due),
        "source": indicator.source,
        "owner": indicator.owner,
    }


def route_plain(project: Project, links: Sequence[Link], gone: set[UUID]) -> dict[str, Any]:
    lead = project.lead_organisation_id
    return {
        "id": str(project.id),
        "title": words_of(project.title, links, gone),
        "summary": project.summary,
        "route": project.route,
        "lead_organisation": str(lead) if lead else None,
    }


def decimal(value: Decimal | None) -> str | None:
    """A number as text without trailing zeros: 28, not 28.000000."""
    return None if value is None else f"{Decimal(value).normalize():f}"


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def targets_of(session: Session, mission_id: UUID) -> list[Term]:
    """The targets tagged on a mission, in the order of their numbers."""
    query = (
        select(Term)
        .join(Tag, col(Tag.term_id) == Term.id)
        .where(Tag.subject_kind == SubjectKind.MISSION, Tag.subject_id == mission_id, Term.scheme == "sdg")
    )
    return sorted(session.exec(query), key=lambda term: code_order(term.code))


def code_order(code: str) -> tuple[int, int, int | str]:
    """1.2 before 1.10, and the lettered targets after the numbered ones, as the official list has them."""
    goal, _dot, target = code.partition(".")
    return (int(goal), 0, int(target or 0)) if not target or target.isdigit() else (int(goal), 1, target)
