"""Signing up, in and out; choosing a new password; the single-use links that mail carries."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _, current
from app.routers import cookies
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, noun_router, public
from app.routers.forms import Form, FormModel, Maybe, Password, cleaned, password_words, read, values
from app.routers.pages import local_path, redirect, render, say
from app.rules import texts
from app.rules.words import LinkPurpose, StakeholderGroup
from app.services import accounts, drafts, links, sign_ins

router = noun_router()


class SignUpEntry(FormModel):
    email: Annotated[str, Field(min_length=3, max_length=254)]
    name: Annotated[str, cleaned(texts.NAME)]
    password: Password
    group: Annotated[StakeholderGroup | None, Maybe] = None
    place: Annotated[str, cleaned(texts.PLACE)] = ""


class NewPassword(FormModel):
    password: Password
    name: Annotated[str, cleaned(texts.SHORT)] = ""


@router.get("/sign-in")
@public("how one becomes somebody")
def sign_in_page(request: Request, viewer: CurrentViewer, next: str = "/") -> Response:  # noqa: A002
    if viewer.is_signed_in:
        return redirect(request, local_path(next))
    return render(request, "sign_in/sign_in.html", back=local_path(next), typed={}, problem="")


@router.post("/sign-in")
@public("how one becomes somebody")
def sign_in(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    typed, back = values(form), local_path(str(form.get("next", "/")))
    try:
        person, token = accounts.sign_in(db, viewer, typed.get("email", ""), typed.get("password", ""))
    except accounts.WrongPassword as refusal:
        return render(
            request, "sign_in/sign_in.html", status=422, back=back, typed=typed, problem=say(refusal.phrase)
        )
    drafts.adopt(db, viewer, person)
    return enter(request, back, token)


def enter(request: Request, to: str, token: str, notice: str = "") -> Response:
    cookies.renew_visitor(request)
    response = redirect(request, to, notice)
    cookies.put(request, response, "session", token, int(sign_ins.ABSOLUTE.total_seconds()))
    return response


@router.post("/sign-out")
@public("ends only the asker's own session")
def sign_out(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    if viewer.session_id is not None:
        sign_ins.end(db, viewer.session_id)
    # On a shared computer the next person finds neither pages nor what was being typed, in whatever window.
    cookies.renew_visitor(request)
    response = redirect(request, "/", _("You are signed out."))
    cookies.drop(request, response, "session")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.get("/sign-up")
@public("how one becomes somebody")
def sign_up_page(request: Request, next: str = "/") -> Response:  # noqa: A002
    return render(request, "sign_in/sign_up.html", back=local_path(next), typed={}, errors={})


@router.post("/sign-up")
@public("how one becomes somebody")
def sign_up(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    entry, errors = read(form, SignUpEntry)
    back = local_path(str(form.get("next", "/")))
    if entry is not None:
        try:
            accounts.sign_up(db, viewer, settings_of(request).origin, locale=current(), **entry.model_dump())
            return redirect(request, f"/sign-in?next={back}", told_after_sign_up(entry.email))
        except Refusal as refusal:
            errors = {
                "email" if isinstance(refusal, accounts.AddressNotValid) else "name": say(refusal.phrase)
            }
            if refusal.status == 429:
                raise
    return render(
        request,
        "sign_in/sign_up.html",
        status=422,
        back=back,
        typed=values(form),
        errors=password_words(errors),
    )


def told_after_sign_up(email: str) -> str:
    return _(
        "We sent a letter to %(email)s. You can sign in now; your endorsements count once you open its link.",
        email=email,
    )


@router.get("/reset")
@public("for those who cannot sign in")
def reset_page(request: Request) -> Response:
    return render(request, "sign_in/reset.html", typed={}, problem="")


@router.post("/reset")
@public("for those who cannot sign in")
def ask_reset(request: Request, db: Db, viewer: CurrentViewer, form: Form) -> Response:
    email = values(form).get("email", "")
    try:
        accounts.ask_reset(db, viewer, settings_of(request).origin, email)
    except accounts.AddressNotValid as refusal:
        return render(
            request, "sign_in/reset.html", status=422, typed=values(form), problem=say(refusal.phrase)
        )
    told = _("If %(email)s has an account, a letter with a link is on its way.", email=email)
    return redirect(request, "/sign-in", told)


@router.get("/link/{token}")
@public("the secret in the address is the permission; opening it uses nothing up")
def open_link(request: Request, db: Db, viewer: CurrentViewer, token: str) -> Response:
    link, person = links.peek(db, token)
    facts: dict[str, Any] = {
        "token": token,
        "person": person,
        "is_mine": viewer.id == person.id,
        "errors": {},
        "typed": {},
    }
    if link.purpose is LinkPurpose.CONFIRM:
        return render(request, "sign_in/confirm.html", **facts)
    return render(
        request, "sign_in/choose_password.html", invited=link.purpose is LinkPurpose.INVITE, **facts
    )


@router.post("/link/{token}")
@public("the secret in the address is the permission")
def use_link(request: Request, db: Db, viewer: CurrentViewer, token: str, form: Form) -> Response:
    link, person = links.peek(db, token)
    if link.purpose is LinkPurpose.CONFIRM:
        return confirm(request, db, viewer, token, form)
    entry, errors = read(form, NewPassword)
    if entry is None:
        facts = {
            "token": token,
            "person": person,
            "invited": link.purpose is LinkPurpose.INVITE,
            "typed": values(form),
        }
        return render(
            request, "sign_in/choose_password.html", status=422, errors=password_words(errors), **facts
        )
    person = accounts.choose_password(db, token, entry.password, entry.name)
    drafts.adopt(db, viewer, person)
    return enter(
        request, "/me", sign_ins.begin(db, person), _("Your password is set and your address confirmed.")
    )


def confirm(request: Request, db: Db, viewer: CurrentViewer, token: str, form: FormData) -> Response:
    try:
        person = accounts.confirm_by_link(db, viewer, token, values(form).get("password", ""))
    except accounts.WrongPassword as refusal:
        _link, person = links.peek(db, token)
        errors = {"password": say(refusal.phrase)}
        return render(
            request,
            "sign_in/confirm.html",
            status=422,
            token=token,
            person=person,
            is_mine=False,
            errors=errors,
        )
    told = _("Your address is confirmed: your endorsements count now.")
    if viewer.id == person.id:
        return redirect(request, "/me", told)
    drafts.adopt(db, viewer, person)
    return enter(request, "/me", sign_ins.begin(db, person), told)
