"""One's own review of an application: written, kept as it is typed, and filed for good."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Refusal, TooMany
from app.i18n import _
from app.models.application import Application
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import fragment, redirect, render, say
from app.routers.review_page import seen_in
from app.rules import panel as rules
from app.rules.panel import ReviewLacks
from app.rules.rates import Limited
from app.rules.words import Grade
from app.services import limits, panel_reviews, panel_show
from app.services.reviews import OtherReviewWindow
from app.viewer import Viewer

router = noun_router("/applications/{application_id}/review")
ToReview = Annotated[Application, load(Application, to=Permission.WRITE_PANEL_REVIEW)]


def write_page(
    request: Request, db: Session, viewer: Viewer, application: Application, typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None, status: int = 200, *, has_other: bool = False,
) -> Response:  # fmt: skip
    page = panel_show.dossier(db, application, viewer)
    assert page.mine is not None
    blank = dict.fromkeys(rules.fields_of(page.offer.criteria), "")
    return render(
        request, "panel/review.html", status=status, page=page, review=page.mine, grades=list(Grade),
        typed={**blank, **(typed or page.mine.answers)}, other=page.mine.answers if has_other else None,
        errors=errors or {}, kept_at=page.mine.updated_at, seen=page.mine.version, application=application,
    )  # fmt: skip


@router.get("")
def write(request: Request, db: Db, viewer: CurrentViewer, application: ToReview) -> Response:
    return write_page(request, db, viewer, application)


@router.post("")
def file(request: Request, db: Db, viewer: CurrentViewer, application: ToReview, form: Form) -> Response:
    """Keep what is typed, and file it if that button was pressed; one that lacks something is kept all the same."""
    assert viewer.id is not None
    review, typed, by = panel_show.own_review(db, application, viewer), values(form), viewer.id
    here = f"/applications/{application.id}"
    try:
        if typed.get("act") != "file":
            panel_reviews.keep(db, review, typed, seen_in(typed), by)
            return redirect(request, f"{here}/review", _("Your draft is kept. Nobody else reads it."))
        panel_reviews.file(db, review, typed, seen_in(typed), by, settings_of(request).origin)
    except ReviewLacks as refusal:
        errors = {name: say(problem) for name, problem in refusal.problems.items()}
        return write_page(request, db, viewer, application, typed, errors, 422)
    except Refusal as refusal:
        db.rollback()
        is_other, errors = isinstance(refusal, OtherReviewWindow), {"form": say(refusal.phrase)}
        return write_page(request, db, viewer, application, typed, errors, refusal.status, has_other=is_other)
    told = _("Your review is filed. It can be read when all are in, or when their day is over.")
    return redirect(request, f"{here}/selection", told)


@router.post("/draft")
def keep(request: Request, db: Db, viewer: CurrentViewer, application: ToReview, form: Form) -> Response:
    """Keep what is in the form now; words of another window are not written over."""
    assert viewer.id is not None
    review, typed, is_other = panel_show.own_review(db, application, viewer), values(form), False
    seen = seen_in(typed)
    try:
        limits.spend(db, Limited.SAVE_DRAFT, viewer.id)
        seen = panel_reviews.keep(db, review, typed, seen, viewer.id)
        kept_at = review.updated_at
    except TooMany:
        kept_at = None
    except OtherReviewWindow:
        kept_at, is_other = None, True
    return fragment(
        request, "panel/_kept.html", otherwise=f"/applications/{application.id}/review", application=application,
        review=review, kept_at=kept_at, seen=seen, is_other=is_other,
    )  # fmt: skip
