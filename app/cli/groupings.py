"""Commands that group the texts of a call, pack what a grouping was made from, and make it again."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text

from app.console import Json, answer, bar, place, snapshot
from app.db import transaction
from app.place import embedder_of
from app.services import imports

commands = typer.Typer()


@commands.command()
def group(call: Annotated[str, typer.Argument(help="The call's id.")], as_json: Json = False) -> None:
    """Group what people submitted to a call; accepted by itself only when nothing was accepted before."""
    from app.services import groupings

    with place() as (settings, engine), bar(as_json) as tell, transaction(engine) as session:
        session.connection().execute(text("SET LOCAL statement_timeout = 0"))
        call_id = imports.call_by_id(session, call).id
        facts = groupings.group_now(session, call_id, embedder_of(settings), tell)
    found = len(facts["clusters"])
    said = f"{facts['submissions']} submissions in {found} groups, {facts['ungrouped']} in none."
    answer(facts, as_json, said)


@commands.command()
def bundle(
    grouping: Annotated[str, typer.Argument(help="The grouping's id, as in the address of its page.")],
    out: Annotated[Path | None, typer.Option(help="The zip file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Write everything that a grouping was made from, as far as it is public, for regroup on another machine."""
    from app.services import bundles

    with place() as (_settings, engine), bar(as_json) as tell, snapshot(engine) as session:
        found = bundles.by_id(session, grouping)
        path = out or Path(f"grouping-{found.id}.zip")
        facts = {"file": path, **bundles.write(session, found, path, tell)}
    said = f"{facts['voices']} voices are in {path}; {facts['gone']} of the run are public no more."
    answer(facts, as_json, said)


@commands.command("regroup")
def regroup_bundle(
    file: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="A file that bundle wrote, or its page gave.")
    ],
    as_json: Json = False,
) -> None:
    """Make the grouping of a bundle again, without a database (exit code 1: it is not shown to be the same)."""
    from app.nlp.bundle_files import BadBundle
    from app.nlp.regroup import regroup
    from app.services import bundles_told

    try:
        facts, sentence = bundles_told.told(regroup(file))
    except BadBundle as problem:
        answer({"same": False, "problem": str(problem)}, as_json, f"{file}: {problem}")
        raise typer.Exit(1) from problem
    answer(facts, as_json, sentence)
    if not facts["same"]:
        raise typer.Exit(1)
