"""Groupings: starting a run, and what its job does with it."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.grouping import Grouping
from app.rules.words import GroupingState


def unfinished(session: Session) -> list[UUID]:
    query = select(Grouping.id).where(col(Grouping.state).in_([GroupingState.QUEUED, GroupingState.RUNNING]))
    return list(session.exec(query))


def fail(session: Session, grouping_id: UUID) -> None:
    grouping = session.get(Grouping, grouping_id, with_for_update=True)
    if grouping and grouping.state in (GroupingState.QUEUED, GroupingState.RUNNING):
        grouping.state, grouping.finished_at = GroupingState.FAILED, now()
