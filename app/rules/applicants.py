"""Applicants: what the rules on who may apply read of one, and of its draft so far."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.rules.words import StakeholderGroup


@dataclass(frozen=True)
class Facts:
    """What is known of an applicant and the draft so far; None, or nothing, where it was not said yet.

    `own_share` follows from `asked` and `total`, the sum of the whole budget table. `at` is when it is sent, or now.
    `selected_before` is whether the call before selected who applies, known once that call is answered.
    """

    group: StakeholderGroup | None = None
    place: str = ""
    people: Decimal | None = None
    turnover: Decimal | None = None
    partners: Decimal | None = None
    asked: Decimal | None = None
    total: Decimal | None = None
    starts: date | None = None
    ends: date | None = None
    readiness: int | None = None
    roadmap: str = ""
    roadmaps: tuple[str, ...] = field(default_factory=tuple)
    selected_before: bool | None = None
    at: datetime | None = None

    @property
    def own_share(self) -> Decimal | None:
        """In percent of all costs."""
        if self.asked is None or not self.total:
            return None
        return (self.total - self.asked) * 100 / self.total

    @property
    def months(self) -> Decimal | None:
        """Begun months from start to end; the day of the end is part of it."""
        if self.starts is None or self.ends is None or self.ends < self.starts:
            return None
        whole = (self.ends.year - self.starts.year) * 12 + self.ends.month - self.starts.month
        return Decimal(whole + (1 if self.ends.day >= self.starts.day else 0))
