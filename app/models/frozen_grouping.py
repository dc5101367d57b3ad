"""What a grouping needs to be made again, kept from the run itself: ids and ties between them, never words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.columns import created, to


class FrozenGrouping(SQLModel, table=True):
    """`content` is a compressed archive of arrays by opaque id; it outlives the words of those who withdraw."""

    grouping_id: UUID = to("grouping.id", on_delete="CASCADE", primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = created()
