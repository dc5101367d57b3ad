"""Serving an application with one process or several that share a socket."""

import socket
from typing import Any

import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

OPTIONS: dict[str, Any] = {
    "factory": True,
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": 3,
}


def serve(factory: str, host: str, port: int, processes: int = 1) -> None:
    """Answer until interrupted; each process builds its own application with the factory."""
    if processes == 1:
        uvicorn.run(factory, host=host, port=port, **OPTIONS)
        return
    config = uvicorn.Config(factory, host=host, port=port, workers=processes, **OPTIONS)
    listener = config.bind_socket()
    # A socket bound by hand does not say that it is TCP, so asyncio would leave Nagle's algorithm on: an answer of
    # two packets then waits 40 ms for the reader's acknowledgement. What is accepted inherits this from the listener.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    Multiprocess(config, sockets=[listener]).run()
