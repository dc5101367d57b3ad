"""The team of an application: who is invited, joins, leaves and leads, and which organisation applies."""

from typing import Annotated

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.application import Application
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.words import StakeholderGroup
from app.services import applications_show, applications_team
from app.services.organisations import OrganisationText

router = noun_router("/applications/{application_id}")
ToJoin = Annotated[Application, load(Application, to=Permission.JOIN_APPLICATION)]
ToWrite = Annotated[Application, load(Application, to=Permission.WRITE_APPLICATION)]
ToLead = Annotated[Application, load(Application, to=Permission.LEAD_APPLICATION)]


class InviteEntry(FormModel):
    email: Annotated[str, Field(min_length=3, max_length=254)]


class OrganisationEntry(FormModel):
    name: Annotated[str, cleaned(texts.NAME)]
    group: StakeholderGroup
    place: Annotated[str, cleaned(texts.PLACE)] = ""


def refused(
    request: Request, db: Db, viewer: CurrentViewer, application: Application, form: Form,
    errors: dict[str, str], status: int = 422,
) -> Response:  # fmt: skip
    page = applications_show.shown(db, application, viewer)
    return render(
        request, "applications/show.html", status=status, page=page, errors=errors, typed=values(form)
    )


@router.post("/team")
def invite(request: Request, db: Db, viewer: CurrentViewer, application: ToLead, form: Form) -> Response:
    assert viewer.person is not None
    by, (entry, errors) = viewer.person, read(form, InviteEntry)
    if entry is None:
        return refused(request, db, viewer, application, form, errors)
    email, origin = entry.email, settings_of(request).origin
    refusal = tried(db, lambda: applications_team.invite(db, application, email, by, origin))
    if isinstance(refusal, Refusal):
        return refused(request, db, viewer, application, form, {"email": say(refusal.phrase)}, refusal.status)
    told = _("An invitation to %(email)s is on its way.", email=email)
    return redirect(request, f"/applications/{application.id}#team", told)


@router.post("/team/joining")
def join(request: Request, db: Db, viewer: CurrentViewer, application: ToJoin) -> Response:
    assert viewer.id is not None
    applications_team.join(db, application, viewer.id)
    return redirect(request, f"/applications/{application.id}", _("You are in the team now."))


@router.post("/team/{teammate_id}/removal")
def remove(
    request: Request, db: Db, viewer: CurrentViewer, application: ToJoin, teammate_id: str
) -> Response:
    """The lead removes anyone; the others, also those only invited, themselves."""
    assert viewer.id is not None
    key = record_id(teammate_id)
    is_own = applications_team.mate_in(db, application, key).person_id == viewer.id
    applications_team.remove(db, application, key, viewer.id)
    if is_own:
        return redirect(request, "/me/applications", _("You left the team."))
    return redirect(request, f"/applications/{application.id}#team", _("They are no longer in the team."))


@router.post("/team/{teammate_id}/lead")
def make_lead(
    request: Request, db: Db, viewer: CurrentViewer, application: ToLead, teammate_id: str
) -> Response:
    assert viewer.id is not None
    applications_team.make_lead(db, application, record_id(teammate_id), viewer.id)
    return redirect(request, f"/applications/{application.id}#team", _("The team has another lead."))


@router.post("/organisation")
def name_organisation(
    request: Request, db: Db, viewer: CurrentViewer, application: ToLead, form: Form
) -> Response:
    assert viewer.person is not None
    by, (entry, errors) = viewer.person, read(form, OrganisationEntry)
    if entry is None:
        return refused(request, db, viewer, application, form, errors)
    text = OrganisationText(entry.name, entry.group, entry.place)
    refusal = tried(db, lambda: applications_team.name_organisation(db, application, text, by))
    if isinstance(refusal, Refusal):
        return refused(request, db, viewer, application, form, {"name": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/applications/{application.id}", _("Your organisation is named."))
