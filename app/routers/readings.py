"""Readings of a mission's indicators: read by everyone, entered and corrected by who steers it."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.mission import Indicator, Mission
from app.models.money import Reading, every_reading_of, still_standing
from app.routers.cookies import FOR_PROGRAMS, settings_of
from app.routers.deps import CurrentViewer, Db, find, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, file, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules.rates import Limited
from app.rules.texts import Limits
from app.services import limits, lineage, progress, readings, readings_examples
from app.services.readings import ReadingText

router = noun_router("/missions/{mission_id}/readings")
Number = Annotated[Decimal, Field(ge=-(10**13), le=10**13)]


class ReadingEntry(FormModel):
    indicator_id: Annotated[UUID | None, Maybe] = None
    at: date
    value: Number
    low: Annotated[Number | None, Maybe] = None
    high: Annotated[Number | None, Maybe] = None
    is_forecast: bool = False
    source: Annotated[str, cleaned(Limits(2, 300, one_line=True))]
    replaces_id: Annotated[UUID | None, Maybe] = None


class BackEntry(FormModel):
    reason: Annotated[str, cleaned(Limits(2, 300, one_line=True))]


@router.get("")
def index(request: Request, db: Db, mission: ToRead, indicator: str = "", replaces: str = "") -> Response:
    """With `replaces` the form holds the reading that is to be corrected."""
    typed = {"indicator_id": indicator} if indicator else {}
    if replaces:
        typed = fields_of(reading_of(db, mission, replaces))
    return page(request, db, mission, typed, {})


def reading_of(db: Session, mission: Mission, raw: str) -> Reading:
    """A reading of this very mission."""
    found = find(db, Reading, raw)
    if db.get_one(Indicator, found.indicator_id).mission_id != mission.id:
        raise NotFound()
    return found


def fields_of(reading: Reading) -> dict[str, str]:
    plain = {name: f"{Decimal(value).normalize():f}" for name in ("value", "low", "high")
             if (value := getattr(reading, name)) is not None}  # fmt: skip
    return plain | {
        "indicator_id": str(reading.indicator_id),
        "at": reading.at.isoformat(),
        "source": reading.source,
        "is_forecast": "yes" if reading.is_forecast else "",
        "replaces_id": str(reading.id),
    }


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    listed = progress.of_mission(db, mission)
    known = [each.indicator for each in listed if each.indicator.name]
    chosen = chosen_of(known, typed.get("indicator_id", ""))
    every = every_reading_of(db, [chosen.id]) if chosen else []
    return render(
        request, "missions/readings.html", status=status, mission=mission, indicators=known, chosen=chosen,
        measured=next((each for each in listed if chosen and each.indicator.id == chosen.id), None),
        readings=every, standing={each.id for each in still_standing(every)},
        typed=typed, errors=errors, stations=lineage.of_mission(db, mission),
        examples=readings_examples.of(f"{settings_of(request).origin}{FOR_PROGRAMS}", mission, chosen),
    )  # fmt: skip


def chosen_of(known: list[Indicator], key: str) -> Indicator | None:
    """The one in the address, or the first."""
    return next((each for each in known if str(each.id) == key), known[0] if known else None)


@router.post("")
def add(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, ReadingEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    refusal = tried(db, lambda: readings.add(db, mission, ReadingText(**entry.model_dump()), by), NotFound)
    if refusal is not None:
        return page(request, db, mission, values(form), {"at": say(refusal.phrase)}, refusal.status)
    told = _("The reading stands below. It is never changed.")
    return redirect(request, address(mission, entry.indicator_id), told)


@router.post("/file")
def add_file(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, given = viewer.id, file(form, "file")
    if given is None:
        return page(request, db, mission, {}, {"file": _("Please choose a file.")}, 422)
    limits.spend(db, Limited.IMPORT, by)
    content = given.file.read()
    refusal = tried(db, lambda: readings.from_file(db, mission, content, by), NotFound)
    if refusal is not None:
        return page(request, db, mission, {}, {"file": say(refusal.phrase)}, refusal.status)
    return redirect(request, address(mission, None), _("The readings stand below. They are never changed."))


def address(mission: Mission, indicator_id: UUID | None) -> str:
    return f"/missions/{mission.id}/readings" + (f"?indicator={indicator_id}" if indicator_id else "")


@router.post("/{reading_id}/taking-back")
def take_back(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, reading_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, key, (entry, errors) = viewer.id, record_id(reading_id), read(form, BackEntry)
    if entry is None:
        return page(request, db, mission, {}, errors, 422)
    refusal = tried(db, lambda: readings.take_back(db, mission, key, entry.reason, by), NotFound)
    if refusal is not None:
        return page(request, db, mission, {}, {"reason": say(refusal.phrase)}, refusal.status)
    told = _("The reading is taken back. It stays readable, and counts no more.")
    return redirect(request, address(mission, find(db, Reading, reading_id).indicator_id), told)
