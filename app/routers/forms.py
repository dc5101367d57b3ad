"""Forms: read into an input model; what is wrong comes back beside each field, with everything typed kept."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from app.errors import Refusal
from app.i18n import _
from app.routers.pages import say
from app.rules import texts
from app.rules.phases import OUR_TIME
from app.rules.texts import Limits
from app.rules.words import N_
from app.services.passwords import LONGEST

Entry = TypeVar("Entry", bound=BaseModel)


class FormModel(BaseModel):
    """Base of input models: unknown fields are ignored, never stored; blank means absent."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)


async def form_data(request: Request) -> FormData:
    return await request.form()


Form = Annotated[FormData, Depends(form_data)]


class Problem(ValueError):
    """A validator's message, already a sentence for the person."""


def cleaned(limits: Limits) -> BeforeValidator:
    """A text field: normalised, within its limits, or refused with the reason."""

    def check(raw: object) -> str:
        result = texts.clean(raw if isinstance(raw, str) else "", limits)
        if result.problem is not None:
            raise Problem(say(result.problem))
        return result.text

    return BeforeValidator(check)


def blank_is_none(raw: object) -> object:
    return None if isinstance(raw, str) and not raw.strip() else raw


Maybe = BeforeValidator(blank_is_none)


def in_our_time(moment: datetime | None) -> datetime | None:
    """A year at either end of the calendar cannot be told in every zone, and every page would try."""
    if moment is not None and moment.year not in OUR_TIME:
        raise Problem(_("This is not right; please check it."))
    return moment


Moment = Annotated[datetime | None, Maybe, AfterValidator(in_our_time)]
Password = Annotated[str, Field(min_length=10, max_length=LONGEST)]


def password_words(errors: dict[str, str]) -> dict[str, str]:
    if "password" in errors:
        errors["password"] = _("Please choose a password of at least ten characters.")
    return errors


SENTENCES = {
    "missing": N_("Please fill this in."),
    "enum": N_("Please choose one of the options."),
    "literal_error": N_("Please choose one of the options."),
    "int_parsing": N_("Please write a whole number."),
    "decimal_parsing": N_("Please write a number, with a point before the decimals."),
    "date_from_datetime_parsing": N_("Please write a date."),
    "date_parsing": N_("Please write a date."),
    "datetime_from_date_parsing": N_("Please write a date and a time."),
    "datetime_parsing": N_("Please write a date and a time."),
    "uuid_parsing": N_("Please choose one of the options."),
    "string_too_long": N_("This is too long."),
}


def values(form: FormData) -> dict[str, str]:
    """What was typed, to show it again; the last value of a repeated field, files and NULs left out."""
    return {name: value.replace("\0", "") for name, value in form.multi_items() if isinstance(value, str)}


def uuid_of(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None


def pairs_of(form: FormData) -> list[tuple[UUID, UUID]]:
    """`pair` fields as `item:seat`; anything else is left out."""
    halves = [str(each).partition(":") for each in form.getlist("pair")]
    found = [(uuid_of(item), uuid_of(seat)) for item, _colon, seat in halves]
    return [(item, seat) for item, seat in found if item and seat]


def file(form: FormData, name: str) -> UploadFile | None:
    found = form.get(name)
    return found if isinstance(found, UploadFile) and found.filename else None


def read(form: FormData | Mapping[str, Any], model: type[Entry]) -> tuple[Entry | None, dict[str, str]]:
    """The entry, or the sentence for each wrong field."""
    given = (
        {name: form.getlist(name) if is_many(model, name) else form[name] for name in form}
        if isinstance(form, FormData)
        else dict(form)
    )
    try:
        return model.model_validate(given), {}
    except ValidationError as error:
        return None, {str(e["loc"][0]) if e["loc"] else "form": sentence(e) for e in error.errors()}


def is_many(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and str(field.annotation).startswith(("list", "tuple", "frozenset", "set"))


def sentence(error: Mapping[str, Any]) -> str:
    problem = error.get("ctx", {}).get("error")
    if isinstance(problem, ValueError):
        return str(problem)
    return _(SENTENCES.get(error["type"], N_("This is not right; please check it.")))


def in_zone(typed: datetime, zone: str) -> datetime:
    """An instant from a wall clock in a zone; in the hour that autumn repeats, the first one."""
    return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def tried(db: Session, act: Callable[[], Any], *through: type[Refusal]) -> Refusal | None:
    """Do it, or undo it and answer the refusal, for a page that shows it beside its form; `through` are not caught."""
    try:
        act()
    except through:
        raise
    except Refusal as refusal:
        db.rollback()
        return refusal
    return None
