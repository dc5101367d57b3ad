"""Conversations about a mission and about a decision: reading them, saying something, replying."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import _
from app.models.decision import Decision
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import texts
from app.rules.rates import Limited
from app.rules.words import SubjectKind
from app.services import conversations, deliberation, limits, lineage, news

router = noun_router()
MissionToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
MissionToSpeakOn = Annotated[Mission, load(Mission, to=Permission.SPEAK_ON_MISSION)]
DecisionToRead = Annotated[Decision, load(Decision, to=Permission.READ_DECISION)]
DecisionToSpeakOn = Annotated[Decision, load(Decision, to=Permission.SPEAK_ON_DECISION)]


class CommentEntry(FormModel):
    comment: Annotated[str, cleaned(texts.COMMENT)]
    parent: Annotated[UUID | None, Maybe] = None
    clause: Annotated[UUID | None, Maybe] = None


@router.get("/missions/{mission_id}/comments")
def on_mission(request: Request, db: Db, mission: MissionToRead) -> Response:
    return mission_page(request, db, mission, {})


@router.post("/missions/{mission_id}/comments")
def comment_on_mission(
    request: Request, db: Db, viewer: CurrentViewer, mission: MissionToSpeakOn, form: Form
) -> Response:
    return say(request, db, viewer, mission, form) or mission_page(request, db, mission, values(form))


@router.get("/decisions/{decision_id}/comments")
def on_decision(request: Request, db: Db, decision: DecisionToRead) -> Response:
    return decision_page(request, db, decision, {})


@router.post("/decisions/{decision_id}/comments")
def comment_on_decision(
    request: Request, db: Db, viewer: CurrentViewer, decision: DecisionToSpeakOn, form: Form
) -> Response:
    return say(request, db, viewer, decision, form) or decision_page(request, db, decision, values(form))


def say(
    request: Request, db: Session, viewer: CurrentViewer, subject: Mission | Decision, form: FormData
) -> Response | None:
    """Say it and go to where it stands; nothing where the form is not right."""
    assert viewer.person is not None
    entry, errors = read(form, CommentEntry)
    if entry is None:
        request.state.errors = errors
        return None
    limits.spend(db, Limited.COMMENT, viewer.id)
    form_key = values(form).get("form_key") or uuid4().hex
    made = conversations.say(db, subject, viewer.person, entry.comment, form_key, entry.parent, entry.clause)
    base = "missions" if isinstance(subject, Mission) else "decisions"
    return redirect(request, f"/{base}/{subject.id}/comments#said-{made.id}", _("Your comment is public."))


def mission_page(request: Request, db: Session, mission: Mission, typed: dict[str, str]) -> Response:
    about = deliberation.about(db, mission)
    asked = request.query_params.get("clause", "")
    only = next((each for each in about.clauses if str(each.id) == asked), None)
    talk = conversations.page(
        db, SubjectKind.MISSION, mission.id, request.query_params.get("page", ""), only.id if only else None
    )
    facts = {
        "about": about,
        "only": only,
        "talk": talk,
        "since": news.mark(db, SubjectKind.MISSION, mission.id),
    }
    return page(request, "missions/comments.html", typed, facts)


def decision_page(request: Request, db: Session, decision: Decision, typed: dict[str, str]) -> Response:
    talk = conversations.page(db, SubjectKind.DECISION, decision.id, request.query_params.get("page", ""))
    stations = lineage.of_decision(db, decision)
    said = conversations.count(db, SubjectKind.DECISION, decision.id)
    facts = {"decision": decision, "stations": stations, "talk": talk, "said": said}
    facts["since"] = news.mark(db, SubjectKind.DECISION, decision.id)
    return page(request, "decisions/comments.html", typed, facts)


def page(request: Request, template: str, typed: dict[str, str], facts: dict[str, Any]) -> Response:
    """The conversation, with what was typed into the form that was refused."""
    errors: dict[str, str] = getattr(request.state, "errors", {})
    return render(
        request, template, status=422 if errors else 200, typed=typed, errors=errors, form_key=uuid4().hex, **facts
    )  # fmt: skip
