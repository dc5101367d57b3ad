"""Absences: whoever sits in a committee says from when to when they are away; the secretary records it for others."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.committee import Committee
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, read, values
from app.routers.pages import redirect, render, say
from app.services import absences, committees
from app.viewer import Viewer

router = noun_router("/committees/{committee_id}/absences")
SeatedCommittee = Annotated[Committee, load(Committee, to=Permission.ANNOUNCE_ABSENCE)]


class AbsenceEntry(FormModel):
    seat_id: UUID
    first_day: Annotated[date | None, Maybe] = None
    last_day: Annotated[date | None, Maybe] = None


def page(
    request: Request, db: Session, viewer: Viewer, committee: Committee,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    bench = committees.bench(db, committee)
    return render(
        request, "committees/absences.html", status=422 if errors else 200, committee=committee,
        seats=absences.seats_to_tell_of(bench, viewer.id), typed=typed or {}, errors=errors or {},
        told=absences.to_come(db, committee, viewer.id),
    )  # fmt: skip


@router.get("")
def show(request: Request, db: Db, viewer: CurrentViewer, committee: SeatedCommittee) -> Response:
    return page(request, db, viewer, committee)


@router.post("")
def announce(
    request: Request, db: Db, viewer: CurrentViewer, committee: SeatedCommittee, form: Form
) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, AbsenceEntry)
    if entry is not None:
        try:
            days, origin = (entry.first_day, entry.last_day), settings_of(request).origin
            absences.announce(db, committee, entry.seat_id, days, viewer.id, origin)
            told = _("The absence is recorded and public. An alternate of this seat is told.")
            return redirect(request, f"/committees/{committee.id}/absences", told)
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            db.rollback()
            errors = {"last_day": say(refusal.phrase)}
    return page(request, db, viewer, committee, values(form), errors)


@router.post("/{absence_id}/return")
def come_back(
    request: Request, db: Db, viewer: CurrentViewer, committee: SeatedCommittee, absence_id: UUID
) -> Response:
    assert viewer.id is not None
    absences.come_back(db, committee, absence_id, viewer.id)
    told = _("The absence is over. Ballots that the alternate has not cast are the member's again.")
    return redirect(request, f"/committees/{committee.id}/absences", told)
