"""Statements on a submission: comments and replies, reports, appeals, and the author's check of its group."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import _
from app.models.statement import Statement
from app.models.submission import Submission
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, cleaned, read, values
from app.routers.pages import is_htmx, redirect, render
from app.rules import texts
from app.rules.rates import Limited
from app.services import checking, limits, statements, submissions_show

router = noun_router("/submissions/{submission_id}")
ToComment = Annotated[Submission, load(Submission, to=Permission.COMMENT)]
ToRead = Annotated[Submission, load(Submission, to=Permission.READ_SUBMISSION)]
ToReport = Annotated[Submission, load(Submission, to=Permission.REPORT)]
ToAppeal = Annotated[Submission, load(Submission, to=Permission.APPEAL)]
ToCheck = Annotated[Submission, load(Submission, to=Permission.CHECK_GROUP)]


class CommentEntry(FormModel):
    comment: Annotated[str, cleaned(texts.COMMENT)]
    parent: Annotated[UUID | None, Maybe] = None


class ReportEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class AppealEntry(FormModel):
    appeal: Annotated[str, cleaned(texts.REASON)]


class CheckingEntry(FormModel):
    agrees: Literal["yes", "no"]
    words: Annotated[str, cleaned(texts.OPTIONAL_REASON)] = ""


@router.post("/comments")
def comment(request: Request, db: Db, viewer: CurrentViewer, submission: ToComment, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, CommentEntry)
    if entry is None:
        return again(request, db, viewer, submission, form, errors)
    limits.spend(db, Limited.COMMENT, viewer.id)
    form_key = values(form).get("form_key") or uuid4().hex
    statements.comment(db, submission, viewer.person, entry.comment, form_key, entry.parent)
    db.refresh(submission, ["comment_count"])
    if is_htmx(request):
        return again(
            request, db, viewer, submission, None, {}, status=200, template="submissions/_comments.html"
        )
    return redirect(
        request, f"/submissions/{submission.id}#comments-{submission.id}", _("Your comment is public.")
    )


@router.post("/comments/{statement_id}/withdrawal")
def withdraw_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToRead, statement_id: str
) -> Response:
    said = find(db, Statement, statement_id)
    if viewer.id is not None:
        statements.withdraw_comment(db, submission, said, viewer.id)
    return redirect(
        request, f"/submissions/{submission.id}", _("Your comment is withdrawn: its words are erased.")
    )


@router.post("/comments/{statement_id}/report")
def report_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToReport, statement_id: str, form: Form
) -> Response:
    return report(request, db, viewer, submission, form, find(db, Statement, statement_id).id)


@router.post("/report")
def report_submission(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToReport, form: Form
) -> Response:
    return report(request, db, viewer, submission, form, None)


def report(
    request: Request, db: Db, viewer: CurrentViewer, submission: Submission, form: FormData, said: UUID | None
) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, ReportEntry)
    if entry is None:
        return again(request, db, viewer, submission, form, errors)
    limits.spend(db, Limited.REPORT, viewer.id)
    statements.report(db, submission, viewer.person, entry.reason, said)
    told = _("Your report is with the moderators. It stays visible until they decide.")
    return redirect(request, f"/submissions/{submission.id}", told)


@router.post("/appeal")
def appeal(request: Request, db: Db, viewer: CurrentViewer, submission: ToAppeal, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, AppealEntry)
    if entry is None:
        return again(request, db, viewer, submission, form, errors)
    limits.spend(db, Limited.APPEAL, viewer.id)
    statements.appeal(db, submission, viewer.person, entry.appeal)
    return redirect(request, f"/submissions/{submission.id}", _("Your appeal is with the moderators."))


@router.post("/comments/{statement_id}/appeal")
def appeal_comment(
    request: Request, db: Db, viewer: CurrentViewer, submission: ToReport, statement_id: str, form: Form
) -> Response:
    """Whoever may ask moderators to look may; that it is the comment's own author is for the service to see."""
    assert viewer.person is not None
    entry, errors = read(form, AppealEntry)
    if entry is None:
        return again(request, db, viewer, submission, form, errors)
    limits.spend(db, Limited.APPEAL, viewer.id)
    said = find(db, Statement, statement_id)
    statements.appeal_comment(db, submission, said, viewer.person, entry.appeal)
    told = _("Your appeal is with the moderators.")
    return redirect(request, f"/submissions/{submission.id}#comment-{said.id}", told)


@router.post("/checking")
def check(request: Request, db: Db, viewer: CurrentViewer, submission: ToCheck, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, CheckingEntry)
    if entry is None:
        return again(request, db, viewer, submission, form, errors)
    checking.answer(db, submission, viewer.person, agrees=entry.agrees == "yes", words=entry.words)
    return redirect(request, f"/submissions/{submission.id}", _("Thank you: your answer is kept."))


def again(
    request: Request, db: Db, viewer: CurrentViewer, submission: Submission, form: FormData | None,
    errors: dict[str, str], *, status: int = 422, template: str = "",
) -> Response:  # fmt: skip
    """The submission's page once more, with what was typed; the conversation alone for htmx."""
    page = submissions_show.shown(db, submission, viewer, may_read=True)
    partial = "submissions/_comments.html" if is_htmx(request) else "submissions/show.html"
    return render(
        request, template or partial, status=status, page=page, errors=errors,
        typed=values(form) if form else {}, form_key=uuid4().hex,
    )  # fmt: skip
