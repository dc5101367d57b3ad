"""Count runs: a count that takes long, from the act that began it to the result."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, maybe_instant, maybe_to, to


class CountRun(SQLModel, table=True):
    """The latest one of a decision. `lot_value` is what a lot was drawn with, where that is why it is counted again.

    `compared` is what each rule would choose under the same budget, kept because a page of the result tells it too.
    """

    __tablename__ = "count_run"

    decision_id: UUID = to("decision.id", primary_key=True, on_delete="CASCADE")
    attempt: int = 1
    lot_value: str | None = Field(default=None, max_length=200)
    begun_by_id: UUID | None = maybe_to("person.id")
    stage: str = Field(default="", max_length=20)
    progress: float = 0.0
    round: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    compared: dict[str, Any] = document(dict)
    begun_at: datetime = created()
    finished_at: datetime | None = maybe_instant()
    failed_at: datetime | None = maybe_instant()

    @property
    def is_running(self) -> bool:
        return self.finished_at is None and self.failed_at is None


def unfinished_counts(session: Session) -> list[CountRun]:
    query = select(CountRun).where(col(CountRun.finished_at).is_(None), col(CountRun.failed_at).is_(None))
    return list(session.exec(query.order_by(col(CountRun.begun_at))))
