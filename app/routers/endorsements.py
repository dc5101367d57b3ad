"""Endorsements: standing behind a submission, and taking that back."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.submission import Submission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form
from app.routers.pages import fragment
from app.rules.rates import Limited
from app.services import endorsements, limits

router = noun_router("/submissions/{submission_id}/endorsement")
ToEndorse = Annotated[Submission, load(Submission, to=Permission.ENDORSE)]


@router.post("")
def endorse(request: Request, db: Db, viewer: CurrentViewer, submission: ToEndorse, form: Form) -> Response:
    """One button for both: its form says whether to endorse or to take back."""
    assert viewer.person is not None
    limits.spend(db, Limited.ENDORSE, viewer.id)
    if form.get("take_back"):
        endorsements.take_back(db, submission, viewer.person)
        told = _("Your endorsement is taken back.")
    else:
        endorsements.endorse(db, submission, viewer.person)
        confirmed = _("You endorse this submission.")
        told = (
            confirmed
            if viewer.is_confirmed
            else _("Your endorsement counts once you confirm your e-mail address.")
        )
    return fragment(
        request, "submissions/_endorsement.html", otherwise=f"/submissions/{submission.id}", notice=told,
        submission=submission, is_endorsed=not form.get("take_back"),
        level="card" if form.get("level") == "card" else "page",
    )  # fmt: skip
