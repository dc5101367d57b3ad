"""The portfolio of a mission on one page: routes, instruments, sectors, readiness, risk, gaps and interactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.cluster import Cluster, projects_in
from app.models.link import Link
from app.models.mission import Mission
from app.models.organisation import names_of
from app.models.project import Project, projects_of
from app.rules import money as money_rules
from app.rules import portfolio as rules
from app.rules.figures import Figure
from app.rules.portfolio import Agencies, Flip, Member, Risk
from app.rules.words import Criterion, Instrument, LinkKind, SubjectKind
from app.services import criteria, ledger, lineage_rows, missions, portfolio_members, project_titles

BETWEEN = (LinkKind.COMPLEMENTS, LinkKind.COMPETES_WITH, LinkKind.DEPENDS_ON, LinkKind.SPILLS_OVER_TO)


@dataclass(frozen=True)
class Entry:
    """One project as the page lists it; `title` is empty where somebody took back the words."""

    project: Project
    member: Member
    title: str
    lead: str
    funder: str
    money: Decimal


@dataclass(frozen=True)
class Share:
    """A part of the portfolio: a route, a sector, an instrument or a level of readiness."""

    name: object
    many: int
    part: Fraction


@dataclass(frozen=True)
class Interaction:
    """How one project bears on another."""

    link: Link
    one: Entry
    other: Entry


@dataclass(frozen=True)
class Gaps:
    """Groups of voices that no project takes up, and projects that no voice asked for."""

    groups: list[Cluster]
    projects: list[Entry]


@dataclass(frozen=True)
class Shown:
    entries: list[Entry]
    currency: str
    figures: dict[Criterion, list[Figure]]
    turned: list[Flip]
    routes: list[Share]
    instruments: list[Share]
    sides_missing: list[str]
    sectors: list[Share]
    readiness: list[Share]
    risk: Risk
    agencies: Agencies
    gaps: Gaps
    interactions: list[Interaction]
    is_live: bool

    @property
    def has_only_grants(self) -> bool:
        """A mission of grants alone leaves demand, rules and places to learn as they were."""
        return [each.name for each in self.instruments] == [Instrument.GRANT]

    @property
    def without_instrument(self) -> int:
        live = rules.living([each.member for each in self.entries])
        return sum(each.instrument is None for each in live)


def shown(session: Session, mission: Mission) -> Shown:
    """Everything about the portfolio, in the same number of statements however many projects there are."""
    lines, projects = ledger.lines(session, mission.id), projects_of(session, mission.id)
    members = portfolio_members.members(session, mission, lines)
    behind = missions.sources_of(session, projects, SubjectKind.PROJECT)
    entries = listed(session, projects, members, behind)
    live = rules.living(members)
    instruments = rules.mix(members)
    return Shown(
        entries,
        ledger.main_currency(lines),
        *criteria.figures_and_turns(session, mission),
        shares(rules.by_route(live)),
        [Share(each, many, Fraction(many, len(live))) for each, many in instruments.items()],
        rules.missing_sides(instruments) if instruments else [],
        shares(rules.by_sector(live)),
        levels(rules.readiness_spread(live)),
        rules.risk(members, mission.risk_share),
        rules.agencies(members, portfolio_members.own_agencies(mission)),
        gaps(session, mission, entries, behind),
        interactions(session, entries),
        mission.state in rules.LIVE,
    )


def listed(
    session: Session, projects: Sequence[Project], members: Sequence[Member], behind: dict[UUID, list[Link]]
) -> list[Entry]:
    gone = missions.unreadable(session, (link for links in behind.values() for link in links))
    names = names_of(session, {key for each in members for key in (each.lead, each.funder) if key})
    return [
        Entry(
            project,
            member,
            missions.words_of(project.title, behind[project.id], gone),
            names.get(member.lead, "") if member.lead else "",
            names.get(member.funder, "") if member.funder else "",
            money_rules.amount(member.cents),
        )
        for project, member in zip(projects, members, strict=True)
    ]


def shares(weights: dict[str, int]) -> list[Share]:
    """Names with their weight and its part of the whole, the heaviest first."""
    whole = sum(weights.values())
    ordered = sorted(weights.items(), key=lambda each: (-each[1], each[0]))
    return [Share(name, many, Fraction(many, whole) if whole else Fraction(0)) for name, many in ordered]


def levels(found: Sequence[int]) -> list[Share]:
    """How many projects started at each of the nine levels, those of nothing too."""
    if not found:
        return []
    return [Share(each, found.count(each), Fraction(found.count(each), len(found))) for each in range(1, 10)]


def gaps(
    session: Session, mission: Mission, entries: Sequence[Entry], behind: dict[UUID, list[Link]]
) -> Gaps:
    """A sub-problem is a project-level group under the mission's group; a project takes it up as its key or source."""
    top = lineage_rows.cluster_of(session, mission)
    groups = projects_in(session, top.id) if top else []
    sources = {
        link.to_id for links in behind.values() for link in links if link.to_kind is SubjectKind.CLUSTER
    }
    sources |= {each.project.cluster_id for each in entries if each.project.cluster_id}
    query = select(Cluster.key).where(col(Cluster.id).in_(sources))
    taken_up = set(session.exec(query)) if sources else set()
    asked_for = {project for project, links in behind.items() if links}
    return Gaps(
        [each for each in groups if each.size and each.key not in taken_up],
        [each for each in entries if each.project.id not in asked_for and each.project.cluster_id is None],
    )


def interactions(session: Session, entries: Sequence[Entry]) -> list[Interaction]:
    """The links between two of these projects, in the order of their kinds."""
    known = {each.project.id: each for each in entries}
    query = select(Link).where(
        col(Link.kind).in_(BETWEEN), Link.from_kind == SubjectKind.PROJECT, Link.to_kind == SubjectKind.PROJECT,
        col(Link.from_id).in_(list(known)), col(Link.to_id).in_(list(known)),
    )  # fmt: skip
    found = session.exec(query.order_by(col(Link.created_at), col(Link.id))).all() if known else []
    ordered = sorted(found, key=lambda link: BETWEEN.index(link.kind))
    return [Interaction(each, known[each.from_id], known[each.to_id]) for each in ordered]


def titles(session: Session, mission: Mission) -> list[tuple[UUID, str]]:
    """The projects of a mission by id, with their titles as they may be read now, for a list to choose from."""
    return list(project_titles.readable(session, projects_of(session, mission.id)).items())
