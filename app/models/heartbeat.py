"""A sign of life of one process that runs jobs, so that the work of a dead one can be taken over."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col

from app.models.columns import instant


class Heartbeat(SQLModel, table=True):
    """Times are the database's own clock: the clocks of machines differ."""

    executor_id: str = Field(primary_key=True)
    kind: str
    at: datetime = instant(index=True)

    @staticmethod
    def beat(session: Session, executor_id: str, kind: str) -> None:
        sign = insert(Heartbeat).values(executor_id=executor_id, kind=kind, at=func.now())
        again = sign.on_conflict_do_update(index_elements=["executor_id"], set_={"at": func.now()})
        session.execute(again)

    @staticmethod
    def alive(session: Session, within: timedelta) -> set[str]:
        """List the processes heard from within the span."""
        heard = select(col(Heartbeat.executor_id)).where(col(Heartbeat.at) > func.now() - within)
        return set(session.execute(heard).scalars())

    @staticmethod
    def forget(session: Session, executor_id: str) -> None:
        session.execute(delete(Heartbeat).where(col(Heartbeat.executor_id) == executor_id))

    @staticmethod
    def forget_silent(session: Session, longer_than: timedelta) -> None:
        session.execute(delete(Heartbeat).where(col(Heartbeat.at) < func.now() - longer_than))
