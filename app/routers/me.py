"""My page: what I am told, my profile, my password, and where I am signed in."""

from typing import Annotated, Literal

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.i18n import _
from app.models.person import Person
from app.permissions import Permission
from app.routers.cookies import YEAR_SECONDS, settings_of
from app.routers.deps import CurrentViewer, Db, needs, noun_router
from app.routers.forms import Form, FormModel, Maybe, Password, cleaned, password_words, read, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.names import NameReserved
from app.rules.words import StakeholderGroup
from app.services import (
    accounts,
    committees_bench,
    notifications,
    organisations,
    owed,
    project_sides,
    sign_ins,
)

router = noun_router("/me")
OWN = [needs(Permission.READ_OWN)]


class ProfileEntry(FormModel):
    name: Annotated[str, cleaned(texts.NAME)]
    locale: Literal["en", "es"]
    group: Annotated[StakeholderGroup | None, Maybe] = None
    place: Annotated[str, cleaned(texts.PLACE)] = ""


class PasswordEntry(FormModel):
    old_password: Annotated[str, Field(min_length=1)]
    password: Password


@router.get("", dependencies=OWN)
def mine(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    sided = project_sides.of(db, viewer)
    return render(
        request,
        "me/show.html",
        person=viewer.person,
        seats=notifications.seats_in_words(db, viewer),
        to_do=committees_bench.to_do(db, viewer),
        owed=owed.of(db, viewer, sided),
        sided=sided,
        unread=notifications.latest(db, viewer.person.id, 5),
    )


@router.get("/notifications", dependencies=OWN)
def told(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    rows = notifications.latest(db, viewer.person.id, 100)
    return render(request, "me/notifications.html", told=rows, declined=viewer.person.declined_mails)


@router.post("/notifications/mails", dependencies=OWN)
def choose_mails(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    assert viewer.person is not None
    accounts.choose_mails(db, viewer.person, {str(each) for each in form.getlist("wanted")})
    return redirect(request, "/me/notifications", _("Your choice of letters is kept."))


@router.post("/notifications/reading", dependencies=OWN)
def mark_read(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    notifications.mark_read(db, viewer.person.id)
    return redirect(request, "/me/notifications")


@router.get("/profile", dependencies=OWN)
def profile(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    return profile_page(request, db, viewer.person, typed_of(viewer.person))


def typed_of(person: Person) -> dict[str, str]:
    return {"name": person.name, "locale": person.locale, "group": person.group or "", "place": person.place}


def profile_page(
    request: Request, db: Session, person: Person, typed: dict[str, str], errors: dict[str, str] | None = None
) -> Response:
    return render(
        request, "me/profile.html", status=422 if errors else 200, person=person,
        organisation=organisations.spoken_for(db, person), named=organisations.of(db, person),
        typed=typed, errors=errors or {},
    )  # fmt: skip


@router.post("/profile", dependencies=OWN)
def edit_profile(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, ProfileEntry)
    if entry is not None:
        try:
            accounts.edit_profile(db, viewer.person, **entry.model_dump())
            response = redirect(request, "/me/profile", _("Your profile is changed."))
            response.set_cookie("language", entry.locale, max_age=YEAR_SECONDS, path="/", samesite="lax")
            return response
        except NameReserved as refusal:
            errors = {"name": say(refusal.phrase)}
    return profile_page(request, db, viewer.person, values(form), errors)


@router.post("/password", dependencies=OWN)
def change_password(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, PasswordEntry)
    if entry is not None:
        try:
            accounts.change_password(db, viewer.person, entry.old_password, entry.password, viewer.session_id)
            return redirect(
                request, "/me/profile", _("Your password is changed; other browsers are signed out.")
            )
        except accounts.WrongPassword:
            errors = {"old_password": _("This is not your present password.")}
    return profile_page(request, db, viewer.person, typed_of(viewer.person), password_words(errors))


@router.post("/sessions/end", dependencies=OWN)
def end_other_sessions(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    sign_ins.end_all(db, viewer.person.id, keep=viewer.session_id)
    return redirect(request, "/me/profile", _("Other browsers are signed out."))


@router.post("/confirmation", dependencies=OWN)
def send_confirmation_again(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    assert viewer.person is not None
    accounts.confirm_again(db, viewer, settings_of(request).origin)
    return redirect(request, "/me", _("A new letter is on its way."))
