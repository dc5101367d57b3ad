"""A server under measurement: its own process on loopback, and what it spends for each request."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import httpx
import psutil
from sqlalchemy import Engine, text

STARTS_WITHIN = 90.0


@dataclass
class Spent:
    """CPU milliseconds of the web process, of the database's processes, and wall milliseconds, of each request."""

    web: float
    database: float
    walls: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return sorted(self.walls)[min(len(self.walls) - 1, int(len(self.walls) * 0.95))]


@dataclass
class Server:
    process: psutil.Process
    client: httpx.Client
    url: str
    database: psutil.Process | None = None

    def megabytes(self) -> float:
        family = [self.process, *self.process.children(recursive=True)]
        return sum(each.memory_info().rss for each in family) / 2**20

    def cpu(self) -> float:
        family = [self.process, *self.process.children(recursive=True)]
        return sum(sum(each.cpu_times()[:2]) for each in family)

    def spend(
        self, ask: Callable[[httpx.Client, int], httpx.Response], numbers: range, warm: range = range(0)
    ) -> Spent:
        """Send a request for each number, one after another; those to warm come before and only fill caches."""
        for number in warm:
            expect_fine(ask(self.client, number))
        web, database, walls = self.cpu(), database_cpu(self.database), []
        for number in numbers:
            started = perf_counter()
            expect_fine(ask(self.client, number))
            walls.append((perf_counter() - started) * 1000)
        scale = 1000 / len(numbers)
        return Spent((self.cpu() - web) * scale, (database_cpu(self.database) - database) * scale, walls)


def expect_fine(response: httpx.Response) -> None:
    if response.status_code >= 400:
        raise RuntimeError(f"{response.request.method} {response.request.url}: {response.status_code}")


def database_cpu(postmaster: psutil.Process | None) -> float:
    """What the server's processes have used; one that has ended is lost, so connections are kept open."""
    if postmaster is None:
        return 0.0
    return sum(sum(each.cpu_times()[:2]) for each in postmaster.children())


def postmaster_of(engine: Engine) -> psutil.Process | None:
    """The database server, where it runs on this machine and its processes can be seen."""
    with engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    try:
        return psutil.Process(pid).parent()
    except psutil.Error:
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    factory: str, environment: dict[str, str], processes: int = 1, database: psutil.Process | None = None
) -> Iterator[Server]:
    """Uvicorn with one application, stopped at the end."""
    port = free_port()
    serve = f"from app.serving import serve; serve({factory!r}, '127.0.0.1', {port}, {processes})"
    command = [sys.executable, "-c", serve]
    env = {**os.environ, **environment, "PORT": str(port)}
    with subprocess.Popen(command, env=env) as started:
        url = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=url, timeout=30, follow_redirects=False) as client:
                wait_for(client, started)
                yield Server(psutil.Process(started.pid), client, url, database)
        finally:
            started.terminate()
            try:
                started.wait(15)
            except subprocess.TimeoutExpired:
                started.kill()


def wait_for(client: httpx.Client, started: "subprocess.Popen[bytes]") -> None:
    deadline = perf_counter() + STARTS_WITHIN
    while perf_counter() < deadline:
        if started.poll() is not None:
            raise RuntimeError("the server under measurement ended by itself")
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        return
    raise RuntimeError("the server under measurement did not start")
