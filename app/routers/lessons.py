"""Lessons: searched by everyone, and each on its own page with where it is from."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.models.lesson import Lesson
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router, public
from app.routers.meaning import model_for
from app.routers.pages import render
from app.services import lessons_find, lessons_near, lineage, terms

router = noun_router("/lessons")
ToRead = Annotated[Lesson, load(Lesson, to=Permission.READ_LESSON)]


@router.get("")
@public("lessons of missions that anyone can read")
def index(request: Request, db: Db, viewer: CurrentViewer) -> Response:
    wanted = lessons_find.wanted_from(request.query_params)
    embedder = model_for(request, db, viewer) if wanted.typed and not wanted.cursor else None
    return render(
        request, "lessons/index.html", wanted=wanted, page=lessons_find.page(db, wanted, embedder),
        sectors=terms.roots(terms.SECTOR),
    )  # fmt: skip


@router.get("/{lesson_id}")
def show(request: Request, db: Db, lesson: ToRead) -> Response:
    (found,) = lessons_find.shown(db, [lesson.id])
    return render(
        request, "lessons/show.html", lesson=found, near=others(db, found),
        stations=lineage.of_mission(db, db.get_one(Mission, lesson.mission_id)),
    )  # fmt: skip


def others(db: Session, lesson: lessons_find.Shown) -> list[lessons_find.Shown]:
    """Lessons in which most of the same words stand."""
    return [each for each in lessons_near.near(db, lesson.text) if each.id != lesson.id]
