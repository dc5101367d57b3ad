"""For administrators: people, their seats, and organisations."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app.errors import NotAcceptable, Refusal
from app.i18n import _
from app.models.organisation import all_organisations
from app.models.person import Person, people_named
from app.models.seat import Seat, live_seats_by_person, live_seats_of
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, needs, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.words import Role, StakeholderGroup
from app.services import people, scopes

router = noun_router("/staff")
STAFF = [needs(Permission.MANAGE_PEOPLE)]
ManagedPerson = Annotated[Person, load(Person, to=Permission.MANAGE_PEOPLE)]
ManagedSeat = Annotated[Seat, load(Seat, to=Permission.MANAGE_PEOPLE)]


class InviteEntry(FormModel):
    email: Annotated[str, Field(min_length=3, max_length=254)]
    name: Annotated[str, cleaned(texts.SHORT)] = ""


class SeatEntry(FormModel):
    role: Role
    scope: str = "platform"
    group: Annotated[StakeholderGroup | None, Maybe] = None
    alternate_for: Annotated[UUID | None, Maybe] = None


class OrganisationEntry(FormModel):
    name: Annotated[str, cleaned(texts.TITLE)]
    group: StakeholderGroup
    place: Annotated[str, cleaned(texts.PLACE)] = ""


@router.get("/people", dependencies=STAFF)
def list_people(request: Request, db: Db, q: str = "") -> Response:
    found = people_named(db, q[:100])
    seats = live_seats_by_person(db, [person.id for person in found])
    return render(request, "staff/people.html", people=found, seats=seats, q=q[:100], typed={}, errors={})


@router.post("/people", dependencies=STAFF)
def invite(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    entry, errors = read(form, InviteEntry)
    if entry is not None:
        try:
            person, link = people.invite(
                db, settings_of(request).origin, email=entry.email, name=entry.name, by=viewer.id
            )
            people.mail_invitation(db, person, link)
            told = _("An invitation to %(email)s is on its way.", email=person.email)
            return redirect(request, f"/staff/people/{person.id}", told)
        except NotAcceptable as refusal:
            errors = {"email": say(refusal.phrase)}
    facts = {"people": [], "seats": {}, "q": "", "typed": values(form), "errors": errors}
    return render(request, "staff/people.html", status=422, **facts)


@router.get("/people/{person_id}")
def show_person(request: Request, db: Db, person: ManagedPerson) -> Response:
    return person_page(request, db, person)


def person_page(
    request: Request,
    db: Db,
    person: Person,
    status: int = 200,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "staff/person.html",
        status=status,
        person=person,
        seats=scopes.named_seats(db, live_seats_of(db, person.id)),
        scopes=scopes.choices(db),
        members=scopes.member_seats(db),
        typed=typed or {},
        problem=problem,
    )


@router.post("/people/{person_id}/seats")
def give_seat(request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson, form: Form) -> Response:
    entry, errors = read(form, SeatEntry)
    if entry is None:
        return person_page(request, db, person, 422, " ".join(errors.values()), values(form))
    try:
        scope_kind, scope_id = scopes.parse(entry.scope)
        people.give_seat(
            db, person, entry.role, scope_kind, scope_id,
            group=entry.group, alternate_for=entry.alternate_for, by=viewer.id,
        )  # fmt: skip
    except Refusal as refusal:
        return person_page(request, db, person, refusal.status, say(refusal.phrase), values(form))
    return redirect(request, f"/staff/people/{person.id}", _("The seat is given."))


@router.post("/seats/{seat_id}/end")
def end_seat(request: Request, db: Db, viewer: CurrentViewer, seat: ManagedSeat) -> Response:
    people.end_seat(db, seat, by=viewer.id)
    return redirect(request, f"/staff/people/{seat.person_id}", _("The seat has ended."))


@router.post("/people/{person_id}/suspension")
def suspend(request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson) -> Response:
    assert viewer.id is not None
    people.suspend(db, person, viewer.id)
    return redirect(request, f"/staff/people/{person.id}", _("The account is suspended."))


@router.post("/people/{person_id}/restoration")
def restore(request: Request, db: Db, viewer: CurrentViewer, person: ManagedPerson) -> Response:
    assert viewer.id is not None
    people.restore(db, person, viewer.id)
    return redirect(request, f"/staff/people/{person.id}", _("The account works again."))


@router.get("/organisations", dependencies=[needs(Permission.MANAGE_ORGANISATIONS)])
def list_organisations(request: Request, db: Db) -> Response:
    return render(
        request, "staff/organisations.html", organisations=all_organisations(db), typed={}, errors={}
    )


@router.post("/organisations", dependencies=[needs(Permission.MANAGE_ORGANISATIONS)])
def add_organisation(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    entry, errors = read(form, OrganisationEntry)
    if entry is not None:
        try:
            people.add_organisation(db, name=entry.name, group=entry.group, place=entry.place, by=viewer.id)
            return redirect(request, "/staff/organisations", _("The organisation is added."))
        except people.NameTaken as refusal:
            errors = {"name": say(refusal.phrase)}
    return render(
        request, "staff/organisations.html", status=422, organisations=all_organisations(db),
        typed=values(form), errors=errors,
    )  # fmt: skip
