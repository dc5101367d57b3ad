"""Rows behind a dashboard that no other page counts: who felt what, lessons, rights of the public; counted by SQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.ballot import counted_ballots
from app.models.course import CourseReview, Recall
from app.models.lesson import Lesson
from app.models.mission import Indicator
from app.models.statement import Statement
from app.rules.dashboard_means import Asked, Served
from app.rules.voting.profile import read_mark
from app.rules.words import (
    ConditionKind,
    ConditionState,
    StakeholderGroup,
    StatementState,
)
from app.rules.words import Felt as Answer
from app.services import decisions_freeze, decisions_show, portfolio_votes
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
class Learned:
    """What somebody should know who tries something like it, and where it was learned."""

    statement: Statement
    lesson: Lesson


def lessons(session: Session, mission_id: UUID, most: int) -> tuple[list[Learned], int]:
    """The latest lessons of a mission, its projects, milestones and reviews, and how many there are."""
    which = (Lesson.mission_id == mission_id, Statement.state == StatementState.VISIBLE)
    found = select(Statement, Lesson).join(Lesson, col(Lesson.id) == Statement.id).where(*which)
    latest = found.order_by(col(Lesson.created_at).desc(), col(Lesson.id)).limit(most)
    listed = [Learned(statement, lesson) for statement, lesson in session.exec(latest)]
    if len(listed) < most:
        return listed, len(listed)
    many = select(func.count()).select_from(Statement).join(Lesson, col(Lesson.id) == Statement.id)
    return listed, session.exec(many.where(*which)).one()


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


@dataclass(frozen=True)
class Chosen:
    """The vote that made the portfolio, and what each group got of it; `groups` is None where the vote was secret."""

    decision_id: UUID | None
    groups: list[Served] | None


def chosen(session: Session, mission_id: UUID) -> Chosen:
    votes = portfolio_votes.of_mission(session, mission_id)
    if not votes:
        return Chosen(None, [])
    decision = votes[0].decision
    asked = decisions_freeze.question_of(decision)
    if asked.terms.secret:
        return Chosen(decision.id, None)
    selected = {asked.options.index(each) for each in votes[0].selected}
    of_seat, counts = decisions_show.groups_of(decision), decisions_show.counted_seats(decision)
    cast: Counter[StakeholderGroup] = Counter()
    served: Counter[StakeholderGroup] = Counter()
    for ballot in counted_ballots(session, decision.id):
        if ballot.seat_id in counts:
            approved = read_mark(asked.mark, ballot.mark, asked.options)
            cast[of_seat[ballot.seat_id]] += 1
            served[of_seat[ballot.seat_id]] += bool(selected & set(approved))
    groups = [Served(each, cast[each], served[each]) for each in StakeholderGroup if cast[each]]
    return Chosen(decision.id, groups)
