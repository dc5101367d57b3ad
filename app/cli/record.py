"""Commands for the public record: states rebuilt from the events, the chain against a checkpoint, and the keys."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.console import Json, answer, place, snapshot
from app.db import transaction
from app.settings import get_settings

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


@commands.command()
def verify(
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="A signed checkpoint that was kept: a file.", exists=True, dir_okay=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Walk the whole chain of events, also against a checkpoint that somebody kept (exit code 1: it does not hold)."""
    from app.services import events, signatures

    with place() as (_settings, engine), snapshot(engine) as session:
        compared = signatures.compare(session, checkpoint.read_text()) if checkpoint else None
        found = compared.found if compared else events.verify(session)
    facts = {"holds": found.holds, "events": found.count, "unsealed": found.unsealed, "head": found.head}
    said = f"{found.count} events hold together; the last one's hash is {found.head}."
    if compared:
        names = [key.text for key in compared.signed_by]
        facts |= {"checkpoint": compared.given.size, "signed_by": names}
        by = f"signed by {names[0]}" if names else "signed by no key of this platform"
        said += f" They hold the checkpoint of {compared.given.size} events, {by}."
    if not found.holds:
        facts["first_bad"] = found.first_bad
        said = f"The chain is broken at event {found.first_bad}."
    answer(facts, as_json, said)
    if not found.holds:
        raise typer.Exit(1)


@commands.command()
def keys(
    rotate: Annotated[bool, typer.Option("--rotate", help="Begin to sign with a new key.")] = False,
    fresh: Annotated[
        bool, typer.Option("--new", help="Print a new private key for SIGNING_KEY, and keep nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the keys the platform signs with; begin a new one."""
    from app.services import signing_keys

    if fresh:
        made = signing_keys.written(signing_keys.fresh(get_settings())).strip()
        return answer({"signing_key": made}, as_json, made)
    with place() as (settings, engine):
        with transaction(engine) as session:
            if rotate:
                signing_keys.rotate(session, settings)
        with transaction(engine) as session:
            signing_keys.settle(session, settings)
            listed = signing_keys.told(session)
    answer({"keys": listed}, as_json, "\n".join(f"{each['number']}  {each['key']}" for each in listed))
    return None


@commands.command()
def checkpoint(as_json: Json = False) -> None:
    """Sign how long the log is now, and print it; the latest one where nothing came since."""
    from app.jobs import signing

    with place() as (settings, engine):
        note = signing.on_demand(engine, settings)
    answer({"checkpoint": note}, as_json, note.rstrip("\n"))


def instant(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as problem:
        raise typer.BadParameter(f"{written} is no instant; write it like 2026-11-21T18:30Z.") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
