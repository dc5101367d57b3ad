"""The parts of an offer that are lists: criteria, stages and conditions; and its terms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from uuid import uuid4

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.models.condition import Condition
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.offer_desk import VersionEntry, desk
from app.routers.pages import redirect, say
from app.rules import offers as rules
from app.rules import texts
from app.rules.offers import Criterion, Stage
from app.rules.texts import Limits
from app.rules.words import ConditionKind
from app.services import offers, offers_edit
from app.services.offers_edit import ConditionText

router = noun_router("/calls/{call_id}/offer")
ToRead = Annotated[Call, load(Call, to=Permission.EDIT_OFFER)]
Row = TypeVar("Row", bound=BaseModel)
BLANK_ROWS = 3


class CriterionEntry(FormModel):
    id: Annotated[str, Field(max_length=32, pattern="^[0-9a-z]*$")] = ""
    title: Annotated[str, cleaned(texts.TITLE)]
    question: Annotated[str, cleaned(Limits(3, 1000))]
    help: Annotated[str, cleaned(Limits(0, 1000))] = ""
    weight: Annotated[int, Field(ge=1, le=100)]
    words: Annotated[int, Field(ge=10, le=5000)] = rules.USUAL_WORDS

    def criterion(self) -> Criterion:
        return Criterion(
            self.id or uuid4().hex[:8], self.title, self.question, self.help, self.weight, self.words
        )


class StageEntry(FormModel):
    title: Annotated[str, cleaned(texts.TITLE)]
    due: date
    deliverable: Annotated[str, cleaned(Limits(3, 1000))]


class TermsEntry(VersionEntry):
    text: Annotated[str, cleaned(Limits(20, 20_000))]


class ConditionEntry(VersionEntry):
    kind: ConditionKind
    clause: Annotated[str, cleaned(Limits(10, 2000))]
    parameter: Annotated[str, cleaned(texts.SHORT)] = ""
    due: Annotated[date | None, Maybe] = None
    compare: Literal["yes", "at_least", "at_most"] = "yes"
    what: Annotated[str, cleaned(texts.SHORT)] = ""
    value: Annotated[Annotated[Decimal, Field(max_digits=20, decimal_places=6)] | None, Maybe] = None
    unit: Annotated[str, cleaned(texts.SOURCE)] = ""

    def text(self) -> ConditionText:
        value = None if self.value is None else str(self.value)
        test: dict[str, Any] = {"compare": self.compare, "what": self.what, "value": value, "unit": self.unit}
        test |= {"every": 0, "until": None}
        return ConditionText(self.kind, self.clause, self.parameter, self.due, test)


def rows_in(form: FormData, names: Sequence[str], most: int) -> list[tuple[int, dict[str, str]]]:
    """The rows of a form whose fields are called `title_0`, `title_1`; a row without its first field is left out."""
    found = []
    for place in range(most):
        row = {name: str(form.get(f"{name}_{place}", "")) for name in names}
        if row[names[0]].strip():
            found.append((place, row))
    return found


def read_rows(
    form: FormData, model: type[Row], names: Sequence[str], most: int
) -> tuple[list[Row], dict[str, str]]:
    """Every row, or the sentence for each wrong field under the name that it has in its row."""
    read_so_far: list[Row] = []
    errors: dict[str, str] = {}
    for place, row in rows_in(form, names, most):
        entry, wrong = read({name: told for name, told in row.items() if told.strip()}, model)
        errors |= {f"{name}_{place}": sentence for name, sentence in wrong.items()}
        if entry is not None:
            read_so_far.append(entry)
    return read_so_far, errors


def typed_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{name}_{place}": told for place, row in enumerate(rows) for name, told in row.items()}


def count_rows(typed: Mapping[str, Any], first: str, most: int) -> int:
    """How many rows the form shows: those filled in, and a few more."""
    filled = [place for place in range(most) if str(typed.get(f"{first}_{place}", "")).strip()]
    return min(most, (filled[-1] + 1 if filled else 0) + BLANK_ROWS)


def version_in(form: FormData) -> int:
    entry, _errors = read(form, VersionEntry)
    return entry.version if entry else 0


def rows_page(
    request: Request,
    db: Session,
    call: Call,
    part: str,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int,
) -> Response:
    most = rules.MOST_CRITERIA if part == "criteria" else rules.MOST_STAGES
    typed.setdefault("version", offers.offer_of(db, call).version)
    return desk(request, db, call, part, typed, errors, status, rows=range(count_rows(typed, "title", most)))


def keep_rows(
    request: Request, db: Session, call: Call, form: FormData, part: str, errors: dict[str, str],
    act: Callable[[], Any], following: str,
) -> Response:  # fmt: skip
    """Save one list, or show it again with everything typed and what is wrong."""
    status = 422
    if not errors:
        refusal = tried(db, act, NotFound)
        if refusal is None:
            return redirect(request, f"/calls/{call.id}/offer/{following}", _("Saved."))
        errors, status = {"form": say(refusal.phrase)}, refusal.status
    return rows_page(request, db, call, part, dict(values(form)), errors, status)


@router.get("/criteria")
def criteria_page(request: Request, db: Db, call: ToRead) -> Response:
    offer = offers.offer_of(db, call)
    return rows_page(request, db, call, "criteria", typed_rows(offer.criteria), {}, 200)


@router.post("/criteria")
def keep_criteria(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    assert viewer.id is not None
    by, names = viewer.id, ("title", "id", "question", "help", "weight", "words")
    entries, errors = read_rows(form, CriterionEntry, names, rules.MOST_CRITERIA)
    wanted = [each.criterion() for each in entries]
    return keep_rows(
        request, db, call, form, "criteria", errors,
        lambda: offers_edit.set_criteria(db, call, wanted, version_in(form), by), "stages",
    )  # fmt: skip


@router.get("/stages")
def stages_page(request: Request, db: Db, call: ToRead) -> Response:
    offer = offers.offer_of(db, call)
    return rows_page(request, db, call, "stages", typed_rows(offer.stages), {}, 200)


@router.post("/stages")
def keep_stages(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    assert viewer.id is not None
    by = viewer.id
    entries, errors = read_rows(form, StageEntry, ("title", "due", "deliverable"), rules.MOST_STAGES)
    wanted = [Stage(each.title, each.due, each.deliverable) for each in entries]
    return keep_rows(
        request, db, call, form, "stages", errors,
        lambda: offers_edit.set_stages(db, call, wanted, version_in(form), by), "conditions",
    )  # fmt: skip


def conditions_page(
    request: Request,
    db: Session,
    call: Call,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    typed.setdefault("version", offers.offer_of(db, call).version)
    listed = offers_edit.conditions_of(db, call.id)
    return desk(request, db, call, "conditions", typed, errors, status, listed=listed)


@router.get("/conditions")
def show_conditions(request: Request, db: Db, call: ToRead) -> Response:
    return conditions_page(request, db, call, {}, {})


@router.post("/conditions")
def add_condition(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, ConditionEntry)
    if entry is not None and (entry.compare == "yes") is not (entry.value is None):
        entry, errors = None, {"value": _("A number is needed to compare with, and only then.")}
    if entry is None:
        return conditions_page(request, db, call, dict(values(form)), errors, 422)
    text, version = entry.text(), entry.version
    refusal = tried(db, lambda: offers_edit.add_condition(db, call, text, version, by), NotFound)
    if refusal is not None:
        return conditions_page(
            request, db, call, dict(values(form)), {"form": say(refusal.phrase)}, refusal.status
        )
    return redirect(
        request, f"/calls/{call.id}/offer/conditions", _("Every contract of this call starts from it.")
    )


@router.post("/conditions/{condition_id}/removal")
def remove_condition(
    request: Request, db: Db, viewer: CurrentViewer, call: ToRead, condition_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, condition, version = viewer.id, find(db, Condition, condition_id), version_in(form)
    if condition.call_id != call.id:
        raise NotFound()
    refusal = tried(db, lambda: offers_edit.remove_condition(db, call, condition, version, by), NotFound)
    if refusal is not None:
        return conditions_page(request, db, call, {}, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/calls/{call.id}/offer/conditions", _("The condition is removed."))


def terms_page(
    request: Request,
    db: Session,
    call: Call,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    return desk(request, db, call, "terms", typed, errors, status, versions=offers.versions_of(db, call.id))


@router.get("/terms")
def show_terms(request: Request, db: Db, call: ToRead) -> Response:
    known = offers.latest_terms(db, call.id)
    typed = {"version": offers.offer_of(db, call).version, "text": known.text if known else ""}
    return terms_page(request, db, call, typed, {})


@router.post("/terms")
def keep_terms(request: Request, db: Db, viewer: CurrentViewer, call: ToRead, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, TermsEntry)
    if entry is None:
        return terms_page(request, db, call, dict(values(form)), errors, 422)
    text, version = entry.text, entry.version
    refusal = tried(db, lambda: offers_edit.set_terms(db, call, text, version, by), NotFound)
    if refusal is not None:
        return terms_page(
            request, db, call, dict(values(form)), {"form": say(refusal.phrase)}, refusal.status
        )
    return redirect(request, f"/calls/{call.id}", _("Saved. This is how people will see it."))
