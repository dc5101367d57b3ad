"""One comment, objection or amendment: its own page, withdrawing, reporting, hiding, and appeals."""

from typing import Annotated, Literal

from fastapi import Request
from pydantic import BeforeValidator
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from app.i18n import _
from app.models.statement import Statement
from app.permissions import Permission
from app.routers.cookies import settings_of
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, FormModel, Problem, cleaned, read, values
from app.routers.pages import redirect, render, say, viewer_of
from app.rules import moderation as rules
from app.rules import texts
from app.rules.moderation import HidingRule, RuleUnknown
from app.rules.rates import Limited
from app.services import limits, spoken, spoken_moderation, spoken_show

router = noun_router("/statements/{statement_id}")
ToSee = Annotated[Statement, load(Statement, to=Permission.SEE_STATEMENT)]
ToWithdraw = Annotated[Statement, load(Statement, to=Permission.WITHDRAW_STATEMENT)]
ToReport = Annotated[Statement, load(Statement, to=Permission.REPORT_STATEMENT)]
ToAppeal = Annotated[Statement, load(Statement, to=Permission.APPEAL_STATEMENT)]
ToModerate = Annotated[Statement, load(Statement, to=Permission.MODERATE_STATEMENT)]


def chosen_rule(raw: object) -> HidingRule:
    try:
        return rules.require_rule(str(raw))
    except RuleUnknown as refusal:
        raise Problem(say(refusal.phrase)) from refusal


class ReasonEntry(FormModel):
    reason: Annotated[str, cleaned(texts.REASON)]


class HidingEntry(ReasonEntry):
    rule: Annotated[HidingRule, BeforeValidator(chosen_rule)]


class AppealEntry(FormModel):
    appeal: Annotated[str, cleaned(texts.REASON)]


class AppealDecision(ReasonEntry):
    outcome: Literal["uphold", "dismiss"]


@router.get("")
def show(request: Request, db: Db, statement: ToSee) -> Response:
    return page(request, db, statement)


def page(
    request: Request, db: Session, statement: Statement, form: FormData | None = None,
    errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    return render(
        request, "spoken/show.html", status=422 if errors else 200,
        page=spoken_show.shown(db, statement, viewer_of(request)), typed=values(form) if form else {},
        errors=errors or {}, **spoken_show.RULES_SHOWN,
    )  # fmt: skip


@router.post("/withdrawal")
def withdraw(request: Request, db: Db, viewer: CurrentViewer, statement: ToWithdraw) -> Response:
    assert viewer.id is not None
    spoken.require_spoken(statement)
    back = spoken.page_of(statement).partition("#")[0]
    spoken.withdraw(db, statement, viewer.id)
    return redirect(request, back, _("What you wrote is withdrawn: its words are erased."))


@router.post("/report")
def report(request: Request, db: Db, viewer: CurrentViewer, statement: ToReport, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return page(request, db, statement, form, errors)
    limits.spend(db, Limited.REPORT, viewer.id)
    spoken.report(db, statement, viewer.person, entry.reason)
    told = _("Your report is with the moderators. It stays visible until they decide.")
    return redirect(request, spoken.page_of(statement), told)


@router.post("/appeal")
def appeal(request: Request, db: Db, viewer: CurrentViewer, statement: ToAppeal, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, AppealEntry)
    if entry is None:
        return page(request, db, statement, form, errors)
    limits.spend(db, Limited.APPEAL, viewer.id)
    spoken.appeal(db, statement, viewer.person, entry.appeal)
    return redirect(request, f"/statements/{statement.id}", _("Your appeal is with the moderators."))


@router.post("/hiding")
def hide(request: Request, db: Db, viewer: CurrentViewer, statement: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, HidingEntry)
    if entry is None:
        return page(request, db, statement, form, errors)
    origin = settings_of(request).origin
    spoken_moderation.hide(db, statement, viewer.person, entry.rule, entry.reason, origin)
    return redirect(request, f"/statements/{statement.id}", _("It is hidden, and its author is told why."))


@router.post("/restoration")
def restore(request: Request, db: Db, viewer: CurrentViewer, statement: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return page(request, db, statement, form, errors)
    spoken_moderation.restore(db, statement, viewer.person, entry.reason, settings_of(request).origin)
    return redirect(request, f"/statements/{statement.id}", _("It is public again."))


@router.post("/reports/resolution")
def resolve(request: Request, db: Db, viewer: CurrentViewer, statement: ToModerate, form: Form) -> Response:
    """Looked at, and left visible."""
    assert viewer.person is not None
    entry, errors = read(form, ReasonEntry)
    if entry is None:
        return page(request, db, statement, form, errors)
    spoken_moderation.keep_visible(db, statement, viewer.person, entry.reason)
    told = _("The reports are closed; it stays visible.")
    return redirect(request, f"/statements/{statement.id}", told)


@router.post("/appeal/decision")
def decide(request: Request, db: Db, viewer: CurrentViewer, statement: ToModerate, form: Form) -> Response:
    assert viewer.person is not None
    entry, errors = read(form, AppealDecision)
    if entry is None:
        return page(request, db, statement, form, errors)
    upheld, origin = entry.outcome == "uphold", settings_of(request).origin
    spoken_moderation.decide_appeal(
        db, statement, viewer.person, upheld=upheld, reason=entry.reason, origin=origin
    )
    told = _("It is public again.") if upheld else _("It stays hidden; the author can read why.")
    return redirect(request, f"/statements/{statement.id}", told)
