"""A web server on loopback that behaves as badly as a test asks for. Standard library only, in this process."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, Self

Raw = Callable[[BinaryIO], None]


@dataclass
class Route:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = False
    raw: Raw | None = None


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]  # lower-case names
    body: bytes = b""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about; everything else is a mistake of the test."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class FeedServer:
    """`with FeedServer() as server: server.put("/feed", body)`. `log`: what was asked, oldest first."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.routes: dict[str, Route] = {}
        self.log: list[Request] = []
        self.release = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                return

            def do_GET(self) -> None:
                outer._answer(self)

            def do_POST(self) -> None:
                length = self.headers.get("Content-Length", "0")
                outer._answer(self, self.rfile.read(int(length)))

            do_PROPFIND = do_REPORT = do_POST

        self._server = _Quiet((address, 0), Handler)
        self.host = f"{address}:{self._server.server_port}"
        self.base = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def put(self, path: str, body: bytes | str = b"", *, status: int = 200, conditional: bool = False, **headers: str):
        """A fixed answer; header names with _ for -. conditional: ETag, Last-Modified and 304 as a good server does."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.routes[path] = Route(status=status, body=data, headers=named, conditional=conditional)

    def put_gzip(self, path: str, body: bytes, **headers: str) -> None:
        self.put(path, gzip.compress(body), Content_Encoding="gzip", **headers)

    def put_raw(self, path: str, raw: Raw) -> None:
        """`raw` writes the whole answer, status line included; the connection is closed afterwards."""
        self.routes[path] = Route(raw=raw)

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.log)

    def _answer(self, handler: BaseHTTPRequestHandler, sent: bytes = b"") -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.log.append(Request(handler.path, headers, sent))
        route = self.routes.get(handler.path) or self.routes.get(handler.path.partition("?")[0]) or Route(status=404)
        if route.raw is not None:
            handler.close_connection = True
            with contextlib.suppress(OSError):
                route.raw(handler.wfile)
            return
        extra = dict(route.headers)
        status, body = route.status, route.body
        if route.conditional:
            tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
            extra |= {"ETag": tag, "Last-Modified": "Wed, 25 Nov 2026 08:00:00 GMT"}
            if headers.get("if-none-match") == tag:
                status, body = 304, b""
        with contextlib.suppress(OSError):
            handler.send_response(status)
            for name, value in extra.items():
                handler.send_header(name, value)
            if status != 304 and "Content-Length" not in extra:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
