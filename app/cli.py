"""The command line: serve, work, set up, bring texts in, group them, take them out, measure."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from app.errors import Refusal
from app.jobs import runtime
from app.place import embedder_of, open_engine, prepare, with_database
from app.settings import Settings, get_settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
console = Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]


@contextmanager
def place() -> Iterator[tuple[Settings, Engine]]:
    """The database of this machine or of DATABASE_URL, with its schema up to date."""
    settings = with_database(get_settings())
    engine = open_engine(settings)
    prepare(engine, settings)
    try:
        yield settings, engine
    except Refusal as refusal:
        console.print(f"[red]{refusal.phrase.english}[/red]")
        raise typer.Exit(1) from refusal
    finally:
        engine.dispose()


@contextmanager
def bar(quiet: bool) -> Iterator[Any]:
    """A progress bar on the error output, so that JSON on the other stays clean."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("", total=1.0)

        def tell(stage: str, share: float) -> None:
            progress.update(task, description=stage, completed=share)

        yield tell


def answer(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else sentence)


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
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=processes if processes > 1 else None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


def say_demo(settings: Settings, engine: Engine) -> None:
    from app.demo import seed

    with bar(quiet=False) as tell:
        seed.seed_when_empty(engine, embedder_of(settings), tell)
    for line in seed.how_to_sign_in(settings.origin):
        console.print(line, highlight=False)


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
def group(call: Annotated[UUID, typer.Argument(help="The call's id.")], as_json: Json = False) -> None:
    """Group what people submitted to a call; accepted by itself only when nothing was accepted before."""
    from app.services import groupings

    with place() as (settings, engine), bar(as_json) as tell:
        facts = groupings.group_now(engine, call, embedder_of(settings), tell)
        found = len(facts["clusters"])
        answer(
            facts,
            as_json,
            f"{facts['submissions']} submissions in {found} groups, {facts['ungrouped']} in none.",
        )


def main() -> None:
    """The console script; a refusal is one sentence and exit code 1, never a traceback."""
    try:
        cli()
    except BrokenPipeError:
        sys.exit(0)
