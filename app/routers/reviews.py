"""One's own review of a mission: written, kept as it is typed, and filed."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Refusal, TooMany
from app.i18n import _, number, word
from app.models.review import Review, ReviewRound, still_to_file
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import fragment, redirect, say
from app.routers.review_page import mission_of, seen_in, write_page
from app.rules.rates import Limited
from app.rules.reviews import ReviewIncomplete
from app.services import limits, reviews
from app.services.reviews import OtherReviewWindow

router = noun_router("/missions/{mission_id}/reviews/{review_id}")
MyReview = Annotated[Review, load(Review, to=Permission.WRITE_REVIEW)]


@router.get("")
def write(request: Request, db: Db, mission_id: str, review: MyReview) -> Response:
    asked = db.get_one(ReviewRound, review.round_id)
    return write_page(request, db, mission_of(db, asked, mission_id), asked, review)


@router.post("")
def file(
    request: Request, db: Db, viewer: CurrentViewer, mission_id: str, review: MyReview, form: Form
) -> Response:
    """Keep what is typed, and file it if that button was pressed; one that lacks something is kept all the same."""
    assert viewer.id is not None
    asked = db.get_one(ReviewRound, review.round_id)
    mission = mission_of(db, asked, mission_id)
    typed, by, origin = values(form), viewer.id, settings_of(request).origin
    back = f"/missions/{mission.id}/reviews"
    try:
        if typed.get("act") != "file":
            reviews.keep(db, review, typed, seen_in(typed))
            return redirect(request, f"{back}/{review.id}", _("Your draft is kept. Nobody else reads it."))
        reviews.file(db, review, typed, seen_in(typed), by, origin)
    except ReviewIncomplete as refusal:
        errors = {name: say(problem) for name, problem in refusal.problems.items()}
        return write_page(request, db, mission, asked, review, typed, errors, 422)
    except Refusal as refusal:
        db.rollback()
        is_other = isinstance(refusal, OtherReviewWindow)
        errors = {"form": say(refusal.phrase)}
        return write_page(
            request, db, mission, asked, review, typed, errors, refusal.status, has_other=is_other
        )
    return redirect(request, back, filed(db, review))


def filed(db: Session, review: Review) -> str:
    """What is true now: one that was asked for two reviews is in with both only."""
    waiting, asked_for = still_to_file(db, review)
    if not waiting:
        return _("Your review is filed. It can be read when all are in, or when their day is over.")
    return _(
        "Your review is filed. You have filed %(filed)s of %(all)s; still to write: “%(next)s”.",
        filed=number(asked_for - len(waiting)), all=number(asked_for), next=word(waiting[0].kind),
    )  # fmt: skip


@router.post("/draft")
def keep(
    request: Request, db: Db, viewer: CurrentViewer, mission_id: str, review: MyReview, form: Form
) -> Response:
    """Keep what is in the form now; words of another window are not written over."""
    asked = db.get_one(ReviewRound, review.round_id)
    mission = mission_of(db, asked, mission_id)
    typed, other = values(form), False
    seen = seen_in(typed)
    try:
        limits.spend(db, Limited.SAVE_DRAFT, viewer.id or viewer.address_hash)
        seen = reviews.keep(db, review, typed, seen)
        kept_at = review.updated_at
    except TooMany:
        kept_at = None
    except OtherReviewWindow:
        kept_at, other = None, True
    return fragment(
        request, "reviews/_kept.html", otherwise=f"/missions/{mission.id}/reviews/{review.id}",
        mission=mission, review=review, kept_at=kept_at, seen=seen, is_other=other,
    )  # fmt: skip
