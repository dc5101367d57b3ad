"""Pages of missions, projects and innovation calls, asked of a full database by those who read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import httpx
from sqlalchemy import Engine

from app.bench.country.readers import APPLICANT, MEMBER, STEWARD, VISITOR, Reader, find_readers
from app.bench.server import Server, Spent, postmaster_of, running
from app.services.imports import Tell

GOAL = 300  # milliseconds
PLATFORM = (
    "/", "/calls", "/missions", "/missions?call={call}", "/committees", "/events", "/events/chain.json",
    "/moderation-log",
)  # fmt: skip
OF_MISSION = (
    "", "/money", "/money/lines.csv", "/portfolio", "/what-if", "/what-if?year={year}&percent=30",
    "/what-if/run.json?year={year}&percent=30", "/readings", "/readings?indicator={indicator}", "/indicators",
    "/milestones", "/course", "/reviews", "/conditions", "/conditions.csv", "/calendar", "/calendar.ics", "/returns",
    "/map", "/map.json", "/links", "/spillovers", "/lineage", "/lineage.json", "/motions", "/pledges", "/objections",
    "/amendments", "/comments", "/versions", "/dashboard",
)  # fmt: skip
OF_OTHERS = (
    "/projects/{project}/conditions", "/projects/{project}/calendar", "/projects/{project}/calendar.ics",
    "/projects/{project}/inputs", "/projects/{project}/delivery", "/conditions/{condition}",
    "/organisations/{agency}/capabilities", "/calls/{call}", "/calls/{call}/submissions",
    "/calls/{call}/submissions?q=water", "/calls/{call}/groups", "/calls/{call}/map", "/calls/{call}/lineage",
    "/calls/{call}/lineage.json", "/calls/{call}/answers", "/calls/{call}/coverage", "/calls/{offer}",
    "/calls/{offer}/eligibility", "/calls/{offer}/questions", "/calls/{offer}/terms", "/calls/{offer}/seeds",
    "/calls/{offer}/lineage", "/submissions/{voice}", "/submissions/{voice}/lineage", "/committees/{committee}",
    "/decisions/{decision}",
)  # fmt: skip
PAGES: tuple[tuple[str, str], ...] = (
    *((VISITOR, path) for path in PLATFORM),
    *((VISITOR, f"/missions/{{mission}}{path}") for path in OF_MISSION),
    *((VISITOR, path) for path in OF_OTHERS),
    (STEWARD, "/"), (STEWARD, "/me"), (STEWARD, "/missions/{mission}"), (STEWARD, "/missions/{mission}/money"),
    (STEWARD, "/missions/{mission}/portfolio"), (STEWARD, "/missions/{mission}/readings"),
    (STEWARD, "/missions/{mission}/links"), (STEWARD, "/missions/{mission}/milestones"),
    (STEWARD, "/missions/{mission}/course"), (STEWARD, "/missions/{candidate}/edit"),
    (STEWARD, "/projects/{project}/conditions"),
    (MEMBER, "/"), (MEMBER, "/committees/{committee}/workbench"), (MEMBER, "/decisions/{decision}"),
    (APPLICANT, "/me/applications"), (APPLICANT, "/applications/{application}"), (APPLICANT, "/calls/{offer}"),
)  # fmt: skip


@dataclass
class Page:
    """One page as one reader asks for it; `against` is the bare page's CPU between its own requests."""

    who: str
    path: str
    spent: Spent
    against: float

    @property
    def facts(self) -> dict[str, Any]:
        cpu = self.spent.web + self.spent.database
        return {
            "who": self.who, "page": self.path, "web_cpu_ms": round(self.spent.web, 1),
            "database_cpu_ms": round(self.spent.database, 1), "p50_ms": round(median(self.spent.walls), 1),
            "p95_ms": round(self.spent.p95, 1), "ratio": round(cpu / self.against, 1) if self.against else 0.0,
        }  # fmt: skip


def measure(
    engine: Engine, environment: dict[str, str], count: int, tell: Tell, only: Sequence[str] = ()
) -> list[Page]:
    """Every page so many times, the bare page in between."""
    readers = find_readers(engine)
    server, found = postmaster_of(engine), []
    wanted = [each for each in PAGES if not only or any(part in each[1] for part in only)]
    bare_environment = {**environment, "BENCH_CALL": readers[VISITOR].subjects[0]["call"]}
    with (
        running("app.bench.bare:make", bare_environment, database=server) as bare,
        running("app.main:from_environment", environment, database=server) as ours,
    ):
        for place, (who, path) in enumerate(wanted):
            tell(f"{who} {path}", place / len(wanted))
            beside = bare.spend(lambda client, _n: client.get("/"), range(count), range(2))
            found.append(
                Page(who, path, asked(ours, readers[who], path, count), beside.web + beside.database)
            )
    return found


def asked(server: Server, reader: Reader, path: str, count: int) -> Spent:
    """The page of one subject after another; the first two requests only warm up."""
    ask: Callable[[httpx.Client, int], httpx.Response] = lambda client, number: client.get(  # noqa: E731
        path.format(**reader.subjects[number % len(reader.subjects)]), cookies=reader.cookies
    )
    return server.spend(ask, range(count), range(2))
