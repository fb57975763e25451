"""The way back from the browser after a sign-in there: one question, heard on this computer only, from nobody but who was sent.

Any web page and any program on this computer can talk to an open port (RFC 8252, section 8): so the path, the host and a secret of
this one sign-in must be right, it is heard once and for five minutes, and whoever else asks learns nothing. Never waits.
"""

from __future__ import annotations

import errno
import hmac
import re
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from relationdesk.errors import SourceUnavailable, UserMistake
from relationdesk.saying import marked, say

OPEN_S = 300.0
"""Seconds that a sign-in may take."""
_EACH_S = 5.0
_MOST_BYTES = 8_192
_MOST_AT_ONCE = 16
_REQUEST = re.compile(rb"GET (/[!-~]{0,6000}) HTTP/1\.[01]\r\n")
_PAGE = (
    "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
)
_DONE = marked("RelationDesk has what it needs. You can close this page.")
_DENIED = marked("The sign-in was refused. You can close this page; RelationDesk says what to do.")
_NOTHING = marked("There is nothing here.")


@dataclass(slots=True)
class _Visitor:
    wire: socket.socket
    until: float
    said: bytearray = field(default_factory=bytearray)


class Callback:
    """Listens from the moment it is made until `close`. port: 0 for any that is free. host: how the browser is told to come back,
    "127.0.0.1" or "localhost". state: the secret of this sign-in, which the place hands back."""

    def __init__(self, state: str, *, port: int = 0, path: str = "/", host: str = "127.0.0.1") -> None:
        """Raises SourceUnavailable if the port is taken."""
        self._state, self._path = state, path
        self._visitors: list[_Visitor] = []
        self._end = time.monotonic() + OPEN_S
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._listener.bind(("127.0.0.1", port))
            self._listener.listen(64)
        except OSError as e:
            self._listener.close()
            if e.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise SourceUnavailable(
                say("Another program on this computer uses port {port}, to which the browser would come back. Nothing was added; close it (perhaps another sign-in) and try again.", port=port)
            ) from e
        self._listener.setblocking(False)
        self._authority = f"{host}:{self._listener.getsockname()[1]}"
        self.address = f"http://{self._authority}{path}"

    def look(self) -> str:
        """What the place answered (the code to be redeemed), "" while nobody came. Raises UserMistake if it was refused there, or took too long."""
        if time.monotonic() > self._end:
            raise UserMistake(say("Nobody signed in for five minutes, so the sign-in was given up. Nothing was changed; try again."))
        with suppress(OSError):
            while len(self._visitors) < _MOST_AT_ONCE:
                wire, _ = self._listener.accept()
                wire.setblocking(False)
                self._visitors.append(_Visitor(wire, time.monotonic() + _EACH_S))
        for visitor in list(self._visitors):
            if (heard := self._hear(visitor)) is not None:
                self._visitors.remove(visitor)
                code, denied = heard
                if denied:
                    raise UserMistake(say("The place did not let us in: the sign-in was refused in the browser. Nothing was changed; try again."))
                if code:
                    return code
        return ""

    def wait(self, seconds: float) -> None:
        """Until somebody comes, at most so long; for those who have nothing else to do."""
        select.select([self._listener, *(visitor.wire for visitor in self._visitors)], [], [], seconds)

    def close(self) -> None:
        for wire in (self._listener, *(visitor.wire for visitor in self._visitors)):
            wire.close()
        self._visitors = []

    def _hear(self, visitor: _Visitor) -> tuple[str, bool] | None:
        """(code, whether it was refused) of whoever has said all, ("", False) for a stranger; None while they speak."""
        over = time.monotonic() > visitor.until
        try:
            while len(visitor.said) <= _MOST_BYTES and b"\r\n\r\n" not in visitor.said:
                piece = visitor.wire.recv(_MOST_BYTES)
                if not piece:
                    over = True
                    break
                visitor.said += piece
        except BlockingIOError:
            pass
        except OSError:
            over = True
        if b"\r\n\r\n" not in visitor.said:
            if over or len(visitor.said) > _MOST_BYTES:
                visitor.wire.close()
                return "", False
            return None
        code, denied = self._read(bytes(visitor.said))
        status, words = ("200 OK", _DONE) if code else ("403 Forbidden", _DENIED) if denied else ("404 Not Found", _NOTHING)
        page = say(words).encode()
        with suppress(OSError):
            visitor.wire.sendall(_PAGE.format(status=status, length=len(page)).encode() + page)
        visitor.wire.close()
        return code, denied

    def _read(self, said: bytes) -> tuple[str, bool]:
        head = said.partition(b"\r\n\r\n")[0] + b"\r\n"
        request = _REQUEST.match(head)
        names = [line.partition(b":")[0].strip().lower() for line in head.split(b"\r\n")[1:]]
        hosts = [line.partition(b":")[2].strip() for line in head.split(b"\r\n")[1:] if line[:5].lower() == b"host:"]
        if request is None or hosts != [self._authority.encode()] or b"origin" in names:
            return "", False
        path, _, query = request[1].decode().partition("?")
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
        except ValueError:
            return "", False
        found = {name: [value for other, value in pairs if other == name] for name in ("state", "code", "error")}
        if path != self._path or len(found["state"]) != 1 or not hmac.compare_digest(found["state"][0].encode(), self._state.encode()):
            return "", False
        if found["error"]:
            return "", True
        code = found["code"][0] if len(found["code"]) == 1 else ""
        return (code, False) if re.fullmatch(r"[!-~]{1,2000}", code) else ("", False)
