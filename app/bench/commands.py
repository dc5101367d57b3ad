"""`comission bench`: pages against a bare page, and each of the measurements that have a name of their own."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.console import Json, answer, bar, console
from app.place import embedder_of, open_engine, prepare, with_database
from app.settings import get_settings

bench = typer.Typer(invoke_without_command=True)


@bench.callback()
def pages(
    context: typer.Context,
    rows: Annotated[int, typer.Option(min=2000, help="Voices in the measured consultation.")] = 100_000,
    statements: Annotated[
        Path | None, typer.Option(help="A Polis export to import, embed and group.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure pages against a bare page in one run, in a database of its own; or one of the commands below."""
    if context.invoked_subcommand:
        return
    from app.bench import run
    from app.database_server import create_database

    settings = with_database(get_settings())
    url = create_database(settings.database_url, "comission_bench")
    engine = open_engine(settings.model_copy(update={"database_url": url}))
    prepare(engine, settings)
    with bar(as_json) as tell:
        facts = run.measure(engine, url, embedder_of(settings), rows, statements, tell)
    answer(facts, as_json, run.table(facts))
    engine.dispose()


@bench.command()
def embedding(
    texts: Annotated[
        Path | None, typer.Option(help="A table of texts; invented ones where none is given.")
    ] = None,
    count: Annotated[int, typer.Option(min=50, help="At most so many texts.")] = 600,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the middle one counts.")] = 3,
    as_json: Json = False,
) -> None:
    """Measure every way this machine can run the model, against sentence-transformers as it comes."""
    from app.bench import embedding as measured

    with bar(as_json) as tell:
        facts = measured.measure(texts, count, rounds, tell, get_settings().embedding_model)
    answer(facts, as_json, measured.table(facts))


@bench.command()
def counting(
    full: Annotated[
        bool, typer.Option("--full", help="Also ballots that rank all options: some minutes more.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure time and memory of every counting rule, beside public libraries where `make oracles` installed them."""
    from app.bench import counting as measured

    with bar(as_json) as tell:
        facts = measured.measure(tell, full)
    answer(facts, as_json, measured.table(facts))


@bench.command()
def goals(
    file: Annotated[
        Path | None, typer.Option(help="Also measure on these texts: lines of text, tab, number of the goal.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how well goals and sectors are suggested, on the half of our sentences that nothing was learned from."""
    from app.bench import topics

    try:
        facts = topics.measure(embedder_of(get_settings()), file)
    except (OSError, ValueError) as problem:
        raise typer.BadParameter(str(problem)) from problem
    answer(facts, as_json, topics.table(facts))


@bench.command()
def grouping(
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of tables: text, label, label above it.")
    ] = None,
    against: Annotated[
        str, typer.Option(help="Peers with commas between, or none.")
    ] = "bertopic,evoc,kmeans,leiden",
    robust: Annotated[bool, typer.Option("--robust", help="Five runs on nine tenths of the texts.")] = False,
    growth: Annotated[bool, typer.Option("--growth", help="What a fifth more texts change.")] = False,
    times: Annotated[
        bool, typer.Option("--times", help="Time and memory on invented vectors: 1,000 to 100,000.")
    ] = False,
    million: Annotated[
        bool, typer.Option("--million", help="The same, and then a million for ours alone.")
    ] = False,
    words: Annotated[bool, typer.Option("--words", help="How good names and keywords are.")] = False,
    as_json: Json = False,
) -> None:
    """Measure how well texts are grouped, against their labels and against peers; needs no database."""
    from app.bench.grouping import Asked, measure
    from app.bench.grouping_sets import Unusable
    from app.bench.grouping_table import table

    if data is None and not (times or million):
        raise typer.BadParameter("Give --data DIR, or --times.")
    settings = get_settings()
    asked = Asked(data, against, robust, growth, times, million, words)
    try:
        with bar(as_json) as tell:
            facts: dict[str, Any] = measure(
                asked, embedder_of(settings), Path(settings.var_dir) / "bench" / "vectors", tell
            )
    except Unusable as problem:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from problem
    answer(facts, as_json, table(facts))


@bench.command("missions")
def of_missions(
    count: Annotated[int, typer.Option(min=5, help="How often each page is asked for.")] = 20,
    missions: Annotated[
        int, typer.Option(min=20, help="Missions; each has 40 projects and 400 readings.")
    ] = 500,
    events: Annotated[int, typer.Option(min=0, help="Events of the log.")] = 1_000_000,
    again: Annotated[bool, typer.Option("--again", help="Measure what the last run seeded.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only pages whose path has this in it.")] = None,
    as_json: Json = False,
) -> None:
    """Measure every page of missions, projects and innovation calls on a full database of its own."""
    from app.bench.country import measured
    from app.bench.country.table import table
    from app.bench.country.world import Sizes

    settings = with_database(get_settings())
    sizes = Sizes(missions, missions * 40, missions * 400, events)
    with bar(as_json) as tell:
        facts = measured.measure(settings, None if again else sizes, count, only or [], tell)
    answer(facts, as_json, table(facts))
