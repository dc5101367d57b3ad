"""A mission on its way: its start, the signals gathered on one page, and its reviews until the last."""

from datetime import date
from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.models.course import CourseReview, Recall, course_reviews_of, recalls_of
from app.models.milestone import Milestone, standing_milestones
from app.models.mission import Mission
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, tried, values
from app.routers.mission_asked import ToRead, ToSteer
from app.routers.pages import redirect, render, say
from app.rules import suppression, texts
from app.rules.texts import Limits
from app.rules.words import CourseKind, CourseVerdict, Felt
from app.services import course, lessons, lineage, missions_course, progress, signals
from app.services.course import Conclusion
from app.services.signals import Signal
from app.viewer import Viewer

router = noun_router("/missions/{mission_id}")
ToSpeak = Annotated[Mission, load(Mission, to=Permission.SPEAK_ON_MISSION)]
ToConclude = Annotated[Mission, load(Mission, to=Permission.CONCLUDE_COURSE)]
ToAsk = Annotated[Mission, load(Mission, to=Permission.EDIT_MISSION)]


class KindEntry(FormModel):
    kind: CourseKind


class AnswerEntry(FormModel):
    felt: Felt


class ConclusionEntry(FormModel):
    verdict: CourseVerdict
    reason: Annotated[str, cleaned(texts.REASON)]
    changes: Annotated[str, cleaned(Limits(0, 4000))] = ""
    lessons: Annotated[str, cleaned(Limits(0, 8000))] = ""
    next_on: Annotated[date | None, Maybe] = None

    def said(self) -> Conclusion:
        return Conclusion(self.verdict, self.reason, lines(self.changes), lines(self.lessons), self.next_on)


class LessonEntry(FormModel):
    lesson: Annotated[str, cleaned(Limits(20, 8000))]
    milestone: Annotated[str | None, Maybe] = None


class EndEntry(ConclusionEntry):
    """A review at the end has one verdict."""

    verdict: CourseVerdict = CourseVerdict.STOP


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][: course.CHANGES_AT_MOST]


@router.post("/launch")
def launch(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer) -> Response:
    assert viewer.id is not None
    missions_course.launch(db, mission, viewer.id, settings_of(request).origin)
    told = _("The mission is under way. What it reads at, and its milestones, stand on its page.")
    return redirect(request, f"/missions/{mission.id}", told)


@router.get("/course")
def index(request: Request, db: Db, mission: ToRead) -> Response:
    return page(request, db, mission, {})


def page(
    request: Request, db: Session, mission: Mission, errors: dict[str, str], status: int = 200,
    typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    reviews = course_reviews_of(db, mission.id)
    recalls = recalls_of(db, [each.id for each in reviews])
    rates = {
        each.id: (
            sum(told.felt is not None for told in recalls if told.review_id == each.id),
            sum(told.review_id == each.id for told in recalls),
        )
        for each in reviews
    }
    concluded, found = (
        next((each for each in reviews if each.concluded_at), None),
        signals.gather(db, mission),
    )
    return render(
        request, "missions/course.html", status=status, mission=mission, state=progress.state(db, mission),
        signals=found, fresh={each.key for each in signals.fresh(db, mission, found)},
        reviews=reviews, rates=rates, lessons=course.lessons_of(db, mission.id), errors=errors,
        typed=typed or {}, milestones=own_milestones(db, mission),
        is_under_way=mission.state in signals.UNDER_WAY, next_due=signals.next_due(mission, concluded),
        stations=lineage.of_mission(db, mission),
    )  # fmt: skip


def own_milestones(db: Session, mission: Mission) -> list[Milestone]:
    """Those of the mission itself; lessons of the others are written with their projects."""
    return [each for each in standing_milestones(db, mission.id) if each.project_id is None]


@router.post("/lessons")
def learn(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    """A lesson of the mission as a whole, or of one of its milestones."""
    assert viewer.id is not None
    by, (entry, errors) = viewer.id, read(form, LessonEntry)
    if entry is None:
        return page(request, db, mission, errors, 422, values(form))
    home = milestone_of(db, mission, entry.milestone) if entry.milestone else mission
    refusal = tried(db, lambda: lessons.under(db, mission, home, entry.lesson, by), NotFound)
    if refusal is not None:
        return page(request, db, mission, {"lesson": say(refusal.phrase)}, refusal.status, values(form))
    told = _("The lesson stands below. It is offered to everyone who drafts something like it.")
    return redirect(request, f"/missions/{mission.id}/course#lessons", told)


def milestone_of(db: Session, mission: Mission, raw: str) -> Milestone:
    found = find(db, Milestone, raw)
    if found.mission_id != mission.id or found.project_id is not None:
        raise NotFound()
    return found


@router.post("/course")
def open_review(request: Request, db: Db, viewer: CurrentViewer, mission: ToSteer, form: Form) -> Response:
    assert viewer.id is not None
    by, origin, (entry, errors) = viewer.id, settings_of(request).origin, read(form, KindEntry)
    if entry is None:
        return page(request, db, mission, errors, 422)
    refusal = tried(db, lambda: course.open_review(db, mission, entry.kind, by, origin), NotFound)
    if refusal is not None:
        return page(request, db, mission, {"form": say(refusal.phrase)}, refusal.status)
    latest = course_reviews_of(db, mission.id)[0]
    told = _("The review is open. Those who took part are asked again.")
    return redirect(request, f"/missions/{mission.id}/course/{latest.id}", told)


def review_of(db: Session, mission: Mission, raw: str) -> CourseReview:
    found = find(db, CourseReview, raw)
    if found.mission_id != mission.id:
        raise NotFound()
    return found


@router.get("/course/{course_review_id}")
def show(request: Request, db: Db, viewer: CurrentViewer, mission: ToRead, course_review_id: str) -> Response:
    return review_page(request, db, viewer, mission, review_of(db, mission, course_review_id), {}, {})


def review_page(
    request: Request,
    db: Session,
    viewer: Viewer,
    mission: Mission,
    review: CourseReview,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    recalls = recalls_of(db, [review.id])
    answered = sum(each.felt is not None for each in recalls)
    return render(
        request, "missions/course_review.html", status=status, mission=mission, review=review, typed=typed,
        errors=errors, signals=[Signal.from_facts(each) for each in review.signals], asked=len(recalls),
        answered=answered, is_too_few=suppression.is_too_few(answered),
        answers=[(felt, sum(each.felt is felt for each in recalls)) for felt in Felt],
        mine=db.get(Recall, (review.id, viewer.id)) if viewer.id else None,
        has_evidence=course.has_user_evidence(db, review, mission),
        call=db.get(Call, review.call_id) if review.call_id else None, stations=lineage.of_mission(db, mission),
    )  # fmt: skip


@router.post("/course/{course_review_id}/answer")
def answer(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToSpeak, course_review_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    person, review, (entry, errors) = (
        viewer.id,
        review_of(db, mission, course_review_id),
        read(form, AnswerEntry),
    )
    if entry is None:
        return review_page(request, db, viewer, mission, review, values(form), errors, 422)
    refusal = tried(db, lambda: course.answer(db, review, person, entry.felt), NotFound)
    if refusal is not None:
        told = {"felt": say(refusal.phrase)}
        return review_page(request, db, viewer, mission, review, values(form), told, refusal.status)
    told_so = _("Your answer counts. You can change it until the review is concluded.")
    return redirect(request, f"/missions/{mission.id}/course/{review.id}", told_so)


@router.post("/course/{course_review_id}/conclusion")
def conclude(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToConclude, course_review_id: str, form: Form
) -> Response:
    assert viewer.id is not None
    by, origin, review = viewer.id, settings_of(request).origin, review_of(db, mission, course_review_id)
    entry, errors = read(form, EndEntry if review.kind is CourseKind.END else ConclusionEntry)
    if entry is None:
        return review_page(request, db, viewer, mission, review, values(form), errors, 422)
    refusal = tried(db, lambda: course.conclude(db, review, entry.said(), by, origin), NotFound)
    if refusal is not None:
        told = {"reason": say(refusal.phrase)}
        return review_page(request, db, viewer, mission, review, values(form), told, refusal.status)
    return redirect(request, f"/missions/{mission.id}/course/{review.id}", _("The review is concluded."))


@router.post("/course/{course_review_id}/question")
def ask_anew(
    request: Request, db: Db, viewer: CurrentViewer, mission: ToAsk, course_review_id: str
) -> Response:
    assert viewer.id is not None
    call = course.ask_anew(db, review_of(db, mission, course_review_id), viewer.id)
    told = _("A question is drafted from the review. Write it, set its dates, and publish it.")
    return redirect(request, f"/calls/{call.id}/edit", told)
