"""The whole measurement in one go, and its table for bench/README.md."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import Engine

from app.bench import counting, embedding, load, pages
from app.bench.server import running
from app.db import transaction
from app.nlp.embedding import Embedder
from app.rules import importing
from app.services import groupings, imports
from app.services.imports import Tell


def measure(
    engine: Engine, url: str, embedder: Embedder, rows: int, statements: Path | None, tell: Tell
) -> dict[str, Any]:
    """Fill, then measure pages, memory, sharing and, where a file of statements is given, grouping."""
    loaded = load.seed_load(
        engine, rows, seed=int(datetime.now(UTC).timestamp()), model=embedder.name, tell=tell
    )
    call_id = UUID(str(loaded["call"]))
    # As it runs in production, where templates are not watched for changes.
    environment = {"DATABASE_URL": url, "RUN_JOBS": "false", "WARM_MODEL": "false", "ENVIRONMENT": "test"}
    measured = pages.measure(engine, call_id, environment, tell)
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}",
        "load": [round(each, 1) for each in os.getloadavg()],
        "loaded": loaded,
        "pages": [page_facts(row) for row in measured],
        "requests_per_second": {
            name: round(rate, 1) for name, rate in pages.shared(call_id, environment).items()
        },
        "megabytes": memory(environment),
        "typing": pages.typing(engine, call_id, environment, tell),
        "embedding": embedding.measure(None, embedding.TEXTS, embedding.ROUNDS, tell),
        "counting": counting.measure(tell),
        "grouping": group(engine, embedder, statements) if statements else None,
    }


def page_facts(row: pages.Row) -> dict[str, Any]:
    return {
        "page": row.name,
        "web_cpu_ms": round(row.spent.web, 2),
        "database_cpu_ms": round(row.spent.database, 2),
        "p95_ms": round(row.spent.p95, 1),
        "ratio": round(row.ratio, 2),
    }


def memory(environment: dict[str, str]) -> dict[str, int]:
    """Megabytes of a web process, asked for a page, without the model and with it."""
    found = {}
    for name, warm in (("without the model", "false"), ("with the model", "true")):
        with running("app.main:from_environment", {**environment, "WARM_MODEL": warm}) as server:
            server.client.get("/calls")
            deadline = perf_counter() + 60
            while (
                warm == "true"
                and perf_counter() < deadline
                and not server.client.get("/readyz").json()["model_ready"]
            ):
                sleep(0.5)
            found[name] = round(server.megabytes())
    return found


def group(engine: Engine, embedder: Embedder, statements: Path) -> dict[str, Any]:
    """Seconds from a file of statements to accepted groups."""
    content = statements.read_bytes()
    started = perf_counter()
    with transaction(engine) as session:
        call = imports.call_for_import(session, f"Measured {started}", "", "")
        imports.bring_in(session, call, content, importing.POLIS, importing.UTF_8, None, lambda *_told: None)
    imported = perf_counter()
    with transaction(engine) as session:
        facts = groupings.group_now(session, call.id, embedder, lambda *_told: None)
    done = perf_counter()
    missions = [each for each in facts["clusters"] if each["level"] == "mission"]
    return {
        "file": statements.parent.name,
        "submissions": facts["submissions"],
        "missions": len(missions),
        "ungrouped": facts["ungrouped"],
        "import_seconds": round(imported - started, 2),
        "seconds": round(done - started, 2),
    }


def commit() -> str:
    """The commit measured, marked where files differ from it; empty outside a checkout."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()


def table(facts: dict[str, Any]) -> str:
    """The same facts as a Markdown section, to be put into bench/README.md."""
    lines = [
        f"## {facts['at']}, commit {facts['commit'] or 'unknown'}",
        "",
        f"{facts['machine']}; load average over 1, 5 and 15 minutes at the end {facts['load']}.",
        f"{facts['loaded']['submissions']:,} voices seeded at {facts['loaded']['rows_per_second']:,} rows a second.",
        "",
        "| page | web CPU ms | database CPU ms | p95 ms | CPU against the bare page |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['page']} | {row['web_cpu_ms']} | {row['database_cpu_ms']} | {row['p95_ms']} | {row['ratio']} |"
        for row in facts["pages"]
    ]
    rates = ", ".join(
        f"{name}: {rate} requests a second" for name, rate in facts["requests_per_second"].items()
    )
    sizes = ", ".join(f"{name}: {size} MB" for name, size in facts["megabytes"].items())
    lines += ["", f"List asked by four readers at once: {rates}.", f"Web process {sizes}."]
    typing = facts["typing"]
    lines.append(
        f"Similar while typing with the model loaded: web CPU {typing['web_cpu_ms']} ms, database CPU "
        f"{typing['database_cpu_ms']} ms, p95 {typing['p95_ms']} ms."
    )
    lines += ["", embedding.table(facts["embedding"]), "", counting.table(facts["counting"]), ""]
    if grouped := facts["grouping"]:
        lines.append(
            f"{grouped['file']}: {grouped['submissions']} public of a file imported in {grouped['import_seconds']} s, "
            f"imported, embedded and grouped in {grouped['seconds']} s: {grouped['missions']} missions, "
            f"{grouped['ungrouped']} ungrouped."
        )
    return "\n".join(lines)
