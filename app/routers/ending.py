"""The form that ends a seat, for every page that has one: at once, on a day, or when its votes are over."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.seat import Seat
from app.routers.forms import FormModel, Maybe, read, values
from app.routers.pages import redirect, render, say
from app.services import people, seats_ending


class EndEntry(FormModel):
    when: Literal["now", "votes", "day"] = "now"
    last_day: Annotated[date | None, Maybe] = None

    def instant(self, free_at: datetime | None) -> datetime | None:
        """When it ends; None is at once."""
        if self.when == "votes":
            return free_at
        if self.when == "day" and self.last_day:
            return datetime.combine(self.last_day + timedelta(days=1), time(), UTC)
        return None


def ask(
    request: Request, db: Session, seat: Seat, crumbs: list[tuple[str, str]], *,
    typed: dict[str, str] | None = None, problem: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """What ending it comes to, and from when."""
    facts: dict[str, Any] = {
        "ending": seats_ending.ending(db, seat),
        "crumbs": crumbs,
        "today": datetime.now(UTC).date(),
    }
    return render(
        request,
        "staff/ending.html",
        status=status,
        action=request.url.path,
        typed=typed or {},
        problem=problem,
        **facts,
    )


def end(
    request: Request, db: Session, seat: Seat, form: FormData, by: Any, crumbs: list[tuple[str, str]]
) -> Response:
    """End the seat and go back to where it stood, or ask again with the reason why not."""
    entry, errors = read(form, EndEntry)
    problem = " ".join(errors.values())
    if entry is not None and entry.when == "day" and not entry.last_day:
        entry, problem = None, _("Please write the last day of the seat.")
    if entry is None:
        return ask(request, db, seat, crumbs, typed=values(form), problem=problem, status=422)
    at = entry.instant(seats_ending.ending(db, seat).free_at)
    try:
        ended = people.end_seat(db, seat, by, at)
    except Refusal as refusal:
        db.rollback()
        return ask(
            request, db, seat, crumbs, typed=values(form), problem=say(refusal.phrase), status=refusal.status
        )
    return redirect(request, crumbs[-1][1], told(ended, at))


def told(ended: list[Seat], at: datetime | None) -> str:
    if at is not None:
        return _("The seat ends on %(when)s.", when=say(at))
    return (
        _("The seat has ended, and with it the alternate's.") if len(ended) > 1 else _("The seat has ended.")
    )
