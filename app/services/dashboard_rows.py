"""Rows behind a dashboard that no other page counts: who felt what, lessons, rights of the public; counted by SQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.course import CourseReview, Recall
from app.models.mission import Indicator
from app.models.project import Project
from app.models.statement import Statement
from app.rules.dashboard_means import Asked
from app.rules.words import ConditionKind, ConditionState, StatementKind, StatementState, SubjectKind
from app.rules.words import Felt as Answer
from app.services.returns import Returns


@dataclass(frozen=True)
class Felt:
    """What those who took part said at the latest review that asked anybody."""

    review: CourseReview | None
    answers: list[tuple[Answer, int]]
    asked: Asked


def felt(session: Session, mission_id: UUID) -> Felt:
    query = select(CourseReview).where(
        CourseReview.mission_id == mission_id,
        select(Recall.person_id).where(Recall.review_id == CourseReview.id).exists(),
    )
    review = session.exec(query.order_by(col(CourseReview.number).desc()).limit(1)).first()
    if review is None:
        return Felt(None, [], Asked())
    counts = (
        select_columns(col(Recall.felt), func.count())
        .where(col(Recall.review_id) == review.id)
        .group_by(col(Recall.felt))
    )
    many = {said: int(count) for said, count in session.connection().execute(counts)}
    answers = [(each, many.get(each, 0)) for each in Answer]
    asked = Asked(
        sum(many.values()), sum(count for _said, count in answers), many.get(Answer.BETTER, 0),
        many.get(Answer.WORSE, 0),
    )  # fmt: skip
    return Felt(review, answers, asked)


@dataclass(frozen=True)
class Lesson:
    """What somebody should know who tries something like it, and the project it comes from, if it is of one."""

    statement: Statement
    project: Project | None


def lessons(session: Session, mission_id: UUID, most: int) -> tuple[list[Lesson], int]:
    """The latest lessons of a mission and of its projects, and how many there are."""
    which = of_mission_or_project(mission_id)
    found = select(Statement, Project).outerjoin(
        Project,
        and_(col(Statement.subject_kind) == SubjectKind.PROJECT, col(Statement.subject_id) == Project.id),
    )
    latest = found.where(which).order_by(col(Statement.created_at).desc(), col(Statement.id)).limit(most)
    listed = [Lesson(statement, project) for statement, project in session.exec(latest)]
    if len(listed) < most:
        return listed, len(listed)
    return listed, session.exec(select(func.count()).select_from(Statement).where(which)).one()


def of_mission_or_project(mission_id: UUID) -> ColumnElement[bool]:
    projects = select(Project.id).where(Project.mission_id == mission_id)
    return and_(
        col(Statement.kind) == StatementKind.LESSON,
        col(Statement.state) == StatementState.VISIBLE,
        or_(
            and_(col(Statement.subject_kind) == SubjectKind.MISSION, col(Statement.subject_id) == mission_id),
            and_(col(Statement.subject_kind) == SubjectKind.PROJECT, col(Statement.subject_id).in_(projects)),
        ),
    )


def indicators_of_projects(session: Session, mission_id: UUID) -> int:
    """How many indicators are of a project: they decide nothing about the mission, and have a page of their own."""
    query = select(func.count()).where(
        Indicator.mission_id == mission_id, col(Indicator.project_id).is_not(None)
    )
    return session.exec(query).one()


@dataclass(frozen=True)
class Right:
    """What the public gets besides the work, by kind: how many conditions bind, and how these stand."""

    kind: ConditionKind
    states: list[tuple[ConditionState, int]]

    @property
    def many(self) -> int:
        return sum(count for _state, count in self.states)


def rights(weighed: Sequence[Returns]) -> list[Right]:
    found = Counter((read.condition.kind, read.state) for each in weighed for read in each.rights)
    return [
        Right(kind, states)
        for kind in ConditionKind
        if (states := [(state, found[kind, state]) for state in ConditionState if found[kind, state]])
    ]
