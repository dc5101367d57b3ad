"""What every command shares: a place to work in, a progress bar, and an answer in sentences or as JSON."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import at_level, transaction
from app.place import open_engine, prepare, with_database
from app.settings import Settings, get_settings

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
    finally:
        engine.dispose()


def snapshot(engine: Engine) -> AbstractContextManager[Session]:
    """A transaction that sees the database as it is at one instant: what one table names stands in the others."""
    return transaction(at_level(engine, "REPEATABLE READ"))


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
