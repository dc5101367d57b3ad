"""Pledges: what an organisation says it will do for a mission, by when, and whether it did."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, to
from app.models.statement import Statement


class Pledge(SQLModel, table=True):
    """The date of a pledge, whose words are a statement; `proof` says how anyone can see that it was kept."""

    statement_id: UUID = to("statement.id", primary_key=True)
    mission_id: UUID = to("mission.id", index=True)
    organisation_id: UUID = to("organisation.id", index=True)
    due: date
    proof: str = Field(max_length=1000)


class PledgeDelivery(SQLModel, table=True):
    """That a pledge was kept, said once, with what shows it; a trigger keeps it as it is."""

    __tablename__ = "pledge_delivery"

    pledge_id: UUID = to("pledge.statement_id", primary_key=True)
    delivered_on: date
    evidence: str = Field(max_length=1000)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


def forget_proof(session: Session, statement_id: UUID) -> None:
    """Words that are withdrawn take those with them that say how to check them."""
    pledge = session.get(Pledge, statement_id)
    if pledge is not None:
        pledge.proof = ""


def pledges_for(session: Session, mission_id: UUID) -> list[tuple[Pledge, Statement, PledgeDelivery | None]]:
    """Every pledge for a mission, also one whose words are gone, the earliest due first."""
    query = (
        select(Pledge, Statement, PledgeDelivery)
        .join(Statement, col(Statement.id) == Pledge.statement_id)
        .outerjoin(PledgeDelivery, col(PledgeDelivery.pledge_id) == Pledge.statement_id)
        .where(Pledge.mission_id == mission_id)
    )
    return list(session.exec(query.order_by(col(Pledge.due), col(Pledge.statement_id))))
