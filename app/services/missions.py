"""Missions: what the gates look at, and the canonical facts that a vote freezes."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.models.call import Call
from app.models.columns import now
from app.models.link import Link, links_from, links_to
from app.models.mission import Clause, Indicator, Mission, clauses_of, indicators_of
from app.models.money import standing_lines
from app.models.offer import offers_under
from app.models.project import Project, projects_of
from app.models.statement import Statement
from app.models.submission import Submission
from app.models.term import Tag, Term
from app.rules import gates
from app.rules.disclosure import PUBLIC_STATES
from app.rules.gates import Gate, IndicatorFacts, MissionFacts
from app.rules.words import CallKind, CallState, LinkKind, MoneyKind, StatementState, SubjectKind
from app.services import missions_support

# A link with this note says: the words of the clause are the very words of that submission.
QUOTED = "quoted"
SPOKEN_FOR = frozenset({MoneyKind.ANNOUNCED, MoneyKind.COMMITTED})


def zone_of(session: Session, mission: Mission) -> str:
    """The time zone of the question it comes from: what the days of its reviews are asked and told in."""
    return session.get_one(Call, mission.call_id).timezone


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
        groups=missions_support.supporters(session, mission),
        linked_submissions=missions_support.count_sources(session, mission.id),
        affected=mission.affected,
        has_owner=mission.owner_organisation_id is not None or mission.owner_seat_id is not None,
        money_lines=sum(each.kind in SPOKEN_FOR for each in standing_lines(session, mission.id)),
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
    """Whether an innovation call under this mission is open now."""
    return any(call_phase(each) is CallState.OPEN for each in calls_under(session, mission_id))


def calls_under(session: Session, mission_id: UUID) -> list[Call]:
    """The innovation calls that serve this mission, or follow from it."""
    found = links_to(session, LinkKind.FOLLOWS, SubjectKind.MISSION, [mission_id])
    call_ids = [link.from_id for link in found if link.from_kind is SubjectKind.CALL]
    call_ids += [each.call_id for each in offers_under(session, mission_id)]
    query = select(Call).where(col(Call.id).in_(call_ids), Call.kind == CallKind.INNOVATION)
    return list(session.exec(query.order_by(col(Call.id)))) if call_ids else []


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
        "affected": mission.affected,
        "owner": owner_plain(mission),
        "clauses": [clause_facts(clause, sources[clause.id], gone) for clause in clauses],
        "indicators": [indicator_plain(each) for each in indicators_of(session, mission.id)],
        "routes": [route_plain(each, behind[each.id], gone) for each in routes],
        "sdg": [term.code for term in targets_of(session, mission.id)],
        "sectors": topics_of(session, mission.id, "sector"),
        "disciplines": topics_of(session, mission.id, "discipline"),
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
        **({"verifier": indicator.verifier} if indicator.verifier else {}),
    }


def route_plain(project: Project, links: Sequence[Link], gone: set[UUID]) -> dict[str, Any]:
    lead = project.lead_organisation_id
    return {
        "id": str(project.id),
        "title": words_of(project.title, links, gone),
        "summary": project.summary,
        "route": project.route,
        "lead_organisation": str(lead) if lead else None,
        "readiness": project.readiness,
    }


def owner_plain(mission: Mission) -> str | None:
    """The organisation or the seat that answers for it, as an id that says which."""
    if mission.owner_organisation_id is not None:
        return f"organisation:{mission.owner_organisation_id}"
    return f"seat:{mission.owner_seat_id}" if mission.owner_seat_id else None


def decimal(value: Decimal | None) -> str | None:
    """A number as text without trailing zeros: 28, not 28.000000."""
    return None if value is None else f"{Decimal(value).normalize():f}"


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def topics_of(session: Session, mission_id: UUID, scheme: str) -> list[str]:
    """The codes of a scheme that are tagged on a mission, in their order."""
    query = (
        select(Term.code)
        .join(Tag, col(Tag.term_id) == Term.id)
        .where(Tag.subject_kind == SubjectKind.MISSION, Tag.subject_id == mission_id, Term.scheme == scheme)
    )
    return sorted(session.exec(query))


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
