"""Readings for programs: the ones that stand as JSON for everyone, and new ones from whoever steers, by a token."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from app.errors import NotAcceptable
from app.routers.cookies import FOR_PROGRAMS, bearer
from app.routers.deps import CurrentViewer, Db, noun_router
from app.routers.forms import cleaned
from app.routers.mission_asked import ToRead, ToSteer
from app.rules.rates import Limited
from app.rules.reading_files import SOURCE
from app.rules.words import N_
from app.services import limits, missions, progress, readings
from app.services.progress import Measured
from app.services.readings import ReadingText

router = noun_router(FOR_PROGRAMS + "missions/{mission_id}/readings")
Number = Annotated[Decimal, Field(ge=-(10**13), le=10**13)]


class NoReadings(NotAcceptable):
    sentence: ClassVar[str] = N_("These are no readings that can be entered. %(where)s: %(problem)s")


class ReadingBody(BaseModel):
    """One reading; `replaces` is the id of the one it corrects. What else is sent is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: UUID
    at: date
    value: Number
    low: Number | None = None
    high: Number | None = None
    source: Annotated[str, Field(min_length=2, max_length=300, pattern=r"^[^\x00-\x1f]*$"), cleaned(SOURCE)]
    forecast: bool = False
    replaces: UUID | None = None

    def told(self) -> ReadingText:
        return ReadingText(
            self.at, self.value, self.low, self.high, self.source, self.replaces, self.forecast, False,
            self.indicator,
        )  # fmt: skip


class ReadingsBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    readings: Annotated[list[ReadingBody], Field(min_length=1, max_length=500)]


def read(content: bytes) -> ReadingsBody:
    try:
        return ReadingsBody.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        raise NoReadings(where=where or "body", problem=first["msg"]) from error


@router.get("")
def index(db: Db, mission: ToRead) -> Response:
    listed = [plain(each) for each in progress.of_mission(db, mission)]
    return JSONResponse({"mission": str(mission.id), "indicators": listed})


def plain(told: Measured) -> dict[str, Any]:
    """An indicator with what stands of its readings; numbers are text, so that none loses a digit."""
    course = told.course
    return {
        "id": str(told.indicator.id),
        "project": str(told.indicator.project_id) if told.indicator.project_id else None,
        **missions.indicator_plain(told.indicator),
        "is_met": course.is_met if course else False,
        "share": round(float(course.share), 6) if course and course.share is not None else None,
        "outlook": [missions.decimal(each) for each in course.outlook] if course and course.outlook else None,
        "readings": [
            {
                "id": str(each.id),
                "at": each.at.isoformat(),
                "value": missions.decimal(each.value),
                "low": missions.decimal(each.low),
                "high": missions.decimal(each.high),
                "forecast": each.is_forecast,
                "source": each.source,
                "replaces": str(each.replaces_id) if each.replaces_id else None,
            }
            for each in told.readings
        ],
    }


async def sent(request: Request) -> bytes:
    """What a program sent; a browser, which has no token of a program, sends nothing here."""
    return await request.body() if bearer(request) else b""


@router.post("")
def add(
    db: Db, viewer: CurrentViewer, mission: ToSteer, content: Annotated[bytes, Depends(sent)]
) -> Response:
    """All of them, or none; what is wrong with them is asked after who sends them."""
    assert viewer.id is not None
    body = read(content)
    limits.spend(db, Limited.READINGS, viewer.id)
    made = readings.add_many(db, mission, [each.told() for each in body.readings], viewer.id)
    return JSONResponse({"readings": [str(each.id) for each in made]}, 201)
