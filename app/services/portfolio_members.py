"""The projects of a mission as its live portfolio counts them: money, sectors, organisations, from rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project, projects_of
from app.models.term import Tag, Term
from app.rules import money
from app.rules.criteria import Route
from app.rules.money import Line
from app.rules.portfolio import Member
from app.rules.words import StakeholderGroup, SubjectKind
from app.services import ledger, project_titles, terms


def members(session: Session, mission: Mission, lines: Sequence[Line] | None = None) -> list[Member]:
    """Every project, with what is committed to it in the mission's currency, in a few statements."""
    found = ledger.lines(session, mission.id) if lines is None else lines
    projects = projects_of(session, mission.id)
    held = money.totals(money.committed(found, ledger.main_currency(found)), lambda line: line.project)
    bodies = organisations(session, projects)
    sectors = topics(session, projects, terms.SECTOR)
    disciplines = topics(session, projects, terms.DISCIPLINE)
    routes = labels(session, projects)
    return [
        member(
            each,
            routes[each.id],
            held.get(each.id, 0),
            bodies,
            sectors.get(each.id, ()),
            disciplines.get(each.id, ()),
        )
        for each in projects
    ]


def labels(session: Session, projects: Sequence[Project]) -> dict[UUID, str]:
    """What each way is called: its route, else its title; where somebody took those words back only its place."""
    titles = project_titles.readable(session, projects)
    return {each.id: each.route or titles[each.id] or f"… {place}" for place, each in enumerate(projects, 1)}


def member(
    project: Project,
    label: str,
    cents: int,
    bodies: dict[UUID, Organisation],
    sectors: Sequence[str],
    disciplines: Sequence[str],
) -> Member:
    lead = bodies.get(project.lead_organisation_id) if project.lead_organisation_id else None
    funder = bodies.get(project.funder_organisation_id) if project.funder_organisation_id else None
    taking_part = [each for each in (lead, funder) if each is not None]
    return Member(
        project.id,
        Route(lead.name if lead else "", label, project.readiness),
        project.state,
        cents,
        project.verdict,
        project.instrument,
        frozenset(each.group for each in taking_part),
        tuple(sectors),
        tuple(disciplines),
        lead.id if lead else None,
        funder.id if funder else None,
        frozenset(each.id for each in taking_part if each.group is StakeholderGroup.PUBLIC),
    )


def organisations(session: Session, projects: Sequence[Project]) -> dict[UUID, Organisation]:
    """Who leads and who funds, in one statement."""
    wanted = {each.lead_organisation_id for each in projects} | {
        each.funder_organisation_id for each in projects
    }
    wanted.discard(None)
    query = select(Organisation).where(col(Organisation.id).in_(wanted))
    return {each.id: each for each in session.exec(query)} if wanted else {}


def topics(session: Session, projects: Sequence[Project], scheme: str) -> dict[UUID, list[str]]:
    """The terms of a scheme's first level that stand on each project, in the reader's words."""
    query = (
        select(Tag.subject_id, Term.code)
        .join(Term, col(Term.id) == Tag.term_id)
        .where(
            Tag.subject_kind == SubjectKind.PROJECT, Term.scheme == scheme,
            col(Tag.subject_id).in_([each.id for each in projects]),
        )
    )  # fmt: skip
    found: dict[UUID, set[str]] = {}
    for subject, code in session.exec(query) if projects else ():
        found.setdefault(subject, set()).add(terms.label(code.partition(".")[0], scheme))
    return {subject: sorted(labels) for subject, labels in found.items()}


def own_agencies(mission: Mission) -> set[UUID]:
    """The mission's own agency: the one that asked, and the one that answers for it."""
    return {each for each in (mission.organisation_id, mission.owner_organisation_id) if each is not None}
