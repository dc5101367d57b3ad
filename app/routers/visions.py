"""The shared vision of a mission: read, written, and signed for one's organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.mission import Mission
from app.models.vision import Vision, latest_vision
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router, record_id
from app.routers.forms import Form, FormModel, cleaned, read, tried, values
from app.routers.mission_asked import ToRead
from app.routers.pages import redirect, render, say
from app.rules.texts import Limits
from app.services import lineage, organisations, visions, visions_show
from app.services.visions import VisionText
from app.viewer import Viewer

router = noun_router("/missions/{mission_id}/vision")
ToWrite = Annotated[Mission, load(Mission, to=Permission.STEER_MISSION)]
ToSign = Annotated[Mission, load(Mission, to=Permission.SIGN_VISION)]


class TextEntry(FormModel):
    opening: Annotated[str, cleaned(Limits(0, 2_000))] = ""
    number: Annotated[int, Field(ge=0, le=1_000)]


class SignatureEntry(FormModel):
    hash: Annotated[str, cleaned(Limits(64, 64, one_line=True))]


@router.get("")
def show(request: Request, db: Db, viewer: CurrentViewer, mission: ToRead) -> Response:
    return page(request, db, viewer, mission, {})


def page(
    request: Request, db: Session, viewer: Viewer, mission: Mission, errors: dict[str, str], status: int = 200
) -> Response:
    found, own = visions_show.shown(db, mission), organisations.spoken_for(db, viewer.person)
    return render(
        request, "missions/vision.html", status=status, mission=mission, found=found, own=own, errors=errors,
        has_signed=visions_show.has_signed(found, own), is_over=mission.state in visions.OVER,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/edit")
def edit(request: Request, db: Db, mission: ToWrite) -> Response:
    return form_page(request, db, mission, as_kept(latest_vision(db, mission.id)), {})


def form_page(
    request: Request, db: Session, mission: Mission, typed: dict[str, object], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "missions/vision_edit.html", status=status, mission=mission, typed=typed, errors=errors,
        sentences=visions.sentences(db, mission), found=visions_show.shown(db, mission),
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


def as_kept(vision: Vision | None) -> dict[str, object]:
    """The latest version as its form holds it."""
    parts = vision.parts if vision else []
    opening = next((each["text"] for each in parts if each["clause_id"] is None), "")
    return {"opening": opening, "clauses": [each["clause_id"] for each in parts if each["clause_id"]]}


def typed_in(form: FormData) -> dict[str, object]:
    return {**values(form), "clauses": [str(each) for each in form.getlist("clauses")]}


@router.post("")
def write(request: Request, db: Db, viewer: CurrentViewer, mission: ToWrite, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, TextEntry)
    if entry is None:
        return form_page(request, db, mission, typed_in(form), errors, 422)
    text = VisionText(entry.opening, chosen(form))
    refusal = tried(db, lambda: visions.write(db, mission, text, entry.number, by, origin), NotFound)
    if refusal is not None:
        return form_page(request, db, mission, typed_in(form), {"form": say(refusal.phrase)}, refusal.status)
    told = _("These words stand now. Signatures under earlier ones are void.")
    return redirect(request, f"/missions/{mission.id}/vision", told)


def chosen(form: FormData) -> list[UUID]:
    return [record_id(each) for each in form.getlist("clauses")]


@router.post("/signature")
def sign(request: Request, db: Db, viewer: CurrentViewer, mission: ToSign, form: Form) -> Response:
    assert viewer.person is not None
    person, (entry, errors) = viewer.person, read(form, SignatureEntry)
    if entry is None:
        return page(request, db, viewer, mission, errors, 422)
    refusal = tried(db, lambda: visions.sign(db, mission, person, entry.hash), NotFound)
    if refusal is not None:
        return page(request, db, viewer, mission, {"form": say(refusal.phrase)}, refusal.status)
    told = _("Your organisation has signed. The signature holds for these very words.")
    return redirect(request, f"/missions/{mission.id}/vision", told)


@router.post("/signature/removal")
def take_back(request: Request, db: Db, viewer: CurrentViewer, mission: ToSign) -> Response:
    assert viewer.person is not None
    person = viewer.person
    refusal = tried(db, lambda: visions.take_back(db, mission, person), NotFound)
    if refusal is not None:
        return page(request, db, viewer, mission, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(
        request, f"/missions/{mission.id}/vision", _("Your organisation's signature is taken back.")
    )
