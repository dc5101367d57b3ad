"""A drafting helper of our own on loopback: a real HTTP server that answers well, slowly, badly or maliciously."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request, and the ways to answer it."""

    handler: BaseHTTPRequestHandler
    asked: dict[str, Any]

    def reply(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def say(self, words: str) -> None:
        self.reply(
            200, json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()
        )


@dataclass
class Place:
    """Where the helper listens, what it was asked, and what it does next; the last answer is repeated."""

    url: str
    answers: list[Answer]
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> str:
        """Everything that ever left the house."""
        return json.dumps(self.asked, ensure_ascii=False)


@contextmanager
def helper(*answers: Answer) -> Iterator[Place]:
    place = Place("", list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            place.asked.append({"path": self.path, **json.loads(body)})
            place.headers.append(dict(self.headers))
            answer = place.answers[min(len(place.asked), len(place.answers)) - 1]
            try:
                answer(Exchange(self, place.asked[-1]))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            """Nothing to the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()


def says(document: Any) -> Answer:
    words = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return lambda exchange: exchange.say(words)


def fails(status: int, **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.reply(status, b'{"error": "no"}', told)


def sends(content: bytes) -> Answer:
    return lambda exchange: exchange.reply(200, content)


def waits(seconds: float) -> Answer:
    def answer(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.say("{}")

    return answer


def drips(exchange: Exchange) -> None:
    """A byte now and then: no single read ever times out."""
    exchange.handler.send_response(200)
    exchange.handler.end_headers()
    for _byte in range(100):
        exchange.handler.wfile.write(b" ")
        exchange.handler.wfile.flush()
        time.sleep(0.05)


def hangs_up(exchange: Exchange) -> None:
    exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    exchange.handler.wfile.flush()
    exchange.handler.close_connection = True
