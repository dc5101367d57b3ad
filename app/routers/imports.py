"""Bringing texts in from a file: upload, look at the first rows, choose the columns, follow the import."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from app.errors import NotAcceptable, NotFound
from app.i18n import _
from app.models.call import Call
from app.models.import_run import ImportRun, ImportState, imports_of
from app.permissions import Permission
from app.routers.deps import CurrentViewer, Db, load, noun_router
from app.routers.forms import Form, file, values
from app.routers.pages import is_htmx, redirect, render, say
from app.rules import importing
from app.rules.importing import Column
from app.rules.rates import Limited
from app.rules.words import N_
from app.services import import_runs, limits, lineage

router = noun_router("/calls/{call_id}/import")
ImportingCall = Annotated[Call, load(Call, to=Permission.IMPORT_SUBMISSIONS)]
COLUMNS = {
    Column.TEXT: N_("Text"),
    Column.TITLE: N_("Title"),
    Column.KEY: N_("Number in the source"),
    Column.AUTHOR: N_("Author (becomes a pseudonym)"),
    Column.MODERATED: N_("Moderation (1 shown, 0 waiting, -1 rejected)"),
    Column.AGREES: N_("How many agreed"),
    Column.DISAGREES: N_("How many disagreed"),
    Column.SAID_AT: N_("When it was said"),
    Column.LANGUAGE: N_("Language"),
    Column.PLACE: N_("Place"),
    Column.GROUP: N_("Stakeholder group"),
    Column.KIND: N_("Kind"),
}


@router.get("")
def page(request: Request, db: Db, call: ImportingCall) -> Response:
    return upload_page(request, db, call)


def upload_page(request: Request, db: Db, call: Call, problem: str = "", source: str = "") -> Response:
    return render(
        request, "imports/index.html", status=422 if problem else 200, call=call, problem=problem, source=source,
        runs=imports_of(db, call.id), stations=lineage.around_call(db, call),
    )  # fmt: skip


@router.post("")
def upload(request: Request, db: Db, viewer: CurrentViewer, call: ImportingCall, form: Form) -> Response:
    assert viewer.id is not None
    given, source = file(form, "file"), str(form.get("source", ""))
    problem = _("Please choose a file.")
    if given is not None:
        try:
            limits.spend(db, Limited.IMPORT, viewer.id)
            content = given.file.read(importing.LARGEST_FILE + 1)
            run = import_runs.upload(db, call, given.filename or "", content, viewer.id, source)
            return redirect(request, f"/calls/{call.id}/import/{run.id}")
        except NotAcceptable as refusal:
            problem = say(refusal.phrase)
    return upload_page(request, db, call, problem, source)


def run_of(db: Db, call: Call, raw: str) -> ImportRun:
    try:
        run = db.get(ImportRun, UUID(raw))
    except ValueError:
        run = None
    if run is None or run.call_id != call.id:
        raise NotFound()
    return run


@router.get("/{run_id}")
def show(request: Request, db: Db, call: ImportingCall, run_id: str, encoding: str = "") -> Response:
    run = run_of(db, call, run_id)
    if run.state is ImportState.UPLOADED:
        chosen = encoding if encoding in (importing.UTF_8, importing.LATIN_1) else run.encoding
        return columns_page(request, db, call, run, chosen)
    problems = import_runs.problems(run)
    if is_htmx(request):
        return render(request, "imports/_progress.html", call=call, run=run, problems=problems)
    stations = lineage.around_call(db, call)
    return render(request, "imports/show.html", call=call, run=run, problems=problems, stations=stations)


def columns_page(
    request: Request,
    db: Db,
    call: Call,
    run: ImportRun,
    encoding: str,
    typed: dict[str, Any] | None = None,
    problem: str = "",
) -> Response:
    content = run.content or b""
    names = importing.headers(content, encoding)
    return render(
        request,
        "imports/columns.html",
        status=422 if problem else 200,
        call=call,
        run=run,
        names=names,
        rows=importing.preview(content, encoding),
        columns=COLUMNS,
        typed=typed or run.mapping,
        encoding=encoding,
        is_utf_8=importing.reads_as_utf_8(content),
        problem=problem,
        stations=lineage.around_call(db, call),
    )


@router.post("/{run_id}")
def start(request: Request, db: Db, call: ImportingCall, run_id: str, form: Form) -> Response:
    run, typed = run_of(db, call, run_id), values(form)
    encoding = typed.get("encoding", importing.UTF_8)
    encoding = encoding if encoding in (importing.UTF_8, importing.LATIN_1) else importing.UTF_8
    try:
        import_runs.start(db, run, {column: typed.get(column.value, "") for column in Column}, encoding)
    except importing.TextColumnMissing as refusal:
        return columns_page(request, db, call, run, encoding, typed, say(refusal.phrase))
    return redirect(request, f"/calls/{call.id}/import/{run.id}")
