"""A project from its hypothesis to its lesson: its page, and what its two sides do with it."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.project import Project
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router, record_id
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.pages import redirect, render, say
from app.rules import texts
from app.rules.projects import following
from app.rules.texts import Limits
from app.rules.words import ProjectState, ProjectVerdict
from app.services import (
    conditions_read,
    lessons,
    lessons_near,
    lineage,
    links_show,
    projects,
    projects_list,
    projects_show,
)
from app.services.projects import End
from app.viewer import Viewer

router = noun_router()
MissionToRead = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
ToRead = Annotated[Project, load(Project, to=Permission.READ_MISSION)]
ToRun = Annotated[Project, load(Project, to=Permission.RUN_PROJECT)]
LESSON = Limits(20, 8_000)
HYPOTHESIS = Limits(20, 2_000)


class HypothesisEntry(FormModel):
    hypothesis: Annotated[str, cleaned(HYPOTHESIS)]
    version: int


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class EndEntry(FormModel):
    verdict: ProjectVerdict
    reason: Annotated[str, cleaned(texts.REASON)]
    lesson: Annotated[str, cleaned(LESSON)]


class LessonEntry(FormModel):
    lesson: Annotated[str, cleaned(LESSON)]
    milestone: Annotated[str | None, Maybe] = None


@router.get("/missions/{mission_id}/projects")
def index(request: Request, db: Db, mission: MissionToRead) -> Response:
    listing = projects_list.listed(db, mission, request.query_params)
    return render(
        request, "projects/index.html", mission=mission, listing=listing,
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.get("/projects/{project_id}")
def show(request: Request, db: Db, project: ToRead) -> Response:
    return page(request, db, project, {}, {})


def page(
    request: Request, db: Session, project: Project, typed: dict[str, str], errors: dict[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    """What others learned is offered while the project can still be shaped."""
    shown = projects_show.shown(db, project)
    words = f"{shown.title} {project.summary} {project.hypothesis}"
    is_young = project.state in (ProjectState.PROPOSED, ProjectState.CONTRACTED)
    return render(
        request, "projects/show.html", status=status, page=shown, typed=typed, errors=errors,
        near=lessons_near.near(db, words, but=project.id) if is_young else [],
        title=conditions_read.titles_of(db, [project])[project.id], following=following(project.state),
        stations=lineage.of_mission(db, shown.mission),
    )  # fmt: skip


@router.post("/projects/{project_id}/hypothesis")
def assume(request: Request, db: Db, viewer: CurrentViewer, project: ToRun, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, HypothesisEntry)
    if entry is None:
        return page(request, db, project, values(form), errors, 422)
    refusal = tried(
        db, lambda: projects.write_hypothesis(db, project, entry.hypothesis, entry.version, by), NotFound
    )
    if refusal is not None:
        told = {"hypothesis": say(refusal.phrase)}
        return page(request, db, project, values(form), told, refusal.status)
    told_so = _("It is written. From the contract on it stays as it is.")
    return redirect(request, f"/projects/{project.id}", told_so)


@router.post("/projects/{project_id}/start")
def start(request: Request, db: Db, viewer: CurrentViewer, project: ToRun) -> Response:
    assert viewer.id is not None
    by = viewer.id
    refusal = tried(db, lambda: projects.start(db, project, by), NotFound)
    if refusal is not None:
        return page(request, db, project, {}, {"form": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/projects/{project.id}", _("The project is running."))


@router.post("/projects/{project_id}/pause")
def pause(request: Request, db: Db, viewer: CurrentViewer, project: ToRun, form: Form) -> Response:
    told = _("The project is paused. Everyone can read why.")
    return moved(request, db, viewer, project, form, projects.pause, told)


@router.post("/projects/{project_id}/resumption")
def resume(request: Request, db: Db, viewer: CurrentViewer, project: ToRun, form: Form) -> Response:
    told = _("The project goes on. Everyone can read why.")
    return moved(request, db, viewer, project, form, projects.resume, told)


def moved(
    request: Request, db: Session, viewer: Viewer, project: Project, form: FormData,
    move: Callable[[Session, Project, str, UUID], object], told: str,
) -> Response:  # fmt: skip
    """A step of its life that needs a reason for everyone to read."""
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, ReasonEntry)
    if entry is None:
        return page(request, db, project, values(form), errors, 422)
    refusal = tried(db, lambda: move(db, project, entry.reason, by), NotFound)
    if refusal is not None:
        return page(request, db, project, values(form), {"reason": say(refusal.phrase)}, refusal.status)
    return redirect(request, f"/projects/{project.id}", told)


@router.get("/projects/{project_id}/stop")
def ask_stop(request: Request, db: Db, project: ToRun) -> Response:
    return end_page(request, db, project, ProjectState.STOPPED_TO_LEARN, {}, {})


@router.get("/projects/{project_id}/completion")
def ask_completion(request: Request, db: Db, project: ToRun) -> Response:
    return end_page(request, db, project, ProjectState.COMPLETED, {}, {})


def end_page(
    request: Request, db: Session, project: Project, becomes: ProjectState, typed: dict[str, str],
    errors: dict[str, str], status: int = 200,
) -> Response:  # fmt: skip
    """Before anything ends: what waits for it, which money is still held, and then the verdict and the lesson."""
    shown = projects_show.shown(db, project)
    return render(
        request, "projects/end.html", status=status, page=shown, becomes=becomes, typed=typed, errors=errors,
        hit=links_show.what_depends_on(db, project), can_end=becomes in following(project.state),
        title=conditions_read.titles_of(db, [project])[project.id],
        stations=lineage.of_mission(db, shown.mission),
    )  # fmt: skip


@router.post("/projects/{project_id}/stop")
def stop(request: Request, db: Db, viewer: CurrentViewer, project: ToRun, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, becomes = viewer.id, settings_of(request).origin, ProjectState.STOPPED_TO_LEARN
    entry, errors = read(form, EndEntry)
    if entry is None:
        return end_page(request, db, project, becomes, values(form), errors, 422)
    seen = seen_in(form)
    refusal = tried(db, lambda: projects.stop(db, project, said(entry), by, seen, origin), NotFound)
    if refusal is not None:
        return end_page(
            request, db, project, becomes, values(form), {"form": say(refusal.phrase)}, refusal.status
        )
    return redirect(
        request, f"/projects/{project.id}", _("The project is stopped. What it learned stands on its page.")
    )


@router.post("/projects/{project_id}/completion")
def complete(request: Request, db: Db, viewer: CurrentViewer, project: ToRun, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, becomes = viewer.id, settings_of(request).origin, ProjectState.COMPLETED
    entry, errors = read(form, EndEntry)
    if entry is None:
        return end_page(request, db, project, becomes, values(form), errors, 422)
    refusal = tried(db, lambda: projects.complete(db, project, said(entry), by, origin), NotFound)
    if refusal is not None:
        return end_page(
            request, db, project, becomes, values(form), {"form": say(refusal.phrase)}, refusal.status
        )
    return redirect(
        request, f"/projects/{project.id}", _("The project is completed. What it learned stands on its page.")
    )


def said(entry: EndEntry) -> End:
    return End(entry.verdict, entry.reason, entry.lesson)


def seen_in(form: FormData) -> frozenset[UUID]:
    """What the page listed as depending on the project, where its reader said so."""
    if form.get("seen") != "yes":
        return frozenset()
    return frozenset(record_id(each) for each in form.getlist("dependent"))


@router.post("/projects/{project_id}/lessons")
def learn(request: Request, db: Db, viewer: CurrentViewer, project: ToRun, form: Form) -> Response:
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, LessonEntry)
    if entry is None:
        return page(request, db, project, values(form), errors, 422)
    home = milestone_of(db, project, entry.milestone) if entry.milestone else project
    refusal = tried(db, lambda: lessons.add(db, home, entry.lesson, by), NotFound)
    if refusal is not None:
        return page(request, db, project, values(form), {"lesson": say(refusal.phrase)}, refusal.status)
    told = _("The lesson stands below. It is offered to everyone who drafts something like it.")
    return redirect(request, f"/projects/{project.id}#lessons", told)


def milestone_of(db: Session, project: Project, raw: str) -> Milestone:
    found = find(db, Milestone, raw)
    if found.project_id != project.id:
        raise NotFound()
    return found
