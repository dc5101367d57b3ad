"""Seeds: project proposals that citizens' voices were grouped into, and the applications that took one up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, to


class AdoptedSeed(SQLModel, table=True):
    """An application builds on a proposal; its authors are told once the call has closed, never before.

    The group is known by its key over re-runs of the grouping; `cluster_id` is the group as it was then.
    """

    __tablename__ = "adopted_seed"
    __table_args__ = (UniqueConstraint("application_id", "cluster_key", name="a_seed_is_adopted_once"),)

    id: UUID = key()
    application_id: UUID = to("application.id", on_delete="CASCADE")
    cluster_id: UUID = to("cluster.id")
    cluster_key: UUID = Field(index=True)
    by_id: UUID = to("person.id")
    created_at: datetime = created()
    told_at: datetime | None = maybe_instant()


def seeds_of(session: Session, application_id: UUID) -> list[AdoptedSeed]:
    query = select(AdoptedSeed).where(AdoptedSeed.application_id == application_id)
    return list(session.exec(query.order_by(col(AdoptedSeed.created_at), col(AdoptedSeed.id))))
