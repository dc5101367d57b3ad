"""The agency's answers: one to each group, with its reason, before the question counts as answered."""

from typing import Annotated, Literal

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.i18n import _
from app.models.call import Call
from app.permissions import Permission
from app.routers.call_head import call_head
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import texts
from app.rules.words import SubmissionState
from app.services import answers
from app.viewer import Viewer

router = noun_router("/calls/{call_id}/answers")
ReadableCall = Annotated[Call, load(Call, to=Permission.READ_CALL)]
AnswerableCall = Annotated[Call, load(Call, to=Permission.ANSWER_CALL)]


class AnswerEntry(FormModel):
    key: str
    outcome: Literal["taken_up", "not_taken_up"]
    reason: Annotated[str, cleaned(texts.ANSWER)]


@router.get("")
def show(request: Request, db: Db, viewer: CurrentViewer, call: ReadableCall) -> Response:
    return page(request, db, viewer, call, {}, {})


def page(
    request: Request, db: Session, viewer: Viewer, call: Call, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    """What became of the question: counts, and the answer to each group."""
    facts = {"rows": answers.overview(db, call), "outcome": answers.outcome(db, call), "typed": typed}
    facts |= {"errors": errors, **call_head(db, viewer, call)}
    return render(request, "calls/answers.html", status=422 if errors else 200, **facts)


@router.post("")
def answer(request: Request, db: Db, viewer: CurrentViewer, call: AnswerableCall, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, AnswerEntry)
    if entry is None:
        return page(request, db, viewer, call, values(form), errors)
    if entry.key not in {row.key for row in answers.overview(db, call)}:
        raise NotFound()
    answers.answer(db, call, entry.key, SubmissionState(entry.outcome), entry.reason, viewer.id)
    return redirect(request, f"/calls/{call.id}/answers#answer-{entry.key}", _("The answer is public."))


@router.post("/conclusion")
def conclude(request: Request, db: Db, viewer: CurrentViewer, call: AnswerableCall) -> Response:
    assert viewer.id is not None
    answers.conclude(db, call, viewer.id, settings_of(request).origin)
    return redirect(
        request, f"/calls/{call.id}", _("The question is answered; everyone who took part is told.")
    )
