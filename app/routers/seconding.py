"""Seconding a drafted question: one press by a voting member of another stakeholder group."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.decision import Decision
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, values
from app.routers.pages import redirect
from app.services import seconding

router = noun_router("/decisions/{decision_id}")
Secondable = Annotated[Decision, load(Decision, to=Permission.SECOND_QUESTION)]


@router.post("/seconding")
def second(request: Request, db: Db, viewer: CurrentViewer, decision: Secondable, form: Form) -> Response:
    assert viewer.id is not None
    seconding.second(db, decision, viewer.id, values(form).get("seconded", ""))
    told = _("You have seconded this question. The chair can announce the vote when nothing else is missing.")
    return redirect(request, f"/decisions/{decision.id}", told)
