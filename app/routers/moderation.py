"""Moderation: the queue of a call, the moderators' acts, and the log that everyone can read."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import BeforeValidator
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import _
from app.models import moderation_lists
from app.models.call import Call
from app.models.moderation_lists import WaitingPage
from app.models.statement import Statement
from app.models.submission import Submission
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, find, load, noun_router, public
from app.routers.forms import Form, FormModel, Problem, cleaned, read, values
from app.routers.pages import is_htmx, redirect, render, say, viewer_of
from app.rules import moderation as rules
from app.rules import texts
from app.rules.moderation import HidingRule, RuleUnknown
from app.services import lineage, moderation, submissions_show

router = noun_router()
CallToModerate = Annotated[Call, load(Call, to=Permission.MODERATE)]
ToModerate = Annotated[Submission, load(Submission, to=Permission.MODERATE_SUBMISSION)]
LISTS = {
    "submitted": moderation_lists.submitted,
    "reported": moderation_lists.reported,
    "appealed": moderation_lists.appealed,
}


def chosen_rule(raw: object) -> HidingRule:
    try:
        return rules.require_rule(str(raw))
    except RuleUnknown as refusal:
        raise Problem(say(refusal.phrase)) from refusal


class HidingEntry(FormModel):
    rule: Annotated[HidingRule, BeforeValidator(chosen_rule)]
    reason: Annotated[str, cleaned(texts.REASON)]


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class AppealDecision(ReasonEntry):
    outcome: Literal["uphold", "dismiss"]


@router.get("/calls/{call_id}/moderation")
def queue(request: Request, db: Db, call: CallToModerate) -> Response:
    return show_queue(request, db, call, request.query_params.get("list", ""), {})


@router.post("/submissions/{submission_id}/publication")
def publish(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate) -> Response:
    assert viewer.person is not None
    moderation.publish(db, submission, viewer.person)
    return done(request, submission, submission.id, _("It is public now."))


@router.post("/submissions/{submission_id}/hiding")
def hide(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, HidingEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    origin = settings_of(request).origin
    moderation.hide(db, submission, viewer.person, entry.rule, entry.reason, origin)
    return done(request, submission, submission.id, _("It is hidden, and its author is told why."))


@router.post("/submissions/{submission_id}/comments/{statement_id}/hiding")
def hide_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, statement_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, HidingEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    said = find(db, Statement, statement_id)
    moderation.hide_comment(db, submission, said.id, viewer.person, entry.rule, entry.reason)
    return done(request, submission, said.id, _("The comment is hidden."))


@router.post("/submissions/{submission_id}/reports/resolution")
def resolve(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    """Looked at, and left visible: about the submission, or about the comment the form names."""
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    named = values(form).get("comment")
    subject_id = find(db, Statement, named).id if named else submission.id
    moderation.keep_visible(db, submission, subject_id, viewer.person, entry.reason)
    return done(request, submission, subject_id, _("The reports are closed; it stays visible."))


@router.post("/submissions/{submission_id}/appeal/decision")
def decide(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, AppealDecision)
    if entry is None:
        return refused(request, db, submission, form, errors)
    upheld = entry.outcome == "uphold"
    origin = settings_of(request).origin
    moderation.decide_appeal(db, submission, viewer.person, upheld=upheld, reason=entry.reason, origin=origin)
    told = _("It is public again.") if upheld else _("It stays hidden; the author can read why.")
    return done(request, submission, submission.id, told)


@router.get("/moderation-log")
@public("what was hidden and why is for everyone to read; it holds no words and no names")
def log(request: Request, db: Db) -> Response:
    lines = moderation_lists.log(db, request.query_params.get("page", ""))
    return render(request, "moderation/log.html", log=lines, rules=rules.RULES, title_of=rules.title_of)


def done(request: Request, submission: Submission, subject_id: UUID, told: str) -> Response:
    """For htmx one line in the item's place; otherwise back to the queue."""
    if is_htmx(request):
        return render(request, "moderation/_done.html", subject_id=subject_id, told=told)
    return redirect(request, f"/calls/{submission.call_id}/moderation", told)


def refused(
    request: Request, db: Db, submission: Submission, form: FormData, errors: dict[str, str]
) -> Response:
    """The page again with what is wrong said on top; for htmx the sentence alone, in the notices."""
    if is_htmx(request):
        response = render(request, "moderation/_wrong.html", status=422, errors=errors)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#notices", "innerHTML"
        return response
    typed = values(form)
    if not typed.get("list"):
        # It was written on the voice's own page, and is kept there.
        page = submissions_show.shown(db, submission, viewer_of(request), may_read=True)
        return render(
            request, "submissions/show.html", status=422, page=page, errors=errors, typed=typed, form_key=uuid4().hex
        )  # fmt: skip
    call = db.get_one(Call, submission.call_id)
    return show_queue(request, db, call, typed["list"], errors, status=422, typed=typed)


def show_queue(
    request: Request, db: Db, call: Call, name: str, errors: dict[str, str], *, status: int = 200,
    typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    waiting = moderation_lists.counts(db, call.id)
    name = name if name in LISTS else next((each for each in LISTS if waiting[each]), "submitted")
    page: WaitingPage = LISTS[name](db, call.id, request.query_params.get("page", ""))
    return render(
        request, "moderation/queue.html", status=status, call=call, name=name, page=page, waiting=waiting,
        errors=errors, typed=typed or {}, rules=rules.RULES, choosable=rules.CHOOSABLE,
        stations=lineage.around_call(db, call),
    )  # fmt: skip
