"""The sockets behind the network door: every name is looked up once, checked, and the checked number is connected to.

Total deadline and the user's "stop" are obeyed inside each socket read; a slow server cannot stretch them by sending
one byte at a time (httpx has no total deadline: httpx #1450). Knows no place and no rule but the one on addresses.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import httpcore

from relationdesk.errors import Cancelled, PrivateAddress, SourceError, SourceUnavailable
from relationdesk.saying import marked, say
from relationdesk.sources.door_addresses import allows, is_private_name, is_public, literal
from relationdesk.sources.door_answers import PORTAL
from relationdesk.troubles import Trouble

Resolve = Callable[[str, int], list[str]]
"""Host and port to numeric addresses, in order of preference. Raises OSError for an unknown name."""

SLICE_S = 0.25
"""How long one socket call may last before "stop" is looked at again, in seconds."""


def system_resolve(host: str, port: int) -> list[str]:
    """What the system's name service says, without repeats."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation, which nobody has."""


def has_way_out() -> bool:
    """Whether this computer has a network that leads anywhere. Nothing is sent: a datagram socket only looks up its route."""
    for family, address in _ANYWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
            return True
    return False


class Watch:
    """One request's clock: how many seconds are left, and whether the user still wants it."""

    def __init__(self, seconds: float, stop: Callable[[], bool] | None) -> None:
        self._end = time.monotonic() + seconds
        self._stop = stop

    def renew(self, seconds: float) -> None:
        """Another question on the same connection: that many seconds from now, whatever was left."""
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, > 0. Raises Cancelled when stopped and ReadTimeout when the time is up."""
        if self._stop is not None and self._stop():
            raise Cancelled(say("Reading was stopped; what was read before is kept."))
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("total deadline")
        return left


class _WatchedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        idle_end = time.monotonic() + (timeout if timeout is not None else 10.0)
        while True:
            left = min(self._watch.left(), idle_end - time.monotonic())
            if left <= 0:
                raise httpcore.ReadTimeout("no byte for too long")
            try:
                return self._inner.read(max_bytes, min(SLICE_S, left))
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._watch.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, min(10.0, self._watch.left()))
        return _WatchedStream(inner, self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to public numbers only, or to what `allowed_hosts` names; the number checked is the number used."""

    def __init__(self, watch: Watch, allowed_hosts: frozenset[str], resolve: Resolve) -> None:
        self._watch = watch
        self._allowed = allowed_hosts
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        failure: Exception | None = None
        for number in self.numbers(host, port):
            try:
                stream = self._inner.connect_tcp(
                    number, port, min(5.0, self._watch.left()), local_address, socket_options
                )
                return _WatchedStream(stream, self._watch)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as e:
                failure = e
        raise failure or httpcore.ConnectError("no address")

    def numbers(self, host: str, port: int) -> list[str]:
        """The addresses of a host, at most 4. Raises SourceUnavailable if one of them may not be asked."""
        number = literal(host)
        try:
            found = [str(number)] if number else self._resolve(host, port)[:4]
        except (OSError, UnicodeError) as e:
            raise httpcore.ConnectError(str(e)) from e
        if allows(self._allowed, host, port):
            return found
        for text in found:
            if not is_public(ipaddress.ip_address(text)):
                raise private_address(host)
        return found


def private_address(host: str) -> PrivateAddress:
    """The one sentence for every address that belongs to this computer or the local network; and one for a mere word, which is more often
    somebody's name."""
    if not {".", ":"}.intersection(host) and host != "localhost":
        return PrivateAddress(
            say("“{host}” is no whole address: without a dot it could only be a server in a private network, so it was not asked. What was read before is kept; type the whole address, or allow private addresses for this login if the server is yours.", host=host)
        )
    return PrivateAddress(
        say("{host} lies on this computer or a private network, so it was not asked. What was read before is kept; allow private addresses for this login if the server is yours.", host=host)
    )


def check_name(host: str, port: int, allowed_hosts: frozenset[str]) -> None:
    """Refuse before any look-up what is private by its very name. Raises PrivateAddress."""
    if is_private_name(host) and not allows(allowed_hosts, host, port):
        raise private_address(host)


SAFE = marked("What was read before is kept; it will be tried again.")


def no_connection(error: Exception, host: str, safe: str = "") -> SourceError:
    """safe: what is true of what was there before, as said; "": what was read is kept."""
    safe = safe or say(SAFE)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            told = say("{host} could not prove that it is {host} (its certificate is not valid), so nothing was sent. {safe}", host=host, safe=safe)
            return SourceUnavailable(f"{told} {say(PORTAL)}", trouble=Trouble.PORTAL)
        if isinstance(cause, socket.gaierror):
            offline = cause.errno == socket.EAI_AGAIN or not has_way_out()
            why = say("this computer is offline, or nobody has that name") if offline else say("nobody has that name")
            return SourceUnavailable(say("{host} cannot be reached: {why}. {safe}", host=host, why=why, safe=safe), silent=True, offline=offline)
        if isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.ENETDOWN):
            return SourceUnavailable(say("{host} cannot be reached: this computer is offline. {safe}", host=host, safe=safe), silent=True, offline=True)
        cause = cause.__cause__ or cause.__context__
    return SourceUnavailable(say("{host} cannot be reached. {safe}", host=host, safe=safe), silent=True)
