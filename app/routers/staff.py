"""For administrators: people, the seats they hold and for how long, and the organisation they speak for."""

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotAcceptable, Refusal
from app.i18n import _
from app.models.organisation import Organisation, names_of, organisations_named
from app.models.person import MANY, PAGE, Person, count_people, people_named
from app.models.seat import Seat, live_seats_by_person
from app.permissions import Permission
from app.routers import ending
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, needs, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import keyset, texts
from app.rules.words import Role, StakeholderGroup
from app.services import organisations, people, scopes, seats_ending

router = noun_router("/staff")
STAFF = [needs(Permission.MANAGE_PEOPLE)]
ManagedPerson = Annotated[Person, load(Person, to=Permission.MANAGE_PEOPLE)]
ManagedSeat = Annotated[Seat, load(Seat, to=Permission.MANAGE_PEOPLE)]
OFFERED = 200


class InviteEntry(FormModel):
    email: Annotated[str, Field(min_length=3, max_length=254)]
    name: Annotated[str, cleaned(texts.SHORT)] = ""
    organisation: Annotated[str, cleaned(texts.SHORT)] = ""


class SeatEntry(FormModel):
    """`sure` is asked for one role only: an administrator can seat and suspend everybody."""

    role: Role
    scope: str = "platform"
    group: Annotated[StakeholderGroup | None, Maybe] = None
    alternate_for: Annotated[UUID | None, Maybe] = None
    first_day: Annotated[date | None, Maybe] = None
    last_day: Annotated[date | None, Maybe] = None
    sure: Literal["", "yes"] = ""


class OfPersonEntry(FormModel):
    organisation: Annotated[str, cleaned(texts.SHORT)] = ""


@router.get("/people", dependencies=STAFF)
def list_people(request: Request, db: Db, q: str = "", organisation: str = "", after: str = "") -> Response:
    return people_page(request, db, q[:100], scopes.as_id(organisation), after)


def people_page(
    request: Request, db: Session, q: str = "", organisation_id: UUID | None = None, after: str = "", *,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """One page of accounts by name; a fixed number of statements however many there are."""
    start: Any = keyset.decode(after, "name", (str, UUID)) if after else None
    found = people_named(db, q, organisation_id=organisation_id, after=start, limit=PAGE + 1)
    shown = found[:PAGE]
    kept = {"q": q, "organisation": str(organisation_id or "")}
    more = (
        {"after": keyset.encode("name", (shown[-1].name.lower(), shown[-1].id))}
        if len(found) > PAGE
        else None
    )
    return render(
        request, "staff/people.html", status=422 if errors else 200, people=shown, q=q,
        seats=live_seats_by_person(db, [person.id for person in shown]),
        belongs=names_of(db, {each.organisation_id for each in shown if each.organisation_id}),
        only=db.get(Organisation, organisation_id) if organisation_id else None,
        count=count_people(db, q, organisation_id), many=MANY, is_first=not after,
        first=address_of(kept), more=address_of(kept | more) if more else None,
        organisations=organisations_named(db, limit=OFFERED), typed=typed or {}, errors=errors or {},
    )  # fmt: skip


def address_of(asked: dict[str, str]) -> str:
    told = urlencode({name: value for name, value in asked.items() if value})
    return f"/staff/people?{told}" if told else "/staff/people"


@router.post("/people", dependencies=STAFF)
def invite(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    entry, errors = read(form, InviteEntry)
    if entry is not None:
        try:
            organisation = scopes.organisation_by_name(db, entry.organisation)
            origin = settings_of(request).origin
            person, link = people.invite(db, origin, email=entry.email, name=entry.name, by=viewer.id)
            if organisation is not None:
                organisations.set_of_person(db, person, organisation.id, viewer.id)
            people.mail_invitation(db, person, link, organisation.name if organisation else "")
            told = _("An invitation to %(email)s is on its way.", email=person.email)
            return redirect(request, f"/staff/people/{person.id}", told)
        except NotAcceptable as refusal:
            unknown = isinstance(refusal, organisations.OrganisationUnknown)
            errors = {"organisation" if unknown else "email": say(refusal.phrase)}
    return people_page(request, db, typed=values(form), errors=errors)


@router.get("/people/{person_id}")
def show_person(request: Request, db: Db, person: ManagedPerson) -> Response:
    return person_page(request, db, person)


def person_page(
    request: Request, db: Session, person: Person, status: int = 200, problem: str = "",
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, *, asks_sure: bool = False,
) -> Response:  # fmt: skip
    return render(
        request, "staff/person.html", status=status, person=person, problem=problem,
        seats=scopes.named_seats(db, seats_ending.kept_seats(db, person)),
        scopes=scopes.choices(db), members=scopes.member_seats(db),
        organisation=organisations.of(db, person), organisations=organisations_named(db, limit=OFFERED),
        typed=typed or {}, errors=errors or {}, asks_sure=asks_sure,
    )  # fmt: skip


@router.post("/people/{person_id}/seats")
def give_seat(request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson, form: Form) -> Response:
    entry, errors = read(form, SeatEntry)
    if entry is None:
        return person_page(request, db, person, 422, "", values(form), errors)
    if entry.role is Role.ADMIN and not entry.sure:
        return person_page(request, db, person, 422, "", values(form), asks_sure=True)
    try:
        scope_kind, scope_id = scopes.parse(entry.scope)
        scopes.seat(
            db, person, entry.role, scope_kind, scope_id, group=entry.group, alternate_for=entry.alternate_for,
            by=viewer.id, term=people.term_of(entry.first_day, entry.last_day),
        )  # fmt: skip
    except Refusal as refusal:
        db.rollback()
        return person_page(request, db, person, refusal.status, say(refusal.phrase), values(form))
    return redirect(request, f"/staff/people/{person.id}", _("The seat is given."))


def crumbs(db: Session, person_id: UUID) -> list[tuple[str, str]]:
    return [
        (_("People"), "/staff/people"),
        (db.get_one(Person, person_id).name, f"/staff/people/{person_id}"),
    ]


@router.get("/seats/{seat_id}/end")
def ask_end_seat(request: Request, db: Db, seat: ManagedSeat) -> Response:
    return ending.ask(request, db, seat, crumbs(db, seat.person_id))


@router.post("/seats/{seat_id}/end")
def end_seat(request: Request, db: Db, viewer: CurrentViewer, seat: ManagedSeat, form: Form) -> Response:
    return ending.end(request, db, seat, form, viewer.id, crumbs(db, seat.person_id))


@router.post("/people/{person_id}/organisation")
def set_organisation(
    request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson, form: Form
) -> Response:
    entry, errors = read(form, OfPersonEntry)
    if entry is not None:
        try:
            found = scopes.organisation_by_name(db, entry.organisation)
            organisations.set_of_person(db, person, found.id if found else None, viewer.id)
            return redirect(request, f"/staff/people/{person.id}", said_of(person, found))
        except organisations.OrganisationUnknown as refusal:
            errors = {"organisation": say(refusal.phrase)}
    return person_page(request, db, person, 422, "", values(form), errors)


def said_of(person: Person, organisation: Organisation | None) -> str:
    if organisation is None:
        return _("%(name)s speaks for nobody else.", name=person.name)
    return _("%(name)s can speak for %(organisation)s.", name=person.name, organisation=organisation.name)


@router.get("/people/{person_id}/suspension")
def ask_suspension(request: Request, db: Db, person: ManagedPerson) -> Response:
    return suspension_page(request, db, person)


def suspension_page(
    request: Request, db: Session, person: Person, problem: str = "", status: int = 200
) -> Response:
    return render(
        request, "staff/suspension.html", status=status, person=person, problem=problem,
        votes=seats_ending.votes_of(db, person),
    )  # fmt: skip


@router.post("/people/{person_id}/suspension")
def suspend(request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson) -> Response:
    assert viewer.id is not None
    try:
        people.suspend(db, person, viewer.id)
    except people.LastAdministrator as refusal:
        db.rollback()
        return suspension_page(request, db, person, say(refusal.phrase), refusal.status)
    return redirect(request, f"/staff/people/{person.id}", _("The account is suspended."))


@router.post("/people/{person_id}/restoration")
def restore(request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson) -> Response:
    assert viewer.id is not None
    people.restore(db, person, viewer.id)
    return redirect(request, f"/staff/people/{person.id}", _("The account works again."))
