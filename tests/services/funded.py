"""A mission under way whose committee divided a budget among four projects, with the money, links and milestones."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from app.models.columns import now
from app.models.decision import Decision
from app.models.link import Link
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.money import Money
from app.models.organisation import Organisation
from app.models.project import Project, projects_of
from app.models.tables import metadata
from app.rules.decisions import DecisionTimes
from app.rules.words import (
    Certainty,
    DecisionKind,
    LinkKind,
    MoneyKind,
    ProjectState,
    StakeholderGroup,
    SubjectKind,
)
from app.services import ballots, decisions, decisions_certify, decisions_count, decisions_draft
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from tests.people import make_organisation
from tests.services.chamber import Chamber, nothing_ties
from tests.services.signed import sign_by_two
from tests.services.steering import make_active

YEAR = now().year + 1
BUDGET = 400_000_00
COSTS = {"Roofs": 180_000_00, "Storage": 120_000_00, "Grids": 90_000_00, "Schools": 60_000_00}
READINESS = {"Roofs": 8, "Storage": 4, "Grids": 7, "Schools": 9}
QUESTION = "Which projects get the money?"
# Who approves of what: all of roofs, seven of storage, five of grids, two of schools.
TICKS = {
    "public 1": "Roofs Storage Grids", "private 1": "Roofs Storage Grids", "private 2": "Roofs Storage Grids",
    "third 1": "Roofs Storage Grids", "third 2": "Roofs Storage Grids", "academia 1": "Roofs Storage",
    "citizens 1": "Roofs Storage", "citizens 2": "Roofs Schools", "citizens 3": "Roofs Schools",
}  # fmt: skip


@dataclass
class Funded:
    session: Session
    chamber: Chamber
    mission: Mission
    projects: dict[str, Project]
    decision: Decision
    milestone: Milestone

    def titles(self, options: Any) -> list[str]:
        """The titles of projects by their options' ids, or of the projects by their own."""
        known = {str(each.id): title for title, each in self.projects.items()}
        return [known[str(each)] for each in options]

    def add_money(self, amount: str, project: str = "", **changes: object) -> Money:
        """A line as it stands in the ledger; public, committed and certain for next year, unless told otherwise."""
        facts = {
            "mission_id": self.mission.id, "project_id": self.projects[project].id if project else None,
            "kind": MoneyKind.COMMITTED, "source": "Regional fund", "source_group": StakeholderGroup.PUBLIC,
            "year": YEAR, "amount": Decimal(amount), "currency": "EUR", "certainty": Certainty.CERTAIN, **changes,
        }  # fmt: skip
        line = Money(**facts)
        self.session.add(line)
        self.session.flush()
        return line


def make_funded(session: Session) -> Funded:
    chamber = make_active(session)
    projects = make_projects(session, chamber.mission)
    decision = divide(chamber, projects)
    milestone = Milestone(
        mission_id=chamber.mission.id, project_id=projects["Storage"].id, title="The first village keeps its light on",
        due=now().date() + timedelta(days=300), verifier="The village council",
    )  # fmt: skip
    session.add(milestone)
    session.add(
        Link(
            kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.PROJECT, from_id=projects["Grids"].id,
            to_kind=SubjectKind.PROJECT, to_id=projects["Storage"].id, assumption="Light after ten needs batteries.",
        )
    )  # fmt: skip
    session.flush()
    funded = Funded(session, chamber, chamber.mission, projects, decision, milestone)
    for title, amount in (("Roofs", "180000"), ("Storage", "120000"), ("Grids", "60000")):
        funded.add_money(amount, title)
    funded.add_money("30000", "Grids", year=YEAR + 4)
    return funded


def make_projects(session: Session, mission: Mission) -> dict[str, Project]:
    """Three routes that the mission has, and a fourth; each led by another body, three of them under contract."""
    found = {each.title: each for each in projects_of(session, mission.id) if each.title in COSTS}
    if "Schools" not in found:
        found["Schools"] = Project(mission_id=mission.id, title="Schools", route="Schools")
        session.add(found["Schools"])
    for title, project in found.items():
        lead = make_organisation(session, f"{title} and partners", group=StakeholderGroup.PRIVATE)
        project.lead_organisation_id, project.readiness = lead.id, READINESS[title]
        if title != "Schools":
            project.state, project.contracted_at = ProjectState.RUNNING, now() - timedelta(days=30)
            project.starts, project.ends = date(YEAR - 1, 1, 1), date(YEAR + 4, 12, 31)
            project.hypothesis = f"{title} cut the price of power by a third in five years, or they do not."
    session.flush()
    return {title: found[title] for title in COSTS}


def divide(chamber: Chamber, projects: dict[str, Project]) -> Decision:
    """The committee votes on the four, and the result is certified: all but schools are chosen."""
    session = chamber.session
    costs = {project.id: COSTS[title] for title, project in projects.items()}
    asked = Asked(QUESTION, RuleChoice(name="greedy", budget=BUDGET), mission=chamber.mission.id, costs=costs)
    decision = decisions_draft.draft(
        session, chamber.committee, DecisionKind.PORTFOLIO, asked, chamber.chair.id
    )
    nothing_ties(session, chamber.mission, chamber.seats.values())
    opens = now() - timedelta(hours=1)
    times = DecisionTimes(opens, opens + timedelta(days=7))
    decisions.notice(session, decision, QUESTION, times, chamber.chair.id, at=opens - timedelta(hours=1))
    for name, titles in TICKS.items():
        mark = {"approved": [str(projects[title].id) for title in titles.split()]}
        ballots.cast(session, decision, chamber.members[name].id, mark, "", 1)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "All of it was open to everybody.", chamber.secretary.id)
    return decision


def every_row(session: Session) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a hash over all they hold: whatever is written anywhere changes it."""
    found = {}
    for table in metadata.sorted_tables:
        query = text(
            f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{table.name}\" t"
        )
        many, digest = session.execute(query).one()
        found[table.name] = (many, digest)
    return found


def agency_of(funded: Funded) -> Organisation:
    return funded.session.get_one(Organisation, funded.mission.organisation_id)
