"""Money and readings: the numbers a mission is steered by, each with its source; both are only ever added to."""

from collections.abc import Collection, Sequence
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
    project_id: UUID | None = maybe_to("project.id", index=True)
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
    """What an indicator stood at on a day, as one number or with the range it lies in, and who says so.

    A trigger keeps it as it is: a correction is another reading that `replaces` it, and one that is taken back leaves
    none in its place. A forecast is of a day to come, and always a range.
    """

    __table_args__ = (
        CheckConstraint("low <= value AND value <= high", name="a_reading_lies_in_its_range"),
        CheckConstraint("NOT is_forecast OR (low IS NOT NULL AND high IS NOT NULL)", name="a_forecast_is_a_range"),
        CheckConstraint("NOT is_taken_back OR replaces_id IS NOT NULL", name="a_reading_is_there_to_be_taken_back"),
        UniqueConstraint("replaces_id", name="a_reading_is_replaced_once"),
    )  # fmt: skip

    id: UUID = key()
    indicator_id: UUID = to("indicator.id", on_delete="CASCADE", index=True)
    at: date
    value: Decimal = Field(sa_type=Numeric(20, 6))
    low: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    high: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    is_forecast: bool = False
    is_taken_back: bool = False
    source: str = Field(default="", max_length=300)
    replaces_id: UUID | None = maybe_to("reading.id")
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


def every_reading_of(session: Session, indicator_ids: Collection[UUID]) -> list[Reading]:
    """All that was ever entered for these indicators, corrected or not, by day."""
    query = select(Reading).where(col(Reading.indicator_id).in_(indicator_ids))
    ordered = query.order_by(col(Reading.at), col(Reading.created_at), col(Reading.id))
    return list(session.exec(ordered)) if indicator_ids else []


def standing_readings(session: Session, indicator_ids: Collection[UUID]) -> list[Reading]:
    """Those that count: not corrected by another, and not taken back; forecasts too."""
    return still_standing(every_reading_of(session, indicator_ids))


def still_standing(found: Sequence[Reading]) -> list[Reading]:
    replaced = {each.replaces_id for each in found}
    return [each for each in found if each.id not in replaced and not each.is_taken_back]


def currency_of(session: Session, mission_id: UUID) -> str:
    """The currency of a mission's lines, where they have one alone; empty otherwise."""
    found = {line.currency for line in standing_lines(session, mission_id)}
    return found.pop() if len(found) == 1 else ""


def readings_of(session: Session, indicator_id: UUID) -> list[Reading]:
    """What an indicator was read at and still stands, the oldest first; no forecasts."""
    return [each for each in standing_readings(session, [indicator_id]) if not each.is_forecast]
