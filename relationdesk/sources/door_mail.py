"""What the doors for mail servers share, `door_imap` to read and `door_smtp` to send: a visit to exactly one server, on the sockets of `door`.

A total deadline per question; TLS from the first byte, or by STARTTLS; without it only to this very computer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, TypeVar
from urllib.parse import urlsplit

import httpcore

from relationdesk.errors import SourceUnavailable
from relationdesk.saying import say
from relationdesk.sources.door import Door
from relationdesk.sources.door_addresses import literal
from relationdesk.sources.door_wire import Watch, no_connection


class Conversation:
    """One visit. host: as shown in sentences. SAFE: how those end that say that the server cannot be asked now. Made by `visiting`."""

    SAFE: ClassVar[str]

    def __init__(self, host: str, stream: httpcore.NetworkStream, door: Door, deadline_s: float, watch: Watch) -> None:
        self.host = host
        self.protected = False
        self._stream, self._door, self._deadline_s, self._watch = stream, door, deadline_s, watch
        self._buffer = bytearray()

    def greet(self, implicit: bool, may_be_plain: bool) -> None:
        """From the first byte to the moment at which a password may be told."""
        raise NotImplementedError

    def leave(self) -> None:
        self._stream.close()

    def _protect(self) -> None:
        self._renew()
        self._stream = self._stream.start_tls(self._door.certificates(), self.host)
        self.protected = True

    def _renew(self) -> None:
        self._watch.renew(self._deadline_s)

    def _fill(self, most: int) -> None:
        """Hear more, at most so many bytes."""
        self._watch.left()
        chunk = self._stream.read(most)
        if not chunk:
            raise SourceUnavailable(say("{host} broke off. {safe}", host=self.host, safe=say(self.SAFE)))
        self._buffer += chunk


C = TypeVar("C", bound=Conversation)


@contextmanager
def visiting(kind: type[C], address: str, door: Door, ports: tuple[int, int], deadline_s: float) -> Iterator[C]:
    """Go to the server of this address and nowhere else, whatever it says. A scheme that ends in "s" is TLS at once. ports: with that, and
    without, where the address names none.

    Raises PrivateAddress, SourceUnavailable, Cancelled and what `greet` raises; so does everything said inside.
    """
    parts = urlsplit(address)
    host, implicit = parts.hostname or "", parts.scheme.endswith("s")
    number = literal("127.0.0.1" if host == "localhost" else host)
    visitor: C | None = None
    try:
        stream, watch = door.dial(host, parts.port or ports[0 if implicit else 1], deadline_s)
        visitor = kind(host, stream, door, deadline_s, watch)
        visitor.greet(implicit, number is not None and number.is_loopback)
        yield visitor
    except (httpcore.TimeoutException, TimeoutError) as e:
        raise SourceUnavailable(say("{host} did not answer in time. {safe}", host=host, safe=say(kind.SAFE)), silent=True) from e
    except (httpcore.ConnectError, OSError) as e:
        raise no_connection(e, host, say(kind.SAFE)) from e
    except (httpcore.NetworkError, httpcore.ProtocolError) as e:
        raise SourceUnavailable(say("{host} broke off. {safe}", host=host, safe=say(kind.SAFE))) from e
    finally:
        if visitor is not None:
            visitor.leave()
