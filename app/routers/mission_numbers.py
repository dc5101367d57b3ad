"""Readings of a mission's indicator, entered by hand."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.mission import Mission
from app.models.money import readings_of
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules.texts import Limits
from app.services import lineage, missions_numbers
from app.services.missions_numbers import ReadingText

router = noun_router("/missions/{mission_id}")
ReadMission = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
EditedMission = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]
Number = Annotated[Decimal, Field(ge=-(10**13), le=10**13)]


class ReadingEntry(FormModel):
    at: date
    value: Number
    low: Annotated[Number | None, Maybe] = None
    high: Annotated[Number | None, Maybe] = None
    source: Annotated[str, cleaned(Limits(2, 300, one_line=True))]


def readings_page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    indicator = missions_numbers.indicator_of(db, mission)
    return render(
        request, "missions/readings.html", status=status, mission=mission, indicator=indicator,
        readings=readings_of(db, indicator.id) if indicator else [], typed=typed, errors=errors,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/readings")
def readings(request: Request, db: Db, mission: ReadMission) -> Response:
    return readings_page(request, db, mission, {}, {})


@router.post("/readings")
def add_reading(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, form: Form
) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, ReadingEntry)
    if entry is None:
        return readings_page(request, db, mission, values(form), errors, 422)
    refusal = tried(
        db, lambda: missions_numbers.add_reading(db, mission, ReadingText(**entry.model_dump()), by), NotFound
    )
    if refusal is not None:
        return readings_page(request, db, mission, values(form), {"at": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/missions/{mission.id}/readings", _("The reading stands below."))


@router.post("/readings/{reading_id}/removal")
def remove_reading(
    request: Request, db: Db, viewer: CurrentViewer, mission: EditedMission, reading_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, key = viewer.id, record_id(reading_id)
    refusal = tried(db, lambda: missions_numbers.remove_reading(db, mission, key, by), NotFound)
    if refusal is not None:
        return readings_page(request, db, mission, kept(form), {"at": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/missions/{mission.id}/readings", _("The reading is removed."))


def kept(form: FormData) -> dict[str, str]:
    return {name: value for name, value in values(form).items() if name in ReadingEntry.model_fields}
