"""The command that checks the public record: every state rebuilt from the events alone."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.console import Json, answer, place, snapshot

commands = typer.Typer()


@commands.command()
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
    # One snapshot, so that no act comes between reading the events and reading the records.
    with place() as (_settings, engine), snapshot(engine) as session:
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
