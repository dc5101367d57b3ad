"""More indicators: of a mission that is being framed, and of the projects of one that is adopted."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.mission import Mission, every_indicator_of
from app.models.project import projects_of
from app.routers.deps import CurrentViewer, Db, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules.indicators import Doubt, told
from app.rules.missions import EDITABLE
from app.rules.texts import Limits
from app.rules.words import Direction, IndicatorLens
from app.services import indicators, lineage
from app.services.indicators import NewIndicator
from app.services.missions_edit import IndicatorDoesNotFit, IndicatorText

router = noun_router("/missions/{mission_id}/indicators")
Number = Annotated[Decimal, Field(ge=-(10**13), le=10**13)]
Line = Annotated[str, cleaned(Limits(2, 200, one_line=True))]


class YesNoEntry(FormModel):
    """What every indicator needs: a goal that is reached or not needs nothing besides who says so."""

    project_id: Annotated[UUID | None, Maybe] = None
    name: Line
    lens: IndicatorLens
    baseline_at: date
    due: date
    source: Annotated[str, cleaned(Limits(2, 300, one_line=True))]
    owner: Line
    verifier: Line

    def told(self) -> NewIndicator:
        return NewIndicator(indicators.yes_or_no(**self.shared()), self.verifier, self.project_id)

    def shared(self) -> dict[str, Any]:
        return self.model_dump(include={"name", "lens", "baseline_at", "due", "source", "owner"})


class NumberEntry(YesNoEntry):
    verifier: Annotated[str, cleaned(Limits(0, 200, one_line=True))] = ""
    unit: Annotated[str, cleaned(Limits(1, 60, one_line=True))]
    baseline: Number
    goal: Number

    def told(self) -> NewIndicator:
        direction = Direction.UP if self.goal > self.baseline else Direction.DOWN
        told = IndicatorText(
            unit=self.unit, direction=direction, baseline=self.baseline, goal=self.goal, **self.shared()
        )
        return NewIndicator(told, "", self.project_id)


def wrong(refusal: Refusal, field: str) -> dict[str, str]:
    """The sentence of a refusal, beside the field that it is about."""
    if isinstance(refusal, IndicatorDoesNotFit):
        return {"due" if each is Doubt.NO_TIME else "goal": say(told(each)) for each in refusal.doubts}
    return {field: say(refusal.phrase)}


@router.get("")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {}, {})


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    projects = projects_of(db, mission.id)
    return render(
        request, "missions/indicators.html", status=status, mission=mission, typed=typed, errors=errors,
        listed=every_indicator_of(db, mission.id), projects={each.id: each for each in projects},
        takes_mission=mission.state in EDITABLE,
        takes_projects=mission.state in indicators.TAKES_THOSE_OF_PROJECTS and bool(projects),
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


def entered(form: FormData) -> tuple[YesNoEntry | None, dict[str, str]]:
    """A number or a yes: the choice decides which fields are asked for."""
    return read(form, YesNoEntry if form.get("form_of") == "yes_or_no" else NumberEntry)


@router.post("")
def add(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, entered(form)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    refusal = tried(db, lambda: indicators.add(db, mission, entry.told(), by), NotFound)
    if refusal is not None:
        return page(request, db, mission, values(form), wrong(refusal, "name"), refusal.status)
    return redirect(request, f"/missions/{mission.id}/indicators", _("The indicator is added."))


@router.post("/{indicator_id}/removal")
def remove(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, indicator_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, key = viewer.id, record_id(indicator_id)
    refusal: Refusal | None = tried(db, lambda: indicators.remove(db, mission, key, by), NotFound)
    if refusal is not None:
        return page(request, db, mission, {}, wrong(refusal, "form"), refusal.status)
    return redirect(request, f"/missions/{mission.id}/indicators", _("The indicator is removed."))
