"""What became of a call's applications: the public outcome, the agency's desk, each answer, the reserve, contracts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.application import Application
from app.models.call import Call
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.texts import Limits
from app.services import awards, awards_contract, awards_show, feedback, outcomes
from app.services.feedback import Answer
from app.viewer import Viewer

router = noun_router()
ToRead = Annotated[Call, load(Call, to=Permission.READ_OFFER)]
ToAward = Annotated[Call, load(Call, to=Permission.AWARD_CALL)]
ToShow = Annotated[Application, load(Application, to=Permission.READ_ANSWER)]
ToSettle = Annotated[Application, load(Application, to=Permission.AWARD_APPLICATION)]


class AnswerEntry(FormModel):
    reason: Annotated[str, cleaned(Limits(20, 4_000))]
    words: Annotated[str, cleaned(Limits(0, 4_000))] = ""
    ask_whom: Annotated[str, cleaned(Limits(3, 300, one_line=True))]
    contest: Annotated[str, cleaned(Limits(10, 2_000))]


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class DrawEntry(FormModel):
    mission: Annotated[UUID | None, Maybe] = None


@router.get("/calls/{call_id}/outcome")
def outcome(
    request: Request, db: Db, viewer: CurrentViewer, call: ToRead, state: str = "", page: str = ""
) -> Response:
    found = outcomes.of_call(db, call, state, page)
    return render(request, "awards/outcome.html", found=found, **call_head(db, viewer, call))


@router.get("/calls/{call_id}/award")
def desk(request: Request, db: Db, viewer: CurrentViewer, call: ToAward, page: str = "") -> Response:
    return desk_page(request, db, viewer, call, {}, page)


def desk_page(
    request: Request, db: Session, viewer: Viewer, call: Call, errors: dict[str, str], cursor: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    found = awards_show.desk(db, call, cursor)
    return render(
        request, "awards/desk.html", status=status, found=found, errors=errors, **call_head(db, viewer, call)
    )


@router.post("/calls/{call_id}/award/conclusion")
def conclude(request: Request, db: Db, viewer: CurrentViewer, call: ToAward) -> Response:
    assert viewer.id is not None
    by, origin = viewer.id, settings_of(request).origin
    refusal = tried(db, lambda: feedback.conclude(db, call, by, origin), NotFound)
    if refusal is not None:
        return desk_page(request, db, viewer, call, {"form": say(refusal.phrase)}, status=refusal.status)
    told = _("The call is answered, and what became of its applications is public.")
    return redirect(request, f"/calls/{call.id}/outcome", told)


@router.get("/applications/{application_id}/answer")
def show(request: Request, db: Db, viewer: CurrentViewer, application: ToShow) -> Response:
    return answer_page(request, db, viewer, application, None, {})


def answer_page(
    request: Request, db: Session, viewer: Viewer, application: Application, typed: dict[str, Any] | None,
    errors: dict[str, str], status: int = 200,
) -> Response:  # fmt: skip
    found = awards_show.answer(db, application)
    first = found.first_values() if typed is None else typed
    return render(
        request, "awards/answer.html", status=status, found=found, application=application, typed=first,
        errors=errors, stations=found.stations,
    )  # fmt: skip


@router.post("/applications/{application_id}/answer")
def answer(request: Request, db: Db, viewer: CurrentViewer, application: ToSettle, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, AnswerEntry)
    if entry is None:
        return answer_page(request, db, viewer, application, values(form), errors, 422)
    typed = Answer(**entry.model_dump())
    refusal = tried(db, lambda: feedback.answer(db, application, typed, by, origin), NotFound)
    if refusal is not None:
        told = {"form": say(refusal.phrase)}
        return answer_page(request, db, viewer, application, values(form), told, refusal.status)
    return redirect(
        request,
        f"/calls/{application.call_id}/award",
        _("The applicants have their answer, by mail and on their page."),
    )


@router.post("/applications/{application_id}/moving-up")
def move_up(request: Request, db: Db, viewer: CurrentViewer, application: ToSettle, form: Form) -> Response:
    told = _("It moved up from the reserve, and its team is told. Answer it anew.")
    return settled(request, db, viewer, application, form, awards.move_up, told)


@router.post("/applications/{application_id}/falling-out")
def fall_out(request: Request, db: Db, viewer: CurrentViewer, application: ToSettle, form: Form) -> Response:
    told = _("It is selected no more, and its team is told. What it asked for is free again.")
    return settled(request, db, viewer, application, form, awards.fall_out, told)


def settled(
    request: Request, db: Session, viewer: Viewer, application: Application, form: Form, act: Any, told: str
) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, ReasonEntry)
    if entry is None:
        problem = {"settling": errors["reason"]}
        return answer_page(request, db, viewer, application, values(form), problem, 422)
    reason = entry.reason
    refusal = tried(db, lambda: act(db, application, reason, by, origin), NotFound)
    if refusal is not None:
        problem = {"form": say(refusal.phrase)}
        return answer_page(request, db, viewer, application, values(form), problem, refusal.status)
    return redirect(request, f"/applications/{application.id}/answer", told)


@router.post("/applications/{application_id}/contract")
def draw_up(request: Request, db: Db, viewer: CurrentViewer, application: ToSettle, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, DrawEntry)
    if entry is None:
        return answer_page(request, db, viewer, application, values(form), errors, 422)
    mission = entry.mission
    refusal = tried(db, lambda: awards_contract.draw_up(db, application, mission, by, origin), NotFound)
    if refusal is not None:
        problem = {"form": say(refusal.phrase)}
        return answer_page(request, db, viewer, application, values(form), problem, refusal.status)
    project = awards.project_of(db, application.id)
    assert project is not None
    told = _("The contract is drawn up. Its conditions wait for the yes of the other side.")
    return redirect(request, f"/projects/{project.id}/conditions", told)
