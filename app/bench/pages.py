"""Pages against a bare one: list, page 50, search, detail, create, endorse, similar, and two processes sharing."""

import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter, sleep
from uuid import UUID

import httpx
from sqlalchemy import Engine

from app.bench import load
from app.bench.server import Server, Spent, expect_fine, postmaster_of, running
from app.db import transaction
from app.models.columns import now
from app.models.person import Person
from app.services import sign_ins

COUNT = 240
TURNS = 4
WARMING = 20
PEOPLE = 60
IDLE = 0.05  # seconds of CPU in a second
NEXT = re.compile(r'href="([^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"')
TOKEN = re.compile(r'"X-CSRF-Token": "([0-9a-f]{64})"')
HTMX = {"HX-Request": "true"}
WORDS = ("solar panels", "agua limpia", "battery evening", "shade bus stop", "recycle")
SENTENCE = (
    "The clinic in our village needs power at night, and a battery that neighbours can look after, number {}."
)


@dataclass
class Row:
    """One line of the table; `against` is the bare page's CPU (web and database together) between its own requests."""

    name: str
    spent: Spent
    against: float

    @property
    def ratio(self) -> float:
        return (self.spent.web + self.spent.database) / self.against


@dataclass(frozen=True)
class Voter:
    """A signed-in person with the token of their own pages."""

    cookies: dict[str, str]
    token: str


Asked = Callable[[httpx.Client, int], httpx.Response]


def measure(
    engine: Engine, call_id: UUID, environment: dict[str, str], tell: Callable[[str, float], None]
) -> list[Row]:
    """Every page in one run, in turns with the bare page: what else the machine does meanwhile meets both alike."""
    server = postmaster_of(engine)
    rows, bare_rows = [], []
    with (
        running("app.bench.bare:make", {**environment, "BENCH_CALL": str(call_id)}, database=server) as bare,
        running("app.main:from_environment", environment, database=server) as ours,
    ):
        asks = each_page(engine, call_id, ours)
        for place, (name, ask) in enumerate(asks):
            tell(name, place / len(asks))
            page, beside = in_turns(ours, ask, bare)
            rows.append(Row(name, page, beside.web + beside.database))
            bare_rows.append(beside)
    bare_row = mean(bare_rows)
    return [Row("bare page", bare_row, bare_row.web + bare_row.database), *rows]


def in_turns(ours: Server, ask: Asked, bare: Server) -> tuple[Spent, Spent]:
    """The page and the bare page, a block of each at a time."""
    size = COUNT // TURNS
    pages, beside = [], []
    for turn in range(TURNS):
        numbers = range(turn * size, (turn + 1) * size)
        warm = range(COUNT, COUNT + WARMING) if turn == 0 else range(0)
        beside.append(bare.spend(lambda client, _n: client.get("/"), numbers, warm))
        pages.append(ours.spend(ask, numbers, warm))
    return mean(pages), mean(beside)


def mean(parts: list[Spent]) -> Spent:
    """Blocks of the same size as one."""
    walls = [wall for part in parts for wall in part.walls]
    count = len(parts)
    return Spent(sum(part.web for part in parts) / count, sum(part.database for part in parts) / count, walls)


def each_page(engine: Engine, call_id: UUID, server: Server) -> list[tuple[str, Asked]]:
    voters = sign_everyone_in(engine, server)
    with transaction(engine) as session:
        ids = load.first_numbers(session, call_id, 4000)
    listed = f"/calls/{call_id}/submissions"
    deep = page_fifty(server.client, listed)
    return [
        ("list, first page", lambda c, _n: c.get(listed)),
        ("list, page 50", lambda c, _n: c.get(deep)),
        ("list, most endorsed", lambda c, _n: c.get(f"{listed}?sort=endorsed")),
        ("search", lambda c, n: c.get(listed, params={"q": WORDS[n % len(WORDS)]})),
        ("detail", lambda c, n: c.get(f"/submissions/{ids[n]}")),
        ("close to it, once seen", lambda c, n: c.get(f"/submissions/{ids[n]}/similar", headers=HTMX)),
        ("similar while typing", lambda c, n: similar(c, call_id, voters[n % PEOPLE], n)),
        ("create", lambda c, n: create(c, call_id, voters[n % PEOPLE], n)),
        ("endorse", lambda c, n: endorse(c, ids[1000 + n], voters[n % PEOPLE])),
    ]


def sign_everyone_in(engine: Engine, server: Server) -> list[Voter]:
    """Confirmed people with a session each: limits are counted by person."""
    tokens = []
    with transaction(engine) as session:
        for number in range(PEOPLE):
            mark = secrets.token_hex(4)
            person = Person(
                email=f"bench-{mark}@example.org", name=f"Voter {number}", email_confirmed_at=now()
            )
            session.add(person)
            session.flush()
            tokens.append(sign_ins.begin(session, person))
    voters = []
    for token in tokens:
        page = httpx.get(f"{server.url}/about", cookies={"session": token})
        expect_fine(page)
        found = TOKEN.search(page.text)
        if found is None:
            raise RuntimeError("no form token on the page")
        voters.append(Voter({"session": token, "visitor": page.cookies["visitor"]}, found.group(1)))
    return voters


def page_fifty(client: httpx.Client, path: str) -> str:
    """Follow the pager: a reader reaches page 50 no other way."""
    for _page in range(49):
        page = client.get(path)
        expect_fine(page)
        found = NEXT.search(page.text)
        if found is None:
            raise RuntimeError("the list ends before page 50")
        path = (found.group(1) or found.group(2)).replace("&amp;", "&")
    return path


def similar(client: httpx.Client, call_id: UUID, voter: Voter, number: int) -> httpx.Response:
    fields = {"csrf_token": voter.token, "text": SENTENCE.format(number)}
    return client.post(f"/calls/{call_id}/similar", data=fields, cookies=voter.cookies, headers=HTMX)


def create(client: httpx.Client, call_id: UUID, voter: Voter, number: int) -> httpx.Response:
    fields = {
        "csrf_token": voter.token,
        "text": SENTENCE.format(number),
        "form_key": secrets.token_hex(8),
        "kind": "idea",
    }
    return client.post(f"/calls/{call_id}/submissions", data=fields, cookies=voter.cookies)


def endorse(client: httpx.Client, submission_id: UUID, voter: Voter) -> httpx.Response:
    fields = {"csrf_token": voter.token}
    return client.post(f"/submissions/{submission_id}/endorsement", data=fields, cookies=voter.cookies)


def typing(
    engine: Engine, call_id: UUID, environment: dict[str, str], tell: Callable[[str, float], None]
) -> dict[str, float]:
    """Milliseconds of one who types, asked one request after another, with the model loaded."""
    warm = {**environment, "WARM_MODEL": "true"}
    with running("app.main:from_environment", warm, database=postmaster_of(engine)) as server:
        tell("similar with the model", 0.0)
        deadline = perf_counter() + 120
        while not server.client.get("/readyz").json()["model_ready"] and perf_counter() < deadline:
            sleep(0.5)
        voters = sign_everyone_in(engine, server)
        spent = server.spend(
            lambda client, number: similar(client, call_id, voters[number % PEOPLE], number),
            range(COUNT),
            range(COUNT, COUNT + WARMING),
        )
    return {
        "web_cpu_ms": round(spent.web, 2),
        "database_cpu_ms": round(spent.database, 2),
        "p95_ms": round(spent.p95, 1),
    }


def shared(call_id: UUID, environment: dict[str, str], seconds: float = 8.0) -> dict[str, float]:
    """Requests a second of the list with one and with two web processes, asked by four readers at once."""
    return {f"{n} process{'es' if n > 1 else ''}": rate(call_id, environment, n, seconds) for n in (1, 2)}


def rate(call_id: UUID, environment: dict[str, str], processes: int, seconds: float) -> float:
    with running("app.main:from_environment", environment, processes) as server:
        wait_until_idle(server)
        deadline = perf_counter() + seconds

        def read(_reader: int) -> int:
            done = 0
            with httpx.Client(base_url=server.url, timeout=30) as client:
                while perf_counter() < deadline:
                    expect_fine(client.get(f"/calls/{call_id}/submissions"))
                    done += 1
            return done

        with ThreadPoolExecutor(4) as readers:
            return sum(readers.map(read, range(4))) / seconds


def wait_until_idle(server: Server) -> None:
    """Every process has loaded when none of them computes any more; at most half a minute."""
    for _second in range(30):
        before = server.cpu()
        sleep(1)
        if server.cpu() - before < IDLE:
            return
