"""The front page: what is being asked now, what became of earlier questions, and a few live counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy import literal as value
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.models.application import Application
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.submission import Submission
from app.models.submission_lists import IS_PUBLIC
from app.rules.words import (
    ApplicationState,
    CallKind,
    CallState,
    ClusterLevel,
    DecisionState,
    GroupingState,
    MissionState,
)
from app.services.counts import remembered, totals_of

QUESTIONS_AT_MOST = 3
STORIES_AT_MOST = 3
SECONDS_A_DAY = 86_400
MONEY = 5
STANDS = col(Mission.state) != MissionState.WITHDRAWN
ADOPTED = (MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED, MissionState.ACHIEVED)
VOTED = (DecisionState.CERTIFIED, DecisionState.CHALLENGED, DecisionState.UPHELD, DecisionState.DISMISSED)


@dataclass(frozen=True)
class Question:
    """One open call as the front page sets it."""

    id: UUID
    title: str
    question: str
    who: str
    closes_at: datetime
    timezone: str
    days_left: int
    voices: int
    is_offer: bool = False


@dataclass(frozen=True)
class Story:
    """What became of one earlier call, as far as it has come."""

    id: UUID
    title: str
    voices: int
    groups: int = 0
    missions: int = 0
    adopted: int = 0
    decided: int = 0
    applications: int | None = None
    selected: int = 0
    answered_at: datetime | None = None
    timezone: str = "UTC"

    @property
    def done(self) -> int:
        """How many stations of the thread it has passed: voices, groups, missions, ballot; and money of an offer."""
        if self.applications is not None:
            return MONEY if self.selected else MONEY - 1
        return sum(count > 0 for count in (self.voices, self.groups, self.missions, self.decided))


@dataclass(frozen=True)
class Totals:
    voices: int
    questions: int
    missions: int
    decisions: int


@dataclass(frozen=True)
class Home:
    questions: list[Question]
    more_questions: int
    stories: list[Story]
    totals: Totals


def page(session: Session, locale: str) -> Home:
    """The whole front page in a handful of statements."""
    at = now()
    is_open = (col(Call.opens_at) <= at) & (col(Call.closes_at) > at)
    live = col(Call.state).in_((CallState.PUBLISHED, CallState.OPEN))
    asked = calls_with_askers(session, live & is_open, col(Call.closes_at).asc())
    told = calls_with_askers(
        session,
        or_(
            col(Call.state).in_(
                (
                    CallState.SENSEMAKING,
                    CallState.CHECKING,
                    CallState.ELIGIBILITY,
                    CallState.REVIEW,
                    CallState.DECISION,
                    CallState.ANSWERED,
                    CallState.ARCHIVED,
                )
            ),
            live & (col(Call.closes_at) <= at),
        ),
        col(Call.closes_at).desc(),
    )
    voices = totals_of(session, [call.id for call, _who in [*asked[:QUESTIONS_AT_MOST], *told]])
    return Home(
        [question(call, who, voices[call.id], at, locale) for call, who in asked[:QUESTIONS_AT_MOST]],
        max(0, count_calls(session, live & is_open) - QUESTIONS_AT_MOST)
        if len(asked) > QUESTIONS_AT_MOST
        else 0,
        stories(session, [call for call, _who in told[:STORIES_AT_MOST]], voices, locale),
        totals(session),
    )


def calls_with_askers(
    session: Session, where: ColumnElement[bool], order: ColumnElement[Any]
) -> list[tuple[Call, str]]:
    query = (
        select_rows(Call, Organisation.name)
        .join(Organisation, col(Organisation.id) == Call.organisation_id)
        .where(where)
        .order_by(order, col(Call.id))
        .limit(max(QUESTIONS_AT_MOST, STORIES_AT_MOST) + 1)
    )
    return list(session.exec(query).all())


def count_calls(session: Session, where: ColumnElement[bool]) -> int:
    return int(session.connection().execute(select(func.count()).select_from(Call).where(where)).scalar_one())


def question(call: Call, who: str, voices: int, at: datetime, locale: str) -> Question:
    told = call.told(locale)
    days = ceil((call.closes_at - at).total_seconds() / SECONDS_A_DAY)
    is_offer = call.kind is CallKind.INNOVATION
    return Question(
        call.id, told.title, told.question, who, call.closes_at, call.timezone, days, voices, is_offer
    )


def stories(session: Session, calls: Sequence[Call], voices: dict[UUID, int], locale: str) -> list[Story]:
    ids = [call.id for call in calls]
    found = reached(session, ids) if ids else {}
    applied = applied_to(session, [call.id for call in calls if call.kind is CallKind.INNOVATION])
    return [
        Story(
            call.id, call.told(locale).title, voices[call.id], **found.get(call.id, {}), **applied.get(call.id, {}),
            answered_at=call.answered_at, timezone=call.timezone,
        )
        for call in calls
    ]  # fmt: skip


def applied_to(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Of innovation calls past their deadline: how many applications came in, and how many were selected."""
    if not ids:
        return {}
    query = (
        select(
            col(Application.call_id),
            func.count(),
            func.count().filter(col(Application.state) == ApplicationState.SELECTED),
        )
        .where(
            col(Application.call_id).in_(ids),
            col(Application.state).not_in((ApplicationState.DRAFT, ApplicationState.WITHDRAWN)),
        )
        .group_by(col(Application.call_id))
    )
    found = {row[0]: (int(row[1]), int(row[2])) for row in session.connection().execute(query)}
    counts = {each: found.get(each, (0, 0)) for each in ids}
    return {each: {"applications": came, "selected": chosen} for each, (came, chosen) in counts.items()}


def reached(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Groups, missions, adoptions and certified votes of each call, in one statement."""
    groups = (
        counted("groups", col(Cluster.call_id))
        .join(Grouping, col(Grouping.id) == Cluster.grouping_id)
        .where(
            col(Grouping.state) == GroupingState.ACCEPTED,
            col(Cluster.level) == ClusterLevel.MISSION,
            col(Cluster.merged_into_id).is_(None),
            col(Cluster.call_id).in_(ids),
        )
        .group_by(col(Cluster.call_id))
    )
    drafted = counted("missions", col(Mission.call_id)).where(col(Mission.call_id).in_(ids), STANDS)
    carried = counted("adopted", col(Mission.call_id)).where(
        col(Mission.call_id).in_(ids), col(Mission.state).in_(ADOPTED)
    )
    voted = (
        counted("decided", col(Mission.call_id))
        .join(Decision, col(Decision.mission_id) == Mission.id)
        .where(col(Mission.call_id).in_(ids), col(Decision.state).in_(VOTED))
    )
    per_mission = [each.group_by(col(Mission.call_id)) for each in (drafted, carried, voted)]
    found: dict[UUID, dict[str, int]] = {}
    for name, call_id, count in session.connection().execute(union_all(groups, *per_mission)):
        found.setdefault(call_id, {})[name] = int(count)
    return found


def counted(name: str, call_id: Any) -> Select[Any]:
    return select(value(name), call_id, func.count())


def totals(session: Session) -> Totals:
    """The line of live counts, at most a few seconds old."""

    def find() -> Totals:
        drafted = select(col(Call.id)).where(col(Call.state) == CallState.DRAFT)
        counts = (
            select(func.count())
            .select_from(Submission)
            .where(IS_PUBLIC, col(Submission.call_id).not_in(drafted)),
            select(func.count()).select_from(Call).where(col(Call.state) != CallState.DRAFT),
            select(func.count()).select_from(Mission).where(col(Mission.call_id).not_in(drafted), STANDS),
            select(func.count()).select_from(Decision).where(col(Decision.state).in_(VOTED)),
        )
        row = session.connection().execute(select(*(each.scalar_subquery() for each in counts))).one()
        return Totals(*(int(each) for each in row))

    found: Totals = remembered(("home",), find)
    return found
