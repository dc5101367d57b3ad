"""What makes a mission a commitment: who is affected, who owns it, and a line of money."""

from decimal import Decimal

from sqlmodel import Session

from app.models.mission import Mission
from app.models.money import Money
from app.rules.words import MoneyKind


def committed(session: Session, mission: Mission) -> Money:
    """The agency that asks owns the mission, and money for it is announced."""
    mission.affected = "Families who sit in the dark after ten."
    mission.owner_organisation_id = mission.organisation_id
    line = Money(
        mission_id=mission.id, kind=MoneyKind.ANNOUNCED, source="Regional fund", year=2027,
        amount=Decimal(1_000_000), currency="CLP",
    )  # fmt: skip
    session.add(line)
    session.flush()
    return line
