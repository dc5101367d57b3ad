"""The command line: serve, work, set up, bring texts in, group them, take them out, check the log, count, measure."""

import sys

import typer
from sqlalchemy.exc import OperationalError

from app.bench.commands import bench
from app.cli import groupings, people, processes, record, tally, texts
from app.console import console
from app.errors import Refusal

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
for noun in (processes, texts, groupings, people, record, tally):
    cli.add_typer(noun.commands)
cli.add_typer(bench, name="bench")


def main() -> None:
    """The console script; a refusal, or a database that is not there, is told and exit code 1, never a traceback."""
    try:
        cli()
    except Refusal as refusal:
        console.print(refusal.phrase.english, style="red", markup=False)
        sys.exit(1)
    except OperationalError as problem:
        console.print(f"The database does not answer: {str(problem.orig).strip()}", style="red", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
