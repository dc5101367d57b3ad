"""Minority reports of a stakeholder group: filed by one of its seats, signed by the others."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from app.i18n import _
from app.models.decision import Decision
from app.models.statement import Statement
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, find, load, noun_router
from app.routers.forms import Form, FormModel, cleaned, read, values
from app.routers.pages import redirect, render
from app.rules import texts
from app.services import lineage, minority_reports

router = noun_router("/decisions/{decision_id}/minority-report")
Dissentable = Annotated[Decision, load(Decision, to=Permission.FILE_DISSENT)]


class ReportEntry(FormModel):
    words: Annotated[str, cleaned(texts.ANSWER)]


@router.get("")
def form_page(request: Request, db: Db, decision: Dissentable) -> Response:
    return page(request, db, decision, {}, {})


def page(
    request: Request, db: Db, decision: Decision, typed: dict[str, str], errors: dict[str, str]
) -> Response:
    return render(
        request, "decisions/minority_report.html", status=422 if errors else 200, decision=decision,
        stations=lineage.of_decision(db, decision), typed=typed, errors=errors,
    )  # fmt: skip


@router.post("")
def file(request: Request, db: Db, viewer: CurrentViewer, decision: Dissentable, form: Form) -> Response:
    assert viewer.id is not None
    entry, errors = read(form, ReportEntry)
    if entry is None:
        return page(request, db, decision, values(form), errors)
    minority_reports.file(db, decision, viewer.id, entry.words)
    told = _("The report of your group stands beside the decision; the others of your group can sign it.")
    return redirect(request, f"/decisions/{decision.id}#reasons", told)


@router.post("/{statement_id}/signature")
def sign(
    request: Request, db: Db, viewer: CurrentViewer, decision: Dissentable, statement_id: str
) -> Response:
    assert viewer.id is not None
    minority_reports.sign(db, decision, find(db, Statement, statement_id).id, viewer.id)
    told = _("Your name stands under the report of your group.")
    return redirect(request, f"/decisions/{decision.id}#reasons", told)
