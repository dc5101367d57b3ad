"""Moderation: the queue of a call, the moderators' acts, and the log that everyone can read."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import BeforeValidator
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import _
from app.models import moderation_lists, moderation_spoken
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
from app.rules.words import StatementKind, SubmissionState
from app.services import lineage, moderation, moderation_comments, moderation_deciders, submissions_show

router = noun_router()
CallToModerate = Annotated[Call, load(Call, to=Permission.MODERATE)]
ToModerate = Annotated[Submission, load(Submission, to=Permission.MODERATE_SUBMISSION)]
LISTS = {
    "submitted": moderation_lists.submitted,
    "reported": moderation_lists.reported,
    "appealed": moderation_lists.appealed,
    "hidden": moderation_lists.hidden,
}


SPOKEN = {"reported": StatementKind.REPORT, "appealed": StatementKind.APPEAL}


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
    asked = request.query_params
    return show_queue(request, db, call, asked.get("list", ""), asked.get("page", ""))


@router.post("/submissions/{submission_id}/publication")
def publish(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    moderation.publish(db, submission, viewer.person, settings_of(request).origin)
    return done(request, submission, submission, form, _("It is public now, and its author is told."))


@router.post("/submissions/{submission_id}/hiding")
def hide(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, HidingEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    origin = settings_of(request).origin
    moderation.hide(db, submission, viewer.person, entry.rule, entry.reason, origin)
    return done(request, submission, submission, form, told_of_hiding(submission))


def told_of_hiding(submission: Submission) -> str:
    if submission.source_key is not None:
        return _("It is hidden. It was imported, so there is no author here to be told.")
    return _("It is hidden, and its author is told why.")


@router.post("/submissions/{submission_id}/restoration")
def restore(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    """A slip is undone, with a reason that stands in the log beside the hiding."""
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    moderation.restore(db, submission, viewer.person, entry.reason, settings_of(request).origin)
    return done(request, submission, submission, form, told_of_return(submission))


def told_of_return(submission: Submission) -> str:
    if submission.state is SubmissionState.SUBMITTED:
        return _("It is not hidden any more, and waits until its author confirms the e-mail address.")
    return _("It is public again.")


@router.post("/submissions/{submission_id}/comments/{statement_id}/hiding")
def hide_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, statement_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, HidingEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    said, origin = find(db, Statement, statement_id), settings_of(request).origin
    moderation_comments.hide(db, submission, said.id, viewer.person, entry.rule, entry.reason, origin)
    return done(request, submission, said, form, _("The comment is hidden, and its author is told why."))


@router.post("/submissions/{submission_id}/comments/{statement_id}/restoration")
def restore_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, statement_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    said, origin = find(db, Statement, statement_id), settings_of(request).origin
    moderation_comments.restore(db, submission, said.id, viewer.person, entry.reason, origin)
    return done(request, submission, said, form, _("The comment is public again."))


@router.post("/submissions/{submission_id}/reports/resolution")
def resolve(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    """Looked at, and left visible: about the submission, or about the comment the form names."""
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return refused(request, db, submission, form, errors)
    named = values(form).get("comment")
    subject = find(db, Statement, named) if named else submission
    moderation.keep_visible(db, submission, subject.id, viewer.person, entry.reason)
    return done(request, submission, subject, form, _("The reports are closed; it stays visible."))


@router.post("/submissions/{submission_id}/appeal/decision")
def decide(request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, AppealDecision)
    if entry is None:
        return refused(request, db, submission, form, errors)
    upheld = entry.outcome == "uphold"
    origin = settings_of(request).origin
    moderation.decide_appeal(db, submission, viewer.person, upheld=upheld, reason=entry.reason, origin=origin)
    told = told_of_return(submission) if upheld else _("It stays hidden; the author can read why.")
    return done(request, submission, submission, form, told)


@router.post("/submissions/{submission_id}/comments/{statement_id}/appeal/decision")
def decide_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToModerate, statement_id: str, form: Form
) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, AppealDecision)
    if entry is None:
        return refused(request, db, submission, form, errors)
    said, upheld, origin = (
        find(db, Statement, statement_id),
        entry.outcome == "uphold",
        settings_of(request).origin,
    )
    moderation_comments.decide_appeal(
        db, submission, said.id, viewer.person, upheld=upheld, reason=entry.reason, origin=origin
    )
    told = _("The comment is public again.") if upheld else _("It stays hidden; the author can read why.")
    return done(request, submission, said, form, told)


@router.get("/moderation-log")
@public("what was hidden and why is for everyone to read; it holds no words and no names")
def log(request: Request, db: Db) -> Response:
    lines = moderation_lists.log(db, request.query_params.get("page", ""))
    return render(request, "moderation/log.html", log=lines, rules=rules.RULES, title_of=rules.title_of)


def done(
    request: Request, submission: Submission, subject: Submission | Statement, form: FormData, told: str
) -> Response:
    """For htmx one line in the item's place; otherwise back to where it was done, and to what stands next there."""
    if is_htmx(request):
        return render(request, "moderation/_done.html", subject_id=subject.id, told=told)
    typed = values(form)
    if typed.get("list") not in LISTS:
        place = f"#comment-{subject.id}" if isinstance(subject, Statement) else ""
        return redirect(request, f"/submissions/{submission.id}{place}", told)
    kept = urlencode({name: typed[name] for name in ("list", "page") if typed.get(name)})
    following = f"#waiting-{typed['next']}" if is_id(typed.get("next")) else ""
    return redirect(request, f"/calls/{submission.call_id}/moderation?{kept}{following}", told)


def is_id(raw: str | None) -> bool:
    try:
        return bool(UUID(raw or ""))
    except ValueError:
        return False


def refused(
    request: Request, db: Session, submission: Submission, form: FormData, errors: dict[str, str]
) -> Response:
    """The page again with what is wrong said on top; for htmx the sentence alone, in the notices."""
    if is_htmx(request):
        response = render(request, "moderation/_wrong.html", status=422, errors=errors)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#notices", "innerHTML"
        return response
    typed = values(form)
    if typed.get("list") not in LISTS:
        # It was written on the voice's own page, and is kept there.
        page = submissions_show.shown(db, submission, viewer_of(request), may_read=True)
        return render(
            request, "submissions/show.html", status=422, page=page, errors=errors, typed=typed, form_key=uuid4().hex
        )  # fmt: skip
    call = db.get_one(Call, submission.call_id)
    return show_queue(request, db, call, typed["list"], typed.get("page", ""), errors, typed)


def show_queue(
    request: Request, db: Session, call: Call, name: str, cursor: str, errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    waiting = moderation_lists.counts(db, call.id)
    name = name if name in LISTS else next((each for each in waiting if waiting[each]), "submitted")
    page: WaitingPage = LISTS[name](db, call.id, cursor)
    if cursor and not page.items:
        # The last of a page was dealt with: what waits before it is shown.
        page, cursor = LISTS[name](db, call.id), ""
    typed, errors = typed or {}, errors or {}
    places = {f"{typed.get('form', '')}-{field}": sentence for field, sentence in errors.items()}
    return render(
        request, "moderation/queue.html", status=422 if errors else 200, call=call, name=name, page=page,
        waiting=waiting, errors=errors, places=places, typed=typed, rules=rules.RULES, choosable=rules.CHOOSABLE,
        deciders=moderation_deciders.of_page(db, call, viewer_of(request), page.items), cursor=cursor,
        stations=lineage.around_call(db, call),
        spoken=moderation_spoken.waiting(db, call.organisation_id, SPOKEN[name]) if name in SPOKEN else [],
    )  # fmt: skip
