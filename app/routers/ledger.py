"""The ledger of a mission: every line of money, what those that count come to, and the form for another line."""

import csv
import io
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import AfterValidator, Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.mission import Mission
from app.models.organisation import all_organisations
from app.routers.deps import CurrentViewer, Db, noun_router
from app.routers.forms import Form, FormModel, Maybe, Problem, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules.texts import Limits
from app.rules.words import Certainty, MoneyKind, StakeholderGroup
from app.services import ledger, lineage, missions_numbers, portfolio
from app.services.missions_numbers import MoneyText

router = noun_router("/missions/{mission_id}/money")


def three_letters(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Problem(_("Write the currency as three letters, for example CLP or EUR."))
    return code.upper()


class MoneyEntry(FormModel):
    kind: MoneyKind
    source: Annotated[str, cleaned(Limits(2, 300, one_line=True))]
    source_group: Annotated[StakeholderGroup | None, Maybe] = None
    organisation_id: Annotated[UUID | None, Maybe] = None
    project_id: Annotated[UUID | None, Maybe] = None
    year: Annotated[int, Field(ge=1900, le=2200)]
    amount: Annotated[Decimal, Field(ge=0, le=10**15, decimal_places=2)]
    currency: Annotated[str, AfterValidator(three_letters)]
    certainty: Certainty
    replaces_id: Annotated[UUID | None, Maybe] = None


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    return render(
        request, "missions/money.html", status=status, mission=mission, told=ledger.told(db, mission),
        projects=portfolio.titles(db, mission), organisations=all_organisations(db), typed=typed, errors=errors,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("")
def show(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {}, {})


@router.get("/lines.csv")
def file(db: Db, mission: ToRead) -> Response:
    """Every line as a file, made anew each time."""
    text = io.StringIO()
    csv.writer(text).writerows(ledger.table(ledger.told(db, mission)))
    headers = {"Content-Disposition": 'attachment; filename="money.csv"', "Cache-Control": "no-store"}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("")
def add(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, MoneyEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    typed = MoneyText(**entry.model_dump())
    refusal = tried(db, lambda: missions_numbers.add_money(db, mission, typed, by), NotFound)
    if refusal is not None:
        return page(request, db, mission, values(form), {"kind": say(refusal.phrase)}, refusal.status)
    told = _("The line stands below. It is never changed.")
    return redirect(request, f"/missions/{mission.id}/money", told)
