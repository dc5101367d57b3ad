"""Revising one's own filed review, from its page."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.errors import Refusal
from app.i18n import _
from app.models.review import Review, ReviewRound
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import redirect, say
from app.routers.review_page import mission_of, seen_in, write_page
from app.rules.reviews import ReviewIncomplete
from app.services import reviews_revise

router = noun_router("/missions/{mission_id}/reviews/{review_id}")
MyReview = Annotated[Review, load(Review, to=Permission.WRITE_REVIEW)]


@router.post("/revision")
def revise(
    request: Request, db: Db, viewer: CurrentViewer, mission_id: str, review: MyReview, form: Form
) -> Response:
    assert viewer.id is not None
    asked = db.get_one(ReviewRound, review.round_id)
    mission, typed = mission_of(db, asked, mission_id), values(form)
    try:
        origin, reason = settings_of(request).origin, typed.get("reason", "")
        reviews_revise.revise(db, review, typed, seen_in(typed), viewer.id, reason, origin)
    except ReviewIncomplete as refusal:
        db.rollback()
        errors = {name: say(problem) for name, problem in refusal.problems.items()}
        return write_page(request, db, mission, asked, review, typed, errors, 422)
    except Refusal as refusal:
        db.rollback()
        errors = {"form": say(refusal.phrase)}
        return write_page(request, db, mission, asked, review, typed, errors, refusal.status)
    told = _("Your review is revised. What you filed before is kept.")
    return redirect(request, f"/missions/{mission.id}/reviews/{review.id}", told)
