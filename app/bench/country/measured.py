"""One run: a database of its own is filled, or found as the last run left it, and its pages are measured."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import make_url

from app.bench.country import fill, pages
from app.bench.country.world import Sizes
from app.bench.run import commit
from app.database_server import create_database
from app.place import open_engine, prepare
from app.services.imports import Tell
from app.settings import Settings

DATABASE = "comission_bench_missions"
SEED = 20261122


def measure(
    settings: Settings, sizes: Sizes | None, count: int, only: Sequence[str], tell: Tell
) -> dict[str, Any]:
    """Without sizes, what was seeded before is measured again."""
    kept = Path(settings.var_dir) / "bench" / "missions.json"
    url = address(settings.database_url, is_new=sizes is not None)
    engine = open_engine(settings.model_copy(update={"database_url": url}))
    prepare(engine, settings)
    if sizes is not None:
        seeded = fill.fill(engine, sizes, SEED, tell)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(seeded))
    # As it runs in production, where templates are not watched for changes.
    environment = {"DATABASE_URL": url, "RUN_JOBS": "false", "WARM_MODEL": "false", "ENVIRONMENT": "test"}
    found = pages.measure(engine, environment, count, tell, only)
    engine.dispose()
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "commit": commit(), "count": count,
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}",
        "load": [round(each, 1) for each in os.getloadavg()], "seeded": json.loads(kept.read_text()),
        "pages": [each.facts for each in found],
    }  # fmt: skip


def address(url: str, *, is_new: bool) -> str:
    if is_new:
        return create_database(url, DATABASE)
    return make_url(url).set(database=DATABASE).render_as_string(hide_password=False)
