"""Submissions: the list of a call, saying something, and one voice's own page."""

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app import permissions
from app.errors import TooMany
from app.i18n import LOCALES, _
from app.models.call import Call
from app.models.submission import Submission
from app.permissions import Permission
from app.routers import call_head
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Maybe, Problem, cleaned, read, values
from app.routers.pages import fragment, is_htmx, redirect, render, viewer_of
from app.rules import texts
from app.rules.disclosure import PUBLIC_STATES
from app.rules.rates import Limited
from app.rules.submissions import EDITABLE
from app.rules.words import StakeholderGroup, SubmissionKind
from app.services import (
    drafts,
    limits,
    lineage,
    organisations,
    similar,
    submissions,
    submissions_list,
    submissions_show,
)
from app.services.drafts import OtherWindow, Said
from app.services.similar import Similar
from app.services.submissions import ChangedMeanwhile
from app.viewer import Viewer

router = noun_router()

CallToRead = Annotated[Call, load(Call, to=Permission.READ_CALL)]
CallToWriteIn = Annotated[Call, load(Call, to=Permission.DRAFT_SUBMISSION)]
ToSee = Annotated[Submission, load(Submission, to=Permission.SEE_SUBMISSION)]
ToRead = Annotated[Submission, load(Submission, to=Permission.READ_SUBMISSION)]
ToEdit = Annotated[Submission, load(Submission, to=Permission.EDIT_SUBMISSION)]
ToWithdraw = Annotated[Submission, load(Submission, to=Permission.WITHDRAW)]


class SubmissionEntry(FormModel):
    """What the form may set; state, author, counts and dates are never read from it."""

    text: Annotated[str, cleaned(texts.SUBMISSION)]
    title: Annotated[str, cleaned(texts.SUBMISSION_TITLE)] = ""
    kind: SubmissionKind = SubmissionKind.IDEA
    language: Annotated[str, Field(pattern="^([a-z]{2,3})?$")] = ""
    place: Annotated[str, cleaned(texts.PLACE)] = ""
    group: Annotated[StakeholderGroup | None, Maybe] = None
    speaks_for: Literal["", "myself", "organisation"] = ""


class VersionEntry(FormModel):
    version: Annotated[int, Field(ge=1, le=1_000_000)]


@router.get("/calls/{call_id}/submissions")
def index(request: Request, db: Db, viewer: CurrentViewer, call: CallToRead) -> Response:
    listing = submissions_list.page(db, call, viewer, submissions_list.wanted_from(request.query_params))
    if is_htmx(request):
        return render(request, "submissions/_list.html", call=call, listing=listing)
    stations = lineage.around_call(db, call)
    return render(
        request,
        "submissions/index.html",
        call=call,
        listing=listing,
        stations=stations,
        tabs=call_head.tabs(call),
    )


@router.get("/calls/{call_id}/submissions/new")
def new(request: Request, db: Db, viewer: CurrentViewer, call: CallToWriteIn) -> Response:
    draft = drafts.find(db, call.id, viewer)
    return show_form(request, db, call, typed_before(viewer, draft), draft=draft)


@router.post("/calls/{call_id}/submissions")
def create(request: Request, db: Db, viewer: CurrentViewer, call: CallToWriteIn, form: Form) -> Response:
    typed = typed_before(viewer, None) | values(form)
    if "similar" in typed or viewer.person is None:
        return keep_writing(request, db, viewer, call, typed)
    permissions.demand(db, viewer, Permission.SUBMIT, call)
    said, errors = read_entry(call, typed)
    if said is None:
        kept = keep_draft(db, viewer, call, typed)
        return show_form(request, db, call, typed | kept, errors=errors, status=422)
    limits.spend(db, Limited.SUBMIT, viewer.id)
    form_key = typed.get("form_key", "")[:64] or uuid4().hex
    made = submissions.submit(db, call, viewer.person, said, form_key, drafts.seen_in(typed))
    if not submissions.says(made, said):
        if made.state not in EDITABLE:
            made = submissions.submit(db, call, viewer.person, said, uuid4().hex, drafts.seen_in(typed))
            return redirect(request, f"/submissions/{made.id}")
        return show_edit(request, db, made, typed, theirs=made, again=uuid4().hex, status=409)
    return redirect(request, f"/submissions/{made.id}")


@router.post("/calls/{call_id}/similar")
def similar_ones(request: Request, db: Db, viewer: CurrentViewer, call: CallToRead, form: Form) -> Response:
    """The five most similar voices while typing, and the language it seems to be in; over the limit no voices."""
    typed = values(form)
    found = similar_to(request, db, viewer, call, typed.get("text", ""))
    return fragment(
        request, "submissions/_typed.html", otherwise=f"/calls/{call.id}/submissions/new",
        call=call, similar=found, detected=submissions.language_so_far(call, drafts.read(typed)),
    )  # fmt: skip


@router.get("/submissions/{submission_id}")
def show(request: Request, db: Db, viewer: CurrentViewer, submission: ToSee) -> Response:
    may_read = permissions.can(db, viewer, Permission.READ_SUBMISSION, submission)
    page = submissions_show.shown(
        db, submission, viewer, may_read=may_read, cursor=request.query_params.get("comments", "")
    )
    template = "submissions/show.html" if page.may_read else "submissions/tombstone.html"
    return render(request, template, page=page, errors={}, typed={}, form_key=uuid4().hex)


@router.get("/submissions/{submission_id}/similar")
def close(request: Request, db: Db, submission: ToRead) -> Response:
    """Asked for by the submission's own page once a reader comes to it, or opened as a page."""
    call = db.get_one(Call, submission.call_id)
    found = similar.to_submission(db, submission) if submission.state in PUBLIC_STATES else []
    if is_htmx(request):
        return render(request, "submissions/_close.html", submission=submission, similar=found)
    stations = lineage.of_submission(db, submission)
    return render(
        request,
        "submissions/similar.html",
        submission=submission,
        call=call,
        similar=found,
        stations=stations,
    )


@router.get("/submissions/{submission_id}/versions")
def versions(request: Request, db: Db, submission: ToRead) -> Response:
    call = db.get_one(Call, submission.call_id)
    found = submissions.versions_of(db, submission)
    return render(
        request,
        "submissions/versions.html",
        submission=submission,
        call=call,
        versions=found,
        stations=lineage.of_submission(db, submission),
    )


@router.get("/submissions/{submission_id}/edit")
def edit_form(request: Request, db: Db, submission: ToEdit) -> Response:
    return show_edit(request, db, submission, typed_of(submission))


@router.post("/submissions/{submission_id}/edit")
def edit(request: Request, db: Db, viewer: CurrentViewer, submission: ToEdit, form: Form) -> Response:
    assert viewer.person is not None
    typed = values(form)
    said, errors = read_entry(db.get_one(Call, submission.call_id), typed)
    seen, more = read(form, VersionEntry)
    if said is None or seen is None:
        return show_edit(request, db, submission, typed, errors=errors | more, status=422)
    limits.spend(db, Limited.SUBMIT, viewer.id)
    try:
        submissions.edit(db, submission, said, seen.version, viewer.person)
    except ChangedMeanwhile:
        return show_edit(request, db, submission, typed, theirs=submission, status=409)
    return redirect(request, f"/submissions/{submission.id}", _("Your new version is public."))


@router.get("/submissions/{submission_id}/withdrawal")
def ask_withdrawal(request: Request, db: Db, submission: ToWithdraw) -> Response:
    call = db.get_one(Call, submission.call_id)
    return render(
        request, "submissions/withdrawal.html", submission=submission, call=call,
        stations=lineage.of_submission(db, submission),
    )  # fmt: skip


@router.post("/submissions/{submission_id}/withdrawal")
def withdraw(request: Request, db: Db, viewer: CurrentViewer, submission: ToWithdraw) -> Response:
    assert viewer.id is not None
    submissions.withdraw(db, submission, viewer.id)
    told = _("Your submission is withdrawn: its words are erased. This page only says that it was here.")
    return redirect(request, f"/submissions/{submission.id}", told)


def keep_writing(request: Request, db: Db, viewer: Viewer, call: Call, typed: dict[str, str]) -> Response:
    """Not sent yet: the text is kept, and the form comes back with close voices, or after signing in."""
    limits.spend(db, Limited.SAVE_DRAFT, viewer.id or viewer.address_hash)
    if "similar" in typed:
        kept = keep_draft(db, viewer, call, typed)
        found = similar_to(request, db, viewer, call, typed.get("text", ""))
        return show_form(request, db, call, typed | kept, similar=found)
    drafts.keep_both(db, call, viewer, drafts.read(typed), drafts.seen_in(typed))
    back = f"/sign-in?next=/calls/{call.id}/submissions/new"
    return redirect(request, back, _("Your text is kept. Sign in, and it will be there for you to send."))


def keep_draft(db: Session, viewer: Viewer, call: Call, typed: dict[str, str]) -> dict[str, str]:
    """Keep what the form shows again anyway, unless another window holds other words; answers the draft's version."""
    try:
        return {
            "draft_version": str(drafts.keep(db, call, viewer, drafts.read(typed), drafts.seen_in(typed)))
        }
    except OtherWindow:
        return {}


def read_entry(call: Call, typed: dict[str, str]) -> tuple[Said | None, dict[str, str]]:
    """The entry, checked against what this call offers."""
    entry, errors = read(typed, SubmissionEntry)
    if entry is None:
        return None, errors
    if entry.place and call.places and entry.place not in call.places:
        return None, {"place": str(Problem(_("Please choose one of the places of this question.")))}
    return Said(**entry.model_dump()), {}


def similar_to(request: Request, db: Db, viewer: Viewer, call: Call, text: str) -> Similar:
    try:
        limits.spend(db, Limited.SIMILAR, viewer.id or viewer.address_hash)
    except TooMany:
        return similar.NONE
    runtime = request.app.state.runtime
    text = texts.clean(text, texts.DRAFT).text
    return similar.to_text(
        db, call.id, text, runtime.model.ready() if runtime else None, languages=call.languages
    )


def typed_of(submission: Submission) -> dict[str, str]:
    names = ("text", "title", "kind", "language", "place", "group")
    return {name: str(getattr(submission, name) or "") for name in names} | {
        "version": str(submission.version),
        "speaks_for": "organisation" if submission.organisation_id else "myself",
    }


def typed_before(viewer: Viewer, draft: Submission | None) -> dict[str, str]:
    """The draft, or an empty form with what the profile says."""
    if draft is not None:
        return typed_of(draft)
    person = viewer.person
    return {"group": str((person.group if person else None) or ""), "place": person.place if person else ""}


def show_form(
    request: Request, db: Db, call: Call, typed: dict[str, str], *, errors: dict[str, str] | None = None,
    draft: Submission | None = None, similar: Similar | None = None, status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request, "submissions/new.html", status=status, call=call, typed=typed, errors=errors or {},
        similar=similar, form_key=typed.get("form_key") or uuid4().hex, draft=draft, codes=codes_of(call, typed),
        detected=submissions.language_so_far(call, drafts.read(typed)), stations=lineage.around_call(db, call),
        organisation=organisations.spoken_for(db, viewer_of(request).person),
    )  # fmt: skip


def show_edit(
    request: Request, db: Db, submission: Submission, typed: dict[str, str], *,
    errors: dict[str, str] | None = None, theirs: Submission | None = None, again: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """`theirs` is what is public now where it differs; `again` the key of a new form, to send the words beside it."""
    call = db.get_one(Call, submission.call_id)
    return render(
        request, "submissions/edit.html", status=status, call=call, submission=submission, typed=typed,
        errors=errors or {}, theirs=theirs, again=again, codes=codes_of(call, typed),
        detected=submissions.language_so_far(call, drafts.read(typed)),
        stations=lineage.of_submission(db, submission),
        organisation=organisations.spoken_for(db, viewer_of(request).person),
    )  # fmt: skip


def codes_of(call: Call, typed: dict[str, str]) -> list[str]:
    """The languages offered: those of the call, ours, and the one chosen already."""
    return [code for code in dict.fromkeys((*call.languages, *LOCALES, typed.get("language", ""))) if code]
