"""Drafts: kept while they are typed, and thrown away on request."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.errors import TooMany
from app.i18n import _
from app.models.call import Call
from app.models.columns import now
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import fragment, redirect
from app.rules.rates import Limited
from app.services import drafts, limits
from app.services.drafts import OtherWindow

router = noun_router("/drafts")
CallToWriteIn = Annotated[Call, load(Call, to=Permission.DRAFT_SUBMISSION)]
CallToRead = Annotated[Call, load(Call, to=Permission.READ_CALL)]


@router.post("/{call_id}")
def keep(request: Request, db: Db, viewer: CurrentViewer, call: CallToWriteIn, form: Form) -> Response:
    """Keep what is in the form now; over the limit the browser still holds it, so nothing is said."""
    typed = values(form)
    seen, other = drafts.seen_in(typed), None
    try:
        limits.spend(db, Limited.SAVE_DRAFT, viewer.id or viewer.address_hash)
        seen = drafts.keep(db, call, viewer, drafts.read(typed), seen)
        kept_at = now() if seen else None
    except TooMany:
        kept_at = None
    except OtherWindow:
        kept_at, other = None, drafts.find(db, call.id, viewer)
    return fragment(
        request, "drafts/_kept.html", otherwise=f"/calls/{call.id}/submissions/new",
        call=call, kept_at=kept_at, seen=seen, other=other,
    )  # fmt: skip


@router.post("/{call_id}/removal")
def remove(request: Request, db: Db, viewer: CurrentViewer, call: CallToRead) -> Response:
    """Throw the draft away, also after the call has closed."""
    drafts.discard(db, call.id, viewer)
    to = "/me/submissions" if viewer.is_signed_in else f"/calls/{call.id}"
    return redirect(request, to, _("Your draft is deleted."))
