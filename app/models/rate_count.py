"""How often something was tried in a window of time: one row per key and window."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import instant


class RateCount(SQLModel, table=True):
    """The key is a salted hash: no address and no e-mail is kept."""

    key: str = Field(max_length=100, primary_key=True)
    window_start: datetime = instant(primary_key=True)
    count: int = 0
