"""Places on loopback that take what is said to them, by real sockets, and can be told to break off: before they took it, or after.

Each keeps what it has: whatever it is given twice, it has twice (no idempotency keys). `serve` runs one in a thread, `child` in a process.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Query = dict[str, str]
Said = tuple[int, Any] | tuple[int, Any, dict[str, str]]


class Place:
    """took: the words it has, in order. asked: (method, path, data) of everything. says: what it answers to the next things that are said,
    instead: a status with its words (not taken), "cut" (taken, and broken off without a word), "gone" (broken off before it was taken)."""

    def __init__(self) -> None:
        self.base = ""
        self.took: list[str] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.says: list[Said | str] = []
        self.dice: random.Random | None = None
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, method: str, path: str, query: Query, data: Any, headers: dict[str, str]) -> Said:
        """What this place says; a 2xx to a POST means that it took it."""
        raise NotImplementedError

    def now(self) -> str:
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def trouble(self) -> Said | str | None:
        if self.says:
            return self.says.pop(0)
        roll = self.dice.random() if self.dice is not None else 1.0
        return "gone" if roll < 0.1 else "cut" if roll < 0.2 else (502, {"message": "bad gateway"}, {"Taken": "yes"}) if roll < 0.3 else None


def _handler(place: Place) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            return

        def _give(self, status: int, body: Any, more: dict[str, str] | None = None) -> None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **(more or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def _cut(self) -> None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            data = json.loads(self.rfile.read(length)) if length else None
            parts = urlsplit(self.path)
            if parts.path == "/all":
                self._give(200, place.took)
                return
            path, headers = unquote(parts.path), {name.lower(): value for name, value in self.headers.items()}
            place.asked.append((self.command, path, data))
            place.headers.append(headers)
            asks = self.command == "GET" or (isinstance(data, dict) and str(data.get("query", "")).startswith("query"))
            trouble = None if asks else place.trouble()
            if trouble == "gone":
                self._cut()
                return
            if isinstance(trouble, tuple) and "Taken" not in (trouble[2] if len(trouble) == 3 else {}):
                self._give(*trouble)
                return
            said = place.answer(self.command, parts.path, dict(parse_qsl(parts.query)), data, headers)
            if trouble == "cut":
                self._cut()
            else:
                self._give(*(trouble if isinstance(trouble, tuple) else said))

        do_GET = do_POST = do_DELETE = _any

    return Handler


@contextlib.contextmanager
def serve(place: Place) -> Iterator[Place]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(place))
    server.daemon_threads = True
    place.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def child(place: Place, listener: socket.socket) -> int:
    """Run it on this socket in a process of its own; its number."""
    place.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    number = os.fork()
    if number:
        return number
    try:
        server = HTTPServer(("127.0.0.1", 0), _handler(place), bind_and_activate=False)
        server.socket = listener
        server.serve_forever(poll_interval=0.01)
    finally:
        os._exit(0)
