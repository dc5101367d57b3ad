"""Money and readings: the numbers a mission is steered by, each with its source; money is only ever added to."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_to, maybe_word, to, word
from app.rules.words import Certainty, MoneyKind, StakeholderGroup


class Money(SQLModel, table=True):
    """One line of money in one year; a trigger keeps it as it is.

    Who was wrong adds a line that `replaces` the wrong one: of a chain of lines only the last counts, and an amount
    of nothing takes a line back.
    """

    __table_args__ = (
        CheckConstraint("amount >= 0", name="money_is_not_negative"),
        CheckConstraint("year BETWEEN 1900 AND 2200", name="money_has_a_year"),
        UniqueConstraint("replaces_id", name="a_line_is_replaced_once"),
    )

    id: UUID = key()
    mission_id: UUID = to("mission.id", index=True)
    project_id: UUID | None = maybe_to("project.id")
    kind: MoneyKind = word(MoneyKind)
    source: str = Field(max_length=300)
    source_group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    organisation_id: UUID | None = maybe_to("organisation.id")
    year: int
    amount: Decimal = Field(sa_type=Numeric(20, 2))
    currency: str = Field(max_length=3)
    certainty: Certainty = word(Certainty, default=Certainty.POSSIBLE)
    replaces_id: UUID | None = maybe_to("money.id")
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()


class Reading(SQLModel, table=True):
    """What an indicator stood at on a day, as one number or with the range it lies in, and who says so."""

    __table_args__ = (
        UniqueConstraint("indicator_id", "at", name="one_reading_a_day"),
        CheckConstraint("low <= value AND value <= high", name="a_reading_lies_in_its_range"),
    )

    id: UUID = key()
    indicator_id: UUID = to("indicator.id", on_delete="CASCADE", index=True)
    at: date
    value: Decimal = Field(sa_type=Numeric(20, 6))
    low: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    high: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    source: str = Field(default="", max_length=300)
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()


def lines_of(session: Session, mission_id: UUID) -> list[Money]:
    """Every line of a mission, the oldest year first, with those that were replaced."""
    query = select(Money).where(Money.mission_id == mission_id)
    return list(session.exec(query.order_by(col(Money.year), col(Money.created_at), col(Money.id))))


def standing_lines(session: Session, mission_id: UUID) -> list[Money]:
    """The lines that count: not replaced, and not taken back."""
    lines = lines_of(session, mission_id)
    replaced = {each.replaces_id for each in lines}
    return [each for each in lines if each.id not in replaced and each.amount > 0]


def currency_of(session: Session, mission_id: UUID) -> str:
    """The currency of a mission's lines, where they have one alone; empty otherwise."""
    found = {line.currency for line in standing_lines(session, mission_id)}
    return found.pop() if len(found) == 1 else ""


def readings_of(session: Session, indicator_id: UUID) -> list[Reading]:
    """The readings of an indicator, the oldest first."""
    query = select(Reading).where(Reading.indicator_id == indicator_id)
    return list(session.exec(query.order_by(col(Reading.at))))
