"""Coverage of a question: voices by group and place beside the people there, and who is hardly heard so far."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models.call import Call
from app.models.submission import Submission
from app.models.submission_lists import IS_PUBLIC
from app.rules import coverage
from app.rules.coverage import Line
from app.rules.words import StakeholderGroup, SubjectKind
from app.services import counts, events

GROUP, PLACE = "group", "place"


@dataclass(frozen=True)
class Coverage:
    groups: list[Line]
    places: list[Line]
    source: str

    @property
    def gaps(self) -> list[Line]:
        """Groups first: of places there may be many."""
        return [*coverage.gaps(self.groups), *coverage.gaps(self.places)]

    @property
    def has_expected(self) -> bool:
        return any(each.expected is not None for each in (*self.groups, *self.places))


def of_call(session: Session, call: Call) -> Coverage:
    """Counted a few seconds ago at most, as totals are."""
    expected, every = call.expected, [each.value for each in StakeholderGroup]
    return Coverage(
        coverage.lines(voices_by(session, call.id, GROUP), expected.get(GROUP, {}), every),
        coverage.lines(voices_by(session, call.id, PLACE), expected.get(PLACE, {}), call.places),
        str(expected.get("source", "")),
    )  # fmt: skip


def voices_by(session: Session, call_id: UUID, column: str) -> dict[str, int]:
    """Public voices of each group or place that somebody said; those who said none are in neither."""

    def find() -> dict[str, int]:
        value = col(getattr(Submission, column))
        query = (
            select(value, func.count())
            .where(col(Submission.call_id) == call_id, IS_PUBLIC, value.is_not(None), func.length(value) > 0)
            .group_by(value)
            .order_by(func.count().desc())
            .limit(coverage.MOST_PLACES)
        )
        return {str(name): int(count) for name, count in session.connection().execute(query)}

    found: dict[str, int] = counts.remembered(("coverage", call_id, column), find)
    return found


def expect(
    session: Session,
    call: Call,
    groups: dict[str, Decimal],
    places: dict[str, Decimal],
    source: str,
    by: UUID,
) -> None:
    """Say how many of the people belong to each group and place, in percent, and where that is known from."""
    session.refresh(call, with_for_update=True)
    coverage.require(groups)
    coverage.require(places)
    call.expected = {
        GROUP: {name: str(share) for name, share in groups.items()},
        PLACE: {name: str(share) for name, share in places.items()},
        "source": source,
    }
    events.record(session, "coverage_expected", SubjectKind.CALL, call.id, by=by)
