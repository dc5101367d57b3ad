"""Commands that bring the texts of a call in from a file, and take all its public data out."""

from enum import StrEnum, auto
from pathlib import Path
from typing import Annotated

import typer

from app.console import Json, answer, bar, console, place, snapshot
from app.db import transaction
from app.rules import importing
from app.services import imports

commands = typer.Typer()


class Format(StrEnum):
    POLIS = auto()
    CSV = auto()


Arguments = Annotated[list[str], typer.Argument(metavar="[CALL] FILE", help="The call's id, and the file.")]
Kind = Annotated[Format, typer.Option("--format", help="A Polis export, or any table with a text column.")]
NewCall = Annotated[str, typer.Option(help="Make a new call with this title for the texts.")]
Encoding = Annotated[str, typer.Option(help="utf-8, or latin-1 where the file is old.")]
Asking = Annotated[str, typer.Option(help="Who asks in the new call; the first organisation otherwise.")]
Source = Annotated[
    str,
    typer.Option(help="The source's name: ids and authors of two sources in one call are kept apart by it."),
]
SourceNote = Annotated[
    str, typer.Option(help="Where the texts of a new call come from, and under which licence.")
]


@commands.command("import")
def import_file(
    arguments: Arguments,
    format_: Kind = Format.CSV,
    new_call: NewCall = "",
    encoding: Encoding = importing.UTF_8,
    organisation: Asking = "",
    source: Source = "",
    source_note: SourceNote = "",
    as_json: Json = False,
) -> None:
    """Bring in texts from a file; a second import of the same file changes nothing."""
    if len(arguments) != (1 if new_call else 2):
        raise typer.BadParameter("Give CALL and FILE, or --new-call TITLE and FILE.")
    content = read_file(Path(arguments[-1]))
    with place() as (_settings, engine), bar(as_json) as tell, transaction(engine) as session:
        mapping = mapping_of(format_, content, encoding)
        if new_call:
            call = imports.call_for_import(session, new_call, organisation, source_note or source)
        else:
            call = imports.call_by_id(session, arguments[0])
        report = imports.bring_in(session, call, content, mapping, encoding, None, tell, source)
    answer(report.as_facts(), as_json, report.sentence)
    if not as_json:
        say_problems(report, content, encoding)


def mapping_of(format_: Format, content: bytes, encoding: str) -> importing.Mapped:
    if format_ is Format.POLIS:
        return importing.POLIS
    return importing.guessed(importing.headers(content, encoding))


def read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > importing.LARGEST_FILE:
            raise importing.FileTooLarge()
        return path.read_bytes()
    except OSError as problem:
        raise typer.BadParameter(f"{path}: {problem.strerror}") from problem


def say_problems(report: imports.Report, content: bytes, encoding: str) -> None:
    for bad in report.errors:
        console.print(f"line {bad.line}: {bad.reason.english}", highlight=False, markup=False)
    if encoding == importing.UTF_8 and not importing.reads_as_utf_8(content):
        console.print("Some bytes are not UTF-8. Try again with --encoding latin-1.")


@commands.command()
def export(
    call: Annotated[str, typer.Argument(help="The call's id.")],
    out: Annotated[Path | None, typer.Option(help="The zip file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Write all public data of a call to a zip file of tables and documents."""
    from app.services import exports

    with place() as (_settings, engine), bar(as_json) as tell, snapshot(engine) as session:
        call_id = imports.call_by_id(session, call).id
        path = out or Path(f"question-{call_id}.zip")
        facts = {"call": call_id, "file": path, **exports.call(session, call_id, path, tell)}
    answer(facts, as_json, f"{facts['submissions']} voices are in {path}.")


@commands.command("terms")
def load_terms(
    file: Annotated[Path, typer.Argument(help="The official list of goals and targets, as CSV or JSON.")],
    as_json: Json = False,
) -> None:
    """Load the official wording of the 17 goals and 169 targets; a file that is not whole changes nothing."""
    from app.services import terms_official

    content = read_file(file)
    with place() as (_settings, engine), transaction(engine) as session:
        loaded = terms_official.load(session, content)
    answer(loaded.as_facts(), as_json, loaded.sentence)
