"""What followed from missions: votes, committed money, projects, milestones and lessons, each as a stop of the flow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.i18n import _, word
from app.i18n import money as money_words
from app.models.decision import Decision, decisions_about
from app.models.lesson import Lesson
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.money import Money
from app.models.project import Project
from app.models.statement import Statement
from app.rules.disclosure import shows_count, shows_decision
from app.rules.words import DecisionKind, DecisionState, MoneyKind
from app.services import lineage_course, lineage_many, links_ends, project_titles
from app.services.lineage_flow import Flow, Way

BY_NAME_AT_MOST = 120  # projects; where there are more, nobody could read the drawing
# What a mission or its projects came from; other votes change words or the course, and carry nothing on.
CARRY = (DecisionKind.ADOPT, DecisionKind.CHOOSE, DecisionKind.SET, DecisionKind.PORTFOLIO)


def follow(session: Session, flow: Flow, missions: Sequence[Mission]) -> None:
    """Add what followed from these missions, in a fixed number of statements."""
    ids = [each.id for each in missions]
    if not ids:
        return
    way = Way(flow, {key: flow.stops[f"mission-{key}"] for key in ids})
    draw_votes(session, way, missions)
    sums = money(session, ids)
    draw_money(way, [each for each in missions if each.adopted_at is not None], sums)
    if count_projects(session, ids) > BY_NAME_AT_MOST:
        lineage_many.draw(session, way, ids, {each.project for each in sums})
    else:
        draw_projects(session, way, ids, {each.project for each in sums})
        draw_milestones(session, way, ids)
    draw_lessons(session, way, ids)


def count_projects(session: Session, mission_ids: Sequence[UUID]) -> int:
    return session.exec(select(func.count()).where(col(Project.mission_id).in_(mission_ids))).one()


def draw_votes(session: Session, way: Way, missions: Sequence[Mission]) -> None:
    """Each vote that was announced; what follows a mission hangs on the vote that adopted it."""
    for mission_id, decision in reversed(decisions_about(session, list(way.missions))):
        if decision.kind not in CARRY or not shows_decision(decision.state):
            continue
        name = f"{outcome(decision)}: {decision.question}"
        stop = way.flow.add(f"vote-{decision.id}", "ballot", name, f"/decisions/{decision.id}")
        way.flow.join(way.flow.stops[f"mission-{mission_id}"], stop, 1, "missions")
        is_adopted = any(each.id == mission_id and each.adopted_at is not None for each in missions)
        if (
            is_adopted
            and decision.outcome == DecisionState.CARRIED
            and decision.kind is not DecisionKind.PORTFOLIO
        ):
            way.missions[mission_id] = stop


def outcome(decision: Decision) -> str:
    """What a vote came to, once everyone may know; until then, how far it is."""
    phase = decision_phase(decision)
    is_told = shows_count(phase) and decision.outcome
    return word(DecisionState(decision.outcome)) if is_told and decision.outcome else word(phase)


@dataclass(frozen=True)
class Sum:
    """The committed lines of one project, or of the mission itself, in one currency."""

    mission: UUID
    project: UUID | None
    currency: str
    amount: Decimal
    many: int


def money(session: Session, mission_ids: Sequence[UUID]) -> list[Sum]:
    """Committed lines that no other replaced, those taken back left out; added up by the database."""
    replaced = select(Money.replaces_id).where(
        col(Money.mission_id).in_(mission_ids), col(Money.replaces_id).is_not(None)
    )
    groups = (col(Money.mission_id), col(Money.project_id), col(Money.currency))
    query = select_columns(*groups, func.sum(col(Money.amount)), func.count()).where(
        col(Money.mission_id).in_(mission_ids), col(Money.kind) == MoneyKind.COMMITTED, col(Money.amount) > 0,
        col(Money.id).not_in(replaced),
    )  # fmt: skip
    return [Sum(*row) for row in session.connection().execute(query.group_by(*groups))]


def draw_money(way: Way, missions: Sequence[Mission], found: Sequence[Sum]) -> None:
    """The committed money of a mission; with it, what the mission pays for hangs on it."""
    for mission in missions:
        mine = [each for each in found if each.mission == mission.id]
        if mine:
            name = _("%(sums)s committed", sums=", ".join(by_currency(mine)))
            stop = way.flow.add(f"money-{mission.id}", "money", name, f"/missions/{mission.id}/money")
            way.flow.join(way.of(mission.id), stop, sum(each.many for each in mine), "lines")


def by_currency(found: Sequence[Sum]) -> list[str]:
    currencies = sorted({each.currency for each in found})
    return [
        money_words(sum((each.amount for each in found if each.currency == currency), Decimal(0)), currency)
        for currency in currencies
    ]


def draw_projects(
    session: Session, way: Way, mission_ids: Sequence[UUID], paid: Collection[UUID | None]
) -> None:
    """A project with money of its own hangs on the money; another on the vote, or on its mission."""
    query = select(Project).where(col(Project.mission_id).in_(mission_ids))
    projects = list(session.exec(query.order_by(col(Project.created_at), col(Project.id))))
    titles = project_titles.readable(session, projects)
    for project in projects:
        name = titles[project.id] or _("A route whose words can no longer be read")
        stop = way.flow.add(f"project-{project.id}", "project", name, links_ends.project_url(project))
        source = way.flow.stops.get(f"money-{project.mission_id}") if project.id in paid else None
        way.flow.join(source or way.of(project.mission_id), stop, 1, "projects")
        way.projects[project.id] = stop


def draw_milestones(session: Session, way: Way, mission_ids: Sequence[UUID]) -> None:
    """Milestones that stand: one that a decision replaced is told by the one in its place."""
    query = select(Milestone).where(col(Milestone.mission_id).in_(mission_ids)).order_by(col(Milestone.due))
    found = list(session.exec(query))
    replaced = {each.replaces_id for each in found}
    for each in found:
        if each.id not in replaced:
            stop = way.flow.add(f"milestone-{each.id}", "milestone", each.title, milestone_url(each))
            way.flow.join(way.of(each.mission_id, each.project_id), stop, 1, "milestones")


def milestone_url(milestone: Milestone) -> str:
    """Where a milestone is read: among those of its mission."""
    return f"/missions/{milestone.mission_id}/milestones#milestone-{milestone.id}"


def draw_lessons(session: Session, way: Way, mission_ids: list[UUID]) -> None:
    """What was learned, on the project or the mission that it was said of."""
    query = (
        select(Lesson, Statement.text)
        .join(Statement, col(Statement.id) == Lesson.id)
        .where(*lineage_course.is_lesson_of(mission_ids))
    )
    for lesson, words in session.exec(query.order_by(col(Lesson.created_at), col(Lesson.id))):
        source = way.of(lesson.mission_id, lesson.project_id)
        if source is not None:
            stop = way.flow.add(f"lesson-{lesson.id}", "lesson", words, f"/lessons/{lesson.id}")
            way.flow.join(source, stop, 1, "lessons")
