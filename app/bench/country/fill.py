"""Filling a database with a country at work, in one transaction: killed in the middle it leaves nothing."""

from collections.abc import Callable
from random import Random
from time import perf_counter, process_time
from typing import Any, ClassVar

from sqlalchemy import Engine, func, text
from sqlmodel import col, select

from app.bench.country import calls, chain, missions, offers, people, projects, votes, words
from app.bench.country.world import Sizes, World
from app.db import transaction
from app.errors import Conflict
from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.rules.words import N_
from app.services import terms
from app.services.imports import Tell

# Ids go on where the database is: nobody else may take one meanwhile, and what others began is waited for.
ALONE = "LOCK TABLE event, submission IN SHARE ROW EXCLUSIVE MODE"
PARTS: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("people", people.seed), ("voices", calls.seed), ("missions", missions.seed), ("projects", projects.seed),
    ("readings", missions.seed_measures), ("offers", offers.seed), ("votes", votes.seed), ("words", words.seed),
)  # fmt: skip


class NotEmpty(Conflict):
    sentence: ClassVar[str] = N_(
        "This database holds questions that no program invented. Add --among-real to put invented ones among them."
    )


def fill(engine: Engine, sizes: Sizes, seed: int, tell: Tell) -> dict[str, Any]:
    """Write it all, marked as invented, and refresh what the planner knows; answers how much, and how long it took."""
    started, cpu = perf_counter(), process_time()
    with transaction(engine) as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text(ALONE))
        terms.ensure_all(session)
        # What is seeded after something else has other ids than what was seeded first.
        chance = Random(f"{seed} after {session.exec(select(func.max(Event.id))).one()}")  # noqa: S311
        world = World(session, sizes, chance, now())
        for place, (name, part) in enumerate(PARTS):
            tell(name, place / len(PARTS) / 2)
            part(world)
        events = chain.seed(world, lambda stage, share: tell(stage, 0.5 + share / 2))
    analyse(engine)
    return {
        "missions": sizes.missions, "projects": sizes.projects, "readings": sizes.readings, "events": events,
        "seconds": round(perf_counter() - started, 1), "cpu_seconds": round(process_time() - cpu, 1),
    }  # fmt: skip


def require_no_real(engine: Engine, *, among_real: bool) -> None:
    """Invented questions beside real ones would be read as real: on every page but their own."""
    if among_real:
        return
    with transaction(engine) as session:
        if session.exec(select(Call.id).where(col(Call.is_demo).is_(False)).limit(1)).first() is not None:
            raise NotEmpty()


def told(facts: dict[str, Any]) -> str:
    """What was seeded, in a sentence for each part."""
    said = []
    if voices := facts.get("voices"):
        said.append(
            "{submissions} voices at {rows_per_second} rows a second in call {call}.".format(**voices)
        )
    if missions := facts.get("missions"):
        said.append(
            "{missions} missions, {projects} projects and {readings} readings in {seconds} s ({cpu_seconds} s of CPU); "
            "the log holds {events} events.".format(**missions)
        )
    return " ".join(said) or "Nothing was asked for."


def analyse(engine: Engine) -> None:
    """Statistics and visibility as a database that has run for a day would have them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
