"""Commands that set a database up, fill it with inventions, and run the web and the background work on it."""

import os
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from app import serving
from app.console import Json, answer, bar, console, place
from app.jobs import runtime
from app.place import embedder_of
from app.settings import Settings, get_settings

commands = typer.Typer()


@commands.command()
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


@commands.command()
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


@commands.command()
def migrate(as_json: Json = False) -> None:
    """Bring the database to the newest schema."""
    with place() as (_settings, _engine):
        answer({"schema": "current"}, as_json, "The database is up to date.")


@commands.command("seed-demo")
def seed_demo(as_json: Json = False) -> None:
    """Fill an empty database with the demonstration: invented people and texts."""
    from app.demo import seed

    with place() as (settings, engine), bar(as_json) as tell:
        made = seed.seed_when_empty(engine, embedder_of(settings), tell)
    said = "The demonstration is ready." if made else "There is data already; nothing was changed."
    answer({"seeded": made}, as_json, said)


@commands.command("seed-load")
def seed_load(
    rows: Annotated[
        int, typer.Option(min=0, max=10_000_000, help="Voices of one open consultation.")
    ] = 100_000,
    missions: Annotated[
        int, typer.Option(min=0, help="Missions, of consultations that were answered.")
    ] = 500,
    projects: Annotated[int, typer.Option(min=0, help="Projects of all missions.")] = 20_000,
    readings: Annotated[int, typer.Option(min=0, help="Readings of all indicators.")] = 200_000,
    events: Annotated[int, typer.Option(min=0, help="Events that the log has then, at least.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same.")] = 0,
    among_real: Annotated[
        bool, typer.Option("--among-real", help="Also into a database that holds what people said.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fill a database with invented voices, missions, projects, readings and events, to measure with."""
    from app.bench import load
    from app.bench.country import fill
    from app.bench.country.world import Sizes

    with place() as (settings, engine), bar(as_json) as tell:
        fill.require_no_real(engine, among_real=among_real)
        facts: dict[str, Any] = {}
        if rows:
            model = embedder_of(settings).name
            facts["voices"] = load.seed_load(engine, rows, seed, model, tell, is_demo=True)
        if missions:
            facts["missions"] = fill.fill(engine, Sizes(missions, projects, readings, events), seed, tell)
    answer(facts, as_json, fill.told(facts))
