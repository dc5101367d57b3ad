"""Milestones of a mission: set by who steers it, met or missed by readings, moved by a vote."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.milestone import Milestone
from app.models.mission import Mission, every_indicator_of
from app.models.project import projects_of
from app.routers.cited import asked_with, cited
from app.routers.deps import CurrentViewer, Db, find, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.texts import Limits
from app.rules.words import MotionAct, SubjectKind
from app.services import lineage, milestones, motions_make
from app.services.milestones import MilestoneText
from app.services.milestones_revise import UNDER_WAY, Moved

router = noun_router("/missions/{mission_id}/milestones")
Number = Annotated[Decimal, Field(ge=-(10**13), le=10**13)]


class MilestoneEntry(FormModel):
    title: Annotated[str, cleaned(Limits(3, 200, one_line=True))]
    due: date
    indicator_id: Annotated[UUID | None, Maybe] = None
    expected: Annotated[Number | None, Maybe] = None
    verifier: Annotated[str, cleaned(Limits(0, 200, one_line=True))] = ""
    project_id: Annotated[UUID | None, Maybe] = None


class ReachedEntry(FormModel):
    reached_on: date
    evidence: Annotated[str, cleaned(Limits(3, 1000))]


class MoveEntry(FormModel):
    due: date
    expected: Annotated[Number | None, Maybe] = None
    reason: Annotated[str, cleaned(texts.REASON)]


@router.get("")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {}, {})


def page(
    request: Request,
    db: Session,
    mission: Mission,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    return render(
        request, "missions/milestones.html", status=status, mission=mission, typed=typed, errors=errors,
        listed=milestones.of_mission(db, mission), indicators=every_indicator_of(db, mission.id),
        projects=projects_of(db, mission.id), takes_milestones=mission.state in milestones.TAKES_MILESTONES,
        is_under_way=mission.state in UNDER_WAY, stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("")
def add(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, MilestoneEntry)
    if entry is None:
        return page(request, db, mission, values(form), errors, 422)
    refusal = tried(
        db, lambda: milestones.add(db, mission, MilestoneText(**entry.model_dump()), by), NotFound
    )
    if refusal is not None:
        return page(request, db, mission, values(form), {"title": say(refusal.phrase)}, refusal.status)
    told = _("The milestone stands. Only a vote of the committee moves it.")
    return redirect(request, f"/missions/{mission.id}/milestones", told)


def milestone_of(db: Session, mission: Mission, raw: str) -> Milestone:
    found = find(db, Milestone, raw)
    if found.mission_id != mission.id:
        raise NotFound()
    return found


@router.post("/{milestone_id}/word")
def say_reached(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, milestone_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, milestone, (entry, errors) = (
        viewer.id,
        milestone_of(db, mission, milestone_id),
        read(form, ReachedEntry),
    )
    if entry is None:
        return move_page(request, db, mission, milestone, values(form), errors, 422)
    refusal = tried(
        db, lambda: milestones.say_reached(db, milestone, entry.reached_on, entry.evidence, by), NotFound
    )
    if refusal is not None:
        told = {"reached_on": say(refusal.phrase)}
        return move_page(request, db, mission, milestone, values(form), told, refusal.status)
    return redirect(request, f"/missions/{mission.id}/milestones", _("It is said, with its evidence."))


@router.get("/{milestone_id}/move")
def ask_move(request: Request, db: Db, mission: ToSteer, milestone_id: str) -> Response:
    return move_page(request, db, mission, milestone_of(db, mission, milestone_id), asked_with(request), {})


def move_page(
    request: Request,
    db: Session,
    mission: Mission,
    milestone: Milestone,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    shown = next(
        (each for each in milestones.of_mission(db, mission) if each.milestone.id == milestone.id), None
    )
    return render(
        request, "missions/milestone_move.html", status=status, mission=mission, milestone=milestone, shown=shown,
        typed=typed, errors=errors, is_under_way=mission.state in UNDER_WAY,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/{milestone_id}/move")
def move(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, milestone_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, milestone, (entry, errors) = viewer.id, milestone_of(db, mission, milestone_id), read(form, MoveEntry)
    if entry is None:
        return move_page(request, db, mission, milestone, values(form), errors, 422)
    facts = Moved(entry.due, entry.expected).as_facts()
    act, kind = MotionAct.REVISE_MILESTONE, SubjectKind.MILESTONE
    refusal = tried(
        db,
        lambda: motions_make.make(db, mission, act, kind, milestone.id, facts, entry.reason, by, cited(form)),
        NotFound,
    )
    if refusal is not None:
        told = {"due": say(refusal.phrase)}
        return move_page(request, db, mission, milestone, values(form), told, refusal.status)
    sent = _("The committee sees your motion. Its chair can put it to a vote.")
    return redirect(request, f"/missions/{mission.id}/motions", sent)
