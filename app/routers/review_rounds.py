"""Rounds of reviews: the chair sends, extends, concludes or waives; members note; the facilitator answers."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.errors import NotFound, Refusal
from app.i18n import _
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import ReviewRound
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Moment, cleaned, in_zone, read, values
from app.routers.pages import redirect, say
from app.routers.review_page import chaired, index_page, mission_of, zone_of
from app.rules import texts
from app.rules.words import Criterion, ReviewVerdict
from app.services import reviews_conclude, reviews_rounds
from app.viewer import Viewer

router = noun_router("/missions/{mission_id}/reviews")
ReadableMission = Annotated[Mission, load(Mission, to=Permission.READ_MISSION)]
SentMission = Annotated[Mission, load(Mission, to=Permission.SEND_TO_REVIEW)]
LedRound = Annotated[ReviewRound, load(ReviewRound, to=Permission.CONDUCT_REVIEW, param="round_id")]
DiscussedRound = Annotated[ReviewRound, load(ReviewRound, to=Permission.DISCUSS_REVIEW, param="round_id")]
AnsweredRound = Annotated[ReviewRound, load(ReviewRound, to=Permission.ANSWER_REVIEW, param="round_id")]
SEATS_AT_MOST = 250
CHANGES_AT_MOST = 30


class SeatsEntry(FormModel):
    seats: list[UUID] = Field(default_factory=list, max_length=SEATS_AT_MOST)


class SendEntry(SeatsEntry):
    due_at: Moment
    appraisal: str = ""


class ExtendEntry(FormModel):
    due_at: Moment


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class NoteEntry(FormModel):
    criterion: Criterion
    note: Annotated[str, cleaned(texts.COMMENT)]


class ConclusionEntry(FormModel):
    verdict: Annotated[ReviewVerdict, Field()]
    reason: Annotated[str, cleaned(texts.REASON)]
    changes: Annotated[str, cleaned(texts.Limits(0, 5_000))] = ""

    def named(self) -> list[str]:
        """One change a line."""
        return [line.strip()[:500] for line in self.changes.split("\n") if line.strip()][:CHANGES_AT_MOST]


class AnswerEntry(FormModel):
    answer: Annotated[str, cleaned(texts.ANSWER)]


def done(
    request: Request, db: Session, viewer: Viewer, mission: Mission, form: FormData, act: Callable[[], Any],
    field: str, told: str,
) -> Response:  # fmt: skip
    """Do it and go back to the page, or show the page with the refusal beside the field, everything typed kept."""
    try:
        act()
    except Refusal as refusal:
        db.rollback()
        errors = {field: say(refusal.phrase)}
        return index_page(request, db, viewer, mission, kept(form), errors, refusal.status)
    return redirect(request, f"/missions/{mission.id}/reviews", told)


def kept(form: FormData) -> dict[str, Any]:
    return values(form) | ({"seats": form.getlist("seats")} if "seats" in form else {})


def wrong(
    request: Request, db: Session, viewer: Viewer, mission: Mission, form: FormData, errors: dict[str, str]
) -> Response:
    return index_page(request, db, viewer, mission, kept(form), errors, 422)


def committee_of(db: Session, viewer: Viewer, mission: Mission) -> Committee:
    found = chaired(db, viewer, mission)
    if found is None:
        raise NotFound()
    return found


@router.get("")
def index(request: Request, db: Db, viewer: CurrentViewer, mission: ReadableMission) -> Response:
    return index_page(request, db, viewer, mission)


@router.post("")
def send(request: Request, db: Db, viewer: CurrentViewer, mission: SentMission, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, SendEntry)
    if entry is None or entry.due_at is None:
        return wrong(
            request, db, viewer, mission, form, errors or {"due_at": _("Please write a date and a time.")}
        )
    by, origin, due = viewer.id, settings_of(request).origin, in_zone(entry.due_at, zone_of(db, mission))
    committee = committee_of(db, viewer, mission)

    def act() -> None:
        reviews_rounds.send(
            db, committee, mission, entry.seats, due, by, origin, asks_appraisal=bool(entry.appraisal)
        )

    return done(
        request,
        db,
        viewer,
        mission,
        form,
        act,
        "seats",
        _("The mission is in review. Its reviewers are told."),
    )


@router.post("/waiver")
def waive(request: Request, db: Db, viewer: CurrentViewer, mission: SentMission, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return wrong(request, db, viewer, mission, form, {"waiver": errors["reason"]})
    by, committee = viewer.id, committee_of(db, viewer, mission)
    told = _("The review is waived for this text. Your reason stands on this page.")
    return done(
        request, db, viewer, mission, form,
        lambda: reviews_rounds.waive(db, committee, mission, entry.reason, by), "waiver", told,
    )  # fmt: skip


@router.post("/release")
def release(request: Request, db: Db, viewer: CurrentViewer, mission: SentMission, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return wrong(request, db, viewer, mission, form, {"release": errors["reason"]})
    by = viewer.id
    told = _("The mission is framed again and can be edited. Its reviews stay readable.")
    return done(
        request, db, viewer, mission, form,
        lambda: reviews_conclude.release(db, mission, entry.reason, by), "release", told,
    )  # fmt: skip


@router.post("/rounds/{round_id}/extension")
def extend(
    request: Request, db: Db, viewer: CurrentViewer, mission_id: str, asked: LedRound, form: Form
) -> Response:
    assert viewer.id is not None
    mission = mission_of(db, asked, mission_id)
    entry, errors = read(form, ExtendEntry)
    if entry is None or entry.due_at is None:
        sentence = errors.get("due_at") or _("Please write a date and a time.")
        return wrong(request, db, viewer, mission, form, {"extension": sentence})
    by, due = viewer.id, in_zone(entry.due_at, zone_of(db, mission))
    told = _("Reviewers have more time.")
    return done(
        request,
        db,
        viewer,
        mission,
        form,
        lambda: reviews_rounds.extend(db, asked, due, by),
        "extension",
        told,
    )


@router.post("/rounds/{round_id}/reviewers")
def ask_more(
    request: Request, db: Db, viewer: CurrentViewer, mission_id: str, asked: LedRound, form: Form
) -> Response:
    assert viewer.id is not None
    mission = mission_of(db, asked, mission_id)
    entry, errors = read(form, SeatsEntry)
    if entry is None:
        return wrong(request, db, viewer, mission, form, {"more": errors["seats"]})
    by, origin = viewer.id, settings_of(request).origin
    told = _("They are asked to review, and told.")
    return done(
        request, db, viewer, mission, form,
        lambda: reviews_rounds.ask_more(db, asked, entry.seats, by, origin), "more", told,
    )  # fmt: skip


@router.post("/rounds/{round_id}/notes")
def discuss(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    mission_id: str,
    asked: DiscussedRound,
    form: Form,
) -> Response:
    assert viewer.id is not None
    mission = mission_of(db, asked, mission_id)
    entry, errors = read(form, NoteEntry)
    about = str(form.get("criterion", ""))
    field = f"note-{about}" if about in set(Criterion) else "conclusion"
    if entry is None:
        return wrong(request, db, viewer, mission, form, {field: next(iter(errors.values()))})
    by = viewer.id
    return done(
        request, db, viewer, mission, form,
        lambda: reviews_conclude.discuss(db, asked, entry.criterion, entry.note, by), field, _("Your note is added."),
    )  # fmt: skip


@router.post("/rounds/{round_id}/conclusion")
def conclude(
    request: Request, db: Db, viewer: CurrentViewer, mission_id: str, asked: LedRound, form: Form
) -> Response:
    assert viewer.id is not None
    mission = mission_of(db, asked, mission_id)
    entry, errors = read(form, ConclusionEntry)
    if entry is None or entry.verdict is ReviewVerdict.WAIVED:
        sentence = next(iter(errors.values()), _("Please choose one of the options."))
        return wrong(request, db, viewer, mission, form, {"conclusion": sentence})
    by, origin = viewer.id, settings_of(request).origin
    return done(
        request, db, viewer, mission, form,
        lambda: reviews_conclude.conclude(db, asked, entry.verdict, entry.reason, entry.named(), by, origin),
        "conclusion", _("The review is concluded. What you wrote stands on this page."),
    )  # fmt: skip


@router.post("/rounds/{round_id}/answer")
def answer(
    request: Request,
    db: Db,
    viewer: CurrentViewer,
    mission_id: str,
    asked: AnsweredRound,
    form: Form,
) -> Response:
    assert viewer.id is not None
    mission = mission_of(db, asked, mission_id)
    entry, errors = read(form, AnswerEntry)
    if entry is None:
        return wrong(request, db, viewer, mission, form, {"answer": errors["answer"]})
    by = viewer.id
    told = _("Your answer stands on this page. The mission can be sent to reviewers again once it is framed.")
    return done(
        request, db, viewer, mission, form,
        lambda: reviews_conclude.answer(db, asked, entry.answer, by), "answer", told,
    )  # fmt: skip
