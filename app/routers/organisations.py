"""For administrators: organisations, found by name, opened, added and changed."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.organisation import MANY, PAGE, Organisation, count_organisations, organisations_named
from app.models.person import count_people
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, needs, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import keyset, texts
from app.rules.words import StakeholderGroup
from app.services import organisations
from app.services.organisations import ChangedMeanwhile, NameTaken, OrganisationText

router = noun_router("/staff/organisations")
STAFF = [needs(Permission.MANAGE_ORGANISATIONS)]
Managed = Annotated[Organisation, load(Organisation, to=Permission.MANAGE_ORGANISATIONS)]


class OrganisationEntry(FormModel):
    name: Annotated[str, cleaned(texts.TITLE)]
    group: StakeholderGroup
    place: Annotated[str, cleaned(texts.PLACE)] = ""

    def text(self) -> OrganisationText:
        return OrganisationText(self.name, self.group, self.place)


class VersionEntry(FormModel):
    version: Annotated[int, Field(ge=1, le=1_000_000)]


@router.get("", dependencies=STAFF)
def index(request: Request, db: Db, q: str = "", after: str = "") -> Response:
    return listing(request, db, q[:100], after)


def listing(
    request: Request, db: Session, q: str = "", after: str = "", *,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    start: Any = keyset.decode(after, "name", (str, UUID)) if after else None
    found = organisations_named(db, q, after=start, limit=PAGE + 1)
    shown = found[:PAGE]
    more = (
        {"after": keyset.encode("name", (shown[-1].name.lower(), shown[-1].id))}
        if len(found) > PAGE
        else None
    )
    return render(
        request, "staff/organisations.html", status=422 if errors else 200, organisations=shown, q=q,
        count=count_organisations(db, q), many=MANY, is_first=not after, first=address_of({"q": q}),
        more=address_of({"q": q} | more) if more else None, typed=typed or {}, errors=errors or {},
    )  # fmt: skip


def address_of(asked: dict[str, str]) -> str:
    told = urlencode({name: value for name, value in asked.items() if value})
    return f"/staff/organisations?{told}" if told else "/staff/organisations"


@router.post("", dependencies=STAFF)
def add(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    entry, errors = read(form, OrganisationEntry)
    if entry is not None:
        try:
            made = organisations.add(db, entry.text(), viewer.id)
            return redirect(request, f"/staff/organisations/{made.id}", _("The organisation is added."))
        except NameTaken as refusal:
            errors = {"name": say(refusal.phrase)}
    return listing(request, db, typed=values(form), errors=errors)


@router.get("/{organisation_id}")
def show(request: Request, db: Db, organisation: Managed) -> Response:
    return page(request, db, organisation, typed_of(organisation))


def typed_of(organisation: Organisation) -> dict[str, str]:
    return {
        "name": organisation.name,
        "group": organisation.group.value,
        "place": organisation.place,
        "version": str(organisation.version),
    }


def page(
    request: Request, db: Session, organisation: Organisation, typed: dict[str, str], *,
    errors: dict[str, str] | None = None, problem: str = "", status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "staff/organisation.html", status=status, organisation=organisation, typed=typed,
        errors=errors or {}, problem=problem, people=organisations.some_people(db, organisation),
        count=count_people(db, "", organisation.id), many=MANY,
    )  # fmt: skip


@router.post("/{organisation_id}")
def edit(request: Request, db: Db, viewer: CurrentViewer, organisation: Managed, form: Form) -> Response:
    entry, errors = read(form, OrganisationEntry)
    seen, more = read(form, VersionEntry)
    typed = values(form)
    if entry is None or seen is None:
        return page(request, db, organisation, typed, errors=errors | more, status=422)
    try:
        organisations.edit(db, organisation, entry.text(), seen.version, viewer.id)
    except NameTaken as refusal:
        db.rollback()
        return page(request, db, organisation, typed, errors={"name": say(refusal.phrase)}, status=409)
    except ChangedMeanwhile as refusal:
        typed["version"] = str(organisation.version)
        return page(request, db, organisation, typed, problem=say(refusal.phrase), status=409)
    return redirect(request, f"/staff/organisations/{organisation.id}", _("The organisation is changed."))
