"""Pledges for a mission: what organisations say they will do and by when, beside what they did."""

from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import Request
from pydantic import AfterValidator
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Problem, cleaned, read, tried, values
from app.routers.mission_asked import ToRead
from app.routers.pages import redirect, render, say, viewer_of
from app.rules.phases import OUR_TIME
from app.rules.rates import Limited
from app.rules.texts import Limits
from app.services import limits, lineage, organisations, pledges

router = noun_router("/missions/{mission_id}/pledges")
ToPledge = Annotated[Mission, load(Mission, to=Permission.PLEDGE)]


def in_our_time(day: date) -> date:
    if day.year not in OUR_TIME:
        raise Problem(_("This is not right; please check it."))
    return day


Day = Annotated[date, AfterValidator(in_our_time)]


class PledgeEntry(FormModel):
    pledge: Annotated[str, cleaned(Limits(10, 2_000))]
    due: Day
    proof: Annotated[str, cleaned(Limits(10, 1_000))]


class DeliveryEntry(FormModel):
    delivered_on: Day
    evidence: Annotated[str, cleaned(Limits(10, 1_000))]


@router.get("")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {}, {})


def page(
    request: Request, db: Session, mission: Mission, typed: dict[str, str], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "missions/pledges.html", status=status, mission=mission, listed=pledges.listed(db, mission.id),
        typed=typed, errors=errors, takes=mission.state in pledges.TAKING, form_key=uuid4().hex,
        organisation=organisations.spoken_for(db, viewer_of(request).person),
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("")
def make(request: Request, db: Db, viewer: CurrentViewer, mission: ToPledge, form: Form) -> Response:
    assert viewer.person is not None
    by, (entry, errors) = viewer.person, read(form, PledgeEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    said, key = entry, values(form).get("form_key") or uuid4().hex
    limits.spend(db, Limited.PLEDGE, by.id)
    refusal = tried(db, lambda: pledges.make(db, mission, by, said.pledge, said.due, said.proof, key))
    if isinstance(refusal, Refusal):
        return page(request, db, mission, values(form), {"due": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/missions/{mission.id}/pledges", _("Your pledge is public, with its date."))


@router.post("/{pledge_id}/delivery")
def deliver(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToPledge, pledge_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    by, key, (entry, errors) = viewer.person, record_id(pledge_id), read(form, DeliveryEntry)
    typed = {**values(form), "delivering": str(key)}
    if entry is None:
        return page(request, db, mission, typed, errors, 422)
    done = entry
    refusal = tried(db, lambda: pledges.deliver(db, mission, key, by, done.delivered_on, done.evidence))
    if isinstance(refusal, Refusal):
        return page(request, db, mission, typed, {"delivered_on": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/missions/{mission.id}/pledges", _("Your delivery stands beside your pledge."))
