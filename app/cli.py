"""The command line: serve, work, set up, bring texts in, group them, take them out, check the log, measure."""

import os
import sys
from datetime import UTC, datetime
from enum import StrEnum, auto
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine, text

from app import serving
from app.bench.commands import bench
from app.console import Json, answer, bar, console, place
from app.db import transaction
from app.errors import Refusal
from app.jobs import runtime
from app.place import embedder_of
from app.rules import importing
from app.rules.words import Role, StakeholderGroup
from app.services import imports, scopes
from app.settings import Settings, get_settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)


@cli.command()
def serve(
    port: Annotated[int, typer.Option(envvar="PORT", help="Port on 127.0.0.1, or on HOST.")] = 8000,
    host: Annotated[str, typer.Option(envvar="HOST", help="Address to listen on.")] = "127.0.0.1",
    processes: Annotated[int, typer.Option(help="Web processes that share the load.")] = 1,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty database with the demonstration.")
    ] = False,
) -> None:
    """Answer pages; migrates first, and does the background work too."""
    os.environ["PORT"] = str(port)
    get_settings.cache_clear()
    with place() as (settings, engine):
        if demo:
            say_demo(settings, engine)
        # Child processes read the address of the embedded database from here and do not start another.
        os.environ["DATABASE_URL"] = settings.database_url
        get_settings.cache_clear()
        console.print(f"CoMission answers at [bold]{settings.origin}[/bold] (Ctrl-C ends it)")
    serving.serve("app.main:from_environment", host, port, processes)
    # A model that is still loading has threads that would abort the interpreter on its way out.
    runtime.leave()


def say_demo(settings: Settings, engine: Engine) -> None:
    from app.demo import seed

    with bar(quiet=False) as tell:
        seed.seed_when_empty(engine, embedder_of(settings), tell)
    for line in seed.how_to_sign_in(engine, settings.origin):
        console.print(line, highlight=False, soft_wrap=True)


@cli.command()
def worker() -> None:
    """Do background work only: any number of these may run, on any number of machines."""
    with place() as (settings, engine):
        started = runtime.start(
            engine, settings, embedder_factory=lambda: embedder_of(settings), run_queues=True, kind="worker"
        )
        console.print("Working. Ctrl-C ends it; what is unfinished goes on in another process.")
        runtime.wait_for_signal()
        idle = started.stop()
    if not idle:
        runtime.leave()


@cli.command()
def migrate(as_json: Json = False) -> None:
    """Bring the database to the newest schema."""
    with place() as (_settings, _engine):
        answer({"schema": "current"}, as_json, "The database is up to date.")


@cli.command("seed-demo")
def seed_demo(as_json: Json = False) -> None:
    """Fill an empty database with the demonstration: invented people and texts."""
    from app.demo import seed

    with place() as (settings, engine), bar(as_json) as tell:
        made = seed.seed_when_empty(engine, embedder_of(settings), tell)
        answer(
            {"seeded": made},
            as_json,
            "The demonstration is ready." if made else "There is data already; nothing was changed.",
        )


@cli.command()
def group(call: Annotated[str, typer.Argument(help="The call's id.")], as_json: Json = False) -> None:
    """Group what people submitted to a call; accepted by itself only when nothing was accepted before."""
    from app.services import groupings

    with place() as (settings, engine), bar(as_json) as tell, transaction(engine) as session:
        session.connection().execute(text("SET LOCAL statement_timeout = 0"))
        facts = groupings.group_now(
            session, imports.call_by_id(session, call).id, embedder_of(settings), tell
        )
        found = len(facts["clusters"])
        answer(
            facts,
            as_json,
            f"{facts['submissions']} submissions in {found} groups, {facts['ungrouped']} in none.",
        )


class Format(StrEnum):
    POLIS = auto()
    CSV = auto()


@cli.command("import")
def import_file(
    arguments: Annotated[
        list[str], typer.Argument(metavar="[CALL] FILE", help="The call's id, and the file.")
    ],
    format_: Annotated[
        Format, typer.Option("--format", help="A Polis export, or any table with a text column.")
    ] = Format.CSV,
    new_call: Annotated[str, typer.Option(help="Make a new call with this title for the texts.")] = "",
    encoding: Annotated[str, typer.Option(help="utf-8, or latin-1 where the file is old.")] = importing.UTF_8,
    organisation: Annotated[
        str, typer.Option(help="Who asks in the new call; the first organisation otherwise.")
    ] = "",
    source: Annotated[
        str,
        typer.Option(
            help="The source's name: ids and authors of two sources in one call are kept apart by it."
        ),
    ] = "",
    source_note: Annotated[
        str, typer.Option(help="Where the texts of a new call come from, and under which licence.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Bring in texts from a file; a second import of the same file changes nothing."""
    if len(arguments) != (1 if new_call else 2):
        raise typer.BadParameter("Give CALL and FILE, or --new-call TITLE and FILE.")
    content = read_file(Path(arguments[-1]))
    with place() as (_settings, engine), bar(as_json) as tell, transaction(engine) as session:
        mapping = (
            importing.POLIS
            if format_ is Format.POLIS
            else importing.guessed(importing.headers(content, encoding))
        )
        if new_call:
            call = imports.call_for_import(session, new_call, organisation, source_note or source)
        else:
            call = imports.call_by_id(session, arguments[0])
        report = imports.bring_in(session, call, content, mapping, encoding, None, tell, source)
        answer(report.as_facts(), as_json, report.sentence)
    if not as_json:
        for bad in report.errors:
            console.print(f"line {bad.line}: {bad.reason.english}", highlight=False, markup=False)
        if encoding == importing.UTF_8 and not importing.reads_as_utf_8(content):
            console.print("Some bytes are not UTF-8. Try again with --encoding latin-1.")


def read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > importing.LARGEST_FILE:
            raise importing.FileTooLarge()
        return path.read_bytes()
    except OSError as problem:
        raise typer.BadParameter(f"{path}: {problem.strerror}") from problem


@cli.command()
def users(
    act: Annotated[str, typer.Argument(help="add or restore")],
    email: Annotated[str, typer.Argument(help="The person's address.")],
    role: Annotated[Role, typer.Option(help="What the seat allows.")] = Role.ADMIN,
    scope: Annotated[
        str, typer.Option(help='"platform", "organisation:NAME" or "committee:NAME".')
    ] = "platform",
    group_: Annotated[
        StakeholderGroup | None, typer.Option("--group", help="For members of a committee.")
    ] = None,
    name: Annotated[str, typer.Option(help="The name others see.")] = "",
    as_json: Json = False,
) -> None:
    """Give a person a seat, or let a suspended account work again; prints a single-use link that opens it."""
    if act not in ("add", "restore"):
        raise typer.BadParameter(
            "Say comission users add EMAIL --role ROLE --scope SCOPE, or comission users restore EMAIL."
        )
    with place() as (settings, engine), transaction(engine) as session:
        if act == "restore":
            found = scopes.let_in(session, settings.origin, email)
        else:
            found = scopes.seat_by_address(session, settings.origin, email, name, role, scope, group_)
        answer(found.as_facts(), as_json, found.told)


@cli.command()
def export(
    call: Annotated[str, typer.Argument(help="The call's id.")],
    out: Annotated[Path | None, typer.Option(help="The zip file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Write all public data of a call to a zip file of tables and documents."""
    from app.services import exports

    with place() as (_settings, engine), bar(as_json) as tell, transaction(engine) as session:
        # One snapshot, so that what one table names stands in the others.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        call_id = imports.call_by_id(session, call).id
        path = out or Path(f"question-{call_id}.zip")
        facts = {"call": call_id, "file": path, **exports.call(session, call_id, path, tell)}
        answer(facts, as_json, f"{facts['submissions']} voices are in {path}.")


@cli.command()
def bundle(
    grouping: Annotated[str, typer.Argument(help="The grouping's id, as in the address of its page.")],
    out: Annotated[Path | None, typer.Option(help="The zip file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Write everything that a grouping was made from, as far as it is public, for regroup on another machine."""
    from app.services import bundles

    with place() as (_settings, engine), bar(as_json) as tell, transaction(engine) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        found = bundles.by_id(session, grouping)
        path = out or Path(f"grouping-{found.id}.zip")
        facts = {"file": path, **bundles.write(session, found, path, tell)}
        answer(facts, as_json, f"{facts['voices']} voices, {facts['gone']} without words, are in {path}.")


@cli.command("regroup")
def regroup_bundle(
    file: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="A file that bundle wrote, or its page gave.")
    ],
    as_json: Json = False,
) -> None:
    """Make the grouping of a bundle again, without a database (exit code 1: it is not shown to be the same)."""
    from app.nlp.bundle_files import BadBundle
    from app.nlp.regroup import regroup
    from app.services import bundles

    try:
        facts, sentence = bundles.told(regroup(file))
    except BadBundle as problem:
        answer({"same": False, "problem": str(problem)}, as_json, f"{file}: {problem}")
        raise typer.Exit(1) from problem
    answer(facts, as_json, sentence)
    if not facts["same"]:
        raise typer.Exit(1)


@cli.command()
def replay(
    at: Annotated[
        str,
        typer.Option(metavar="INSTANT", help="As of then, such as 2026-11-21T18:30Z; UTC without a zone."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Rebuild every state from the events alone; without --at, compare with the records (exit code 1: they differ)."""
    from app.services import replay as replays

    moment = instant(at) if at else None
    with place() as (_settings, engine), transaction(engine) as session:
        # One snapshot, so that no act comes between reading the events and reading the records.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        facts, sentence = replays.told(session, moment)
    answer(facts, as_json, sentence)
    if facts.get("differing"):
        raise typer.Exit(1)


def instant(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as problem:
        raise typer.BadParameter(f"{written} is no instant; write it like 2026-11-21T18:30Z.") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@cli.command("seed-load")
def seed_load(
    rows: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many voices.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same texts.")] = 0,
    as_json: Json = False,
) -> None:
    """Fill a new consultation with seeded texts, to measure with."""
    from app.bench import load

    with place() as (settings, engine), bar(as_json) as tell:
        facts = load.seed_load(engine, rows, seed, embedder_of(settings).name, tell)
        said = f"{rows} voices at {facts['rows_per_second']} rows a second in call {facts['call']}."
        answer(facts, as_json, said)


cli.add_typer(bench, name="bench")


def main() -> None:
    """The console script; a refusal is one sentence and exit code 1, never a traceback."""
    try:
        cli()
    except Refusal as refusal:
        console.print(refusal.phrase.english, style="red", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
