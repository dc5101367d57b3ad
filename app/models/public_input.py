"""Public inputs: what the public already paid for a thing before it buys it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, maybe_to, to


class PublicInput(SQLModel, table=True):
    """Public money behind a project that stands in no ledger here: what was paid for, by whom, shown by what."""

    __tablename__ = "public_input"
    __table_args__ = (
        CheckConstraint("amount > 0", name="an_input_is_money"),
        CheckConstraint("year BETWEEN 1900 AND 2200", name="an_input_has_a_year"),
        CheckConstraint("evidence <> ''", name="an_input_has_evidence"),
    )

    id: UUID = key()
    project_id: UUID = to("project.id", index=True)
    what: str = Field(max_length=300)
    payer: str = Field(max_length=300)
    year: int
    amount: Decimal = Field(sa_type=Numeric(20, 2))
    currency: str = Field(max_length=3)
    evidence: str = Field(max_length=1000)
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()
    taken_back_at: datetime | None = maybe_instant()


def inputs_of(session: Session, project_id: UUID) -> list[PublicInput]:
    """What stands, the earliest year first."""
    query = select(PublicInput).where(
        PublicInput.project_id == project_id, col(PublicInput.taken_back_at).is_(None)
    )
    return list(session.exec(query.order_by(col(PublicInput.year), col(PublicInput.created_at))))
