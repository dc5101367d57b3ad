"""When grouping the voices again is offered: the first time, after a rush, after a quiet growth; never imposed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum, auto
from fractions import Fraction
from zoneinfo import ZoneInfo

FIRST_AT = 10
RUSH, QUIET_GROWTH = Fraction(3, 10), Fraction(1, 10)
REST = timedelta(minutes=20)
# A quiet growth is looked at once a night, when nobody is at work, by the clock of the question.
NIGHT = time(3)


class Offer(StrEnum):
    FIRST = auto()
    RUSH = auto()
    OVERNIGHT = auto()


@dataclass(frozen=True)
class Growth:
    """Public voices now, those that no run has read, and those of them that were there last night.

    `read` is how many voices the last run read and `last_run_at` when it ended, or began where it is not over;
    both are None where there was none. A run that failed rests the question too, and has read nothing.
    """

    voices: int
    new: int
    new_by_night: int
    read: int | None = None
    last_run_at: datetime | None = None


def offer(growth: Growth, at: datetime) -> Offer | None:
    """What to offer at this instant, if anything."""
    if growth.last_run_at is not None and at < growth.last_run_at + REST:
        return None
    if growth.voices < FIRST_AT or growth.new <= 0:
        return None
    if growth.read is None:
        return Offer.FIRST
    if growth.new >= RUSH * growth.read:
        return Offer.RUSH
    if growth.new_by_night > 0 and growth.new_by_night >= QUIET_GROWTH * growth.read:
        return Offer.OVERNIGHT
    return None


def last_night(at: datetime, timezone: str) -> datetime:
    """The latest night hour that has come, by the clock of the question."""
    local = at.astimezone(ZoneInfo(timezone))
    tonight = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=NIGHT.second, microsecond=0, fold=0)
    return tonight if tonight <= local else tonight - timedelta(days=1)
