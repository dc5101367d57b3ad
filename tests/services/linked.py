"""A mission under way whose projects are linked with each other and with another mission."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from app.models.link import Link
from app.models.mission import Mission
from app.models.money import Money
from app.models.project import Project, projects_of
from app.rules.words import LinkKind, MoneyKind, StakeholderGroup, SubjectKind
from app.services import missions_links, portfolio_facts, terms
from app.services.links_ends import Key
from app.services.missions_links import LinkText
from app.services.portfolio_facts import ProjectFacts
from tests.services.chamber import Chamber, make_ready_mission
from tests.services.steering import adopt, make_active

ASSUMPTION = "The battery is cheap enough for a street by then."


@dataclass
class Portfolio:
    """One mission with its projects by name, and another mission with a project of its own."""

    chamber: Chamber
    projects: dict[str, Project]
    other: Mission
    abroad: Project

    @property
    def session(self) -> Session:
        return self.chamber.session

    @property
    def mission(self) -> Mission:
        return self.chamber.mission

    @property
    def steward(self) -> UUID:
        return self.chamber.chair.id

    def link(self, near: str, kind: LinkKind, far: str | Key, **typed: object) -> Link:
        end = far if isinstance(far, tuple) else key(self.projects[far])
        text = LinkText(**{"assumption": ASSUMPTION, **typed})  # type: ignore[arg-type]
        return missions_links.add(
            self.session, self.mission, kind, key(self.projects[near]), end, text, self.steward
        )

    def put(self, name: str, *codes: str) -> None:
        """Say in which sectors a project stands."""
        project = self.projects[name]
        facts = ProjectFacts(project.instrument, None, None, codes)
        portfolio_facts.write(self.session, project, facts, project.version, self.steward)


def key(thing: Project | Mission) -> Key:
    return (SubjectKind.PROJECT if isinstance(thing, Project) else SubjectKind.MISSION), thing.id


def make_portfolio(session: Session) -> Portfolio:
    terms.ensure(session, terms.SECTOR)
    chamber = make_active(session)
    other, _scene = make_ready_mission(session)
    other.title = "Nobody waits for a bus"
    adopt(session, other, chamber.committee)
    abroad = projects_of(session, other.id)[0]
    abroad.title = "Buses that run on the sun"
    session.flush()
    projects = {each.title.lower(): each for each in projects_of(session, chamber.mission.id)}
    return Portfolio(chamber, projects, other, abroad)


def pay(
    session: Session,
    project: Project,
    amount: Decimal | int,
    kind: MoneyKind = MoneyKind.SPENT,
    **changes: object,
) -> Money:
    facts = {
        "mission_id": project.mission_id, "project_id": project.id, "kind": kind, "source": "Innovation fund",
        "source_group": StakeholderGroup.PUBLIC, "year": 2026, "amount": Decimal(amount), "currency": "CLP", **changes,
    }  # fmt: skip
    line = Money(**facts)
    session.add(line)
    session.flush()
    return line
